"""The edge over a real socket: CloudFront's refusals, and files as S3 serves them."""

from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge
from collective.cfprivate.edge.files import content_type
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
NO_OBJECT = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>"
ORIGIN = "http://localhost:8080"


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


# files


@pytest.mark.parametrize("name", ["a.mp4", "テレビ 1.mp4", "100%+a&b.mp4", "index.html"])
def test_a_signed_url_gets_the_file(ask, name, medium):
    answer = ask(ask.sign(f"videos/{name}"))
    assert (answer.status, answer.body) == (200, medium)


@pytest.mark.parametrize(
    ("value", "content_range", "part"),
    [
        ("bytes=0-99", "bytes 0-99/256000", slice(0, 100)),
        ("bytes=1000-", "bytes 1000-255999/256000", slice(1000, None)),
        ("bytes=-10", "bytes 255990-255999/256000", slice(-10, None)),
        ("bytes=255999-300000", "bytes 255999-255999/256000", slice(255999, None)),
    ],
)
def test_ranges(ask, medium, value, content_range, part):
    answer = ask(ask.sign("videos/a.mp4"), Range=value)
    assert (answer.status, answer.headers["Content-Range"], answer.body) == (206, content_range, medium[part])


def test_a_range_behind_the_end(ask):
    assert ask(ask.sign("videos/a.mp4"), Range="bytes=256000-").status == 416


@pytest.mark.parametrize("value", ["rubbish", "bytes=9-1", "seconds=1-2"])
def test_a_range_that_is_none_gets_the_whole(ask, value, medium):
    assert ask(ask.sign("videos/a.mp4"), Range=value).body == medium


def test_each_range_is_checked_anew(ask, now):
    assert ask(ask.sign("videos/a.mp4", expires=now), Range="bytes=0-9").status == 403


def test_head_has_the_length_and_no_body(ask):
    answer = ask(ask.sign("videos/a.mp4"), "HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "256000", b"")


def test_ranges_are_offered(ask):
    assert ask(ask.sign("videos/a.mp4"), "HEAD").headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(("answered", "asked"), [("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")])
def test_conditional_requests(ask, answered, asked):
    target = ask.sign("videos/a.mp4")
    assert ask(target, **{asked: ask(target, "HEAD").headers[answered]}).status == 304


def test_another_version_is_sent_whole(ask):
    assert ask(ask.sign("videos/a.mp4"), If_None_Match='"other"').status == 200


def test_a_range_of_another_version_is_sent_whole(ask):
    assert ask(ask.sign("videos/a.mp4"), Range="bytes=0-9", If_Range='"other"').status == 200


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.mp4", "video/mp4"),
        ("a.MP4", "video/mp4"),
        ("a.m3u8", "application/vnd.apple.mpegurl"),
        ("a.ts", "video/mp2t"),
        ("a.m4s", "video/iso.segment"),
        ("a.vtt", "text/vtt"),
        ("a.mp3", "audio/mpeg"),
        ("a.pdf", "application/pdf"),
        ("a.jpg", "image/jpeg"),
        ("a.unheard-of", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_content_types(name, expected):
    assert content_type(name) == expected


def test_the_content_type_is_sent(ask):
    assert ask(ask.sign("videos/a.mp4"), "HEAD").headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    ("query", "header"),
    [
        ("attachment", "attachment"),
        ("attachment%3B%20filename%3D%22a%20b.mp4%22", 'attachment; filename="a b.mp4"'),
        ("attachment%3B%20filename%2A%3DUTF-8%27%27%25E3%2583%2586.mp4", "attachment; filename*=UTF-8''%E3%83%86.mp4"),
    ],
)
def test_the_disposition_that_was_signed(ask, query, header):
    answer = ask(ask.sign("videos/a.mp4", query=f"?response-content-disposition={query}"))
    assert (answer.status, answer.headers["Content-Disposition"]) == (200, header)


@pytest.mark.parametrize("query", ["a%0D%0ASet-Cookie:%20a=b", "a%00", "%E3%83%86"])
def test_a_disposition_that_is_no_header(ask, query):
    answer = ask(ask.sign("videos/a.mp4", query=f"?response-content-disposition={query}"))
    assert (answer.status, answer.headers["Set-Cookie"]) == (400, None)


def test_without_one_there_is_no_disposition(ask):
    assert ask(ask.sign("videos/a.mp4"), "HEAD").headers["Content-Disposition"] is None


def test_a_disposition_that_was_added_is_denied(ask):
    assert ask(ask.sign("videos/a.mp4") + "&response-content-disposition=attachment").body == ACCESS_DENIED


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/nothing.mp4",
        "/videos",
        "/videos/",
        "/videos/a.mp4/",
        "/videos/a.mp4/b",
        "//videos/a.mp4",
        "/videos//a.mp4",
        "/../secret.txt",
        "/videos/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/videos/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/videos/../videos/a.mp4",
        "/way-out.txt",
        "/circle.txt",
        "/a%00.mp4",
        "/%ff.mp4",
        "/" + "a" * 300,
    ],
)
def test_what_is_no_object_looks_as_s3_lets_it(ask, target):
    answer = ask(ask.sign_all(target))
    assert (answer.status, NO_OBJECT in answer.body) == (403, True)


def test_s3_speaks_for_itself(ask):
    answer = ask(ask.sign("nothing.mp4"))
    assert (answer.headers["Server"], answer.headers["Content-Type"]) == ("AmazonS3", "application/xml")


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


# CORS


@pytest.fixture(scope="module")
def ask_across(make_client):
    with make_client(cors=ORIGIN) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("target", ["/videos/a.mp4", "/nothing"])
def test_every_answer_names_the_origin(ask_across, method, target):
    assert ask_across(target, method, Origin=ORIGIN).headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_file_names_the_origin(ask_across):
    answer = ask_across(ask_across.sign("videos/a.mp4"), Origin=ORIGIN)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)


def test_one_origin_is_told_to_caches(ask_across):
    assert ask_across("/videos/a.mp4", Origin=ORIGIN).headers["Vary"] == "Origin"


def test_a_preflight_allows_reading(ask_across):
    answer = ask_across("/videos/a.mp4", "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET")
    assert (answer.status, answer.headers["Access-Control-Allow-Methods"]) == (200, "GET, HEAD")


def test_without_cors_no_origin_is_named(ask):
    assert ask("/videos/a.mp4", Origin=ORIGIN).headers["Access-Control-Allow-Origin"] is None


def test_without_cors_a_preflight_is_refused(ask):
    assert ask("/videos/a.mp4", "OPTIONS", Origin=ORIGIN).status == 403


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
