"""Whether the bucket has a file: what S3 tells of it, and what is read back where it tells nothing of use."""

from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.bucket import client_for
from collective.cfprivate.storage.bucket import Stored
from collective.cfprivate.storage.checksums import digests_of
from collective.cfprivate.storage.checksums import is_same
from moto import mock_aws

import base64
import boto3
import hashlib
import pytest


LARGE = bytes(range(256)) * 40_000  # more than one part of 8 MiB
KEY = "a.mp4"


class Told:
    """A bucket that tells what it is told to, and gives ``data``."""

    name = "told"

    def __init__(self, data, **told):
        self.data, self.told, self.read = data, told, 0

    def head(self, key):
        return Stored(**{"key": key, "size": len(self.data), "modified": 0, "etag": "of-kms", **self.told})

    def get_file(self, key, path):
        self.read += 1
        path.write_bytes(self.data)


@pytest.fixture
def file(tmp_path):
    """A function that makes a file and gives its digests."""

    def make(data):
        (tmp_path / "file").write_bytes(data)
        return digests_of(tmp_path / "file")

    return make


@pytest.fixture
def aws(monkeypatch):
    """moto's S3, which makes ETags as AWS does."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client_for.cache_clear()
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="media")
        yield Bucket("media", "us-east-1")
    client_for.cache_clear()


class TestDigests:
    def test_are_those_of_hashlib(self, file):
        assert file(LARGE).sha256 == hashlib.sha256(LARGE).hexdigest()

    @pytest.mark.parametrize("data", [b"small", LARGE, b"x" * 8 * 1024 * 1024])
    def test_have_the_etag_of_s3(self, aws, file, tmp_path, data):
        digests = file(data)
        aws.put_file(tmp_path / "file", KEY, content_type="video/mp4")
        assert aws.head(KEY).etag in digests.etags


class TestSame:
    def test_by_the_etag_is_not_read_back(self, file):
        bucket = Told(b"film", etag=hashlib.md5(b"film", usedforsecurity=False).hexdigest())
        assert (is_same(bucket, KEY, file(b"film")), bucket.read) == (True, 0)

    def test_by_the_checksum_is_not_read_back(self, file):
        bucket = Told(b"film", sha256=base64.b64encode(hashlib.sha256(b"film").digest()).decode())
        assert (is_same(bucket, KEY, file(b"film")), bucket.read) == (True, 0)

    def test_is_read_back_where_the_etag_says_nothing(self, file):
        bucket = Told(b"film")
        assert (is_same(bucket, KEY, file(b"film")), bucket.read) == (True, 1)

    def test_is_not_what_reads_otherwise(self, file):
        assert not is_same(Told(b"fiLm"), KEY, file(b"film"))

    def test_is_not_what_has_another_checksum(self, file):
        assert not is_same(Told(b"film", sha256=base64.b64encode(b"x" * 32).decode()), KEY, file(b"film"))

    def test_is_not_what_has_another_size(self, file):
        bucket = Told(b"film", size=5, etag=hashlib.md5(b"film", usedforsecurity=False).hexdigest())
        assert not is_same(bucket, KEY, file(b"film"))
