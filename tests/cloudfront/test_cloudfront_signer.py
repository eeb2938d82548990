"""Signed URLs are those of boto 2 and of Amazon's own signers."""

from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import InvalidPolicy
from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront.encoding import decode
from collective.cfprivate.cloudfront.statement import Statement
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from datetime import timezone
from pathlib import Path

import json
import pytest


VECTORS = Path(__file__).parent / "vectors"
BOTO = json.loads((VECTORS / "boto2.json").read_text())["cases"]
AMAZON = json.loads((VECTORS / "aws_sdk_js.json").read_text())["cases"]

# Boto writes a custom policy that says the same as a canned one, and RTMP has no URL of a file: later, in boto's call.
BEYOND = {"custom_no_expire", "custom_policy_url_same", "rtmp_stream_path"}
URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"


def policy_of_boto(arguments):
    resource = arguments.get("policy_url") or arguments["url"]
    starts, ip = arguments.get("valid_after_time") or None, arguments.get("ip_address") or None
    return Policy(resource, arguments["expire_time"], starts, ip)


def policy_of_amazon(arguments):
    if "policy" not in arguments:
        # Python 3.10 reads neither three digits behind the second nor the Z.
        end = datetime.strptime(arguments["dateLessThan"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        return Policy(arguments["url"], int(end.timestamp()))
    return Policy("https://d111111abcdef8.cloudfront.net/videos/*", 1900000000, 1200000000, "192.0.2.0/24")


def parameters(url):
    base, _, query = url.partition("?")
    return base, sorted(query.split("&"))


@pytest.mark.parametrize("case", [case for case in BOTO if case["name"] not in BEYOND], ids=lambda case: case["name"])
def test_boto_byte_for_byte(key, case):
    arguments = case["arguments"]
    assert Signer(key).sign_url(arguments["url"], policy_of_boto(arguments)) == case["signed_url"]


@pytest.mark.parametrize("case", [case for case in AMAZON if case["kind"] == "url"], ids=lambda case: case["name"])
def test_amazon_but_for_the_order(key, case):
    arguments = case["arguments"]
    signer = Signer(key, arguments.get("algorithm", "SHA1"))
    signed = signer.sign_url(arguments["url"], policy_of_amazon(arguments))
    assert parameters(signed) == parameters(case["result"])


def test_sha256_is_named_last(key):
    assert (
        Signer(key, "SHA256")
        .sign_url(URL, Policy(URL, 2))
        .endswith("&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256")
    )


def test_own_parameters_come_first(key):
    assert Signer(key).sign_url(URL + "?b=2&a=1", Policy(URL + "?b=2&a=1", 2)).startswith(URL + "?b=2&a=1&Expires=2&")


def test_a_policy_of_another_resource_is_sent_whole(key):
    policy = Policy("https://d111111abcdef8.cloudfront.net/videos/*", 2)
    query = Signer(key).sign_url(URL, policy).partition("?Policy=")[2]
    assert decode(query.partition("&")[0]) == policy.statement


def test_an_escaped_quote_is_a_quote_in_the_policy_too(key):
    url = URL + "?a=%22b%22"
    assert Signer(key).sign_url(url, Policy(url, 2)).startswith(url + "&Expires=2&")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "videos/a.mp4",
        "//h/a",
        "ftp://h/a",
        "rtmp://h/a",
        "HTTPS://h/a",
        "https://H/a",
        "https://h:443/a",
        "http://h:80/a",
        "https://h:0443/a",
        "https://h:99999/a",
        "https://h:/a",
        "https://127.1/a",
        "https://0x7f000001/a",
        "https://256.0.0.1/a",
        "https://-h/a",
        "https://h-/a",
        "https://h..i/a",
        "https://h./a",
        f"https://{'h' * 64}/a",
        "https://h/a?",
        "https://h/a?x='",
        "https://h/a/../b",
        "https://h/./a",
        "https://h/a/..",
        "https://h/.?a=1",
        "https://h/a/%2e%2E/b",
        "https://h/a/.%2e",
        "https://h",
        "https:///a",
        "https://u@h/a",
        "https://h/a b",
        "https://h/ä",
        'https://h/"',
        "https://h/\\",
        "https://h/a\n",
        "https://h/%",
        "https://h/%4",
        "https://h/%zz",
        "https://h/a?b=100%",
        "https://h/a#t=10",
        "https://h/a?Expires=1",
        "https://h/a?x=1&Policy=a",
        "https://h/a?Signature",
        "https://h/a?&Key-Pair-Id=",
        "https://h/a?Hash-Algorithm=SHA1",
        "https://h/a?%45xpires=1",
        "https://h/a?Key%2DPair%2dId=K1",
        None,
        b"https://h/a",
    ],
)
def test_refuses_what_would_not_arrive(key, url):
    with pytest.raises(InvalidURL):
        Signer(key).sign_url(url, Policy(URL, 2))


@pytest.mark.parametrize("name", ["expires", "POLICY", "Expire", "Expiress", "x-Signature", "%2545xpires"])
def test_names_that_only_look_reserved_are_yours(key, name):
    url = f"{URL}?{name}=1"
    assert Signer(key).sign_url(url, Policy(url, 2)).startswith(f"{url}&Expires=2")


def test_the_longest_url(key):
    tail = len(Signer(key).sign_url(URL, Policy(URL, 2))) - len(URL)
    url = URL + "a" * (8192 - tail - len(URL))
    assert len(Signer(key).sign_url(url, Policy(url, 2))) == 8192


def test_one_byte_more_is_refused(key):
    tail = len(Signer(key).sign_url(URL, Policy(URL, 2))) - len(URL)
    url = URL + "a" * (8193 - tail - len(URL))
    with pytest.raises(InvalidURL, match="8193"):
        Signer(key).sign_url(url, Policy(url, 2))


@pytest.mark.parametrize("hash_algorithm", ["MD5", "sha256", None])
def test_refuses_other_hashes(key, hash_algorithm):
    with pytest.raises(InvalidKey):
        Signer(key, hash_algorithm)


def test_a_statement_is_signed_once(key, signatures):
    policy = Policy("https://d111111abcdef8.cloudfront.net/videos/*", 2)
    signer = Signer(key)
    for number in range(20):
        signer.sign_url(f"https://d111111abcdef8.cloudfront.net/videos/{number}.ts", policy)
    assert signatures == [policy.statement]


DIRECTORY = Policy("https://d111111abcdef8.cloudfront.net/videos/*", 2)


@pytest.mark.parametrize("url", [URL, URL + "?a=1", "https://d111111abcdef8.cloudfront.net/videos/b/1.ts"])
@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
def test_a_directory_is_signed_as_each_of_its_urls(key, url, hash_algorithm):
    signer = Signer(key, hash_algorithm)
    assert signer.directory(DIRECTORY)(url) == signer.sign_url(url, DIRECTORY)


@pytest.mark.parametrize("policy", [Policy(URL, 2), Policy(URL, 2, ip="192.0.2.1"), Policy(URL + "?a", 2, 1)])
def test_refuses_a_directory_without_a_wildcard(key, policy):
    with pytest.raises(InvalidPolicy, match="wildcard"):
        Signer(key).directory(policy)


def test_a_directory_has_urls_of_8192_bytes_at_most(key):
    sign = Signer(key).directory(DIRECTORY)
    longest = URL + "a" * (8192 - len(sign(URL)))
    assert len(sign(longest)) == 8192
    with pytest.raises(InvalidURL, match="8193"):
        sign(longest + "a")


def test_the_url_itself_has_its_query_mark_escaped_in_a_custom_policy(key):
    url = URL + "?a=1"
    signed = Signer(key).sign_url(url, Policy(url, 2, ip="192.0.2.1"))
    assert b'"Resource":"' + URL.encode() + rb"\\?a=1" + b'"' in decode(
        signed.partition("&Policy=")[2].partition("&")[0]
    )


def test_a_key_without_an_id_does_not_sign():
    with pytest.raises(InvalidKey, match="no id yet"):
        Signer(SigningKey.generate(algorithm="EC"))


def test_signers_do_not_share_what_they_remember(key):
    policy = Policy(URL, 2)
    assert Signer(key).sign_url(URL, policy) != Signer(key, "SHA256").sign_url(URL, policy).rpartition("&")[0]


def test_threads_get_the_same(ec_key):
    signer = Signer(ec_key)
    with ThreadPoolExecutor(16) as pool:
        signed = list(pool.map(lambda number: signer.sign_url(URL, Policy(URL, 2 + number % 5)), range(200)))
    assert len(set(signed)) == 5


def test_repr_shows_no_key_text(key):
    assert repr(Signer(key)) == f"Signer(key={key!r}, hash_algorithm='SHA1')"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://h/a b", "holds ' ' at position 12"),
        ("https://h/\u00e4", r"holds '\\xe4' at position 11"),
        (" https://h/", "holds ' ' at position 1\\."),
        ("https://h/a%", "stray % at position 12"),
        ("https://h/%4g", "stray % at position 11"),
        ("%https://h/", "stray % at position 1\\."),
    ],
)
def test_says_where_a_url_is_wrong(key, url, reason):
    with pytest.raises(InvalidURL, match=reason):
        Signer(key).sign_url(url, Policy(URL, 2))


@pytest.mark.parametrize("query", ["?a=/../b", "?a=/.", "?/%2e%2e/"])
def test_dots_in_a_query_are_sent(key, query):
    assert Signer(key).sign_url(URL + query, Policy(URL + query, 2)).startswith(f"{URL}{query}&Expires=2&")


@pytest.mark.parametrize("name", ["0.mp4", "z.mp4", "a.mp4?a=1", "a.mp"])
def test_a_policy_of_another_url_is_sent_whole(key, name):
    policy = Policy(f"https://d111111abcdef8.cloudfront.net/videos/{name}", 2)
    query = Signer(key).sign_url(URL, policy).partition("?Policy=")[2]
    assert decode(query.partition("&")[0]) == policy.statement


def test_a_signer_does_not_change(key):
    with pytest.raises(AttributeError):
        Signer(key).hash_algorithm = "SHA256"


def test_signers_of_the_same_are_equal(key):
    assert Signer(key) == Signer(key)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8081/a",
        "http://h:443/a",
        "https://h:80/a",
        "https://a-b--c.d0.e9/a",
        f"https://{'h' * 63}.{'i' * 63}/a",
        "https://h/it's",
        "https://h/.a/..b/c./..../.../a.",
        "https://h/",
        "https://h//a//b",
    ],
)
def test_signs_what_browsers_send_as_it_is(key, url):
    assert Signer(key).sign_url(url, Policy(url, 2)).startswith(f"{url}?Expires=2&Signature=")


@pytest.mark.parametrize("hash_algorithm", ["-----BEGIN PRIVATE KEY-----\nMIIE", "A" * 64])
def test_does_not_show_what_may_be_a_key_in_the_wrong_place(key, hash_algorithm):
    with pytest.raises(InvalidKey) as caught:
        Signer(key, hash_algorithm)
    assert "MII" not in str(caught.value) and "AAA" not in str(caught.value)


@pytest.mark.parametrize(
    "policy",
    [
        Policy("*://h/a", 2),
        Policy("http*://h/a", 2, 1),
        Policy(r"https://h/a\?b=1", 2, 1),
        Policy.for_everything(expires=2),
        Statement("https://h/a b", 2),
        Statement("https://h/?Expires=1", 2),
    ],
    ids=lambda policy: policy.resource,
)
def test_a_resource_that_is_no_url_is_not_signed_as_its_own_url(key, policy):
    with pytest.raises(InvalidURL):
        Signer(key).sign_url(policy.resource, policy)
