"""``cfprivate key …`` as processes that open a real database, in the order of a rotation."""

from base64 import b64decode
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.keyring import seal
from hashlib import sha256

import json
import pytest
import re


OLD, NEW = "KLOCALEDGEDEMO", "K2JCJMDEHXQW5F"
DAY = 86400
NEW_SECRET = "the-secret-after-the-one-in-the-file"
REFUSED = {
    "user without the permission": "takes the permission “collective.cfprivate: Configure”",
    "unknown user": "There is no user nobody",
    "unknown site": "There is no site at Nowhere",
    "folder of the site": "There is no site at Plone/demo",
    "no zope.conf": "zope-conf",
}


def fingerprint(pem):
    """The SHA-256 of a public key in PEM, as the commands write it."""
    return sha256(b64decode("".join(pem.splitlines()[1:-1]))).digest().hex(":").upper()


def ended(process):
    return process.returncode, process.stdout, process.stderr


def runs(text):
    """Every run of 40 characters, across the ends of lines."""
    joined = text.replace("\n", "")
    return {joined[start : start + 40] for start in range(len(joined) - 39)}


def private_runs(pem):
    """The runs of a private key that its public half does not have."""
    private, public = (runs("\n".join(each.splitlines()[1:-1])) for each in (pem, public_of(pem)))
    return private - public


def public_of(pem):
    return SigningKey.from_pem(pem, NEW).public_pem


@pytest.fixture(scope="module")
def tokens(site, afterwards):
    """Every encrypted key that the database has, also in what is history by now."""
    data = (site.layout.var / "filestorage" / "Data.fs").read_text(encoding="latin-1")
    return sorted(set(re.findall(r"gAAAA[A-Za-z0-9_=-]{200,}", data)))


class TestInUse:
    def test_says_what_to_do(self, in_use):
        code, printed, errors = ended(in_use.words)
        assert (code, printed, "stop Zope" in errors, "ZEO" in errors, errors.count("\n")) == (1, "", True, True, 1)

    def test_as_json(self, in_use):
        code, printed, errors = ended(in_use.json)
        assert (code, json.loads(printed)["error"], errors) == (1, "SiteNotOpened", "")


class TestRotation:
    """Each process finds what the last one kept."""

    @pytest.mark.parametrize("step", ["generate", "public", "set-id", "activate", "status", "back", "erase"])
    def test_each_step_is_good_and_silent_on_standard_error(self, rotation, afterwards, step):
        process = (rotation | afterwards)[step]
        assert (process.returncode, process.stderr) == (0, "")

    def test_generate_prints_one_public_key(self, rotation):
        assert re.fullmatch(
            r"-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\n", rotation["generate"].stdout
        )

    def test_public_prints_the_same_again(self, rotation):
        assert rotation["public"].stdout == rotation["generate"].stdout

    def test_set_id_names_the_id(self, rotation):
        assert rotation["set-id"].stdout == f"The next key has the id {NEW}.\n"

    def test_test_is_0_because_no_line_failed(self, rotation):
        told = json.loads(rotation["test"].stdout)
        failed = [line["name"] for line in told["lines"] if line["outcome"] == "failed"]
        assert (rotation["test"].returncode, rotation["test"].stderr, told["passed"], failed) == (0, "", True, [])

    def test_test_does_not_ask_for_a_site_that_nobody_named(self, rotation):
        cors = next(line for line in json.loads(rotation["test"].stdout)["lines"] if line["name"] == "cors")
        assert (cors["outcome"], "visitors see the site was not given" in cors["message"]) == ("not-run", True)

    @pytest.mark.parametrize("name", ["signed", "page-cache"])
    def test_test_asked_the_edge_and_this_plone(self, rotation, name):
        outcomes = {line["name"]: line["outcome"] for line in json.loads(rotation["test"].stdout)["lines"]}
        assert outcomes[name] == "passed"

    def test_activate_takes_the_key_because_it_is_kept_that_the_edge_did(self, afterwards):
        assert afterwards["activate"].stdout.splitlines()[0] == f"{NEW} signs now."

    def test_status_has_the_new_key_in_front_and_the_old_one_behind(self, afterwards):
        keys = json.loads(afterwards["status"].stdout)["keys"]
        assert (keys["active"]["key_id"], keys["next"], keys["previous"]["key_id"]) == (NEW, None, OLD)

    def test_status_has_the_key_that_was_printed(self, rotation, afterwards):
        active = json.loads(afterwards["status"].stdout)["keys"]["active"]
        assert active["fingerprint"] == fingerprint(rotation["generate"].stdout)

    def test_status_says_that_media_can_be_signed(self, afterwards):
        told = json.loads(afterwards["status"].stdout)
        assert (told["configured"], told["problems"], told["local"], told["outside"]) == (True, [], True, False)

    def test_status_tells_until_when_the_old_key_has_to_stay(self, afterwards):
        told = json.loads(afterwards["status"].stdout)
        # The longest lifetime of a site is a day, unless it is set.
        leaves = told["keys"]["active"]["activated"] + DAY
        assert [(key["key_id"], key["leaves"]) for key in told["retired"]] == [(OLD, leaves)]

    def test_activate_told_the_same(self, afterwards):
        (retired,) = json.loads(afterwards["status"].stdout)["retired"]
        assert f"{OLD} has to stay in the key group until " in afterwards["activate"].stdout
        assert f"({retired['leaves']})" in afterwards["activate"].stdout

    def test_back_names_the_old_key(self, afterwards):
        assert afterwards["back"].stdout.splitlines()[0] == f"{OLD} signs again."

    def test_back_tells_until_when_the_other_key_stays(self, afterwards):
        assert f"{NEW} has to stay in the key group until " in afterwards["back"].stdout

    def test_erase_names_the_slot(self, afterwards):
        assert afterwards["erase"].stdout == "The previous key was erased.\n"


class TestAfterwards:
    """The way back, refusals and a new secret, in one process that opens the site again and again."""

    def test_the_old_key_signs_and_is_alone(self, afterwards):
        keys = json.loads(afterwards["status at the end"].stdout)["keys"]
        assert (keys["active"]["key_id"], keys["next"], keys["previous"]) == (OLD, None, None)

    def test_the_new_key_has_to_be_trusted_still(self, afterwards):
        assert [key["key_id"] for key in json.loads(afterwards["status at the end"].stdout)["retired"]] == [NEW]

    @pytest.mark.parametrize("name", REFUSED)
    def test_refused_in_one_line(self, afterwards, name):
        code, printed, errors = ended(afterwards[name])
        assert (code, printed, REFUSED[name] in errors, errors.count("\n")) == (
            2 if name == "no zope.conf" else 1,
            "",
            True,
            1,
        )

    def test_a_refusal_does_not_stay_with_the_process(self, afterwards):
        assert ended(afterwards["status after refusals"]) == ended(afterwards["status at the end"])

    def test_no_after_the_question_keeps_the_key(self, afterwards):
        process = afterwards["no"]
        assert (process.returncode, "Erase the active key?" in process.stdout, "Aborted!" in process.stderr) == (
            1,
            True,
            True,
        )

    def test_an_encrypted_key_is_imported_from_standard_input(self, afterwards, imported):
        assert ended(afterwards["import"]) == (0, imported.public_pem, "")

    def test_before_all_keys_are_encrypted_anew_the_new_secret_opens_the_new_key_only(self, afterwards, imported):
        assert ended(afterwards["next before"]) == (0, imported.public_pem, "")
        told = "The stored key was encrypted with another secret" in afterwards["active before"].stderr
        assert (afterwards["active before"].returncode, told) == (1, True)

    def test_reseal_says_so(self, afterwards):
        assert ended(afterwards["reseal"]) == (0, "All keys are encrypted with the secret in force.\n", "")

    def test_then_the_new_secret_opens_the_key(self, afterwards, site):
        assert ended(afterwards["active after"]) == (0, site.layout.public_key.read_text(), "")


class TestSecrets:
    """Nothing that was printed is a part of what the database and its secret file keep."""

    def test_no_secret(self, site, afterwards):
        assert (site.secret in site.said, NEW_SECRET in site.said) == (False, False)

    def test_no_token(self, site, afterwards, tokens):
        assert (len(tokens) > 2, [number for number, token in enumerate(tokens) if runs(token) & runs(site.said)]) == (
            True,
            [],
        )

    def test_no_private_key(self, site, afterwards, tokens):
        keys = {seal.unseal(token, secrets=(NEW_SECRET, site.secret)) for token in tokens}
        assert {public_of(pem) in site.said for pem in keys} == {True}
        assert [part for pem in keys for part in private_runs(pem) & runs(site.said)] == []

    def test_no_traceback(self, site, afterwards):
        assert "Traceback" not in site.said


class TestImports:
    """Help, and the commands of the protocol, load nothing of Zope."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--help"],
            ["key", "--help"],
            ["key", "test", "--help"],
            ["sign", "--help"],
            ["template", "--help"],
            ["provision", "--help"],
        ],
    )
    def test_no_zope(self, loaded, arguments):
        foreign = ("zope", "plone", "products", "ofs", "accesscontrol", "zodb", "transaction", "zc")
        assert [name for name in loaded(*arguments) if name.startswith(foreign)] == []
