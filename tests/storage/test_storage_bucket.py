"""The calls of a bucket, against a real S3 server on this machine."""

from collective.cfprivate.exceptions import NoSuchObject
from collective.cfprivate.exceptions import NoSuchUpload
from collective.cfprivate.exceptions import StorageNotConfigured
from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.bucket import client_for
from collective.cfprivate.storage.bucket import Part

import hashlib
import pytest
import requests
import s3_server


SMALLEST_PART = 5 * 1024 * 1024


@pytest.fixture
def stored(bucket, tmp_path):
    """A function that stores bytes under a key."""

    def store(key, data, **options):
        path = tmp_path / "file"
        path.write_bytes(data)
        bucket.put_file(path, key, **{"content_type": "video/mp4", **options})

    return store


def sent(url, data):
    return requests.put(url, data=data, timeout=30).status_code


class TestObjects:
    def test_are_told_with_size_type_and_md5(self, bucket, stored):
        stored("told/a.mp4", b"film")
        found = bucket.head("told/a.mp4")
        assert (found.size, found.content_type, found.etag) == (
            4,
            "video/mp4",
            hashlib.md5(b"film", usedforsecurity=False).hexdigest(),
        )

    def test_are_listed_below_a_prefix(self, bucket, stored):
        for key in ("listed/b.mp4", "listed/a.mp4", "elsewhere/c.mp4"):
            stored(key, b"film")
        assert [each.key for each in bucket.objects("listed/")] == ["listed/a.mp4", "listed/b.mp4"]

    def test_come_back(self, bucket, stored, tmp_path):
        stored("back/a.mp4", b"film")
        bucket.get_file("back/a.mp4", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == b"film"

    def test_tell_of_the_bytes_sent(self, stored):
        told = []
        stored("told/b.mp4", b"film", progress=told.append)
        assert sum(told) == len(b"film")

    def test_are_gone_when_deleted(self, bucket, stored):
        stored("gone/a.mp4", b"film")
        bucket.delete("gone/a.mp4")
        with pytest.raises(NoSuchObject):
            bucket.head("gone/a.mp4")

    @pytest.mark.parametrize("way", ["head", "get_file"])
    def test_that_are_missing_are_named(self, bucket, tmp_path, way):
        arguments = (tmp_path / "none",) if way == "get_file" else ()
        with pytest.raises(NoSuchObject, match=r"no file none\.mp4 in the bucket media"):
            getattr(bucket, way)("none.mp4", *arguments)


class TestUploads:
    @pytest.fixture
    def upload(self, bucket):
        return bucket.begin_upload("up/a.mp4", content_type="video/webm")

    def test_become_one_object(self, bucket, upload):
        first, second = b"a" * SMALLEST_PART, b"b"
        for number, data in ((1, first), (2, second)):
            sent(bucket.sign_part("up/a.mp4", upload, number), data)
        bucket.complete_upload("up/a.mp4", upload, bucket.parts("up/a.mp4", upload))
        assert bucket.head("up/a.mp4").size == len(first + second)

    def test_list_the_parts_that_arrived(self, bucket, upload):
        sent(bucket.sign_part("up/a.mp4", upload, 1), b"one")
        assert bucket.parts("up/a.mp4", upload) == [
            Part(number=1, size=3, etag=hashlib.md5(b"one", usedforsecurity=False).hexdigest())
        ]

    def test_take_at_a_signed_url_no_other_part(self, bucket, upload):
        url = bucket.sign_part("up/a.mp4", upload, 1).replace("partNumber=1", "partNumber=2")
        assert sent(url, b"two") == 403

    def test_are_listed_while_unfinished(self, bucket, upload):
        assert upload in [each.upload_id for each in bucket.unfinished("up/")]

    def test_are_forgotten_when_aborted(self, bucket, upload):
        bucket.abort_upload("up/a.mp4", upload)
        with pytest.raises(NoSuchUpload):
            bucket.parts("up/a.mp4", upload)


class TestRefusals:
    """Each has a sentence of its own."""

    @pytest.fixture(autouse=True)
    def clients_are_made_anew(self):
        client_for.cache_clear()
        yield
        client_for.cache_clear()

    def test_of_a_bucket_that_is_not_there(self, s3):
        with pytest.raises(StorageNotConfigured, match="no bucket other in the region eu-central-1"):
            list(Bucket("other", s3_server.REGION, s3.endpoint).objects())

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [("AWS_ACCESS_KEY_ID", "does not know the access key"), ("AWS_SECRET_ACCESS_KEY", "the secret that belongs")],
    )
    def test_of_other_credentials(self, bucket, monkeypatch, name, sentence):
        monkeypatch.setenv(name, "another")
        with pytest.raises(StorageNotConfigured, match=sentence):
            list(bucket.objects())

    def test_of_a_store_that_is_away(self, s3):
        with pytest.raises(StorageUnavailable, match=r"does not answer at http://127\.0\.0\.1:9\b"):
            list(Bucket("media", s3_server.REGION, "http://127.0.0.1:9").objects())

    def test_without_credentials(self, bucket, monkeypatch, tmp_path):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            monkeypatch.setenv(name, str(tmp_path / "none"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with pytest.raises(StorageNotConfigured, match="no credentials"):
            list(bucket.objects())
