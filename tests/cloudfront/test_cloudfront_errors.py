"""One tree of exceptions, and CloudFront's bodies."""

from collective.cfprivate import cloudfront
from collective.cfprivate.cloudfront import CFPrivateError
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront.errors import require
from collective.cfprivate.cloudfront.errors import shown

import copy
import pytest


@pytest.mark.parametrize(
    "name", ["EdgeError", "InvalidDistribution", "InvalidKey", "InvalidObjectKey", "InvalidPolicy", "InvalidURL"]
)
def test_one_tree(name):
    assert issubclass(getattr(cloudfront, name), CFPrivateError)


@pytest.mark.parametrize(
    ("code", "length"),
    [
        ("MissingKey", 146),
        ("InvalidKey", 106),
        ("AccessDenied", 110),
        ("MalformedPolicy", 116),
        ("MalformedSignature", 131),
    ],
)
def test_bodies_have_the_lengths_that_were_captured(code, length):
    assert (EdgeError.of(code).status, len(EdgeError.of(code).body)) == (403, length)


def test_a_body_is_well_formed_whatever_the_message():
    assert b"<Message>a &lt; b</Message>" in EdgeError(400, "Bad", "a < b").body


def test_an_error_can_be_copied():
    assert copy.copy(EdgeError.of("InvalidKey")).code == "InvalidKey"


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("", "AccessDenied: Access denied"), ("it expired", "AccessDenied: Access denied (it expired)")],
)
def test_shows_our_reason_behind_cloudfronts_message(reason, shown):
    assert str(EdgeError.of("AccessDenied", reason)) == shown


@pytest.mark.parametrize("error", [EdgeError.of("InvalidKey"), EdgeError(403, "InvalidKey", "Unknown Key")])
def test_has_no_reason_of_its_own(error):
    assert error.reason == ""


def test_a_copy_has_all_that_was_given_by_name():
    error = copy.copy(EdgeError(status=403, code="C", message="M", reason="R"))
    assert (error.status, error.code, error.message, error.reason) == (403, "C", "M", "R")


@pytest.mark.parametrize("value", ["SHA512", "2001:db8:1234:5678:9abc:def0:1234:5678", "a.b-c_d/e:1"])
def test_a_short_word_is_shown(value):
    assert shown(value) == f"'{value}'"


@pytest.mark.parametrize("value", ["", "a b", "a\n", "A" * 40, "-----BEGIN KEY-----\nA", "\u00e4", "a+b="])
def test_another_text_may_be_a_secret(value):
    assert shown(value) == "(str)"


@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), (7, "int"), (b"abc", "bytes")])
def test_of_what_is_no_text_the_kind_is_shown(value, kind):
    assert shown(value) == f"({kind})"


def test_what_is_required_and_holds_is_no_error():
    assert require(True, "because") is None


def test_what_is_required_and_does_not_hold_is_denied():
    with pytest.raises(EdgeError) as caught:
        require(False, "because")
    assert (caught.value.status, caught.value.code, caught.value.reason) == (403, "AccessDenied", "because")
