"""``cfprivate key …`` in this process: what each command does, says and refuses, and with which exit code."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.controlpanel import commands
from collective.cfprivate.exceptions import SiteNotOpened
from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.interfaces import IKeyRing
from command_line import invoke
from contextlib import contextmanager
from contextlib import nullcontext
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.hazmat.primitives.serialization import PublicFormat
from edge_in_thread import serve_edge
from key_ring import sign_with
from layers import SECRET
from pathlib import Path
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from running_demo import free_port
from types import SimpleNamespace
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility
from zope.globalrequest import getRequest
from zope.interface import alsoProvides

import hashlib
import json
import pytest
import re
import shlex
import time


PAGE = Path(__file__).parents[2] / "docs" / "command-line.rst"
CONFIGURE = "collective.cfprivate: Configure"
ANNOTATION = "collective.cfprivate.keyring"
NEW_SECRET = "the-secret-after-the-one-of-the-tests"
PASSPHRASE = "correct horse battery staple"
DAY = 86400
SLOTS = ["next", "active", "previous"]
# A complete call of each command.
COMPLETE = {
    "status": [],
    "generate": [],
    "import": ["--private-key", "-"],
    "public": [],
    "set-id": ["--key-pair-id", "KNEW"],
    "test": [],
    "activate": [],
    "back": [],
    "reseal": [],
    "erase": ["--slot", "next"],
}


SITE_URL = ["--site-url", "https://www.example.org"]


def distribute():
    """Give the site a distribution."""
    api.portal.set_registry_record("collective.cfprivate.distribution", "d111111abcdef8.cloudfront.net")


@pytest.fixture
def site(portal, monkeypatch, tmp_path):
    """The site of the tests where the command would open one.

    ``run(COMMAND, …)`` gives the result; ``opened`` is with what it was opened, ``kept`` whether that was committed,
    and ``said`` all that was printed.
    """
    world = SimpleNamespace(opened=None, kept=None, refuses=None, said="", conf=tmp_path / "zope.conf")
    world.conf.touch()
    setRoles(portal, TEST_USER_ID, ["Manager"])
    world.where = ["--zope-conf", world.conf, "--site", "Plone", "--as", "manager"]

    class Opened(nullcontext):
        def __exit__(self, kind, *error):
            world.kept = kind is None

    def open_site(**where):
        world.opened, world.kept = where, False
        if world.refuses:
            raise world.refuses
        alsoProvides(getRequest(), IBrowserLayer)
        return Opened(portal)

    def run(command, *options, **others):
        ended = invoke("key", command, *world.where, *options, **others)
        world.said += ended.output
        return ended

    monkeypatch.setattr(commands, "open_site", open_site)
    world.run = run
    return world


@pytest.fixture(scope="module")
def keys():
    """A key for each slot, of EC, which is quick to make."""
    return SimpleNamespace(**{slot: SigningKey.generate(key_id=f"K{slot.upper()}", algorithm="EC") for slot in SLOTS})


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The bucket: one object."""
    folder = tmp_path_factory.mktemp("bucket")
    (folder / "a.mp4").write_bytes(b"abc")
    return folder


@pytest.fixture
def ring(site):
    return getUtility(IKeyRing)


@pytest.fixture
def active(ring, keys):
    """The ring with a key that signs, and no other."""
    ring.store(pem=keys.active.private_pem(), key_id="KACTIVE")
    return ring


@pytest.fixture
def waiting(active, keys):
    """The ring with a key that signs, and the next one."""
    active.store_next(pem=keys.next.private_pem(), key_id="KNEXT")
    return active


@pytest.fixture
def full(ring, keys):
    """The ring with a key in each slot."""
    for key in (keys.previous, keys.active):
        sign_with(ring, key)
    ring.store_next(pem=keys.next.private_pem(), key_id="KNEXT")
    return ring


def content(ring):
    """The fingerprint of the key in each slot."""
    described = {slot: ring.describe(slot) for slot in SLOTS}
    return {slot: key and key.fingerprint for slot, key in described.items()}


def stored():
    return IAnnotations(api.portal.get()).get(ANNOTATION)


def refused(ended, code, *words):
    """Whether it ended with ``code``, nothing on standard output, and one line that holds the words."""
    one_line = ended.stderr.startswith("Error: ") and ended.stderr.count("\n") == 1
    return (ended.exit_code, ended.stdout, one_line, [word for word in words if word not in ended.stderr]) == (
        code,
        "",
        True,
        [],
    )


class TestSite:
    """Which site is opened, and for whom."""

    def test_every_command_is_here(self):
        assert set(commands.key.commands) == set(COMPLETE)

    @pytest.mark.parametrize("command", COMPLETE)
    def test_each_command_opens_it_for_who_may_configure(self, site, command):
        site.run(command, *COMPLETE[command])
        assert site.opened == {
            "zope_conf": str(site.conf),
            "site": "Plone",
            "user": "manager",
            "permission": CONFIGURE,
        }

    @pytest.mark.parametrize("command", COMPLETE)
    def test_each_says_why_it_was_not_opened(self, site, command):
        site.refuses = SiteNotOpened("It is closed.")
        assert refused(site.run(command, *COMPLETE[command]), 1, "It is closed.")

    @pytest.mark.parametrize("command", COMPLETE)
    @pytest.mark.parametrize("option", ["--zope-conf", "--site", "--as"])
    def test_each_wants_to_know_where(self, site, command, option):
        place = site.where.index(option)
        del site.where[place : place + 2]
        assert (refused(site.run(command, *COMPLETE[command]), 2, option), site.opened) == (True, None)

    @pytest.mark.parametrize("name", ["missing.conf", "."])
    def test_without_a_zope_conf_nothing_is_opened(self, site, tmp_path, name):
        assert (refused(site.run("status", "--zope-conf", tmp_path / name), 2, "--zope-conf"), site.opened) == (
            True,
            None,
        )

    def test_what_a_refused_command_did_is_not_kept(self, site):
        site.run("activate")
        assert site.kept is False

    @pytest.mark.parametrize(("command", "option"), [("set-id", "--key-pair-id"), ("erase", "--slot")])
    def test_nor_is_it_opened_for_half_a_command(self, site, command, option):
        assert (refused(site.run(command), 2, option), site.opened) == (True, None)

    def test_the_group_alone_is_one_line(self, site):
        ended = invoke("key")
        assert (ended.exit_code, ended.output) == (2, "Error: Missing command. Try 'cfprivate key --help'.\n")

    @pytest.mark.parametrize("command", ["nothing", "set_id"])
    def test_an_unknown_command_is_one_line(self, site, command):
        assert refused(site.run(command), 2)

    @pytest.mark.parametrize("command", ["generate", "public", "erase"])
    def test_a_wrong_choice_is_not_repeated(self, site, command):
        option = "--algorithm" if command == "generate" else "--slot"
        ended = site.run(command, option, "c2VjcmV0")
        assert (refused(ended, 2, "wanted"), "c2VjcmV0" in ended.stderr) == (True, False)


class TestGenerate:
    @pytest.mark.parametrize(
        ("options", "kind"),
        [
            ([], rsa.RSAPublicKey),
            (["--algorithm", "rsa"], rsa.RSAPublicKey),
            (["--algorithm", "EC"], ec.EllipticCurvePublicKey),
        ],
    )
    def test_prints_the_public_half_of_the_next_key(self, site, ring, options, kind):
        ended = site.run("generate", *options)
        public = load_pem_public_key(ended.stdout.encode())
        digest = hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
        fingerprint = ring.describe("next").fingerprint.replace(":", "").lower()
        assert (ended.exit_code, ended.stderr, isinstance(public, kind), fingerprint) == (0, "", True, digest)

    def test_the_key_has_no_id_yet(self, site, ring):
        site.run("generate", "--algorithm", "ec")
        assert (ring.describe("next").key_id, site.kept) == ("", True)

    def test_another_key_signs_on(self, site, active, keys):
        site.run("generate", "--algorithm", "ec")
        assert active.describe().fingerprint == keys.active.fingerprint

    def test_a_key_that_waits_is_not_replaced(self, site, waiting, keys):
        ended = site.run("generate")
        assert (refused(ended, 1, "activate or discard that first"), waiting.describe("next").fingerprint) == (
            True,
            keys.next.fingerprint,
        )


class TestImport:
    @pytest.fixture
    def pem(self, tmp_path, keys):
        path = tmp_path / "new.pem"
        path.write_text(keys.next.private_pem())
        return path

    @pytest.fixture
    def encrypted(self, tmp_path, keys):
        path = tmp_path / "encrypted.pem"
        path.write_text(keys.next.private_pem(PASSPHRASE))
        return path

    @pytest.fixture
    def passphrase(self, tmp_path):
        path = tmp_path / "passphrase"
        path.write_text(f"{PASSPHRASE}\nand a line that does not count\n")
        return path

    def test_from_a_file(self, site, ring, keys, pem):
        ended = site.run("import", "--private-key", pem)
        assert (ended.exit_code, ended.output, content(ring)["next"]) == (
            0,
            keys.next.public_pem,
            keys.next.fingerprint,
        )

    def test_from_standard_input(self, site, ring, keys):
        ended = site.run("import", "--private-key", "-", given=keys.next.private_pem())
        assert (ended.exit_code, ended.output, content(ring)["next"]) == (
            0,
            keys.next.public_pem,
            keys.next.fingerprint,
        )

    @pytest.mark.parametrize(("options", "key_id"), [([], ""), (["--key-pair-id", "KNEXT"], "KNEXT")])
    def test_the_id_may_be_given(self, site, ring, pem, options, key_id):
        site.run("import", "--private-key", pem, *options)
        assert ring.describe("next").key_id == key_id

    def test_an_encrypted_key_with_its_passphrase_in_a_file(self, site, ring, keys, encrypted, passphrase):
        ended = site.run("import", "--private-key", encrypted, "--passphrase-file", passphrase)
        assert (ended.exit_code, content(ring)["next"]) == (0, keys.next.fingerprint)

    def test_an_encrypted_key_with_its_passphrase_in_the_environment(self, site, ring, keys, encrypted):
        ended = site.run("import", "--private-key", encrypted, CFPRIVATE_PASSPHRASE=PASSPHRASE)
        assert (ended.exit_code, content(ring)["next"]) == (0, keys.next.fingerprint)

    def test_another_key_signs_on(self, site, active, keys, pem):
        site.run("import", "--private-key", pem)
        assert active.describe().fingerprint == keys.active.fingerprint

    @pytest.mark.parametrize(
        "given", ["", "rubbish", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"]
    )
    def test_what_is_no_key_is_refused(self, site, given):
        ended = site.run("import", "--private-key", "-", given=given)
        assert (refused(ended, 1), "c2VjcmV0" in ended.stderr, stored()) == (True, False, None)

    def test_a_public_key_is_refused(self, site, keys):
        ended = site.run("import", "--private-key", "-", given=keys.next.public_pem)
        assert (refused(ended, 1), stored()) == (True, None)

    def test_an_encrypted_key_without_its_passphrase_is_refused(self, site, encrypted):
        assert (refused(site.run("import", "--private-key", encrypted), 1, "passphrase"), stored()) == (True, None)

    def test_a_wrong_passphrase_is_refused_and_not_told(self, site, encrypted):
        ended = site.run("import", "--private-key", encrypted, CFPRIVATE_PASSPHRASE="c2VjcmV0")
        assert (refused(ended, 1, "passphrase"), "c2VjcmV0" in ended.stderr, stored()) == (True, False, None)

    @pytest.mark.parametrize("option", ["--private-key", "--passphrase-file"])
    def test_a_file_that_is_not_there_is_wrong_use_and_not_named(self, site, pem, option):
        ended = site.run("import", "--private-key", pem, option, "/nowhere/c2VjcmV0")
        assert (refused(ended, 2, option), "c2VjcmV0" in ended.stderr, stored()) == (True, False, None)

    def test_a_bad_id_is_refused(self, site, pem):
        assert (refused(site.run("import", "--private-key", pem, "--key-pair-id", "K 1"), 1), stored()) == (True, None)

    def test_the_key_that_signs_is_refused(self, site, active, keys):
        ended = site.run("import", "--private-key", "-", given=keys.active.private_pem())
        assert (refused(ended, 1, "the key that signs already"), content(active)["next"]) == (True, None)

    def test_the_text_of_a_key_as_an_argument_is_refused_before_anything_is_opened(self, site, keys):
        text = keys.next.private_pem()
        ended = site.run("import", "--private-key", text)
        told = [line for line in text.splitlines() if line in ended.output]
        assert (refused(ended, 2, "standard input"), told, site.opened) == (True, [], None)


class TestPublic:
    @pytest.mark.parametrize("slot", SLOTS)
    def test_prints_the_public_half_in_a_slot(self, site, full, keys, slot):
        assert site.run("public", "--slot", slot).output == getattr(keys, slot).public_pem

    def test_is_of_the_next_key_where_nothing_is_said(self, site, full, keys):
        assert site.run("public").output == keys.next.public_pem

    @pytest.mark.parametrize(
        ("slot", "sentence"),
        [("next", "There is no next key"), ("active", "No private key"), ("previous", "There is no previous key")],
    )
    def test_of_an_empty_slot_is_refused(self, site, slot, sentence):
        assert refused(site.run("public", "--slot", slot), 1, sentence)

    def test_of_a_locked_key_is_refused(self, site, waiting):
        assert refused(site.run("public", CFPRIVATE_SECRET=NEW_SECRET), 1)


class TestSetId:
    def test_enters_the_id_of_the_next_key(self, site, waiting):
        ended = site.run("set-id", "--key-pair-id", "KNEW")
        assert (ended.exit_code, ended.output) == (0, "The next key has the id KNEW.\n")
        assert (waiting.describe("next").key_id, waiting.describe().key_id) == ("KNEW", "KACTIVE")

    def test_a_key_under_another_id_was_not_tested(self, site, waiting):
        waiting.note_tested(1)
        site.run("set-id", "--key-pair-id", "KNEW")
        assert waiting.describe("next").tested is None

    def test_without_a_next_key_is_refused(self, site, active):
        assert (refused(site.run("set-id", "--key-pair-id", "KNEW"), 1), active.describe().key_id) == (True, "KACTIVE")

    def test_a_bad_id_is_refused(self, site, waiting):
        assert (refused(site.run("set-id", "--key-pair-id", "K 1"), 1), waiting.describe("next").key_id) == (
            True,
            "KNEXT",
        )


class TestTest:
    """The self-test at a real edge that trusts some of the keys."""

    @pytest.fixture
    def edge(self, waiting, root):
        """A function: a context in which the site's distribution is an edge that trusts these keys."""

        @contextmanager
        def edge(*trusted, **options):
            with serve_edge(root, {key.key_id: key.public_pem for key in trusted}, **options) as host:
                api.portal.set_registry_record("collective.cfprivate.distribution", host)
                yield

        return edge

    def test_passes_where_all_is_well(self, site, waiting, keys, edge):
        before = int(time.time())
        with edge(keys.next, cors="*"):
            ended = site.run("test", "--object-key", "a.mp4")
        assert (ended.exit_code, ended.stderr, "failed" in ended.stdout) == (0, "", False)
        assert before <= waiting.describe("next").tested <= time.time()

    def test_has_a_line_for_each_question(self, site, keys, edge):
        with edge(keys.next, cors="*"):
            lines = site.run("test", "--object-key", "a.mp4").stdout.splitlines()
        assert [line.split()[:2] for line in lines[:2]] == [["passed", "unsigned"], ["passed", "signed"]]
        assert {line.split()[0] for line in lines} == {"passed", "not-run"}

    def test_is_1_where_a_line_failed_and_says_what_to_change(self, site, keys, edge):
        with edge(keys.next):
            ended = site.run("test", "--object-key", "a.mp4", *SITE_URL)
        lines = ended.stdout.splitlines()
        (failed,) = [number for number, line in enumerate(lines) if line.startswith("failed")]
        assert (ended.exit_code, ended.stderr, lines[failed].split()[1], lines[failed + 1].split()[0]) == (
            1,
            "",
            "cors",
            "Change:",
        )

    def test_without_the_address_of_the_site_cors_is_not_asked(self, site, keys, edge):
        with edge(keys.next):
            ended = site.run("test", "--object-key", "a.mp4")
        (cors,) = [line for line in ended.stdout.splitlines() if line.split()[1] == "cors"]
        assert (ended.exit_code, cors.split()[0], "was not given" in cors) == (0, "not-run", True)

    def test_keeps_that_the_key_was_taken_though_a_line_failed(self, site, waiting, keys, edge):
        with edge(keys.next):
            site.run("test", "--object-key", "a.mp4", *SITE_URL)
        assert (waiting.describe("next").tested is not None, site.kept) == (True, True)

    def test_a_key_that_is_not_trusted_is_not_noted(self, site, waiting, keys, edge):
        with edge(keys.active, cors="*"):
            ended = site.run("test", "--object-key", "a.mp4")
        assert (ended.exit_code, waiting.describe("next").tested) == (1, None)

    def test_of_the_active_key_notes_nothing(self, site, waiting, keys, edge):
        with edge(keys.active, cors="*"):
            ended = site.run("test", "--slot", "active", "--object-key", "a.mp4")
        assert (ended.exit_code, waiting.describe("next").tested) == (0, None)

    def test_of_the_previous_key(self, site, waiting, keys, edge):
        waiting.activate(1)
        with edge(keys.active, cors="*"):
            assert site.run("test", "--slot", "previous", "--object-key", "a.mp4").exit_code == 0

    def test_takes_the_newest_medium_where_no_file_is_named(self, site, portal, keys, edge, make_video):
        make_video(portal, object_key="a.mp4")
        with edge(keys.next, cors="*"):
            assert site.run("test").exit_code == 0

    def test_asks_the_bucket_that_is_named(self, site, keys, edge):
        with edge(keys.next, cors="*"):
            told = site.run(
                "test", "--object-key", "a.mp4", "--bucket-url", f"http://127.0.0.1:{free_port()}", "--json"
            )
        (line,) = [line for line in json.loads(told.stdout)["lines"] if line["name"] == "bucket"]
        assert "no bucket URL was given" not in line["message"]

    def test_where_nobody_answers_is_1(self, site, waiting):
        api.portal.set_registry_record("collective.cfprivate.distribution", f"127.0.0.1:{free_port()}")
        ended = site.run("test", "--object-key", "a.mp4")
        assert (ended.exit_code, waiting.describe("next").tested) == (1, None)

    @pytest.mark.parametrize(("cors", "passed", "code"), [("*", True, 0), (None, False, 1)])
    def test_as_json(self, site, keys, edge, cors, passed, code):
        with edge(keys.next, cors=cors):
            ended = site.run("test", "--object-key", "a.mp4", "--json", *SITE_URL)
        told = json.loads(ended.stdout)
        assert (ended.exit_code, ended.stdout.count("\n"), told["passed"]) == (code, 1, passed)
        assert [line["name"] for line in told["lines"] if line["outcome"] == "failed"] == ([] if passed else ["cors"])
        assert set(told["lines"][0]) == {"name", "outcome", "title", "message", "setting"}

    def test_without_a_next_key_is_refused(self, site, active, keys):
        distribute()
        assert refused(site.run("test", "--object-key", "a.mp4"), 1, "There is no next key")

    def test_of_a_key_without_an_id_is_refused(self, site, ring, configure):
        configure()
        site.run("generate", "--algorithm", "ec")
        assert refused(site.run("test", "--object-key", "a.mp4"), 1, "no id yet")

    def test_without_a_medium_is_refused(self, site, waiting):
        distribute()
        assert refused(site.run("test"), 1, "no medium yet")

    def test_without_a_distribution_is_refused(self, site, waiting):
        assert refused(site.run("test", "--object-key", "a.mp4"), 1, "No distribution domain")

    def test_a_bad_object_key_is_refused(self, site, waiting):
        distribute()
        assert refused(site.run("test", "--object-key", "a*.mp4"), 1)


class TestActivate:
    def test_a_tested_key_signs_from_now_on(self, site, waiting, keys):
        waiting.note_tested(1)
        ended = site.run("activate")
        assert (ended.exit_code, ended.output.splitlines()[0]) == (0, "KNEXT signs now.")
        assert content(waiting) == {
            "next": None,
            "active": keys.next.fingerprint,
            "previous": keys.active.fingerprint,
        }

    def test_says_until_when_the_old_key_has_to_stay(self, site, waiting):
        waiting.note_tested(1)
        before = int(time.time())
        printed = site.run("activate").output
        # The longest lifetime of a site is a day, unless it is set.
        told = int(re.search(r"^KACTIVE has to stay in the key group until \S+ \((\d+)\), in ", printed, re.M)[1])
        assert before + DAY <= told <= time.time() + DAY

    def test_the_first_key_replaces_none(self, site, ring, keys):
        ring.store_next(pem=keys.next.private_pem(), key_id="KNEXT")
        ring.note_tested(1)
        assert site.run("activate").output == "KNEXT signs now.\n"

    def test_one_that_was_not_tested_is_refused(self, site, waiting):
        before = content(waiting)
        ended = site.run("activate")
        assert (refused(ended, 1, "cfprivate key test", "--untested"), content(waiting)) == (True, before)

    def test_one_that_was_not_tested_is_activated_where_that_is_said(self, site, waiting, keys):
        ended = site.run("activate", "--untested")
        assert (ended.exit_code, content(waiting)["active"]) == (0, keys.next.fingerprint)

    def test_a_previous_key_that_may_be_needed_is_not_dropped(self, site, full):
        full.note_tested(1)
        before = content(full)
        ended = site.run("activate")
        assert (refused(ended, 1, "The previous key KPREVIOUS is erased", "--drop-previous"), content(full)) == (
            True,
            before,
        )

    def test_a_previous_key_is_dropped_where_that_is_said(self, site, full, keys):
        full.note_tested(1)
        ended = site.run("activate", "--drop-previous")
        assert (ended.exit_code, content(full)["previous"]) == (0, keys.active.fingerprint)

    def test_says_which_key_was_erased(self, site, full):
        full.note_tested(1)
        told = site.run("activate", "--drop-previous").output.splitlines()
        assert told[:2] == ["KNEXT signs now.", "KPREVIOUS was the previous key, and was erased here."]

    def test_a_previous_key_whose_time_is_over_needs_no_word(self, site, ring, keys):
        for key, when in ((keys.previous, 1), (keys.active, 2), (keys.next, None)):
            ring.store_next(pem=key.private_pem(), key_id=key.key_id)
            if when:
                ring.activate(when)
        assert site.run("activate", "--untested").exit_code == 0

    @pytest.mark.parametrize("options", [[], ["--untested"]])
    def test_without_a_next_key_is_refused(self, site, active, keys, options):
        ended = site.run("activate", *options)
        assert (refused(ended, 1, "There is no next key"), content(active)["active"]) == (True, keys.active.fingerprint)

    def test_one_without_an_id_is_refused(self, site, active, keys):
        site.run("generate", "--algorithm", "ec")
        ended = site.run("activate", "--untested")
        assert (refused(ended, 1, "no id yet"), content(active)["active"]) == (True, keys.active.fingerprint)


class TestBack:
    def test_the_previous_key_signs_again(self, site, full, keys):
        ended = site.run("back")
        assert (ended.exit_code, ended.output.splitlines()[0]) == (0, "KPREVIOUS signs again.")
        assert content(full) == {
            "next": keys.next.fingerprint,
            "active": keys.previous.fingerprint,
            "previous": keys.active.fingerprint,
        }

    def test_it_tells_until_when_the_replaced_key_stays(self, site, full):
        before = int(time.time())
        told = site.run("back").output
        (stays,) = re.findall(r"KACTIVE has to stay in the key group until \S+ \((\d+)\)", told)
        assert before + DAY <= int(stays) <= time.time() + DAY

    def test_it_signs_again_from_now_on(self, site, full):
        before = int(time.time())
        site.run("back")
        assert before <= full.describe().activated <= time.time()

    def test_without_a_previous_key_is_refused(self, site, waiting):
        before = content(waiting)
        ended = site.run("back")
        assert (refused(ended, 1, "no previous key to go back to"), content(waiting)) == (True, before)


class TestStatus:
    def test_of_a_site_without_anything_says_what_is_missing(self, site):
        ended = site.run("status")
        assert (ended.exit_code, ended.stdout.splitlines()[:3]) == (
            0,
            ["active: none", "next: none", "previous: none"],
        )
        assert ("No distribution domain is set" in ended.stdout, "No private key is stored" in ended.stdout) == (
            True,
            True,
        )

    def test_tells_each_key_and_when_the_old_one_may_leave(self, site, full, keys):
        lines = site.run("status").stdout.splitlines()
        assert lines[:3] == [
            f"active: KACTIVE EC {keys.active.fingerprint}",
            f"next: KNEXT EC {keys.next.fingerprint}",
            f"previous: KPREVIOUS EC {keys.previous.fingerprint}",
        ]
        # A day from the activation, unless it is set; by now a second of it may be over.
        assert re.fullmatch(r"KPREVIOUS may leave the key group at \S+Z \(\d+\), in 2[34] hours", lines[3])

    def test_tells_a_key_without_an_id(self, site):
        site.run("generate", "--algorithm", "ec")
        assert "next: (no id yet) EC " in site.run("status").stdout

    def test_tells_that_a_key_was_tested(self, site, waiting):
        waiting.note_tested(1700000000)
        (line,) = [line for line in site.run("status").stdout.splitlines() if line.startswith("next:")]
        # 1700000000 is 2023-11-14T22:13:20Z.
        assert ", tested 2023-11-14T22:13:20Z (1700000000), " in line

    def test_tells_a_locked_key(self, site, active):
        ended = site.run("status", CFPRIVATE_SECRET=NEW_SECRET)
        told = ["active: KACTIVE" in ended.stdout, "encrypted with another secret" in ended.stdout]
        assert (ended.exit_code, told) == (0, [True, True])

    def test_advises_to_encrypt_anew(self, site, active):
        ended = site.run("status", CFPRIVATE_SECRET=NEW_SECRET, CFPRIVATE_PREVIOUS_SECRET=SECRET)
        assert "encrypt them anew" in ended.stdout

    def test_as_json(self, site, full, keys):
        ended = site.run("status", "--json")
        told = json.loads(ended.stdout)
        assert (ended.exit_code, ended.stdout.count("\n"), set(told)) == (
            0,
            1,
            {"configured", "problems", "upgrade", "notes", "keys", "retired", "local", "outside"},
        )
        assert {slot: (key["key_id"], key["fingerprint"]) for slot, key in told["keys"].items()} == {
            slot: (getattr(keys, slot).key_id, getattr(keys, slot).fingerprint) for slot in SLOTS
        }

    @pytest.mark.parametrize("distribution", [True, False])
    def test_as_json_tells_whether_media_can_be_signed(self, site, active, distribution):
        if distribution:
            api.portal.set_registry_record("collective.cfprivate.distribution", "d111111abcdef8.cloudfront.net")
        told = json.loads(site.run("status", "--json").stdout)
        assert (told["configured"], len(told["problems"])) == (distribution, 0 if distribution else 1)

    def test_tells_of_variables_that_were_exported_for_sign(self, site, active, tmp_path, keys):
        (tmp_path / "outside.pem").write_text(keys.previous.private_pem())
        outside = {"CFPRIVATE_PRIVATE_KEY_FILE": str(tmp_path / "outside.pem"), "CFPRIVATE_KEY_PAIR_ID": "KOUTSIDE"}
        told = json.loads(site.run("status", "--json", **outside).stdout)
        assert (told["outside"], told["keys"]["active"]["key_id"]) == (True, "KOUTSIDE")


class TestReseal:
    NEW = {"CFPRIVATE_SECRET": NEW_SECRET}
    BOTH = {"CFPRIVATE_SECRET": NEW_SECRET, "CFPRIVATE_PREVIOUS_SECRET": SECRET}

    def test_says_that_all_is_encrypted(self, site, full):
        ended = site.run("reseal", **self.BOTH)
        assert (ended.exit_code, ended.output) == (0, "All keys are encrypted with the secret in force.\n")

    @pytest.mark.parametrize("slot", SLOTS)
    def test_then_the_new_secret_is_enough(self, site, full, keys, slot):
        site.run("reseal", **self.BOTH)
        assert site.run("public", "--slot", slot, **self.NEW).output == getattr(keys, slot).public_pem

    def test_then_the_old_secret_opens_nothing(self, site, full):
        site.run("reseal", **self.BOTH)
        assert site.run("public", CFPRIVATE_SECRET=SECRET).exit_code == 1

    def test_without_the_previous_secret_is_refused(self, site, full):
        before = stored()
        assert (refused(site.run("reseal", **self.NEW), 1), stored()) == (True, before)

    def test_a_secret_that_is_too_short_is_refused_and_not_told(self, site, full):
        ended = site.run("reseal", CFPRIVATE_SECRET="c2VjcmV0")
        assert (refused(ended, 1, "32"), "c2VjcmV0" in ended.stderr) == (True, False)


class TestErase:
    @pytest.mark.parametrize("slot", SLOTS)
    def test_one_key_alone(self, site, full, slot):
        before = content(full)
        ended = site.run("erase", "--slot", slot, "--yes")
        assert (ended.exit_code, ended.output, content(full)) == (
            0,
            f"The {slot} key was erased.\n",
            {**before, slot: None},
        )

    def test_asks_and_erases_after_yes(self, site, full):
        ended = site.run("erase", "--slot", "previous", given="y\n")
        assert (ended.exit_code, "Erase the previous key? It cannot be recovered." in ended.stdout) == (0, True)
        assert content(full)["previous"] is None

    @pytest.mark.parametrize("given", ["n\n", "\n", ""])
    def test_asks_and_keeps_the_key_after_anything_else(self, site, full, given):
        before = content(full)
        ended = site.run("erase", "--slot", "previous", given=given)
        assert (ended.exit_code, "Aborted!" in ended.stderr, content(full), site.kept) == (1, True, before, False)

    @pytest.mark.parametrize("slot", SLOTS)
    @pytest.mark.parametrize("options", [[], ["--yes"]])
    def test_an_empty_slot_is_refused_without_asking(self, site, slot, options):
        assert refused(site.run("erase", "--slot", slot, *options), 1, f"There is no {slot} key.")


class TestErrorsAsJson:
    """What fails is one object on standard output, under the same exit code."""

    def told(self, ended):
        return ended.exit_code, ended.stderr, json.loads(ended.stdout)["error"]

    @pytest.mark.parametrize("command", ["status", "test"])
    def test_a_site_that_was_not_opened(self, site, command):
        site.refuses = SiteNotOpened("It is closed.")
        ended = site.run(command, "--json")
        assert (ended.exit_code, ended.stderr, json.loads(ended.stdout)) == (
            1,
            "",
            {"error": "SiteNotOpened", "message": "It is closed."},
        )

    def test_a_key_that_is_not_there(self, site, configure):
        configure()
        assert self.told(site.run("test", "--json", "--object-key", "a.mp4")) == (1, "", "NotConfigured")

    def test_a_site_without_a_medium(self, site, waiting):
        distribute()
        assert self.told(site.run("test", "--json")) == (1, "", "NoMedium")

    @pytest.mark.parametrize("command", ["status", "test"])
    def test_wrong_use(self, site, command):
        site.where = []
        assert self.told(site.run(command, "--json")) == (2, "", "UsageError")

    @pytest.mark.parametrize("command", sorted(set(COMPLETE) - {"status", "test"}))
    def test_a_command_that_prints_no_json(self, site, command):
        assert self.told(site.run(command, *COMPLETE[command], "--json")) == (2, "", "UsageError")


class TestSecrets:
    """All commands in one run, good and refused: nothing that they print is a part of a key, a token or a secret."""

    @pytest.fixture
    def walk(self, site, active, keys):
        """What was printed, and the private keys, tokens and secrets that were at hand."""
        both = {"CFPRIVATE_SECRET": NEW_SECRET, "CFPRIVATE_PREVIOUS_SECRET": SECRET}
        site.run("generate")
        site.run("set-id", "--key-pair-id", "KNEW")
        pems = [active.signing_key("next").private_pem(), keys.active.private_pem(), keys.next.private_pem()]
        tokens = [stored()[slot]["token"] for slot in ("next", "active")]
        site.run("import", "--private-key", "-", given=keys.next.private_pem())
        for slot in SLOTS:
            site.run("public", "--slot", slot)
            site.run("public", "--slot", slot, CFPRIVATE_SECRET=NEW_SECRET)
        api.portal.set_registry_record("collective.cfprivate.distribution", f"127.0.0.1:{free_port()}")
        site.run("test", "--object-key", "a.mp4")
        site.run("test", "--object-key", "a.mp4", "--json")
        site.run("activate")
        site.run("activate", "--untested")
        site.run("import", "--private-key", "-", given=keys.next.private_pem())
        site.run("reseal", CFPRIVATE_SECRET=NEW_SECRET)
        site.run("reseal", **both)
        tokens += [stored()[slot]["token"] for slot in SLOTS]
        for options in ([], ["--json"]):
            site.run("status", *options, **both)
        site.run("back", **both)
        site.run("erase", "--slot", "previous", "--yes", **both)
        return SimpleNamespace(said=site.said, pems=pems, tokens=tokens)

    def test_the_walk_went_through(self, walk):
        sentences = ["KNEW signs now.", "KACTIVE signs again.", "All keys are encrypted", "previous key was erased"]
        assert [sentence for sentence in sentences if sentence not in walk.said] == []

    def test_no_part_of_a_private_key(self, walk):
        assert [place for pem in walk.pems for place in parts(pem, walk.said)] == []

    def test_no_token(self, walk):
        assert [number for number, token in enumerate(walk.tokens) if runs(token) & runs(joined(walk.said))] == []

    def test_no_secret(self, walk):
        assert (SECRET in walk.said, NEW_SECRET in walk.said) == (False, False)

    def test_no_signature(self, walk):
        assert re.findall(r"Signature=(?!\.\.\.)", walk.said) == []


def joined(text):
    """The text as if its lines had no ends."""
    return text.replace("\n", "")


def runs(text):
    """Every run of 40 characters."""
    return {text[start : start + 40] for start in range(len(text) - 39)}


def parts(pem, text):
    """Where the runs of a private key begin that a text holds; its public half may be there."""
    key = SigningKey.from_pem(pem, "K1")
    private, public = ["".join(each.splitlines()[1:-1]) for each in (pem, key.public_pem)]
    return [private.index(run) for run in runs(private) & runs(joined(text)) - runs(public)]


class TestDocumentation:
    """What docs/command-line.rst says of these commands is so."""

    SECTION = PAGE.read_text(encoding="utf-8").partition("Rotate the key of a site\n---")[2].partition("\n---")[0]
    CALLS = re.findall(r"^    (?:.*[|] )?cfprivate key ([a-z-]+)(.*?)(?: +#.*)?$", SECTION, re.MULTILINE)

    def test_names_each_command(self):
        assert set(re.findall(r"^``([a-z-]+)``  ", self.SECTION, re.MULTILINE)) == set(COMPLETE)

    def test_has_the_steps_of_a_rotation_in_their_order(self):
        steps = [command for command, _options in self.CALLS]
        assert steps == ["generate", "set-id", "test", "activate", "status", "erase"]

    @pytest.mark.parametrize(("command", "options"), CALLS)
    def test_each_example_is_a_complete_call(self, site, command, options):
        options = options.partition(">")[0].replace("$site", shlex.join(map(str, site.where)))
        made = commands.key.commands[command].make_context(command, shlex.split(options))
        assert made.args == []

    @pytest.mark.parametrize("option", sorted(set(re.findall(r"``(--[a-z-]+)", SECTION))))
    def test_each_option_exists(self, option):
        assert option in {name for each in commands.key.commands.values() for p in each.params for name in p.opts}
