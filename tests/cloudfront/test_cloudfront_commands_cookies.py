"""`cfprivate cookies`, against the vectors of Amazon's JavaScript."""

from command_line import invoke
from command_line import run
from pathlib import Path

import json
import pytest


HOST = "https://d111111abcdef8.cloudfront.net"
URL = f"{HOST}/videos/a.mp4"
DIRECTORY = f"{HOST}/videos/*"
VECTORS = json.loads((Path(__file__).parent / "vectors" / "aws_sdk_js.json").read_text())
CASES = {case["name"]: case["result"] for case in VECTORS["cases"] if case["kind"] == "cookies"}


@pytest.fixture
def options(boto, tmp_path):
    """The options of the key of the vectors."""
    (tmp_path / "private.pem").write_text(boto["private_key_pem"])
    return ["--key-pair-id", boto["keypair_id"], "--private-key", tmp_path / "private.pem", "--expires", "1900000000"]


@pytest.fixture
def public(key, tmp_path):
    (tmp_path / "public.pem").write_text(key.public_pem)
    return ["--public-key", f"{key.key_id}={tmp_path / 'public.pem'}", "--at", "1899996400"]


def read(ended):
    return dict(line.split("=", 1) for line in ended.stdout.splitlines())


class TestVectors:
    def test_canned(self, options):
        # Amazon's JavaScript gives the date as CloudFront-Expires, a number.
        expected = {name: str(value) for name, value in CASES["cookies_canned"].items()}
        assert read(invoke("cookies", URL, *options)) == expected

    @pytest.mark.parametrize(
        ("name", "hash_algorithm"), [("cookies_policy", "sha1"), ("cookies_policy_sha256", "sha256")]
    )
    def test_custom(self, options, name, hash_algorithm):
        conditions = ["--starts", "1200000000", "--ip", "192.0.2.0/24", "--hash", hash_algorithm]
        assert read(invoke("cookies", DIRECTORY, *conditions, *options)) == CASES[name]


def test_as_json(options):
    data = json.loads(invoke("cookies", URL, *options, "--json").stdout)
    assert data.pop("cookies") == {name: str(value) for name, value in CASES["cookies_canned"].items()}
    assert data == {
        "resource": URL,
        "expires": 1900000000,
        "expires_at": "2030-03-17T17:46:40Z",
        "starts": None,
        "starts_at": None,
        "ip": None,
        "key_pair_id": "K2JCJMDEHXQW5F",
        "hash_algorithm": "SHA1",
    }


def test_each_line_is_a_cookie_for_verify(options, public):
    lines = run("cookies", DIRECTORY, *options).stdout.splitlines()
    jar = [word for line in lines for word in ("--cookie", line)]
    assert (len(lines), run("verify", URL, *public, *jar).returncode) == (3, 0)


@pytest.mark.parametrize("other", [f"{HOST}/other/a.mp4", "https://other.example/videos/a.mp4"])
def test_they_open_nothing_else(options, public, other):
    jar = [word for line in invoke("cookies", DIRECTORY, *options).stdout.splitlines() for word in ("--cookie", line)]
    assert invoke("verify", other, *public, *jar).exit_code == 1


@pytest.mark.parametrize("resource", ["*", "*://*", f"{HOST}/a*", "videos/*", "", f"{HOST}/a b", "http*://h.example/*"])
def test_a_resource_that_is_refused_is_1(options, resource):
    ended = invoke("cookies", resource, *options)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("wrong", [[], [URL, URL], [URL, "--lifetime", "60"], [URL, "--resource", URL]])
def test_wrong_use_is_2(options, wrong):
    ended = invoke("cookies", *wrong, *options)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)


def test_an_error_is_one_object(options):
    ended = invoke("cookies", "*", *options, "--json")
    assert (ended.exit_code, json.loads(ended.stdout)["error"], ended.stderr) == (1, "InvalidPolicy", "")


@pytest.mark.parametrize("starts", [(), ("--starts", "1")])
def test_the_query_mark_of_a_url_is_that_mark_with_and_without_a_start(options, public, starts):
    lines = invoke("cookies", URL + "?a=1", *options, *starts).stdout.splitlines()
    jar = [word for line in lines for word in ("--cookie", line)]
    asked = [invoke("verify", url, *public, *jar).exit_code for url in (URL + "?a=1", URL + "xa=1")]
    assert asked == [0, 1]


def test_in_a_pattern_a_query_mark_is_any_character(options, public):
    lines = invoke("cookies", "https://d111111abcdef8.cloudfront.net/vide?s/*", *options).stdout.splitlines()
    jar = [word for line in lines for word in ("--cookie", line)]
    assert invoke("verify", URL, *public, *jar).exit_code == 0
