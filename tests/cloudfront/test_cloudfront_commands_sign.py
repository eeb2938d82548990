"""`cfprivate sign`, against the vectors of boto 2 and of Amazon's JavaScript."""

from command_line import invoke
from command_line import run
from unittest import mock

import base64
import json
import pytest
import re


HOST = "https://d111111abcdef8.cloudfront.net"
URL = f"{HOST}/videos/a.mp4"
BOTO = ["canned", "canned_query", "canned_escaped_path", "custom_policy_url", "custom_valid_after", "custom_ip"]
OPTIONS = {
    "expire_time": "--expires",
    "valid_after_time": "--starts",
    "ip_address": "--ip",
    "policy_url": "--resource",
}


@pytest.fixture
def options(boto, tmp_path):
    """The options of the key of the vectors."""
    (tmp_path / "private.pem").write_text(boto["private_key_pem"])
    return ["--key-pair-id", boto["keypair_id"], "--private-key", tmp_path / "private.pem"]


def expires(url):
    return int(re.search(r"Expires=([0-9]+)", url)[1])


def policy(url):
    text = re.search(r"Policy=([^&]+)", url)[1].translate(str.maketrans("-_~", "+=/"))
    return base64.b64decode(text).decode()


class TestVectors:
    @pytest.mark.parametrize("name", BOTO)
    def test_boto(self, boto, options, name):
        case = next(case for case in boto["cases"] if case["name"] == name)
        arguments = dict(case["arguments"])
        given = [arguments.pop("url")]
        for argument, value in arguments.items():
            given += [OPTIONS[argument], value]
        assert invoke("sign", *given, *options).stdout == case["signed_url"] + "\n"

    def test_sha256(self, vectors_of_amazon, options):
        case = vectors_of_amazon["url_canned_sha256"]
        signed = invoke("sign", URL, "--expires", "1900000000", "--hash", "sha256", *options).stdout.strip()
        # Amazon's JavaScript writes the parameters in another order.
        assert sorted(re.split(r"[?&]", signed)) == sorted(re.split(r"[?&]", case["result"]))

    def test_the_hash_is_taken_in_upper_case_too(self, options):
        assert "Hash-Algorithm=SHA256" in invoke("sign", URL, "--hash", "SHA256", *options).stdout


@pytest.fixture
def vectors_of_amazon(pytestconfig):
    text = (pytestconfig.rootpath / "tests/cloudfront/vectors/aws_sdk_js.json").read_text()
    return {case["name"]: case for case in json.loads(text)["cases"]}


class TestTimes:
    def test_one_hour_if_nothing_is_said(self, options):
        with mock.patch("time.time", lambda: 1700000000.9):
            assert expires(invoke("sign", URL, *options).stdout) == 1700003600

    def test_a_lifetime(self, options):
        with mock.patch("time.time", lambda: 1700000000.0):
            assert expires(invoke("sign", URL, "--lifetime", "60", *options).stdout) == 1700000060

    @pytest.mark.parametrize(
        "wrong",
        [
            ["--lifetime", "60", "--expires", "1900000000"],
            ["--lifetime", "0"],
            ["--lifetime", "-1"],
            ["--lifetime", "1.5"],
            ["--lifetime", "1h"],
            ["--lifetime", ""],
            ["--expires", "1_900_000_000"],
            ["--expires", "+1900000000"],
            ["--expires", " 1900000000"],
            ["--expires", "١٩٠٠٠٠٠٠٠٠"],
            ["--expires", "2030-03-17"],
            ["--expires", "9" * 5000],
            ["--starts", "-1"],
            ["--hash", "md5"],
        ],
    )
    def test_wrong_use_is_2(self, options, wrong):
        ended = invoke("sign", URL, *wrong, *options)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)

    def test_both_ends_are_named(self, options):
        ended = invoke("sign", URL, "--lifetime", "60", "--expires", "1900000000", *options)
        assert "--lifetime and --expires" in ended.stderr

    @pytest.mark.parametrize(
        "refused",
        [
            ["--expires", "1900000000000"],
            ["--expires", "2147483648"],
            ["--lifetime", "2147483647"],
            ["--expires", "1900000000", "--starts", "1900000000"],
            ["--expires", "0"],
        ],
    )
    def test_a_policy_that_is_refused_is_1(self, options, refused):
        ended = invoke("sign", URL, *refused, *options)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)

    def test_starts_may_be_0(self, options):
        assert '"DateGreaterThan":{"AWS:EpochTime":0}' in policy(invoke("sign", URL, "--starts", "0", *options).stdout)


class TestResource:
    def test_a_mark_before_a_query_is_no_wildcard(self, options):
        signed = invoke("sign", f"{URL}?a=1", "--ip", "192.0.2.10", *options).stdout
        assert '"Resource":"https://d111111abcdef8.cloudfront.net/videos/a.mp4\\\\?a=1"' in policy(signed)

    @pytest.mark.parametrize(
        "resource",
        ["*", "*://*", f"{HOST}/videos/a*", f"{HOST}/other/*", "https://other.example/*", f"{URL}?", "videos/*", ""],
    )
    def test_a_resource_that_is_refused_is_1(self, options, resource):
        ended = invoke("sign", URL, "--resource", resource, *options)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)

    def test_a_url_that_is_none_is_the_first_to_be_refused(self, options):
        ended = invoke("sign", "videos/a.mp4", "--resource", f"{HOST}/*", "--json", *options)
        assert json.loads(ended.stdout)["error"] == "InvalidURL"

    @pytest.mark.parametrize("ip", ["2001:db8::1", "192.0.2.1/24", "192.0.2.300", "localhost", ""])
    def test_an_address_that_is_refused_is_1(self, options, ip):
        ended = invoke("sign", URL, "--ip", ip, *options)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)


class TestURL:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "videos/a.mp4",
            f"{HOST}/a b.mp4",
            f"{HOST}/a%.mp4",
            f"{URL}#t=1",
            f"{URL}?Expires=1",
            f"{HOST}/*",
            "ftp://h/a",
        ],
    )
    def test_a_url_that_is_refused_is_1(self, options, url):
        ended = invoke("sign", url, *options)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)

    def test_a_stream_is_signed_elsewhere(self, options):
        ended = invoke("sign", "rtmp://d111111abcdef8.cloudfront.net/cfx/st/video/a", *options)
        assert (ended.exit_code, "create_signed_url" in ended.stderr) == (1, True)

    def test_without_a_url_it_is_wrong_use(self, options):
        assert invoke("sign", *options).exit_code == 2

    def test_a_second_url_is_wrong_use_and_not_shown(self, options):
        ended = invoke("sign", URL, "https://secret.example/", *options)
        assert (ended.exit_code, "secret" in ended.stderr) == (2, False)

    def test_a_url_that_was_signed_is_refused_and_not_shown(self, options):
        signed = invoke("sign", URL, *options).stdout.strip()
        ended = invoke("sign", signed, *options)
        assert (ended.exit_code, "Signature=" in ended.output) == (1, False)


class TestJSON:
    def test_all_that_was_signed(self, options):
        times = ["--expires", "1900000000", "--starts", "1200000000"]
        ended = invoke(
            "sign", URL, *times, "--ip", "192.0.2.0/24", "--resource", f"{HOST}/videos/*", "--json", *options
        )
        data = json.loads(ended.stdout)
        assert data.pop("url").startswith(f"{URL}?Policy=")
        assert data == {
            "resource": f"{HOST}/videos/*",
            "expires": 1900000000,
            "expires_at": "2030-03-17T17:46:40Z",
            "starts": 1200000000,
            "starts_at": "2008-01-10T21:20:00Z",
            "ip": "192.0.2.0/24",
            "key_pair_id": "K2JCJMDEHXQW5F",
            "hash_algorithm": "SHA1",
        }

    def test_the_same_url_as_without(self, options):
        plain = invoke("sign", URL, "--expires", "1900000000", *options).stdout.strip()
        assert json.loads(invoke("sign", URL, "--expires", "1900000000", "--json", *options).stdout)["url"] == plain

    @pytest.mark.parametrize(
        ("arguments", "error", "code"),
        [
            (["nothing"], "InvalidURL", 1),
            ([URL, "--resource", "*"], "InvalidPolicy", 1),
            ([URL, "--key-pair-id", "K 1"], "InvalidKey", 1),
            ([URL, "--unknown"], "UsageError", 2),
            ([URL, "--lifetime", "x"], "UsageError", 2),
            ([URL, URL], "UsageError", 2),
        ],
    )
    def test_one_object_for_an_error(self, options, arguments, error, code):
        ended = invoke("sign", *options, *arguments, "--json")
        assert (ended.exit_code, json.loads(ended.stdout)["error"], ended.stderr) == (code, error, "")

    def test_an_error_has_name_and_message_only(self, options):
        assert sorted(json.loads(invoke("sign", "nothing", "--json", *options).stdout)) == ["error", "message"]


class TestProcess:
    def test_the_url_is_all_that_is_printed(self, boto, options):
        ended = run("sign", URL, "--expires", "1900000000", *options)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, boto["cases"][0]["signed_url"] + "\n", "")

    def test_a_refusal(self, options):
        ended = run("sign", "nothing", *options)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
