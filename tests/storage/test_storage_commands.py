"""``cfprivate upload``, in a site that is open already."""

from click.testing import CliRunner
from collective.cfprivate.storage.commands import upload as commands
from contextlib import contextmanager
from plone import api
from threading import Event

import json
import os
import pytest
import re
import s3_server
import signal


MIB = 2**20


@pytest.fixture
def site(portal, s3, make_video, add_user, monkeypatch):
    """The site with that bucket and a video, in place of one that the command opens; the user is the one of --as."""
    for name, value in (("s3_bucket", s3_server.BUCKET), ("s3_region", s3_server.REGION), ("s3_endpoint", s3.endpoint)):
        api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    make_video(portal)
    add_user("editor", "Editor")
    add_user("member")

    @contextmanager
    def opened(*, user, **others):
        with api.env.adopt_user(username=user):
            yield portal

    monkeypatch.setattr(commands, "open_site", opened)
    return portal


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "My film.mp4"
    path.write_bytes(b"x" * MIB)
    return path


@pytest.fixture
def upload(site, tmp_path):
    """A function that runs the command."""
    (tmp_path / "zope.conf").touch()

    def run(*arguments, user="editor"):
        where = ["--zope-conf", str(tmp_path / "zope.conf"), "--site", "plone", "--as", user]
        return CliRunner().invoke(commands.upload, [*map(str, arguments), *where])

    return run


def told(result):
    return result.exit_code, result.exception and str(result.exception)


class TestUpload:
    def test_prints_the_key(self, upload, film, bucket):
        result = upload(film)
        assert re.fullmatch(r"uploads/[A-Za-z0-9_-]{22}/My-film\.mp4\n", result.stdout)

    def test_stores_the_file(self, upload, film, bucket):
        stored = bucket.head(upload(film).stdout.strip())
        assert (stored.size, stored.content_type) == (MIB, "video/mp4")

    def test_takes_several_files(self, upload, film, tmp_path):
        (tmp_path / "en.vtt").write_text("WEBVTT")
        assert [key.rpartition("/")[2] for key in upload(film, tmp_path / "en.vtt").stdout.split()] == [
            "My-film.mp4",
            "en.vtt",
        ]

    def test_tells_as_json(self, upload, film):
        (file,) = json.loads(upload(film, "--json").stdout)["files"]
        assert (file["file"], file["size"], file["type"], "key" in file) == (str(film), MIB, "video/mp4", True)

    def test_goes_to_the_folder_of_the_place(self, upload, film):
        with api.env.adopt_roles(["Manager"]):
            api.portal.set_registry_record("collective.cfprivate.key_prefixes", ("films/",))
        assert upload(film, "--place", "talk").stdout.startswith("films/")

    def test_takes_a_type(self, upload, film, bucket):
        assert bucket.head(upload(film, "--type", "video/webm").stdout.strip()).content_type == "video/webm"


class TestRefusals:
    def test_of_who_may_not(self, upload, film):
        assert told(upload(film, user="member")) == (1, "You may not upload media here.")

    def test_of_a_place_that_there_is_not(self, upload, film):
        assert told(upload(film, "--place", "nowhere")) == (1, "There is nothing at nowhere that you may see.")

    def test_of_a_type(self, upload, film):
        assert "may not be uploaded" in told(upload(film, "--type", "text/html"))[1]

    def test_of_a_large_file(self, upload, film):
        api.portal.set_registry_record("collective.cfprivate.upload_maximum", 1)
        assert "1 megabytes" in told(upload(film))[1]

    def test_of_an_empty_file(self, upload, tmp_path):
        (tmp_path / "empty.mp4").touch()
        result = upload(tmp_path / "empty.mp4")
        assert (result.exit_code, "is empty" in result.stderr) == (2, True)

    def test_of_an_ending_that_says_nothing(self, upload, tmp_path):
        (tmp_path / "film").write_bytes(b"x")
        result = upload(tmp_path / "film")
        assert (result.exit_code, "give --type" in result.stderr) == (2, True)

    def test_sends_nothing_where_one_is_refused(self, upload, film, tmp_path, bucket):
        (tmp_path / "page.html").write_text("x")
        before = len(list(bucket.objects()))
        assert (upload(film, tmp_path / "page.html").exit_code, len(list(bucket.objects()))) == (1, before)

    def test_of_the_bucket_name_the_file(self, upload, film, site):
        api.portal.set_registry_record("collective.cfprivate.s3_endpoint", "http://127.0.0.1:9")
        result = upload(film, "--json")
        (file,) = json.loads(result.stdout)["files"]
        assert (result.exit_code, file["error"], "does not answer" in file["message"]) == (
            1,
            "StorageUnavailable",
            True,
        )


def test_ctrl_c_aborts_the_upload_in_the_bucket(bucket, tmp_path, request):
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(40 * MIB))
    noticed = Event()

    def interrupt(number, frame):
        if not noticed.is_set():
            noticed.set()
            raise KeyboardInterrupt

    def press(sent):
        # Python misses a signal that comes right before it waits for a lock, until the next one.
        while not noticed.wait(timeout=0.1):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, interrupt)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with pytest.raises(KeyboardInterrupt):
        bucket.put_file(path, "stopped/film.mp4", content_type="video/mp4", progress=press)
    assert (list(bucket.unfinished("stopped/")), list(bucket.objects("stopped/"))) == ([], [])
