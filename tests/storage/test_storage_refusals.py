"""What a store answers, by AWS's own list of errors, and the sentences that are told of it.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; those of other stores are in the documentation of
MinIO (XMinioStorageFull, 507) and of Ceph (QuotaExceeded, 403).
"""

from collective.cfprivate.exceptions import StorageError
from collective.cfprivate.exceptions import StorageNotConfigured
from collective.cfprivate.exceptions import StorageRefused
from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.storage import bucket as module
from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.bucket import client_for
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import pytest
import s3_server
import threading


SECRET = "what the store repeats of a request"
ERROR = f"<?xml version='1.0'?><Error><Code>{{}}</Code><Message>{SECRET}</Message></Error>"


class Store(ThreadingHTTPServer):
    """Answers everything with one error; with ``status`` 0 it does not answer before ``close``."""

    daemon_threads = True
    status, code = 500, ""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if not self.server.status:
            self.server.closing.wait(60)
            return
        body = ERROR.format(self.server.code).encode() if self.server.code else b""
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        if self.server.status == 301:
            self.send_header("x-amz-bucket-region", "us-west-2")
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET

    def log_message(self, *arguments):
        """Keep the tests' output for the tests."""


@pytest.fixture
def store(monkeypatch):
    """A store that refuses, for which there are credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    client_for.cache_clear()
    server = Store()
    yield server
    server.close()
    client_for.cache_clear()


def refusal(endpoint, bucket="media"):
    with pytest.raises(StorageError) as caught:
        list(Bucket(bucket, "eu-central-1", endpoint).objects())
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "kind", "sentence"),
    [
        (404, "NoSuchBucket", StorageNotConfigured, "look at the bucket and region in the settings"),
        (403, "InvalidAccessKeyId", StorageNotConfigured, "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", StorageNotConfigured, "AWS_SECRET_ACCESS_KEY"),
        (400, "ExpiredToken", StorageNotConfigured, "renew AWS_SESSION_TOKEN"),
        (400, "InvalidToken", StorageNotConfigured, "renew AWS_SESSION_TOKEN"),
        (403, "AccessDenied", StorageRefused, "look at their policy"),
        (403, "AllAccessDisabled", StorageRefused, "look at their policy"),
        (403, "RequestTimeTooSkewed", StorageRefused, "set the clock"),
        (400, "AuthorizationHeaderMalformed", StorageNotConfigured, "look at the region in the settings"),
        (301, "PermanentRedirect", StorageNotConfigured, "look at the region in the settings"),
        (503, "SlowDown", StorageUnavailable, "try again in a minute"),
        (503, "ServiceUnavailable", StorageUnavailable, "try again in a minute"),
        (503, "XMinioServerNotInitialized", StorageUnavailable, "try again in a minute"),
        (507, "XMinioStorageFull", StorageRefused, "is full"),
        (403, "QuotaExceeded", StorageRefused, "is full"),
        (501, "NotImplemented", StorageError, "refused ListObjectsV2 with NotImplemented"),
        (418, "", StorageError, "refused ListObjectsV2 with 418"),
    ],
)
def test_each_error_has_a_sentence(store, status, code, kind, sentence):
    store.status, store.code = status, code
    error = refusal(store.endpoint)
    assert (type(error), sentence in str(error)) == (kind, True)


def test_what_the_store_says_is_not_repeated(store):
    store.status, store.code = 403, "AccessDenied"
    assert SECRET not in str(refusal(store.endpoint))


def test_one_that_never_answers_is_not_waited_for_long(store, monkeypatch):
    monkeypatch.setattr(module, "READ_TIMEOUT", 0.2)
    store.status = 0
    assert "look at the endpoint and the region in the settings" in str(refusal(store.endpoint))


@pytest.mark.parametrize("endpoint", ["nonsense", "http://", "https://exa mple.org"])
def test_what_is_no_endpoint_is_told(store, endpoint):
    error = refusal(endpoint)
    assert (type(error), "look at the endpoint" in str(error)) == (StorageNotConfigured, True)


def test_a_clock_that_is_wrong_is_told_by_a_real_store(s3, monkeypatch):
    in_an_hour = datetime.now(timezone.utc) + timedelta(hours=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: in_an_hour)
    client_for.cache_clear()
    assert "set the clock" in str(refusal(s3.endpoint, s3_server.BUCKET))
