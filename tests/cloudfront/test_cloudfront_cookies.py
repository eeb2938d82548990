"""Signed cookies are Amazon's, and the verifier reads them as CloudFront does."""

from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import InvalidPolicy
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront.encoding import encode
from datetime import datetime
from pathlib import Path

import json
import pytest


VECTORS = json.loads((Path(__file__).parent / "vectors" / "aws_sdk_js.json").read_text())["cases"]
AMAZON = [case for case in VECTORS if case["kind"] == "cookies"]

URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
OTHER = "https://d111111abcdef8.cloudfront.net/audio/a.mp3"
DIRECTORY = "https://d111111abcdef8.cloudfront.net/videos/*"


def refusal(verifier, url, cookies, now=1500, ip=None):
    with pytest.raises(EdgeError) as caught:
        verifier.verify(url, now, ip, cookies)
    return caught.value.code


@pytest.fixture
def cookies(key):
    """The cookies of the directory."""
    return Signer(key).sign_cookies(Policy(DIRECTORY, 2000))


@pytest.fixture
def canned(key):
    """The cookies of the one URL."""
    return Signer(key).sign_cookies(Policy(URL, 2000))


# signing


@pytest.mark.parametrize("case", AMAZON, ids=lambda case: case["name"])
def test_amazons_cookies(key, case):
    arguments = case["arguments"]
    policy = Policy(DIRECTORY, 1900000000, 1200000000, "192.0.2.0/24")
    if "policy" not in arguments:
        policy = Policy(URL, int(datetime.fromisoformat("2030-03-17T17:46:40+00:00").timestamp()))
    signed = Signer(key, arguments.get("algorithm", "SHA1")).sign_cookies(policy)
    assert signed == {name: str(value) for name, value in case["result"].items()}


def test_names_of_a_canned_policy(canned):
    assert set(canned) == {"CloudFront-Expires", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}


def test_names_of_a_custom_policy(cookies):
    assert set(cookies) == {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}


@pytest.mark.parametrize("resource", ["*://h/*", "http*://h/*"])
def test_refuses_to_sign_a_resource_that_cookies_do_not_take(key, resource):
    with pytest.raises(InvalidPolicy, match="http:// or https://"):
        Signer(key).sign_cookies(Policy(resource, 2000))


def test_refuses_to_sign_everything(key):
    with pytest.raises(InvalidPolicy, match="http:// or https://"):
        Signer(key).sign_cookies(Policy.for_everything(expires=2000))


def test_refuses_what_browsers_do_not_keep(key):
    path = "a/" * 1600
    with pytest.raises(InvalidPolicy, match="too long for a cookie"):
        Signer(key).sign_cookies(Policy(f"https://d111111abcdef8.cloudfront.net/{path}*", 2000))


def test_the_longest_cookie(key):
    # 4096 bytes with the name and = (RFC 6265, section 6.1); base64 has 4 characters for 3 bytes.
    bare = len(Policy("https://h/*", 2000).statement)
    size = (4096 - len("CloudFront-Policy=")) // 4 * 3
    policy = Policy(f"https://h/{'a' * (size - bare - 1)}/*", 2000)
    assert len(Signer(key).sign_cookies(policy)["CloudFront-Policy"]) == 4076


# verification


@pytest.mark.parametrize("case", AMAZON, ids=lambda case: case["name"])
def test_accepts_amazons_cookies(verifier, case):
    cookies = {name: str(value) for name, value in case["result"].items()}
    assert verifier.verify(URL, 1700000000, "192.0.2.1", cookies).expires == 1900000000


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
@pytest.mark.parametrize("policy", [Policy(URL, 2000), Policy(DIRECTORY, 2000, 1000, "192.0.2.0/24")])
def test_returns_the_policy_that_was_signed(either_key, verifier, policy, hash_algorithm):
    signed = Signer(either_key, hash_algorithm).sign_cookies(policy)
    assert verifier.verify(URL, 1500, "192.0.2.9", signed) == policy


def test_one_set_covers_a_directory(verifier, cookies):
    assert verifier.verify("https://d111111abcdef8.cloudfront.net/videos/b/1.ts?x=1", 1500, cookies=cookies)


def test_a_canned_cookie_covers_a_query_that_was_signed(key, verifier):
    cookies = Signer(key).sign_cookies(Policy(URL + "?a=1", 2000))
    assert verifier.verify(URL + "?a=1", 1500, cookies=cookies)


@pytest.mark.parametrize("url", [OTHER, URL + "?a=1", URL.replace("https", "http")])
def test_a_canned_cookie_covers_no_other_url(verifier, canned, url):
    assert refusal(verifier, url, canned) == "AccessDenied"


@pytest.mark.parametrize("url", [OTHER, URL.replace("https", "http"), URL.replace("/videos", "/videos2")])
def test_a_custom_cookie_covers_no_other_directory(verifier, cookies, url):
    assert refusal(verifier, url, cookies) == "AccessDenied"


@pytest.mark.parametrize("now", [2000, 2001])
def test_cookies_expire(verifier, cookies, canned, now):
    assert {refusal(verifier, URL, each, now) for each in (cookies, canned)} == {"AccessDenied"}


@pytest.mark.parametrize(("now", "ip"), [(1000, "192.0.2.1"), (1500, "192.0.3.1"), (1500, None)])
def test_cookies_have_a_start_and_an_address(key, verifier, now, ip):
    cookies = Signer(key).sign_cookies(Policy(DIRECTORY, 2000, 1000, "192.0.2.0/24"))
    assert refusal(verifier, URL, cookies, now, ip) == "AccessDenied"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"CloudFront-Key-Pair-Id": None}, "MissingKey"),
        ({"CloudFront-Key-Pair-Id": ""}, "MissingKey"),
        ({"CloudFront-Key-Pair-Id": "K-1"}, "MissingKey"),
        ({"CloudFront-Key-Pair-Id": "KOTHER"}, "InvalidKey"),
        ({"CloudFront-Key-Pair-Id": "KEC1"}, "AccessDenied"),
        ({"CloudFront-Policy": None}, "MalformedPolicy"),
        ({"CloudFront-Policy": ""}, "MalformedPolicy"),
        ({"CloudFront-Policy": "e30_"}, "MalformedPolicy"),
        ({"CloudFront-Expires": "2000"}, "MalformedPolicy"),
        ({"CloudFront-Signature": None}, "MalformedSignature"),
        ({"CloudFront-Signature": "YQ=="}, "MalformedSignature"),
        ({"CloudFront-Signature": "YQ__"}, "AccessDenied"),
        ({"CloudFront-Hash-Algorithm": "SHA256"}, "AccessDenied"),
        ({"CloudFront-Hash-Algorithm": "sha1"}, "AccessDenied"),
        ({"CloudFront-Signature": 7}, "AccessDenied"),
    ],
)
def test_refusals(verifier, cookies, change, code):
    changed = {name: value for name, value in (cookies | change).items() if value is not None}
    assert refusal(verifier, URL, changed) == code


@pytest.mark.parametrize("cookies", [None, {}, {"session": "1"}, {"CloudFront-Theme": "dark"}])
def test_without_signed_cookies_the_key_is_missing(verifier, cookies):
    assert refusal(verifier, URL, cookies) == "MissingKey"


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda name: name.removeprefix("CloudFront-")])
def test_names_are_exact(verifier, cookies, change):
    assert refusal(verifier, URL, {change(name): value for name, value in cookies.items()}) == "MissingKey"


def test_other_cookies_do_not_matter(verifier, cookies):
    assert verifier.verify(URL, 1500, cookies=cookies | {"session": "1", "CloudFront-Theme": "dark"})


def test_a_signed_url_wins_over_cookies(key, verifier, cookies):
    signed = Signer(key).sign_url(OTHER, Policy(OTHER, 1800))
    assert verifier.verify(signed, 1500, cookies=cookies).resource == OTHER


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Expires=2000", "MissingKey"),
        ("Policy=e30_", "MissingKey"),
        ("Signature=YQ__", "MissingKey"),
        ("Key-Pair-Id=K2JCJMDEHXQW5F", "MalformedPolicy"),
        ("Hash-Algorithm=SHA1", "MissingKey"),
        ("%45xpires=2000", "AccessDenied"),
        ("Signature", "MissingKey"),
    ],
)
def test_with_one_reserved_parameter_cookies_do_not_count(verifier, cookies, query, code):
    assert refusal(verifier, f"{URL}?{query}", cookies) == code


@pytest.mark.parametrize("query", ["expires=2000", "CloudFront-Expires=2000", "a=1"])
def test_a_parameter_of_your_own_leaves_the_cookies_alone(verifier, cookies, query):
    assert verifier.verify(f"{URL}?{query}", 1500, cookies=cookies)


@pytest.mark.parametrize(
    "resource", ["*", "*://d111111abcdef8.cloudfront.net/*", "http*://d111111abcdef8.cloudfront.net/*"]
)
def test_a_resource_without_a_scheme_of_its_own_is_no_doubt_in_a_cookie(key, verifier, resource):
    statement = f'{{"Statement":[{{"Resource":"{resource}","Condition":{{"DateLessThan":{{"AWS:EpochTime":2000}}}}}}]}}'
    cookies = {
        "CloudFront-Policy": encode(statement.encode()),
        "CloudFront-Signature": encode(key.sign(statement.encode())),
        "CloudFront-Key-Pair-Id": key.key_id,
    }
    assert refusal(verifier, URL, cookies) == "AccessDenied"


def test_a_policy_without_a_resource_is_none_for_cookies(key, verifier):
    statement = b'{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}'
    cookies = {
        "CloudFront-Policy": encode(statement),
        "CloudFront-Signature": encode(key.sign(statement)),
        "CloudFront-Key-Pair-Id": key.key_id,
    }
    assert refusal(verifier, URL, cookies) == "AccessDenied"


def test_cookies_for_an_edge_without_a_certificate(key, verifier):
    cookies = Signer(key).sign_cookies(Policy("http://127.0.0.1:8080/*", 2000))
    assert verifier.verify("http://127.0.0.1:8080/a.mp4", 1500, cookies=cookies)
