"""The lines of the self-test about uploads, against a real S3 server and servers that answer otherwise."""

from collective.cfprivate.controlpanel.selftest import Asked
from collective.cfprivate.controlpanel.selftest import selftest
from collective.cfprivate.fetch import Answer
from collective.cfprivate.fetch import NotFetched
from collective.cfprivate.selftest.store import lines_of_store
from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.bucket import client_for
from plone import api
from requests.structures import CaseInsensitiveDict

import pytest
import s3_server


SITE = "http://localhost:8080"


def answering(status, **headers):
    named = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    return lambda url, **options: Answer(status=status, headers=named, body=b"", cut=False)


def outcomes(bucket, origin=SITE, **options):
    return {line.name: line.outcome for line in lines_of_store(bucket, folder="up/", site_origin=origin, **options)}


def test_all_is_well_with_a_bucket_that_is_set_up(bucket):
    assert outcomes(bucket) == {"upload": "passed", "upload-cors": "passed", "upload-public": "passed"}


def test_nothing_is_left(bucket):
    outcomes(bucket)
    assert (list(bucket.objects("up/")), list(bucket.unfinished("up/"))) == ([], [])


def test_another_site_may_not_send_files(bucket):
    assert outcomes(bucket, "https://other.example.org")["upload-cors"] == "failed"


def test_without_the_site_cors_is_not_asked(bucket):
    assert outcomes(bucket, "")["upload-cors"] == "not-run"


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"Access_Control_Allow_Origin": "*", "Access_Control_Allow_Methods": "GET, PUT"}, "passed"),
        ({"Access_Control_Allow_Origin": SITE, "Access_Control_Allow_Methods": "PUT"}, "passed"),
        ({"Access_Control_Allow_Origin": SITE, "Access_Control_Allow_Methods": "GET"}, "failed"),
        ({"Access_Control_Allow_Origin": "https://a.example.org", "Access_Control_Allow_Methods": "PUT"}, "failed"),
        ({}, "failed"),
    ],
)
def test_cors_is_read_from_the_headers(bucket, headers, outcome):
    assert outcomes(bucket, fetch=answering(200, **headers))["upload-cors"] == outcome


def test_a_refused_preflight_is_a_failure(bucket):
    told = {"Access_Control_Allow_Origin": "*", "Access_Control_Allow_Methods": "PUT"}
    assert outcomes(bucket, fetch=answering(403, **told))["upload-cors"] == "failed"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, "passed"), (401, "passed"), (400, "passed"), (404, "failed"), (200, "failed"), (500, "not-run")],
)
def test_what_the_public_is_answered_decides(bucket, status, outcome):
    assert outcomes(bucket, fetch=answering(status))["upload-public"] == outcome


def test_the_public_is_asked_without_a_signature(bucket):
    asked = []

    def fetch(url, **options):
        asked.append((options["method"], "X-Amz-Signature" in url))
        return answering(403)(url)

    outcomes(bucket, fetch=fetch)
    assert asked == [("OPTIONS", True), ("GET", False)]


def test_a_host_that_is_gone_meanwhile_is_told(bucket):
    def fetch(url, **options):
        raise NotFetched("timeout", "127.0.0.1")

    assert outcomes(bucket, fetch=fetch) == {"upload": "passed", "upload-cors": "not-run", "upload-public": "not-run"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"name": "other"}, "storage_no_bucket"), ({"endpoint": "http://127.0.0.1:9"}, "storage_unreachable")],
)
def test_what_hinders_uploads_is_named(s3, changes, sentence):
    bucket = Bucket(**{"name": s3_server.BUCKET, "region": s3_server.REGION, "endpoint": s3.endpoint, **changes})
    first, *others = lines_of_store(bucket, folder="up/", site_origin=SITE)
    assert (first.message, first.outcome, {line.outcome for line in others}) == (sentence, "failed", {"not-run"})


def test_wrong_credentials_are_named(s3, bucket, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    client_for.cache_clear()
    (line, *_others) = lines_of_store(bucket, folder="up/", site_origin=SITE)
    client_for.cache_clear()
    assert (line.outcome, line.message) == ("failed", "storage_wrong_credentials")


class TestSite:
    @pytest.fixture
    def lines(self, portal, configure, s3):
        configure("127.0.0.1:9")

        def run(bucket):
            api.portal.set_registry_record("collective.cfprivate.s3_bucket", bucket)
            api.portal.set_registry_record("collective.cfprivate.s3_region", s3_server.REGION)
            api.portal.set_registry_record("collective.cfprivate.s3_endpoint", s3.endpoint)
            return {line.name: line.outcome for line in selftest(Asked(site_url=SITE, object_key="a.mp4"))}

        return run

    def test_has_the_lines_where_a_bucket_is_set(self, lines):
        assert lines(s3_server.BUCKET)["upload"] == "passed"

    def test_has_none_without_a_bucket(self, lines):
        assert "upload" not in lines("")
