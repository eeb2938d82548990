"""Wildcards match per section, in time that grows with the URL alone."""

from collective.cfprivate.cloudfront.wildcard import covers
from collective.cfprivate.cloudfront.wildcard import Pattern
from hypothesis import given
from hypothesis import strategies

import pytest
import re
import string
import time


HOST = "https://d1.cloudfront.net"


@pytest.mark.parametrize(
    ("resource", "url"),
    [
        (f"{HOST}/a.mp4", f"{HOST}/a.mp4"),
        (f"{HOST}/*", f"{HOST}/"),
        (f"{HOST}/*", f"{HOST}/a/b.mp4?x=1"),
        (f"{HOST}/a/*.ts", f"{HOST}/a/b/c.ts"),
        (f"{HOST}/a?.mp4", f"{HOST}/ab.mp4"),
        (f"{HOST}/a.mp4*", f"{HOST}/a.mp4?x=1"),
        (f"{HOST}/a.mp4?x=1", f"{HOST}/a.mp4?x=1"),
        (rf"{HOST}/a.mp4\?x=1", f"{HOST}/a.mp4?x=1"),
        (rf"{HOST}/a.mp4\?*", f"{HOST}/a.mp4?x=1&y=?"),
        (rf"{HOST}/*\?x=*", f"{HOST}/a/b.mp4?x=1"),
        (rf"{HOST}/a\?x=\?", f"{HOST}/a?x=?"),
        ("http*://d1.cloudfront.net/*", f"{HOST}/a"),
        ("http*://d1.cloudfront.net/*", "http://d1.cloudfront.net/a"),
        ("*://d1.cloudfront.net/*", f"{HOST}/a"),
        ("https://*.cloudfront.net/a", f"{HOST}/a"),
        ("https://d?.cloudfront.net/a", f"{HOST}/a"),
        ("https://d1*", f"{HOST}/a/b?x=1"),
        ("*", f"{HOST}/a?x=1"),
        ("*://*", "http://127.0.0.1:8080/a"),
        ("*/a/*", f"{HOST}/a/b"),
        (HOST, f"{HOST}/"),
    ],
)
def test_covered(resource, url):
    assert covers(resource, url)


@pytest.mark.parametrize(
    ("resource", "url"),
    [
        (f"{HOST}/a.mp4", f"{HOST}/a.mp4?x=1"),
        (f"{HOST}/a.mp4", f"{HOST}/A.mp4"),
        (f"{HOST}/a.mp4", f"{HOST}/a%2Emp4"),
        (f"{HOST}/a/*", f"{HOST}/a"),
        (f"{HOST}/a/*", f"{HOST}/b/a/c"),
        (f"{HOST}/*.mp4", f"{HOST}/secret.txt?x=.mp4"),
        (f"{HOST}/*.mp4", f"{HOST}/a.mp4?x=1"),
        (f"{HOST}/a?.mp4", f"{HOST}/a.mp4"),
        (rf"{HOST}/a.mp4\?x=1", f"{HOST}/a.mp4"),
        (rf"{HOST}/a\?x=1", f"{HOST}/abx=1"),
        (rf"{HOST}/*\?x=1", f"{HOST}/a?y=2?x=1"),
        ("http://d1.cloudfront.net/*", f"{HOST}/a"),
        ("https://*.cloudfront.net/a", "https://evil.example/x.cloudfront.net/a"),
        ("https://d1*/a", f"{HOST}/b/a"),
        ("https://d?.cloudfront.net/a", "https://d11.cloudfront.net/a"),
        (f"{HOST}:8443/*", f"{HOST}/a"),
        (HOST, f"{HOST}/a"),
        ("", f"{HOST}/a"),
        ("d1.cloudfront.net/*", f"{HOST}/a"),
        ("/a", f"{HOST}/a"),
        ("*", "ftp://d1.cloudfront.net/a"),
        ("*", "rubbish"),
    ],
)
def test_not_covered(resource, url):
    assert not covers(resource, url)


@given(strategies.text("ab*?", max_size=8), strategies.text("ab", max_size=12))
def test_a_pattern_means_what_a_regular_expression_would(pattern, text):
    expression = pattern.replace("*", ".*").replace("?", ".")
    assert Pattern(pattern).matches(text) == bool(re.fullmatch(expression, text))


def test_a_hostile_pattern_costs_no_more_than_a_plain_one():
    started = time.process_time()
    Pattern("*a" * 2500 + "b").matches("a" * 8000)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("character", sorted(set(string.punctuation) - {"*", "?"}))
def test_any_other_mark_means_itself(character):
    assert Pattern(f"a{character}b").matches(f"a{character}b")
    assert not Pattern(f"a{character}b").matches("axb")
    assert not Pattern(f"a{character}b").matches("a*b")


def test_the_host_alone_is_its_root():
    assert covers(HOST, HOST)
