"""Known answers of CloudFront and S3, each explained with its setting; names, addresses, clocks and buckets."""

from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import InvalidObjectKey
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.fetch import Answer
from collective.cfprivate.fetch import NotFetched
from collective.cfprivate.selftest import places
from collective.cfprivate.selftest.addresses import address_families
from collective.cfprivate.selftest.signatures import change_one
from collective.cfprivate.selftest.verdict import seconds_ahead
from edge_in_thread import served
from requests.structures import CaseInsensitiveDict
from selftest.plain_servers import closed_port
from selftest.plain_servers import fixed
from urllib.parse import urlsplit

import base64
import pytest
import socket
import subprocess
import sys
import threading
import time


HOST = "d111111abcdef8.cloudfront.net"
PAGE = b"<HTML><BODY><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2>%s</BODY></HTML>"
COUNTRY = b"The Amazon CloudFront distribution is configured to block access from your country."


def cloudfront(code):
    return Answer(status=403, headers={}, body=EdgeError.of(code).body, cut=False)


def s3(code, status=403):
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>m</Message><RequestId>R</RequestId></Error>'
    return Answer(status=status, headers={}, body=body.encode(), cut=False)


def page(status=403, text=b"", body=PAGE, **headers):
    return Answer(status=status, headers=CaseInsensitiveDict(headers), body=body % text, cut=False)


OBJECT = Answer(
    status=206,
    headers=CaseInsensitiveDict({"content-range": "bytes 0-0/3", "access-control-allow-origin": "*"}),
    body=b"a",
    cut=False,
)
REDIRECT = Answer(status=301, headers=CaseInsensitiveDict({"location": f"https://{HOST}/a"}), body=b"", cut=False)


class World:
    """Answers in place of the internet: what comes unsigned, signed, over http, and what was asked."""

    def __init__(self, unsigned=None, signed=OBJECT, http=REDIRECT, other=OBJECT):
        self.answers = {
            "unsigned": unsigned or cloudfront("MissingKey"),
            "signed": signed,
            "http": http,
            "other": other,
        }
        self.asked = []

    def __call__(self, url, headers=None, seconds=None, limit=None):
        self.asked.append(url)
        answer = self.answers[self.kind(url)]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kind(self, url):
        if urlsplit(url).hostname != HOST:
            return "other"
        if url.startswith("http:"):
            return "http"
        return "signed" if "Signature=" in url else "unsigned"


@pytest.fixture
def report(make_subject, report_of):
    """A function that runs the self-test of a public distribution in a `World`."""

    def make(world, **options):
        return report_of(make_subject(distribution=Distribution(HOST), **options), world)

    return make


@pytest.mark.parametrize(
    "answer, setting, message",
    [
        (OBJECT, places.RESTRICT_VIEWER_ACCESS, "selftest_served"),
        (s3("AccessDenied"), places.RESTRICT_VIEWER_ACCESS, "selftest_unsigned_origin_denied"),
        (s3("NoSuchKey", 404), places.RESTRICT_VIEWER_ACCESS, "selftest_unsigned_origin_denied"),
        (cloudfront("InvalidKey"), places.FUNCTIONS, "selftest_unsigned_code"),
        (page(), places.FIREWALL, "selftest_blocked"),
        (page(text=COUNTRY), places.GEOGRAPHY, "selftest_blocked_country"),
        (REDIRECT, places.FUNCTIONS, "selftest_redirect"),
        (page(200, body=b"%s", **{"X-Cache": "Error from cloudfront"}), places.ERROR_PAGES, "selftest_error_page"),
        (page(404, body=b"<h1>Not Found</h1>%s"), places.ORIGINS, "selftest_server_other"),
        (page(502), places.ORIGINS, "selftest_server_other"),
    ],
)
def test_an_unsigned_request_that_is_not_refused_with_missing_key(report, answer, setting, message):
    line = report(World(unsigned=answer))["unsigned"]
    assert (line.outcome, line.setting, line.message) == ("failed", setting, message)


@pytest.mark.parametrize(
    "answer, setting, message",
    [
        (cloudfront("MissingKey"), places.FUNCTIONS, "selftest_missing_key"),
        (cloudfront("InvalidKey"), places.KEY_GROUPS, "selftest_invalid_key"),
        (cloudfront("AccessDenied"), places.PUBLIC_KEYS, "selftest_access_denied"),
        (cloudfront("MalformedPolicy"), places.FUNCTIONS, "selftest_malformed_policy"),
        (cloudfront("MalformedSignature"), places.FUNCTIONS, "selftest_malformed_signature"),
        (s3("AccessDenied"), places.ORIGIN_ACCESS, "selftest_origin_denied"),
        (s3("NoSuchKey", 404), places.OBJECT_KEY, "selftest_no_such_key"),
        (s3("NoSuchBucket", 404), places.ORIGINS, "selftest_no_such_bucket"),
        (s3("PermanentRedirect", 301), places.ORIGINS, "selftest_other_region"),
        (s3("InvalidRange", 416), places.OBJECT_KEY, "selftest_empty_object"),
        (s3("InvalidRequest", 400), places.ORIGIN_ACCESS, "selftest_unsigned_origin"),
        (s3("SlowDown", 503), places.ORIGIN_ACCESS, "selftest_origin_other"),
        (page(), places.FIREWALL, "selftest_blocked"),
        (page(text=COUNTRY), places.GEOGRAPHY, "selftest_blocked_country"),
        (REDIRECT, places.FUNCTIONS, "selftest_redirect"),
        (page(403, body=b"%s", **{"X-Cache": "Error from cloudfront"}), places.ERROR_PAGES, "selftest_error_page"),
        (page(504), places.ORIGINS, "selftest_server_other"),
    ],
)
def test_a_signed_request_that_is_not_served(report, answer, setting, message):
    line = report(World(signed=answer))["signed"]
    assert (line.outcome, line.setting, line.message) == ("failed", setting, message)


@pytest.mark.parametrize("name", ["expired", "tampered", "other-object"])
@pytest.mark.parametrize(
    "answer, setting",
    [(OBJECT, places.RESTRICT_VIEWER_ACCESS), (s3("AccessDenied"), places.RESTRICT_VIEWER_ACCESS)],
)
def test_what_should_be_refused_and_is_not(report, name, answer, setting):
    line = report(World(signed=answer))[name]
    assert (line.outcome, line.setting) == ("failed", setting)


@pytest.mark.parametrize(
    "answer, outcome, setting",
    [
        (REDIRECT, "passed", ""),
        (page(), "passed", ""),
        (cloudfront("MissingKey"), "failed", places.VIEWER_PROTOCOL),
        (OBJECT, "failed", places.VIEWER_PROTOCOL),
        (s3("AccessDenied"), "failed", places.VIEWER_PROTOCOL),
        (page(302, Location="http://elsewhere.example.org/"), "failed", places.VIEWER_PROTOCOL),
        (page(200, body=b"%s", **{"X-Cache": "Error from cloudfront"}), "failed", places.ERROR_PAGES),
        (NotFetched("timeout", HOST), "not-run", ""),
        (NotFetched("refused", HOST), "not-run", ""),
    ],
)
def test_plain_http(report, answer, outcome, setting):
    lines = report(World(http=answer))
    assert (lines["https"].outcome, lines["https"].setting) == (outcome, setting)
    assert lines["cors"].outcome == "passed"


def test_a_server_that_is_blocked_cannot_tell_about_http(report):
    assert report(World(unsigned=page(), signed=page(), http=page()))["https"].outcome == "not-run"


def test_http_is_asked_without_a_signature_and_once(report):
    world = World()
    report(world)
    assert [url for url in world.asked if url.startswith("http:")] == [f"http://{HOST}/talks/a%20talk%2B1.mp4"]


@pytest.mark.parametrize(
    "kind, setting",
    [
        ("unresolved", places.DISTRIBUTION_DOMAIN),
        ("refused", places.DISTRIBUTION_DOMAIN),
        ("timeout", places.SERVER_NETWORK),
        ("tls", places.CERTIFICATE),
        ("broken", places.SERVER_NETWORK),
    ],
)
def test_a_distribution_that_does_not_answer_is_asked_once(report, kind, setting):
    world = World(unsigned=NotFetched(kind, HOST))
    lines = report(world)
    assert (lines["unsigned"].message, lines["unsigned"].setting) == (f"selftest_{kind}", setting)
    assert len(world.asked) == 1


def test_a_distribution_that_stops_answering_is_asked_no_more(report):
    world = World(signed=NotFetched("timeout", HOST))
    lines = report(world)
    assert (lines["signed"].outcome, lines["https"].outcome, len(world.asked)) == ("failed", "not-run", 2)


@pytest.mark.parametrize(
    "site, domain, outcome, setting",
    [
        ("https://www.example.org", "cloudfront.net", "failed", places.COOKIE_DOMAIN),
        ("https://www.example.org", "example.org", "failed", places.ALTERNATE_NAMES),
        ("https://www.example.org", "", "failed", places.ALTERNATE_NAMES),
        ("https://www.cloudfront.net:8443", "cloudfront.net", "passed", ""),
        ("https://www.cloudfront.net", ".CloudFront.net", "passed", ""),
        ("https://www.cloudfront.net", "net", "failed", places.COOKIE_DOMAIN),
        ("https://www.cloudfront.net", "", "failed", places.COOKIE_DOMAIN),
        ("https://www.cloudfront.net", "www.cloudfront.net", "failed", places.COOKIE_DOMAIN),
        ("https://evilcloudfront.net", "cloudfront.net", "failed", places.COOKIE_DOMAIN),
        (f"https://{HOST}", "", "passed", ""),
    ],
)
def test_the_cookie_domain_is_above_site_and_distribution(report, site, domain, outcome, setting):
    line = report(World(), delivery="cookies", site_origin=site, cookie_domain=domain)["cookie-domain"]
    assert (line.outcome, line.setting) == (outcome, setting)


def unresolved(host):
    raise NotFetched("unresolved", host)


@pytest.mark.parametrize(
    "bind_ip, resolve, outcome",
    [
        (True, lambda host: {socket.AF_INET, socket.AF_INET6}, "failed"),
        (True, lambda host: {socket.AF_INET}, "passed"),
        (True, unresolved, "not-run"),
        (False, lambda host: {socket.AF_INET6}, "not-run"),
    ],
)
def test_bound_signatures_need_a_distribution_without_ipv6(report, bind_ip, resolve, outcome):
    line = report(World(), bind_ip=bind_ip, resolve=resolve)["ip"]
    assert (line.outcome, line.setting) == (outcome, places.IPV6 if outcome == "failed" else "")


def test_addresses_come_from_the_resolver():
    assert address_families("127.0.0.1") == {socket.AF_INET}


def test_a_name_without_address_has_no_families():
    with pytest.raises(NotFetched) as caught:
        address_families("no-such-host.invalid")
    assert caught.value.kind == "unresolved"


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: release.wait(10) and [])
    with pytest.raises(NotFetched) as caught:
        address_families("media.example.org", seconds=0.1)
    release.set()
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize(
    "off, outcome, message",
    [
        (0, "passed", "selftest_clock_passed"),
        (5, "passed", "selftest_clock_passed"),
        (-6, "passed", "selftest_clock_slight"),
        (30, "passed", "selftest_clock_slight"),
        (31, "failed", "selftest_clock_ahead"),
        (-31, "failed", "selftest_clock_behind"),
    ],
)
def test_the_clock_is_compared_with_the_date(report, off, outcome, message):
    # 784111777 is the date of RFC 9110, section 5.6.7.
    dated = page(body=b"%s", Date="Sun, 06 Nov 1994 08:49:37 GMT")
    line = report(World(unsigned=dated), now=lambda: 784111777 + off)["clock"]
    assert (line.outcome, line.message, line.message.mapping) == (outcome, message, {"seconds": str(abs(off))})


def test_an_answer_from_a_cache_is_as_old_as_it_says():
    kept = page(body=b"%s", Date="Sun, 06 Nov 1994 08:49:37 GMT", Age="100")
    assert seconds_ahead(kept, 784111777 + 103) == 3


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}, {"Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Age": "x"}])
def test_an_answer_may_not_tell_the_time(headers):
    assert seconds_ahead(page(**headers), 784111777) is None


def test_without_a_date_the_clock_is_not_tested(report):
    assert report(World())["clock"].outcome == "not-run"


BUCKET = "https://my-bucket.s3.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    "answer, outcome, setting",
    [
        (s3("AccessDenied"), "passed", ""),
        (OBJECT, "failed", places.BUCKET_POLICY),
        (s3("NoSuchKey", 404), "failed", places.BUCKET_POLICY),
        (s3("NoSuchBucket", 404), "not-run", ""),
        (s3("PermanentRedirect", 301), "not-run", ""),
        (page(500), "not-run", ""),
        (NotFetched("timeout", "my-bucket.s3.eu-central-1.amazonaws.com"), "not-run", ""),
    ],
)
def test_the_bucket_refuses_everybody(report, answer, outcome, setting):
    world = World(other=answer)
    line = report(world, bucket_url=BUCKET)["bucket"]
    assert (line.outcome, line.setting) == (outcome, setting)
    assert world.asked[-1] == f"{BUCKET}/talks/a%20talk%2B1.mp4"


@pytest.mark.parametrize(
    "url",
    [
        BUCKET,
        f"{BUCKET}/",
        "https://my-bucket.s3.amazonaws.com",
        "https://my.bucket.s3.us-gov-west-1.amazonaws.com",
        "https://my-bucket.s3.dualstack.ap-southeast-2.amazonaws.com",
        "https://my-bucket.s3-us-west-2.amazonaws.com",
        "https://my-bucket.s3.cn-north-1.amazonaws.com.cn",
        "https://s3.eu-central-1.amazonaws.com/my-bucket",
        "https://s3.amazonaws.com/my-bucket/",
    ],
)
def test_addresses_of_s3_are_asked(report, url):
    assert report(World(other=s3("AccessDenied")), bucket_url=url)["bucket"].outcome == "passed"


@pytest.mark.parametrize(
    "url",
    [
        "http://my-bucket.s3.eu-central-1.amazonaws.com",
        "https://s3.eu-central-1.amazonaws.com",
        "https://www.example.org",
        "https://my-bucket.s3.eu-central-1.amazonaws.com.example.org",
        "https://my-bucket.s3.amazonaws.com@example.org",
        "https://my-bucket.s3.amazonaws.com:8443",
        "https://my-bucket.s3.amazonaws.com/?list-type=2",
        "https://my-bucket.s3.amazonaws.com/a b",
        "https://my-bucket.s3.amazonaws.com\r\n",
        "https://ec2.amazonaws.com/a",
        "http://127.0.0.1:8080",
        "http://169.254.169.254/latest",
        "https://my-bucket.s3-website.eu-central-1.amazonaws.com",
        "http://my-bucket.s3-website-us-east-1.amazonaws.com",
        "my-bucket",
        "https://[",
    ],
)
def test_other_addresses_are_not_asked(report, url):
    world = World()
    line = report(world, bucket_url=url)["bucket"]
    assert (line.outcome, line.message) == (
        "not-run",
        "selftest_bucket_website" if "s3-website" in url else "selftest_bucket_foreign",
    )
    assert {urlsplit(asked).hostname for asked in world.asked} == {HOST}


@pytest.mark.parametrize("status, outcome", [(403, "passed"), (200, "failed")])
def test_a_local_bucket_is_asked_for_a_local_distribution(report_of, make_subject, status, outcome):
    app = fixed(status)
    with served(app) as port:
        lines = report_of(make_subject(closed_port(), bucket_url=f"http://127.0.0.1:{port}/bucket"))
    assert lines["bucket"].outcome == outcome
    assert app.asked[0]["REQUEST_URI"] == "/bucket/talks/a%20talk%2B1.mp4"


@pytest.mark.parametrize("url", ["http://192.0.2.1:8080/a", "https://127.0.0.1/a", "http://127.0.0.1:99999/a"])
def test_a_local_distribution_does_not_open_other_addresses(report_of, make_subject, url):
    line = report_of(make_subject(closed_port(), bucket_url=url))["bucket"]
    assert (line.outcome, line.message) == ("not-run", "selftest_bucket_foreign")


@pytest.mark.parametrize("size", [256, 70, 71, 72])
def test_a_changed_signature_can_be_decoded_and_is_another(size):
    before = base64.b64encode(bytes(size)).decode()
    after = change_one(before)
    assert base64.b64decode(after, validate=True) != bytes(size)
    assert base64.b64encode(base64.b64decode(after)).decode() == after
    assert len(base64.b64decode(after)) == size


def test_a_changed_signature_differs_whatever_it_holds():
    assert change_one("AAAA") == "AAAB" and change_one("BBBB") == "BBBA"


def test_an_object_key_that_is_none_is_refused(make_subject):
    with pytest.raises(InvalidObjectKey):
        make_subject(8000, object_key="../secret")


def test_a_key_without_an_id_is_refused(make_subject):
    with pytest.raises(InvalidKey):
        make_subject(8000, key=SigningKey.generate(algorithm="EC"))


def test_a_report_ends_in_its_time(report):
    begun = time.monotonic()

    class Slow(World):
        def __call__(self, url, headers=None, seconds=None, limit=None):
            time.sleep(min(seconds, 0.2))
            return super().__call__(url)

    lines = report(Slow(), seconds=0.2, bucket_url=BUCKET)
    assert time.monotonic() - begun < 2
    assert lines["disposition"].outcome == "not-run"


def test_it_needs_no_plone():
    script = "import sys; import collective.cfprivate.selftest.run; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    foreign = [name for name in loaded if name.startswith(("plone", "Products", "OFS", "AccessControl", "zope."))]
    assert {name.partition(".")[2].partition(".")[0] for name in foreign} <= {"i18nmessageid"}
