"""Signed cookies at the edge, and the Cookie header that brings them."""

from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.edge.cookies import Cookies
from hypothesis import given
from hypothesis import strategies

import logging
import pytest


ACCESS_DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>'
)
MISSING_KEY = b"<Code>MissingKey</Code>"
VIDEO = "/videos/a.mp4"
OTHERS = strategies.text().filter(lambda text: "CloudFront-" not in text)


@pytest.fixture
def cookies(ask):
    """The three pairs of a custom policy for all videos."""
    policy = Policy(ask.distribution.origin + "/videos/*", 1700000060)
    return [f"{name}={value}" for name, value in ask.signer.sign_cookies(policy).items()]


@pytest.fixture
def canned(ask):
    return ask.sign_cookies("videos/a.mp4")


# over the wire


def test_a_custom_policy_opens_what_it_covers(ask, cookies, medium):
    answer = ask(VIDEO, Cookie="; ".join(cookies))
    assert (answer.status, answer.body) == (200, medium)


def test_a_canned_policy_opens_its_file(ask, canned):
    assert ask(VIDEO, Cookie="; ".join(canned)).status == 200


def test_a_canned_policy_opens_no_other_file(ask, canned):
    assert ask("/videos/index.html", Cookie="; ".join(canned)).body == ACCESS_DENIED


def test_the_order_does_not_matter(ask, cookies):
    assert ask(VIDEO, Cookie="; ".join(reversed(cookies))).status == 200


def test_cookies_that_expired_are_denied(ask, now):
    assert ask(VIDEO, Cookie="; ".join(ask.sign_cookies("videos/a.mp4", expires=now))).body == ACCESS_DENIED


@pytest.mark.parametrize(("ip", "status"), [("127.0.0.1", 200), ("192.0.2.1", 403)])
def test_cookies_of_an_address(ask, ip, status):
    assert ask(VIDEO, Cookie="; ".join(ask.sign_cookies("videos/a.mp4", ip=ip))).status == status


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_each_of_the_three_is_needed(ask, cookies, missing):
    del cookies[missing]
    assert ask(VIDEO, Cookie="; ".join(cookies)).status == 403


def test_without_cookies_the_key_is_missing(ask):
    assert MISSING_KEY in ask(VIDEO, Cookie="a=b").body


@pytest.mark.parametrize("separator", ["; ", ";", " ;\t", ", ", ","])
def test_the_pairs_may_be_joined_in_any_way(ask, cookies, separator):
    assert ask(VIDEO, Cookie=separator.join(cookies)).status == 200


def test_each_pair_may_have_a_header_of_its_own(ask, cookies):
    assert ask(VIDEO, Cookie=cookies).status == 200


@pytest.mark.parametrize(
    "other", ["a=b", "a", "=", "", '__ac="a b', "cloudfront-policy=b", "é=ü", "a==;;", "CloudFront-Policy", "a={}[]()"]
)
def test_cookies_of_the_site_do_not_matter(ask, cookies, other):
    assert ask(VIDEO, Cookie="; ".join([other, *cookies, other])).status == 200


@pytest.mark.parametrize("name", ["cloudfront-Policy", "CLOUDFRONT-POLICY", "CloudFront-policy", "CloudFront-Policy "])
def test_names_are_told_apart_by_case_and_blank(ask, cookies, name):
    header = "; ".join(cookies).replace("CloudFront-Policy", name)
    assert b"<Code>MalformedPolicy</Code>" in ask(VIDEO, Cookie=header).body


@pytest.mark.parametrize("quoted", ['"{}"', "%22{}%22", "{}%3D", "{}\\075"])
def test_values_are_neither_unquoted_nor_unescaped(ask, cookies, quoted):
    pairs = [pair.partition("=") for pair in cookies]
    header = "; ".join(f"{name}={quoted.format(value)}" for name, _, value in pairs)
    assert ask(VIDEO, Cookie=header).status == 403


@pytest.mark.parametrize("doubled", [0, 1, 2])
@pytest.mark.parametrize("value", [None, "", "b"], ids=["the same", "empty", "another"])
def test_a_cookie_that_was_sent_twice_is_denied(ask, cookies, doubled, value):
    again = cookies[doubled] if value is None else f"{cookies[doubled].partition('=')[0]}={value}"
    assert ask(VIDEO, Cookie="; ".join([*cookies, again])).body == ACCESS_DENIED


def test_a_cookie_in_two_headers_is_denied(ask, cookies):
    assert ask(VIDEO, Cookie=["; ".join(cookies), cookies[0]]).body == ACCESS_DENIED


def test_the_log_says_which_was_sent_twice(ask, cookies, caplog):
    with caplog.at_level(logging.INFO):
        ask(VIDEO, Cookie="; ".join([*cookies, cookies[1]]))
    assert "403 AccessDenied: the cookie CloudFront-Signature was sent 2 times" in caplog.text


def test_a_signed_url_wins_over_bad_cookies(ask, cookies):
    assert ask(ask.sign("videos/a.mp4"), Cookie="; ".join(cookies + cookies)).status == 200


@pytest.mark.parametrize("parameter", ["Expires=1", "Policy=a", "Signature=a", "Key-Pair-Id=K", "Hash-Algorithm=SHA1"])
def test_good_cookies_do_not_help_a_bad_url(ask, cookies, parameter):
    assert ask(f"{VIDEO}?{parameter}", Cookie="; ".join(cookies)).status == 403


def test_a_query_is_part_of_what_a_canned_cookie_signs(ask, canned):
    assert ask(f"{VIDEO}?a=b", Cookie="; ".join(canned)).body == ACCESS_DENIED


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_cookies_open_no_other_method(ask, cookies, method):
    assert ask(VIDEO, method, Cookie="; ".join(cookies)).status == 405


# the header


def test_all_five_names_are_read():
    names = ["Policy", "Expires", "Signature", "Key-Pair-Id", "Hash-Algorithm"]
    header = "; ".join(f"CloudFront-{name}={number}" for number, name in enumerate(names))
    assert dict(Cookies(header)) == {f"CloudFront-{name}": str(number) for number, name in enumerate(names)}


@pytest.mark.parametrize("header", ["", ";", "CloudFront-Policy", "CloudFront-Other=a", "XCloudFront-Policy=a", "=a"])
def test_what_is_no_cookie_of_cloudfronts(header):
    assert dict(Cookies(header)) == {}


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("CloudFront-Policy=", ""),
        ("CloudFront-Policy=a=b", "a=b"),
        ('CloudFront-Policy="a"', '"a"'),
        ("CloudFront-Policy=%41", "%41"),
        (" CloudFront-Policy=a\t", "a"),
    ],
)
def test_a_value_is_raw(pair, value):
    assert Cookies(f"a=b;{pair};c=d")["CloudFront-Policy"] == value


def test_one_that_was_sent_twice_is_refused_when_it_is_read():
    cookies = Cookies("CloudFront-Policy=a; CloudFront-Expires=1; CloudFront-Policy=a")
    with pytest.raises(EdgeError, match="AccessDenied"):
        cookies["CloudFront-Policy"]


def test_the_others_can_still_be_read():
    assert Cookies("CloudFront-Policy=a; CloudFront-Expires=1; CloudFront-Policy=a")["CloudFront-Expires"] == "1"


def test_the_reason_does_not_show_the_value():
    with pytest.raises(EdgeError) as raised:
        dict(Cookies("CloudFront-Signature=SECRET; CloudFront-Signature=SECRET"))
    assert "SECRET" not in str(raised.value)


@given(OTHERS, OTHERS)
def test_one_is_found_among_any_others(before, behind):
    assert dict(Cookies(f"{before};CloudFront-Policy=a;{behind}")) == {"CloudFront-Policy": "a"}
