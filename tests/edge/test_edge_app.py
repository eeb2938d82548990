"""The edge over a real socket: CloudFront's refusals, the URL on the wire, and the log."""

from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge
from unittest import mock
from webob import Request

import logging
import pytest


MISSING_KEY = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code>'
    b"<Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
)
ACCESS_DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>'
)


# refusals


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_bare_url_is_refused(ask, method):
    assert ask("/videos/a.mp4", method).status == 403


def test_the_refusal_is_cloudfronts(ask):
    assert ask("/videos/a.mp4").body == MISSING_KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "text/xml"),
        ("Content-Length", "146"),
        ("Server", "CloudFront"),
        ("X-Cache", "Error from cloudfront"),
    ],
)
def test_the_headers_of_the_refusal_are_cloudfronts(ask, name, value):
    assert ask("/videos/a.mp4").headers[name] == value


def test_an_expired_url_is_denied(ask, now):
    assert ask(ask.sign("videos/a.mp4", expires=now)).body == ACCESS_DENIED


def test_another_file_is_denied(ask):
    assert ask(ask.sign("videos/a.mp4").replace("a.mp4", "index.html")).body == ACCESS_DENIED


def test_the_address_of_the_visitor_is_that_of_the_socket(ask):
    assert ask(ask.sign("videos/a.mp4", ip="127.0.0.1")).status == 200


def test_a_forwarded_address_is_not_believed(ask):
    assert ask(ask.sign("videos/a.mp4", ip="192.0.2.1"), X_Forwarded_For="192.0.2.1").body == ACCESS_DENIED


def test_a_forwarded_host_is_not_believed(ask):
    target = ask.sign("videos/a.mp4")
    assert ask(target, Host="other.example", X_Forwarded_Host=f"127.0.0.1:{ask.port}").body == ACCESS_DENIED


def test_a_forwarded_host_is_not_believed_behind_any_server(root, key, now):
    signer, url = Signer(key), Distribution("127.0.0.1:8080").url("videos/a.mp4")
    target = signer.sign_url(url, Policy(url, now + 60)).removeprefix("http://127.0.0.1:8080")
    headers = {"Host": "other.example", "X-Forwarded-Host": "127.0.0.1:8080"}
    app = Edge(root, Verifier({key.key_id: key.public_pem}), clock=lambda: now)
    assert Request.blank(target, headers=headers).get_response(app).body == ACCESS_DENIED


@pytest.mark.parametrize("host", ["a b", "a,b", "a/b", "a@b", "a?b"])
def test_a_strange_host_is_refused(ask, host):
    assert ask(ask.sign("videos/a.mp4"), Host=host).status == 400


def test_a_host_cannot_bring_a_part_of_the_path(ask):
    assert ask(ask.sign_all("/index.html", "/videos/*"), Host=f"127.0.0.1:{ask.port}/videos").status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_are_not_allowed(ask, method):
    answer = ask(ask.sign("videos/a.mp4"), method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


# the URL on the wire


@pytest.mark.parametrize("spelling", ["/videos/%61.mp4", "/videos/a%2Emp4", "/videos%2Fa.mp4"])
def test_another_spelling_of_the_path_is_another_url(ask, spelling):
    assert ask(ask.sign("videos/a.mp4").replace("/videos/a.mp4", spelling)).body == ACCESS_DENIED


@pytest.mark.parametrize(("resource", "status"), [("/videos/%61.mp4", 200), ("/videos/a.mp4", 403)])
def test_the_spelling_on_the_wire_is_what_is_signed(ask, resource, status):
    assert ask(ask.sign_all("/videos/%61.mp4", resource)).status == status


def test_an_absolute_target_is_refused(ask):
    assert ask(f"http://127.0.0.1:{ask.port}" + ask.sign("videos/a.mp4")).status == 400


def test_a_server_that_gives_no_raw_url(root, key, make_client, now):
    with make_client() as client:
        target = client.sign("videos/テレビ 1.mp4", query="?a=%7e")
        request = Request.blank(target, base_url=client.distribution.origin)
    app = Edge(root, Verifier({key.key_id: key.public_pem}), clock=lambda: now)
    assert request.get_response(app).status_code == 200


# the log


def test_the_log_has_path_and_status(ask, caplog):
    with caplog.at_level(logging.INFO):
        ask(ask.sign("videos/a.mp4"))
    assert "GET '/videos/a.mp4' 200" in caplog.messages


@pytest.mark.parametrize("key_id", ["K2JCJMDEHXQW5F", "KOTHER"])
def test_the_log_has_no_signature(ask, caplog, key_id):
    target = ask.sign("videos/a.mp4").replace("K2JCJMDEHXQW5F", key_id)
    with caplog.at_level(logging.DEBUG):
        ask(target)
    assert "Signature" not in caplog.text


def test_the_log_says_why_it_was_refused(ask, caplog, now):
    with caplog.at_level(logging.INFO):
        ask(ask.sign("videos/a.mp4", expires=now))
    assert any(
        line.startswith(f"GET '/videos/a.mp4' 403 AccessDenied: it expired at {now}") for line in caplog.messages
    )


def test_the_log_says_why_there_is_no_file(ask, caplog):
    with caplog.at_level(logging.INFO):
        ask(ask.sign("nothing.mp4"))
    assert "GET '/nothing.mp4' 403 NoSuchKey: the root has no such file that can be read" in caplog.messages


def test_the_reason_is_not_told_to_the_client(ask, now):
    assert b"expired" not in ask(ask.sign("videos/a.mp4", expires=now)).body


@pytest.mark.parametrize(("reason", "line"), [("", ""), ("a\nGET '/b' 200\x1b[2J\x9b", ": a GET '/b' 200 [2J ")])
def test_a_reason_is_one_line_of_the_log(root, now, caplog, reason, line):
    verifier = mock.Mock(verify=mock.Mock(side_effect=EdgeError.of("AccessDenied", reason)))
    with caplog.at_level(logging.INFO):
        Request.blank("/a").get_response(Edge(root, verifier, clock=lambda: now))
    assert caplog.messages == [f"GET '/a' 403 AccessDenied{line}"]


@pytest.mark.parametrize("seconds", [0, 60])
def test_the_log_has_no_cookie(ask, caplog, now, seconds):
    _, signature, key_id = ask.sign_cookies("videos/a.mp4", expires=now + seconds)
    with caplog.at_level(logging.DEBUG):
        ask("/videos/a.mp4", Cookie=f"CloudFront-Expires={now + seconds}; {signature}; {key_id}")
    assert [word for word in ("CloudFront-", signature.partition("=")[2]) if word in caplog.text] == []
