"""Streams of 2014: the policy names the stream, and never opens anything over http."""

from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import InvalidPolicy
from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import StreamPolicy
from collective.cfprivate.cloudfront.encoding import encode
from collective.cfprivate.cloudfront.stream import stream_name
from collective.cfprivate.cloudfront.wildcard import covers
from hypothesis import given
from hypothesis import strategies
from pathlib import Path

import json
import pytest


BOTO = json.loads((Path(__file__).parent / "vectors" / "boto2.json").read_text())["cases"]
SIGNED = next(case["signed_url"] for case in BOTO if case["name"] == "rtmp_stream_path")

URL = "rtmp://d111111abcdef8.cloudfront.net/cfx/st/&mp4:video/talk.mp4"
HTTP = "https://d111111abcdef8.cloudfront.net/video/talk.mp4"


def refusal(verifier, url, now=1500, ip=None):
    with pytest.raises(EdgeError) as caught:
        verifier.verify_stream(url, now, ip)
    return caught.value.code


def sign_text(key, text, url=URL):
    return f"{url}?Policy={encode(text)}&Signature={encode(key.sign(text))}&Key-Pair-Id={key.key_id}"


# names


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (URL, "video/talk.mp4"),
        ("rtmp://h/cfx/st/mp4:video/talk.mp4", "video/talk.mp4"),
        ("rtmp://h/cfx/st/video/talk.mp4", "video/talk.mp4"),
        ("rtmp://h:1935/cfx/st/mp3:talk", "talk"),
        ("rtmp://h/cfx/st/%E3%83%86.mp4", "%E3%83%86.mp4"),
        ("rtmp://h/cfx/st/mp4:a(1)+b.mp4", "a(1)+b.mp4"),
    ],
)
def test_the_name_is_behind_the_application(url, name):
    assert stream_name(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "",
        HTTP,
        "rtmp://h/cfx/st/",
        "rtmp://h/cfx/st/mp4:",
        "rtmp://h/cfx/st/&",
        "rtmp://h/cfx/a.mp4",
        "rtmp://h/a.mp4",
        "RTMP://h/cfx/st/a",
        "rtmpe://h/cfx/st/a",
        "rtmp:///cfx/st/a",
        "rtmp://H/cfx/st/a",
        "rtmp://u@h/cfx/st/a",
        "rtmp://h/cfx/st/a b",
        "rtmp://h/cfx/st/ä",
        "rtmp://h/cfx/st/a?x=1",
        "rtmp://h/cfx/st/a#x",
        "rtmp://h/cfx/st/a%",
        "rtmp://h/cfx/st/*",
        "rtmp://h/cfx/st//a",
        "rtmp://h/cfx/st/video/../secret.mp4",
        "rtmp://h/cfx/st/video/..",
        "rtmp://h/cfx/st/video/%2e%2E/secret.mp4",
        "rtmp://h/cfx/st/video/./talk.mp4",
        "rtmp://h/cfx/st/https://h/a",
        "rtmp://h/cfx/st/mp4:mp4:a",
        None,
        b"rtmp://h/cfx/st/a",
    ],
)
def test_nothing_else_is_a_stream(url):
    with pytest.raises(InvalidURL):
        stream_name(url)


# policies


@pytest.mark.parametrize(
    "resource", ["video/*", "video/talk.mp4", "talk", "video/t?lk.mp4", "video/*.mp4", "%E3%83%86.mp4"]
)
def test_policies_of_streams(resource):
    assert StreamPolicy(resource, 2).resource == resource


@pytest.mark.parametrize(
    "resource",
    [
        "",
        "*",
        "v*",
        "video*",
        "video/t*",
        "video/?*",
        "*/talk.mp4",
        "?alk.mp4",
        "/video/*",
        "mp4:video/talk.mp4",
        "https://h/*",
        "rtmp://h/cfx/st/talk",
        "*://*",
        "video/ *",
        "video/ä",
        "video/%",
        "video\\*",
        'video/"',
        None,
        b"video/*",
    ],
)
def test_refuses_other_resources(resource):
    with pytest.raises(InvalidPolicy):
        StreamPolicy(resource, 2)


@pytest.mark.parametrize("fields", [{"expires": 0}, {"expires": 2, "starts": 2}, {"expires": 2, "ip": "::1"}])
def test_streams_have_the_other_rules(fields):
    with pytest.raises(InvalidPolicy):
        StreamPolicy("video/*", **fields)


def test_a_policy_of_urls_is_none_of_streams():
    with pytest.raises(InvalidPolicy):
        Policy("video/*", 2)


@given(
    strategies.text("abv*?/:.-_~+=&@%20", min_size=1), strategies.sampled_from([HTTP, "http://a/", "https://v/b?v=a"])
)
def test_no_policy_of_streams_covers_a_url(resource, url):
    try:
        policy = StreamPolicy(resource, 2)
    except InvalidPolicy:
        return
    assert not covers(policy.resource, url)


# signed


def test_the_stream_of_the_vector_plays(verifier):
    assert verifier.verify_stream(SIGNED, 1700000000).resource == "video/*"


def test_what_we_sign_is_accepted(either_key, verifier):
    policy = StreamPolicy("video/*", 2000, 1000, "192.0.2.0/24")
    signed = Signer(either_key, "SHA256").sign_stream(URL, policy)
    assert verifier.verify_stream(signed, 1500, "192.0.2.1").statement == policy.statement


@pytest.mark.parametrize("resource", ["video/*", "video/talk.mp4", "v*/*4", "video/????.mp4"])
def test_matches_the_name(key, verifier, resource):
    signed = Signer(key).sign_stream(URL, StreamPolicy(resource, 2000))
    assert verifier.verify_stream(signed, 1500).resource == resource


@pytest.mark.parametrize("resource", ["audio/*", "video/talk", "talk.mp4", "video/???.mp4", "mp4", "vide0/*"])
def test_another_name_is_denied(key, verifier, resource):
    signed = Signer(key).sign_stream(URL, StreamPolicy(resource, 2000))
    assert refusal(verifier, signed) == "AccessDenied"


@pytest.mark.parametrize(("now", "ip"), [(999, "192.0.2.1"), (2000, "192.0.2.1"), (1500, "192.0.3.1"), (1500, None)])
def test_dates_and_address_count(key, verifier, now, ip):
    signed = Signer(key).sign_stream(URL, StreamPolicy("video/*", 2000, 1000, "192.0.2.0/24"))
    assert refusal(verifier, signed, now, ip) == "AccessDenied"


def test_a_canned_policy_is_that_of_the_name(key, verifier):
    statement = b'{"Statement":[{"Resource":"video/talk.mp4","Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}'
    signed = f"{URL}?Expires=2000&Signature={encode(key.sign(statement))}&Key-Pair-Id={key.key_id}"
    assert verifier.verify_stream(signed, 1500).resource == "video/talk.mp4"


def test_a_canned_policy_of_the_url_is_not(key, verifier):
    statement = f'{{"Statement":[{{"Resource":"{URL}","Condition":{{"DateLessThan":{{"AWS:EpochTime":2000}}}}}}]}}'
    signed = f"{URL}?Expires=2000&Signature={encode(key.sign(statement.encode()))}&Key-Pair-Id={key.key_id}"
    assert refusal(verifier, signed) == "AccessDenied"


def test_an_unsigned_stream_misses_its_key(verifier):
    assert refusal(verifier, URL) == "MissingKey"


@pytest.mark.parametrize(
    "url", ["", HTTP, HTTP + "?Key-Pair-Id=K2JCJMDEHXQW5F", "rtmp://h/a", "x" * 9000, None, URL + "?a=1"]
)
def test_http_and_rubbish_never_play(verifier, url):
    assert refusal(verifier, url) == "AccessDenied"


def test_a_signed_http_url_is_no_stream(key, verifier):
    assert refusal(verifier, Signer(key).sign_url(HTTP, Policy(HTTP, 2000))) == "AccessDenied"


def test_a_policy_of_urls_opens_no_stream(key, verifier):
    statement = Policy("https://d111111abcdef8.cloudfront.net/*", 2000).statement
    assert refusal(verifier, sign_text(key, statement)) == "AccessDenied"


def test_a_policy_of_streams_opens_no_url(key, verifier):
    signed = sign_text(key, StreamPolicy("video/*", 2000).statement, HTTP)
    with pytest.raises(EdgeError, match="AccessDenied"):
        verifier.verify(signed, 1500)


def test_a_stream_is_not_verified_as_a_url(key, verifier):
    with pytest.raises(EdgeError, match="AccessDenied"):
        verifier.verify(Signer(key).sign_stream(URL, StreamPolicy("video/*", 2000)), 1500)


@pytest.mark.parametrize("url", [HTTP, "rtmp://h/a", URL + "?a=1", None])
def test_refuses_to_sign_what_is_no_stream(key, url):
    with pytest.raises(InvalidURL):
        Signer(key).sign_stream(url, StreamPolicy("video/*", 2000))


@pytest.mark.parametrize("policy", [Policy("https://h/*", 2000), Policy.for_everything(expires=2000)])
def test_refuses_to_sign_a_stream_under_a_policy_of_urls(key, policy):
    with pytest.raises(InvalidPolicy, match="StreamPolicy"):
        Signer(key).sign_stream(URL, policy)


def test_a_url_that_is_too_long_is_not_signed(key):
    with pytest.raises(InvalidURL, match="8192"):
        Signer(key).sign_stream(URL + "a" * 8000, StreamPolicy("video/*", 2000))


@given(strategies.text())
def test_raises_only_edge_errors(verifier, text):
    assert refusal(verifier, f"rtmp://h/cfx/st/{text}")
