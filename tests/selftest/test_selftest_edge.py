"""The self-test against the local edge, whole and in each broken setting: the named setting is the right one."""

from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.selftest import places
from collective.cfprivate.selftest.line import Line
from selftest.plain_servers import answering
from selftest.plain_servers import closed_port
from selftest.plain_servers import dripping
from selftest.plain_servers import fixed
from selftest.plain_servers import raw
from selftest.plain_servers import silent
from webob.static import DirectoryApp
from zope.i18n import translate

import pytest
import socket
import time


NAMES = [
    "unsigned",
    "signed",
    "range",
    "expired",
    "tampered",
    "other-object",
    "https",
    "cors",
    "disposition",
    "cookies",
    "cookie-domain",
    "bucket",
    "ip",
    "clock",
]
HOUR = 3600
SITE = "http://localhost:8080"
OK = b"HTTP/1.1 200 OK\r\n"


def outcomes(lines):
    return {name: line.outcome for name, line in lines.items()}


def settings(lines):
    return {name: line.setting for name, line in lines.items() if line.outcome == "failed"}


@pytest.fixture(scope="module")
def healthy(report, edge):
    return report(edge())


def test_a_healthy_edge_passes(healthy):
    not_run = {"https", "cookies", "cookie-domain", "bucket", "ip"}
    assert outcomes(healthy) == {name: "not-run" if name in not_run else "passed" for name in NAMES}


def test_the_lines_have_one_order(healthy):
    assert list(healthy) == NAMES


def test_only_a_failure_names_a_setting(healthy):
    assert not any(line.setting for line in healthy.values())


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
def test_both_hash_algorithms_are_signed(report, edge, hash_algorithm):
    assert report(edge(), hash_algorithm=hash_algorithm)["signed"].outcome == "passed"


def test_the_lines_about_the_page_cache_end_the_report(report, edge, healthy):
    title = healthy["clock"].title
    line = Line(name="page-cache", outcome="failed", title=title, message=title, setting=title)
    assert list(report(edge(), page_cache=(line,)).values())[-1] is line


def test_a_wrong_key_id_names_the_key_groups(report, edge, key):
    lines = report(edge(), key=key.with_id("K9NOTINTHEGROUP"))
    assert settings(lines) == {"signed": places.KEY_GROUPS}
    assert lines["signed"].message == "selftest_invalid_key"


def test_a_wrong_key_names_the_public_keys(report, edge, key, other_key):
    lines = report(edge(), key=other_key.with_id(key.key_id))
    assert settings(lines) == {"signed": places.PUBLIC_KEYS}


@pytest.mark.parametrize("name", ["range", "expired", "tampered", "other-object", "cors", "disposition"])
def test_with_a_wrong_key_other_refusals_prove_nothing(report, edge, key, other_key, name):
    assert report(edge(), key=other_key.with_id(key.key_id))[name].outcome == "not-run"


def test_a_clock_that_is_behind_is_named_where_signatures_expire(report, edge):
    lines = report(edge(), now=lambda: time.time() - HOUR)
    assert settings(lines) == {"signed": places.SERVER_CLOCK, "clock": places.SERVER_CLOCK}
    assert 3598 <= int(lines["signed"].message.mapping["seconds"]) <= 3605


def test_a_clock_that_is_ahead_is_named(report, edge):
    lines = report(edge(), now=lambda: time.time() + HOUR)
    assert settings(lines) == {"clock": places.SERVER_CLOCK}
    assert lines["clock"].message == "selftest_clock_ahead"


@pytest.mark.parametrize("cors", [None, "https://other.example.org"])
def test_without_cors_for_the_site_the_response_headers_policy_is_named(report, edge, cors):
    assert settings(report(edge(cors=cors))) == {"cors": places.CORS}


def test_cors_for_all_is_enough_for_signed_urls(report, edge):
    assert report(edge(cors="*"))["cors"].outcome == "passed"


@pytest.mark.parametrize(
    "options", [{"cors": "*"}, {"cors": SITE}, {"cors": None}, {"cors": "http://localhost:8081", "credentials": True}]
)
def test_signed_cookies_need_cors_with_credentials(report, edge, options):
    lines = report(edge(**options), delivery="cookies", site_origin=SITE)
    assert lines["cors"].setting == places.CORS


def test_signed_cookies_pass_with_credentials(report, edge):
    site = "http://127.0.0.1:8080"
    lines = report(edge(cors=site, credentials=True), delivery="cookies", site_origin=site)
    assert {lines[name].outcome for name in ("cors", "cookies", "cookie-domain")} == {"passed"}


def test_cookies_that_are_taken_away_are_told(report, edge):
    whole = edge()

    def app(environ, start_response):
        environ.pop("HTTP_COOKIE", None)
        return whole(environ, start_response)

    line = report(app, delivery="cookies")["cookies"]
    assert (line.message, line.setting) == ("selftest_cookies_missing", places.FUNCTIONS)


def test_an_open_edge_names_the_restriction_of_viewer_access(report, root):
    lines = report(DirectoryApp(str(root)))
    wanted = dict.fromkeys(("unsigned", "expired", "tampered"), places.RESTRICT_VIEWER_ACCESS)
    assert settings(lines).items() >= wanted.items()


def test_an_edge_that_reads_no_dates_is_found_out(report, edge):
    assert report(edge(clock=lambda: time.time() - 2 * 86400))["expired"].setting == places.RESTRICT_VIEWER_ACCESS


def test_an_origin_without_ranges_is_named(report, edge):
    whole = edge()

    def app(environ, start_response):
        environ.pop("HTTP_RANGE", None)
        return whole(environ, start_response)

    assert settings(report(app)) == {"range": places.ORIGINS}


def test_a_query_string_that_is_not_forwarded_is_named(report, edge):
    whole = edge()

    def app(environ, start_response):
        def start(status, headers, exc_info=None):
            return start_response(status, [pair for pair in headers if pair[0] != "Content-Disposition"], exc_info)

        return whole(environ, start)

    assert settings(report(app)) == {"disposition": places.QUERY_STRINGS}


def test_an_object_that_is_not_there_names_the_access_to_the_bucket(report, edge):
    lines = report(edge(), object_key="talks/missing.mp4")
    assert settings(lines) == {"signed": places.ORIGIN_ACCESS}


@pytest.mark.parametrize("name", ["expired", "tampered", "other-object"])
def test_signatures_are_tested_without_the_object_too(report, edge, name):
    assert report(edge(), object_key="talks/missing.mp4")[name].outcome == "passed"


def test_a_server_that_speaks_http_only_names_the_certificate(report_of, make_subject, monkeypatch):
    resolve = socket.getaddrinfo
    here = {"media.example.org": "127.0.0.1"}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *others, **more: resolve(here.get(host, host), *others, **more)
    )
    with raw(lambda connection, stop: connection.sendall(OK + b"\r\n")) as port:
        lines = report_of(make_subject(distribution=Distribution(f"media.example.org:{port}")))
    assert settings(lines) == {"unsigned": places.CERTIFICATE}
    assert "does not speak https" in translate(lines["unsigned"].message)


def test_a_closed_port_is_told_once(report_of, make_subject):
    lines = report_of(make_subject(closed_port()))
    assert settings(lines) == {"unsigned": places.DISTRIBUTION_DOMAIN}
    assert lines["unsigned"].message == "selftest_refused"
    assert {lines[name].message for name in ("signed", "range", "expired", "cors")} == {"selftest_not_reached"}


def test_a_name_without_address_names_the_domain(report_of, make_subject):
    lines = report_of(make_subject(distribution=Distribution("media.invalid")))
    assert settings(lines) == {"unsigned": places.DISTRIBUTION_DOMAIN}
    assert lines["unsigned"].message == "selftest_unresolved"


@pytest.mark.parametrize(
    "talk", [silent, dripping(OK + b"X: ", b"y"), dripping(OK + b"\r\n", b"x")], ids=["silent", "headers", "body"]
)
def test_a_slow_port_costs_one_request(report_of, make_subject, talk):
    with raw(talk) as port:
        begun = time.monotonic()
        lines = report_of(make_subject(port, seconds=0.5))
        assert time.monotonic() - begun < 2.5
    assert settings(lines) == {"unsigned": places.SERVER_NETWORK}
    assert lines["unsigned"].message == "selftest_timeout"


def test_an_endless_body_is_not_read_to_its_end(report_of, make_subject):
    with raw(dripping(OK + b"\r\n", b"x" * 65536, every=0.001)) as port:
        lines = report_of(make_subject(port))
    assert lines["unsigned"].setting == places.RESTRICT_VIEWER_ACCESS


def test_what_speaks_no_http_is_told(report_of, make_subject):
    with raw(answering(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        lines = report_of(make_subject(port))
    assert (lines["unsigned"].message, lines["unsigned"].setting) == ("selftest_broken", places.SERVER_NETWORK)


def test_a_server_that_redirects_is_told_and_not_followed(report):
    with_redirect = fixed(302, Location="/elsewhere?Signature=c2VjcmV0")
    lines = report(with_redirect)
    assert (lines["unsigned"].message, lines["unsigned"].setting) == ("selftest_redirect", places.FUNCTIONS)
    assert {environ["PATH_INFO"] for environ in with_redirect.asked} == {"/talks/a talk+1.mp4"}


def test_nothing_that_is_told_holds_a_signature_or_a_key(report, edge, make_subject, other_key, key):
    asked = []

    def app(environ, start_response):
        asked.append(environ["QUERY_STRING"])
        return edge()(environ, start_response)

    secrets = {key.private_pem().splitlines()[1]}
    for options in ({}, {"key": other_key.with_id(key.key_id)}, {"delivery": "cookies"}):
        lines = report(app, **options)
        told = [f"{line!r} {line.message.mapping} {line.message.default}" for line in lines.values()]
        secrets |= {piece for query in asked for piece in query.split("&") if piece.startswith("Signature=")}
        assert len(secrets) > 1
        assert not any(secret.removeprefix("Signature=") in text for secret in secrets for text in told)


def test_a_subject_does_not_show_its_key(make_subject, key):
    assert key.key_id not in repr(make_subject(8000))
