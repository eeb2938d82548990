"""``cfprivate prepare``: what it prints, where it uploads to, and what a signal leaves behind."""

from collective.cfprivate.storage.commands import prepare as command
from command_line import COMMAND
from command_line import environment
from command_line import invoke
from contextlib import nullcontext
from films import draw
from films import FAST
from films import need_ffmpeg
from films import picture
from films import tone
from functools import partial

import json
import pytest
import s3_server
import shutil
import signal
import subprocess
import time


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A recording, and what the command made of it."""
    need_ffmpeg()
    folder = tmp_path_factory.mktemp("drawn")
    tone(folder / "tone.mp3")
    assert invoke("prepare", folder / "tone.mp3").exit_code == 0
    return folder


@pytest.fixture
def made(drawn, tmp_path):
    """A folder that the command made."""
    return shutil.copytree(drawn / "tone", tmp_path / "tone")


@pytest.fixture
def recording(drawn, tmp_path):
    """A sound recording."""
    return shutil.copy(drawn / "tone.mp3", tmp_path / "My Tone.mp3")


def told(*arguments):
    """What the command prints with --json, and its exit code."""
    result = invoke("prepare", *arguments, "--json")
    return json.loads(result.stdout), result.exit_code


def in_bucket(s3):
    """The options for that server's bucket."""
    return ["--upload", "--bucket", s3_server.BUCKET, "--region", s3_server.REGION, "--endpoint", s3.endpoint]


class TestPreparing:
    def test_prints_the_keys_to_enter(self, recording, tmp_path):
        result = invoke("prepare", recording, "--prefix", "talks")
        assert result.stdout.splitlines() == [
            f"Copy the files of {tmp_path}/my-tone into the bucket, with these keys. To enter in Plone:",
            "Object key of the medium  talks/my-tone/hls/index.m3u8",
            "Further renditions        talks/my-tone/my-tone.m4a",
            "Duration in seconds       8",
        ]

    def test_tells_a_script_the_same(self, recording, tmp_path):
        answer, code = told(recording, "--into", tmp_path / "here")
        assert (answer["object_key"], answer["renditions"], answer["uploaded"], code) == (
            "here/hls/index.m3u8",
            ["here/my-tone.m4a"],
            False,
            0,
        )

    def test_names_only_files_that_are_there(self, recording, tmp_path):
        answer, _code = told(recording)
        keys = [answer["object_key"], *answer["renditions"]]
        assert all((tmp_path / key).is_file() for key in keys)

    def test_does_not_overwrite_a_folder(self, recording, tmp_path):
        (tmp_path / "my-tone").mkdir()
        answer, code = told(recording)
        assert (answer["error"], code) == ("FolderExists", 1)

    @pytest.mark.parametrize("prefix", ["/talks", "talks/../secret"])
    def test_refuses_what_is_no_folder_of_a_bucket(self, recording, tmp_path, prefix):
        answer, code = told(recording, "--prefix", prefix)
        assert (answer["error"], code, (tmp_path / "my-tone").exists()) == ("UsageError", 2, False)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_leaves_nothing_where_it_is_ended(self, tmp_path, number):
        need_ffmpeg()
        draw(tmp_path / "film.mp4", *picture("640x360", seconds=20), *FAST)
        arguments = [*COMMAND, "prepare", str(tmp_path / "film.mp4"), "--preset", "slower"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # Where the tests themselves run in the background, Ctrl-C is ignored.
        heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        with subprocess.Popen(arguments, env=environment(), preexec_fn=heard, **quiet) as process:
            wait_until(lambda: [*tmp_path.rglob("*.ts")])
            process.send_signal(number)
        assert (process.returncode, [path.name for path in tmp_path.iterdir()]) == (1, ["film.mp4"])


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class TestUploading:
    def test_puts_all_into_the_bucket(self, s3, bucket, recording):
        answer, code = told(recording, *in_bucket(s3), "--prefix", "talks/")
        folder = answer["object_key"].removesuffix("hls/index.m3u8")
        keys = {each.key.removeprefix(folder) for each in bucket.objects(folder)}
        files = {
            path.relative_to(recording.parent / "my-tone").as_posix()
            for path in recording.parent.glob("my-tone/**/*.*")
        }
        assert (folder.startswith("talks/"), keys == files, answer["uploaded"], code) == (True, True, True, 0)

    def test_of_a_folder_goes_on_under_the_same_keys(self, s3, bucket, made):
        keys = []
        for _time in range(2):
            answer, _code = told(made, *in_bucket(s3))
            keys.append(answer["object_key"])
            bucket.delete(answer["renditions"][0])
        told(made, *in_bucket(s3))
        assert (keys[0] == keys[1], bucket.head(answer["renditions"][0]).size > 0) == (True, True)

    def test_asks_the_bucket_before_hours_of_work(self, s3, recording):
        answer, code = told(recording, "--upload", "--bucket", "other", "--endpoint", s3.endpoint, "--region", "x")
        assert (answer["error"], code, (recording.parent / "my-tone").exists()) == ("StorageNotConfigured", 1, False)

    @pytest.mark.parametrize(
        "options",
        [
            ["--upload"],
            ["--upload", "--zope-conf", __file__],
            ["--upload", "--zope-conf", __file__, "--site", "Plone", "--as", "admin", "--bucket", "media"],
        ],
    )
    def test_needs_to_know_where(self, recording, options):
        answer, code = told(recording, *options)
        assert (answer["error"], code) == ("UsageError", 2)

    def test_of_a_folder_of_something_else_is_refused(self, s3, recording):
        answer, code = told(recording.parent, *in_bucket(s3))
        assert (answer["error"], code) == ("MediaFailed", 1)

    def test_without_being_told_so_is_not_done(self, made):
        answer, code = told(made)
        assert (answer["error"], code) == ("UsageError", 2)


class TestSite:
    @pytest.fixture
    def opened(self, portal, bucket, monkeypatch):
        """With what the site was opened that has this bucket in its settings."""
        calls = []
        for name, value in (("s3_bucket", bucket.name), ("s3_region", bucket.region), ("s3_endpoint", bucket.endpoint)):
            portal.portal_registry[f"collective.cfprivate.{name}"] = value
        monkeypatch.setattr(command, "open_site", lambda **where: calls.append(where) or nullcontext(portal))
        return calls

    def test_has_the_bucket_and_the_folder_in_its_settings(self, opened, bucket, made):
        answer, code = told(made, "--upload", "--zope-conf", __file__, "--site", "Plone", "--as", "admin")
        assert (answer["object_key"].startswith("uploads/"), bucket.head(answer["object_key"]).size > 0, code) == (
            True,
            True,
            0,
        )

    def test_is_opened_as_somebody_who_may_configure(self, opened, made):
        told(made, "--upload", "--zope-conf", __file__, "--site", "Plone", "--as", "admin")
        [where] = opened
        assert (where["permission"], where["user"]) == ("collective.cfprivate: Configure", "admin")
