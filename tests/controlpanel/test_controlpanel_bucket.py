"""The rules of the settings of the bucket, and what the panel says is missing."""

from collective.cfprivate.controlpanel import bucket_settings
from collective.cfprivate.controlpanel.refused import FieldRefused
from collective.cfprivate.storage.readiness import hindrance_to_uploads

import pytest
import socket
import sys


def is_refused(check, entered):
    try:
        check(entered)
    except FieldRefused:
        return True
    return False


class TestBucket:
    @pytest.mark.parametrize("name", ["", "abc", "my-films", "my.films", "3films3", "a" * 63])
    def test_is_kept(self, name):
        assert bucket_settings.bucket(f" {name} ") == name

    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    @pytest.mark.parametrize(
        "name",
        [
            "ab",
            "a" * 64,
            "Films",
            "my_films",
            "-films",
            "films-",
            ".films",
            "films.",
            "my..films",
            "192.168.5.4",
            "xn--films",
            "sthree-films",
            "films-s3alias",
            "films--ol-s3",
            "films.mrap",
            "films--x-s3",
            "s3://films",
            "films/",
            "fílms",
            "a\nbc",
        ],
    )
    def test_is_refused(self, name):
        assert is_refused(bucket_settings.bucket, name)


class TestRegion:
    @pytest.mark.parametrize("code", ["", "eu-central-1", "us-gov-west-1", "auto"])
    def test_is_kept(self, code):
        assert bucket_settings.region(code.upper()) == code

    @pytest.mark.parametrize("code", ["eu central", "eu_central", "-eu", "eu-", "eu--1", "eu/1", "x" * 41, "é"])
    def test_is_refused(self, code):
        assert is_refused(bucket_settings.region, code)


class TestEndpoint:
    @pytest.mark.parametrize(
        "origin",
        [
            "",
            "https://s3.example.org",
            "https://s3.example.org:9000",
            "http://127.0.0.1:9000",
            "http://localhost",
            "https://10.0.0.5",
        ],
    )
    def test_is_kept(self, origin):
        assert bucket_settings.endpoint(origin) == origin

    @pytest.mark.parametrize(
        "origin",
        [
            "s3.example.org",
            "http://s3.example.org",
            "http://10.0.0.5",
            "https://",
            "https://a.example.org/films",
            "ftp://127.0.0.1",
            "https://me:secret@example.org",
            "https://a.example.org?x",
            "http://127.0.0.1.example.org",
            "https://a.example.org:443",
        ],
    )
    def test_is_refused(self, origin):
        assert is_refused(bucket_settings.endpoint, origin)


class TestFolder:
    @pytest.mark.parametrize(
        ("entered", "kept"),
        [("", ""), ("/", ""), ("uploads", "uploads/"), (" uploads/ ", "uploads/"), ("a/b c/", "a/b c/")],
    )
    def test_is_kept_with_its_slash(self, entered, kept):
        assert bucket_settings.folder(entered) == kept

    @pytest.mark.parametrize(
        "entered", ["/uploads/", "a//b/", "../a/", "a/./b", "a*/", "a\\b/", "a/ crew", "https://a/", "x" * 2000]
    )
    def test_is_refused(self, entered):
        assert is_refused(bucket_settings.folder, entered)


class TestTypes:
    def test_are_kept_once_in_small_letters(self):
        assert bucket_settings.types([" Video/MP4 ", "", "audio/*", "video/mp4"]) == ("video/mp4", "audio/*")

    @pytest.mark.parametrize(
        "line", ["video", "*/*", "video/*x", "video/", "/mp4", "video/mp4; codecs=x", "a b/c", "*", "video/**"]
    )
    def test_are_refused(self, line):
        assert is_refused(bucket_settings.types, ["video/mp4", line])


class TestReadiness:
    """What is missing is told without a network."""

    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch, tmp_path):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            monkeypatch.setenv(name, str(tmp_path / "none"))
        monkeypatch.setattr(socket.socket, "connect", lambda *arguments: pytest.fail("a connection"))

    def test_lacks_nothing_where_no_bucket_is_set(self):
        assert hindrance_to_uploads("") is None

    def test_lacks_credentials(self):
        assert hindrance_to_uploads("films") == "note_no_credentials"

    def test_finds_those_of_the_environment(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
        assert hindrance_to_uploads("films") is None

    def test_finds_those_of_a_file(self, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("[default]\naws_access_key_id = x\naws_secret_access_key = y\n")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "file"))
        assert hindrance_to_uploads("films") is None

    def test_does_not_stumble_over_half_of_them(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        assert hindrance_to_uploads("films") == "note_no_credentials"

    def test_leaves_a_role_alone(self, monkeypatch):
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/x")
        assert hindrance_to_uploads("films") is None

    def test_lacks_boto3(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "boto3", None)
        assert hindrance_to_uploads("films") == "storage_no_boto3"


class TestRole:
    @pytest.mark.parametrize(
        "arn",
        ["", "arn:aws:iam::123456789012:role/mediaconvert", "arn:aws-cn:iam::123456789012:role/service-role/jobs"],
    )
    def test_is_kept(self, arn):
        assert bucket_settings.role(f" {arn} ") == arn

    @pytest.mark.parametrize(
        "arn",
        [
            "mediaconvert",
            "arn:aws:iam::1:role/x",
            "arn:aws:iam::123456789012:user/x",
            "arn:aws:iam::123456789012:role/mediaconvert\nx",
            "arn:aws:iam::123456789012:role/mediaconvert x",
        ],
    )
    def test_is_refused(self, arn):
        assert is_refused(bucket_settings.role, arn)


class TestQueue:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs.fifo",
        ],
    )
    def test_is_kept(self, url):
        assert bucket_settings.queue(f" {url} ") == url

    @pytest.mark.parametrize(
        "url",
        [
            "jobs",
            "http://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs?Action=DeleteQueue",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs/x",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs\nx",
        ],
    )
    def test_is_refused(self, url):
        assert is_refused(bucket_settings.queue, url)
