"""Hosts and object keys become URLs of one spelling."""

from collective.cfprivate.cloudfront import check_object_key
from collective.cfprivate.cloudfront import check_url
from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import InvalidDistribution
from collective.cfprivate.cloudfront import InvalidObjectKey
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies
from urllib.parse import unquote

import pytest


CLOUDFRONT = Distribution("d111111abcdef8.cloudfront.net")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("d111111abcdef8.cloudfront.net", "https://d111111abcdef8.cloudfront.net"),
        ("media.example.org:8443", "https://media.example.org:8443"),
        ("192.0.2.1", "https://192.0.2.1"),
        ("localhost:8080", "http://localhost:8080"),
        ("localhost", "http://localhost"),
        ("cdn.example.localhost:8081", "http://cdn.example.localhost:8081"),
        ("notlocalhost", "https://notlocalhost"),
        ("127.0.0.1:1", "http://127.0.0.1:1"),
        ("127.255.0.9:65535", "http://127.255.0.9:65535"),
        ("128.0.0.1", "https://128.0.0.1"),
        ("localhost.example.org", "https://localhost.example.org"),
        ("127.example.org", "https://127.example.org"),
    ],
)
def test_origin(host, origin):
    assert Distribution(host).origin == origin


@pytest.mark.parametrize(
    ("host", "local"), [("localhost:8080", True), ("127.0.0.1", True), ("a.localhost", True), ("a.example", False)]
)
def test_local(host, local):
    assert Distribution(host).local is local


@pytest.mark.parametrize(
    "host",
    [
        "",
        "https://d111111abcdef8.cloudfront.net",
        "d111111abcdef8.cloudfront.net/",
        "d111111abcdef8.cloudfront.net/videos",
        "//d111111abcdef8.cloudfront.net",
        "user@d111111abcdef8.cloudfront.net",
        "user:secret@a.example",
        "a example",
        " a.example",
        "a.example\n",
        "A.example",
        "a..example",
        ".example",
        "a.example.",
        "-a.example",
        "a-.example",
        "a_b.example",
        "*.example",
        "b\u00fccher.example",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
        "a.example:",
        "a.example:0",
        "a.example:65536",
        "a.example:99999",
        "a.example:080",
        "a.example:443",
        "127.0.0.1:80",
        "127.1",
        "256.0.0.1",
        "127.0.0.01",
        "[::1]:8080",
        "::1",
        "a.example?x",
        "a.example#x",
        None,
        7,
    ],
)
def test_refuses_other_hosts(host):
    with pytest.raises(InvalidDistribution):
        Distribution(host)


@pytest.mark.parametrize("text", ["https://d111111abcdef8.cloudfront.net/", "HTTP://D1.cloudfront.net", "d1.cf.net/a"])
def test_a_pasted_url_is_refused_with_what_to_enter(text):
    with pytest.raises(InvalidDistribution, match=r"enter d111111abcdef8\.cloudfront\.net only"):
        Distribution.parse(text)


@pytest.mark.parametrize("text", [" D111111ABCDEF8.cloudfront.net\n", "d111111abcdef8.CloudFront.Net"])
def test_parse_forgives_case_and_blanks(text):
    assert Distribution.parse(text) == CLOUDFRONT


@pytest.mark.parametrize("text", [None, 7, ""])
def test_parse_refuses_what_is_no_text(text):
    with pytest.raises(InvalidDistribution):
        Distribution.parse(text)


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("videos/a.mp4", "videos/a.mp4"),
        ("a b.mp4", "a%20b.mp4"),
        ("100%.mp4", "100%25.mp4"),
        ("a%20b.mp4", "a%2520b.mp4"),
        ("a+b.mp4", "a%2Bb.mp4"),
        ("a&b=c#d.mp4", "a%26b%3Dc%23d.mp4"),
        ("テ.mp4", "%E3%83%86.mp4"),
        ("ä/\u0308.mp4", "%C3%A4/%CC%88.mp4"),
        ("-_.~", "-_.~"),
        ("😀.mp4", "%F0%9F%98%80.mp4"),
    ],
)
def test_a_key_is_quoted_whole(key, path):
    assert CLOUDFRONT.url(key) == f"https://d111111abcdef8.cloudfront.net/{path}"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/a.mp4",
        "a/",
        "a//b.mp4",
        ".",
        "..",
        "./a.mp4",
        "a/./b",
        "a/../b",
        "a/..",
        "https://d1.cloudfront.net/a.mp4",
        "s3://bucket/a.mp4",
        "a*.mp4",
        "a?.mp4",
        "a\\b.mp4",
        "a\nb.mp4",
        "a\x00.mp4",
        "a\x7f.mp4",
        "a\x85.mp4",
        "a\ud800.mp4",
        "é" * 513,
        None,
        b"a.mp4",
    ],
)
def test_refuses_other_keys(key):
    with pytest.raises(InvalidObjectKey):
        CLOUDFRONT.url(key)


@pytest.mark.parametrize("key", ["a" * 1024, "é" * 512, "...", "a/.b", "..a/b", "a:b.mp4"])
def test_accepts_unusual_keys(key):
    assert check_object_key(key) == key


@given(strategies.text(min_size=1, max_size=300))
def test_every_key_comes_back_from_its_url(key):
    try:
        check_object_key(key)
    except InvalidObjectKey:
        assume(False)
    assert unquote(check_url(CLOUDFRONT.url(key)).removeprefix(CLOUDFRONT.origin + "/")) == key


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("https://d1.cloudfront.net", "Found a URL in place of a host; enter"),
        ("", "is empty; enter"),
        (None, "is empty; enter"),
        ("D1.cloudfront.net", "'D1.cloudfront.net' has upper case"),
        ("d1.cloudfront.net/", "'d1.cloudfront.net/' is not a host or host:port; enter"),
        ("d1.cloudfront.net:65536", "Port '65536' is not one from 1 to 65535; enter"),
        ("0x7f000001", "'0x7f000001' is not a host or host:port; enter"),
        ("-----begin private key-----\nmii", r"distribution \(str\) is not a host or host:port; enter"),
    ],
)
def test_says_what_is_wrong_with_a_host(host, reason):
    with pytest.raises(InvalidDistribution, match=f"{reason}.* d111111abcdef8.cloudfront.net only"):
        Distribution(host)


NAME = ".".join(["a" * 63] * 3)


def test_the_longest_name():
    assert Distribution(f"{NAME}.{'a' * 61}").host == f"{NAME}.{'a' * 61}"


def test_a_name_of_one_character_more_is_refused():
    with pytest.raises(InvalidDistribution, match="not a host"):
        Distribution(f"{NAME}.{'a' * 62}")


def test_a_distribution_does_not_change():
    with pytest.raises(AttributeError):
        Distribution("d1.cloudfront.net").host = "d2.cloudfront.net"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "is empty or no text"),
        (7, "is empty or no text"),
        ("https://h/a.mp4", "Found a URL in place of an object key"),
        ("/a.mp4", "starts with a slash"),
        ("a/", "ends in a slash"),
        ("a//b", "an empty, . or .. segment"),
        ("ab*", r"holds \* at 3: a wildcard"),
        ("?", r"holds \? at 1: a wildcard"),
        ("a\n", r"holds '\\n' at 2, no text"),
    ],
)
def test_says_what_is_wrong_with_a_key(key, reason):
    with pytest.raises(InvalidObjectKey, match=reason):
        check_object_key(key)


@pytest.mark.parametrize("key", ["a" * 1024, "\u00e4" * 512])
def test_the_longest_key_of_s3(key):
    assert check_object_key(key) == key


@pytest.mark.parametrize("key", ["a" * 1025, "\u00e4" * 512 + "a"])
def test_a_key_of_one_byte_more_is_refused(key):
    with pytest.raises(InvalidObjectKey, match="1025 bytes"):
        check_object_key(key)
