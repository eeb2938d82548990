"""`cfprivate verify`: what a URL grants, until when, and why it would be refused."""

from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from command_line import invoke
from command_line import run
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies
from unittest import mock

import base64
import json
import pytest


HOST = "https://d111111abcdef8.cloudfront.net"
URL = f"{HOST}/videos/a.mp4"
DIRECTORY = f"{HOST}/videos/*"
EXPIRES, STARTS = 1900000000, 1200000000
AT = ["--at", str(EXPIRES - 3600)]
STREAM = "rtmp://d111111abcdef8.cloudfront.net/cfx/st/&mp4:video/talk.mp4"


@pytest.fixture(scope="module")
def public(tmp_path_factory, key, ec_key):
    """The options with the trusted keys."""
    options = []
    for trusted in (key, ec_key):
        path = tmp_path_factory.mktemp("public") / "public.pem"
        path.write_text(trusted.public_pem)
        options += ["--public-key", f"{trusted.key_id}={path}"]
    return options


@pytest.fixture(scope="module")
def canned(boto):
    return boto["cases"][0]["signed_url"]


@pytest.fixture(scope="module")
def custom(key):
    return Signer(key).sign_url(URL, Policy(DIRECTORY, EXPIRES, STARTS, "192.0.2.0/24"))


@pytest.fixture(scope="module")
def stranger(key):
    """Another key under the trusted id."""
    return SigningKey.generate(key_id=key.key_id)


@pytest.fixture(scope="module")
def forged(stranger):
    return Signer(stranger).sign_url(URL, Policy.for_url(URL, EXPIRES))


@pytest.fixture(scope="module")
def jar(key):
    signed = Signer(key).sign_cookies(Policy(DIRECTORY, EXPIRES))
    return [word for pair in signed.items() for word in ("--cookie", "=".join(pair))]


@pytest.fixture(scope="module")
def stream(boto):
    return next(case["signed_url"] for case in boto["cases"] if case["name"] == "rtmp_stream_path")


def sign_text(key, text):
    """`URL` under a custom policy of any text at all."""
    parts = [base64.b64encode(data).decode() for data in (text.encode(), key.sign(text.encode()))]
    policy, signature = (part.translate(str.maketrans("+=/", "-_~")) for part in parts)
    return f"{URL}?Policy={policy}&Signature={signature}&Key-Pair-Id={key.key_id}"


def rows(ended):
    return dict(line.split(maxsplit=1) for line in ended.stdout.splitlines()[1:])


class TestGranted:
    def test_a_canned_url_for_people(self, canned, public):
        ended = invoke("verify", canned, *public, *AT)
        assert (ended.exit_code, ended.stderr, ended.stdout.splitlines()) == (
            0,
            "",
            [
                "GRANTED",
                f"resource  {URL}",
                "until     2030-03-17T17:46:40Z (1900000000), in 60 minutes",
                "from      any time",
                "address   any",
                "key       K2JCJMDEHXQW5F, SHA1, canned policy",
            ],
        )

    def test_a_custom_url_for_people(self, custom, public):
        ended = invoke("verify", custom, *public, "--at", EXPIRES - 1, "--ip", "192.0.2.10")
        assert ended.stdout.splitlines() == [
            "GRANTED",
            f"resource  {DIRECTORY}",
            "until     2030-03-17T17:46:40Z (1900000000), in 1 second",
            "from      2008-01-10T21:20:00Z (1200000000), 22 years ago",
            "address   192.0.2.0/24",
            "key       K2JCJMDEHXQW5F, SHA1, custom policy",
        ]

    def test_sha256_and_ec(self, ec_key, public):
        signed = Signer(ec_key, "SHA256").sign_url(URL, Policy.for_url(URL, EXPIRES))
        assert rows(invoke("verify", signed, *public, *AT))["key"] == "KEC1, SHA256, canned policy"

    def test_as_json(self, custom, public):
        ended = invoke("verify", custom, *public, *AT, "--ip", "192.0.2.10", "--json")
        assert json.loads(ended.stdout) == {
            "granted": True,
            "at": EXPIRES - 3600,
            "claim": {
                "resource": DIRECTORY,
                "expires": EXPIRES,
                "expires_at": "2030-03-17T17:46:40Z",
                "starts": STARTS,
                "starts_at": "2008-01-10T21:20:00Z",
                "ip": "192.0.2.0/24",
                "key_pair_id": "K2JCJMDEHXQW5F",
                "hash_algorithm": "SHA1",
                "canned": False,
                "by_cookies": False,
                "verified": True,
            },
        }

    @pytest.mark.parametrize("around", ["{}", "{}\n", " {}\r\n"])
    def test_from_standard_input(self, canned, public, around):
        assert invoke("verify", "-", *public, *AT, given=around.format(canned)).exit_code == 0

    def test_now_is_the_default(self, canned, public):
        with mock.patch("time.time", lambda: EXPIRES - 0.5):
            assert "in 1 second" in invoke("verify", canned, *public).stdout

    def test_a_resource_that_is_everything(self, key, public):
        text = f'{{"Statement":[{{"Condition":{{"DateLessThan":{{"AWS:EpochTime":{EXPIRES}}}}}}}]}}'
        assert rows(invoke("verify", sign_text(key, text), *public, *AT))["resource"] == "*"


class TestRefused:
    def test_an_expired_url_for_people(self, canned, public):
        ended = invoke("verify", canned, *public, "--at", EXPIRES + 3 * 3600)
        assert (ended.exit_code, ended.stderr, ended.stdout.splitlines()) == (
            1,
            "",
            [
                "REFUSED AccessDenied: it expired at 1900000000, and now is 1900010800",
                f"resource  {URL}",
                "until     2030-03-17T17:46:40Z (1900000000), 3 hours ago",
                "from      any time",
                "address   any",
                "key       K2JCJMDEHXQW5F, SHA1, canned policy",
            ],
        )

    def test_at_its_end(self, canned, public):
        assert "(1900000000), now" in invoke("verify", canned, *public, "--at", EXPIRES).stdout

    def test_before_its_start(self, custom, public):
        ended = invoke("verify", custom, *public, "--at", STARTS - 120, "--ip", "192.0.2.10")
        assert rows(ended)["from"] == "2008-01-10T21:20:00Z (1200000000), in 2 minutes"

    @pytest.mark.parametrize("ip", [[], ["--ip", "192.0.3.1"], ["--ip", "2001:db8::1"]])
    def test_for_another_address(self, custom, public, ip):
        ended = invoke("verify", custom, *public, *AT, *ip)
        assert (ended.exit_code, "another address" in ended.stdout.splitlines()[0]) == (1, True)

    def test_for_another_resource(self, custom, public):
        ended = invoke("verify", custom.replace("/videos/", "/other/"), *public, *AT, "--ip", "192.0.2.10")
        assert (ended.exit_code, "another resource" in ended.stdout, rows(ended)["resource"]) == (1, True, DIRECTORY)

    def test_as_json(self, canned, public):
        data = json.loads(invoke("verify", canned, *public, "--at", EXPIRES, "--json").stdout)
        assert (data["claim"].pop("verified"), data["claim"].pop("resource")) == (True, URL)
        assert (data["granted"], data["code"], data["at"]) == (False, "AccessDenied", EXPIRES)

    def test_as_json_it_is_1_too(self, canned, public):
        ended = invoke("verify", canned, *public, "--at", EXPIRES, "--json")
        assert (ended.exit_code, ended.stderr) == (1, "")


class TestUnverified:
    """Refused, and what the policy says may come from anybody."""

    def test_it_is_marked_before_it_is_shown(self, forged, public):
        lines = invoke("verify", forged, *public, *AT).stdout.splitlines()
        assert [line.split()[0].strip(",:") for line in lines[:3]] == ["REFUSED", "UNVERIFIED", "resource"]

    def test_as_json(self, forged, public):
        data = json.loads(invoke("verify", forged, *public, *AT, "--json").stdout)
        assert (data["granted"], data["claim"]["verified"], data["claim"]["resource"]) == (False, False, URL)

    def test_nothing_of_it_is_beside_the_verdict(self, forged, public):
        data = json.loads(invoke("verify", forged, *public, *AT, "--json").stdout)
        assert sorted(data) == ["at", "claim", "code", "granted", "reason"]

    @pytest.mark.parametrize(
        ("old", "new", "code", "stated"),
        [
            ("Expires=1900000000", "Expires=1900000001", "AccessDenied", "K2JCJMDEHXQW5F, SHA1"),
            ("K2JCJMDEHXQW5F", "K1", "InvalidKey", "K1, SHA1"),
            ("K2JCJMDEHXQW5F", "KEC1", "AccessDenied", "KEC1, SHA1"),
            ("K2JCJMDEHXQW5F", "K-1", "MissingKey", "K-1, SHA1"),
            ("&Key-Pair-Id=K2JCJMDEHXQW5F", "", "MissingKey", "none, SHA1"),
            ("&Key-Pair", "&Hash-Algorithm=MD5&Key-Pair", "AccessDenied", "K2JCJMDEHXQW5F, MD5"),
            ("&Key-Pair", "&Hash-Algorithm=SHA256&Key-Pair", "AccessDenied", "K2JCJMDEHXQW5F, SHA256"),
            ("Signature=", "Signature=*", "MalformedSignature", "K2JCJMDEHXQW5F, SHA1"),
        ],
    )
    def test_what_was_changed(self, canned, public, old, new, code, stated):
        lines = invoke("verify", canned.replace(old, new), *public, *AT).stdout.splitlines()
        assert (lines[0].split()[1], lines[1].split(",")[0], lines[-1]) == (
            f"{code}:",
            "UNVERIFIED",
            f"key       {stated}, canned policy",
        )

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            (URL, "MissingKey"),
            ("", "AccessDenied"),
            ("nothing", "AccessDenied"),
            ("ftp://h/a?Key-Pair-Id=K1", "AccessDenied"),
            (f"{URL}?Expires=1&Expires=2&Key-Pair-Id=K2JCJMDEHXQW5F", "AccessDenied"),
            (f"{URL}?Expires=01&Key-Pair-Id=K2JCJMDEHXQW5F", "MalformedPolicy"),
            (f"{URL}?Policy=x&Key-Pair-Id=K2JCJMDEHXQW5F", "MalformedPolicy"),
            (f"{URL}?a=\x1b[2J", "AccessDenied"),
            (f"{URL}?{'a' * 9000}", "AccessDenied"),
        ],
    )
    def test_where_nothing_is_clear_there_is_one_line(self, public, url, code):
        ended = invoke("verify", url, *public, *AT)
        assert (ended.exit_code, ended.stdout.split()[:2], ended.stdout.count("\n")) == (1, ["REFUSED", f"{code}:"], 1)

    def test_as_json_there_is_no_claim(self, public):
        data = json.loads(invoke("verify", URL, *public, "--json").stdout)
        assert (data["granted"], data["code"], data["claim"]) == (False, "MissingKey", None)

    @pytest.mark.parametrize(
        "evil", ["\x1b[2Ja", "\r\nGRANTED", "\x9b31m", "\x7f", "\u202e4pm", "\u0430", "\U0001f600"]
    )
    def test_what_it_says_cannot_move_a_terminal(self, stranger, public, evil):
        text = json.dumps({
            "Statement": [{"Resource": f"https://h/{evil}*", "Condition": {"DateLessThan": {"AWS:EpochTime": 1}}}]
        })
        ended = invoke("verify", sign_text(stranger, text), *public)
        assert (
            len(ended.stdout.splitlines()),
            ended.stdout.replace("\n", "").isprintable(),
            ended.stdout.isascii(),
        ) == (
            7,
            True,
            True,
        )

    @pytest.mark.parametrize("evil", ["\x1b[2J", "\x7f", "\u202e", "\n"])
    def test_nor_as_json(self, stranger, public, evil):
        text = json.dumps({
            "Statement": [{"Resource": f"https://h/{evil}*", "Condition": {"DateLessThan": {"AWS:EpochTime": 1}}}]
        })
        ended = invoke("verify", sign_text(stranger, text), *public, "--json")
        data = json.loads(ended.stdout)
        assert (data["claim"]["resource"], ended.stdout[:-1].isprintable()) == (f"https://h/{evil}*", True)

    def test_a_signature_is_never_shown(self, canned, public):
        signature = canned.split("Signature=")[1].split("&")[0]
        for arguments in ([canned], [canned, "--at", "1900000000"], [canned, canned], [canned, "--unknown"]):
            assert signature[:9] not in invoke("verify", *arguments, *public).output


class TestCookies:
    def test_they_grant(self, public, jar):
        ended = invoke("verify", URL, *public, *AT, *jar)
        assert (ended.exit_code, rows(ended)["key"]) == (0, "K2JCJMDEHXQW5F, SHA1, custom policy in cookies")

    def test_as_json(self, public, jar):
        data = json.loads(invoke("verify", URL, *public, *AT, *jar, "--json").stdout)
        assert (data["granted"], data["claim"]["by_cookies"]) == (True, True)

    def test_they_do_not_count_beside_a_signed_url(self, canned, public, jar):
        assert invoke("verify", f"{canned}&a=1", *public, *AT, *jar).exit_code == 1

    def test_others_do_not_count(self, public, jar):
        assert invoke("verify", URL, *public, *AT, *jar, "--cookie", "session=a=b", "--cookie", "x=").exit_code == 0

    def test_one_too_few_is_refused(self, public, jar):
        assert invoke("verify", URL, *public, *AT, *jar[2:]).exit_code == 1

    def test_a_name_that_is_there_twice_is_2(self, public, jar):
        ended = invoke("verify", URL, *public, *AT, *jar, *jar[:2])
        assert (ended.exit_code, jar[1] in ended.stderr) == (2, False)

    @pytest.mark.parametrize("cookie", ["secret", "=secret", ""])
    def test_a_cookie_without_a_name_is_2_and_not_shown(self, public, cookie):
        ended = invoke("verify", URL, *public, "--cookie", cookie)
        assert (ended.exit_code, "secret" in ended.stderr) == (2, False)


class TestStreams:
    def test_granted(self, stream, public):
        ended = invoke("verify", stream, *public, *AT)
        assert (ended.exit_code, rows(ended)["resource"]) == (0, "video/*")

    def test_a_canned_policy_is_of_the_name(self, key, public):
        statement = f'{{"Statement":[{{"Resource":"video/talk.mp4","Condition":{{"DateLessThan":{{"AWS:EpochTime":{EXPIRES}}}}}}}]}}'
        signature = base64.b64encode(key.sign(statement.encode())).decode().translate(str.maketrans("+=/", "-_~"))
        url = f"{STREAM}?Expires={EXPIRES}&Signature={signature}&Key-Pair-Id={key.key_id}"
        ended = invoke("verify", url, *public, *AT)
        assert (ended.exit_code, rows(ended)["resource"]) == (0, "video/talk.mp4")

    def test_another_stream_is_refused(self, stream, public):
        ended = invoke("verify", stream.replace("mp4:video", "mp4:other"), *public, *AT)
        assert (ended.exit_code, "UNVERIFIED" in ended.stdout) == (1, False)

    def test_the_policy_of_a_stream_opens_nothing_over_http(self, stream, public):
        assert invoke("verify", stream.replace("rtmp:", "https:"), *public, *AT).exit_code == 1

    def test_what_is_no_stream_is_one_line(self, stream, public):
        ended = invoke("verify", stream.replace("/cfx/st/", "/other/"), *public, *AT)
        assert (ended.exit_code, ended.stdout.count("\n")) == (1, 1)

    def test_a_cookie_is_wrong_use(self, stream, public):
        ended = invoke("verify", stream, *public, "--cookie", "a=b")
        assert (ended.exit_code, "rtmp" in ended.stderr, ended.stdout) == (2, True, "")


class TestWrongUse:
    def test_without_a_key(self, canned):
        assert invoke("verify", canned).exit_code == 2

    def test_without_a_url(self, public):
        assert invoke("verify", *public).exit_code == 2

    @pytest.mark.parametrize("value", ["K1", "=public.pem", "", "K1=nowhere.pem", "K1="])
    def test_a_key_that_is_not_there(self, canned, value):
        ended = invoke("verify", canned, "--public-key", value)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)

    def test_two_keys_of_one_id(self, canned, public):
        assert invoke("verify", canned, *public, *public[:2]).exit_code == 2

    @pytest.mark.parametrize(
        "wrong", [["--at", "now"], ["--at", "-1"], ["--at", "1.5"], ["--ip", "here"], ["--ip", ""]]
    )
    def test_options(self, canned, public, wrong):
        ended = invoke("verify", canned, *public, *wrong)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)

    def test_any_time_can_be_asked_for(self, canned, public):
        assert invoke("verify", canned, *public, "--at", "9" * 19).exit_code == 1

    @pytest.mark.parametrize("key_id", ["K 1", "K-1", "K" * 129])
    def test_an_id_that_is_refused_is_1(self, canned, public, key_id):
        path = public[1].partition("=")[2]
        ended = invoke("verify", canned, "--public-key", f"{key_id}={path}", "--json")
        assert (ended.exit_code, json.loads(ended.stdout)["error"]) == (1, "InvalidKey")

    def test_a_private_key_is_refused_and_not_shown(self, boto, canned, tmp_path):
        pem = boto["private_key_pem"]
        (tmp_path / "private.pem").write_text(pem)
        ended = invoke("verify", canned, "--public-key", f"K1={tmp_path / 'private.pem'}")
        assert (ended.exit_code, pem.splitlines()[1] in ended.stderr, "private key" in ended.stderr) == (1, False, True)


class TestProcess:
    def test_granted_from_standard_input(self, canned, public):
        ended = run("verify", "-", *public, *AT, given=canned + "\n")
        assert (ended.returncode, ended.stdout.split()[0], ended.stderr) == (0, "GRANTED", "")

    def test_refused(self, canned, public):
        ended = run("verify", "-", *public, "--at", EXPIRES, given=canned)
        assert (ended.returncode, ended.stdout.split()[0], ended.stderr) == (1, "REFUSED", "")

    def test_one_object_each(self, canned, public):
        ended = run("verify", "-", *public, "--at", EXPIRES, "--json", given=canned)
        assert (ended.returncode, json.loads(ended.stdout)["granted"], ended.stderr) == (1, False, "")

    def test_in_an_old_locale(self, stranger, public):
        text = '{"Statement":[{"Resource":"https://h/\\u52d5*","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}'
        locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
        ended = run("verify", "-", *public, given=sign_text(stranger, text), environ=locale)
        assert (ended.returncode, "https://h/\\u52d5*" in ended.stdout, ended.stderr) == (1, True, "")

    def test_bytes_that_are_no_text(self, canned, public):
        ended = run("verify", f"{canned}\udcff", *public)
        assert (ended.returncode, ended.stdout.split()[0], ended.stderr) == (1, "REFUSED", "")


@given(strategies.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_text_is_refused_without_a_traceback(public, text):
    ended = invoke("verify", "-", *public, given=text.encode("utf-8", "surrogatepass"))
    assert (ended.exit_code, ended.stdout.split()[0]) == (1, "REFUSED")
