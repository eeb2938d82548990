"""``cfprivate import-streamingaws`` in this process: what it prints, keeps and refuses, and with which exit code."""

from collective.cfprivate.exceptions import SiteNotOpened
from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.streamingaws import commands
from command_line import invoke
from contextlib import nullcontext
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from types import SimpleNamespace
from zope.globalrequest import getRequest
from zope.interface import alsoProvides

import json
import pytest


CONFIGURE = "collective.cfprivate: Configure"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----"


@pytest.fixture
def site(portal, monkeypatch, tmp_path, exported, video):
    """The site of the tests where the command would open one, and an export of one video.

    ``run(…)`` gives the result; ``opened`` is with what it was opened, ``kept`` whether that was committed.
    """
    world = SimpleNamespace(opened=None, kept=None, refuses=None, portal=portal, file=tmp_path / "export.json")
    conf = tmp_path / "zope.conf"
    conf.touch()
    world.file.write_bytes(exported(video()))
    world.where = ["--zope-conf", conf, "--site", "Plone", "--as", "manager"]
    setRoles(portal, TEST_USER_ID, ["Manager"])

    class Opened(nullcontext):
        def __exit__(self, kind, *error):
            world.kept = kind is None

    def open_site(**where):
        world.opened, world.kept = where, False
        if world.refuses:
            raise world.refuses
        alsoProvides(getRequest(), IBrowserLayer)
        return Opened(portal)

    def run(*options, file=world.file):
        return invoke("import-streamingaws", file, *world.where, *options)

    monkeypatch.setattr(commands, "open_site", open_site)
    world.run = run
    return world


@pytest.fixture
def settings(tmp_path):
    """The settings of the old product in a file."""
    path = tmp_path / "settings.json"
    values = {"cloudfront_web_domain": "d111111abcdef8.cloudfront.net", "cloudfront_key_id": "APKAEXAMPLE"}
    path.write_text(json.dumps({**values, "cloudfront_private_key_str": PEM}))
    return path


def refused(ended, code, *words):
    """Whether it ended with ``code``, nothing on standard output, and one line that holds the words."""
    one_line = ended.stderr.startswith("Error: ") and ended.stderr.count("\n") == 1
    missing = [word for word in words if word not in ended.stderr]
    return (ended.exit_code, ended.stdout, one_line, missing) == (code, "", True, [])


class TestImport:
    def test_opens_the_site_for_who_may_configure(self, site):
        site.run()
        assert (site.opened["user"], site.opened["permission"]) == ("manager", CONFIGURE)

    def test_tells_each_item(self, site):
        ended = site.run()
        assert (ended.exit_code, ended.stderr, ended.stdout.splitlines()) == (
            0,
            "",
            [
                "made        /videos (folder)",
                "made        /videos/talk (restricted)",
                "1 made, 0 left alone, 0 refused; 1 items are no streaming videos.",
            ],
        )

    def test_keeps_it(self, site):
        site.run()
        assert (site.kept, "talk" in site.portal["videos"]) == (True, True)

    def test_a_second_time_leaves_all_alone(self, site):
        site.run()
        ended = site.run()
        assert (ended.exit_code, ended.stdout.splitlines()[0]) == (0, "left alone  /videos/talk")

    def test_takes_another_state(self, site):
        site.run("--state", "members")
        assert api.content.get_state(site.portal["videos"]["talk"]) == "members"

    def test_is_1_where_an_item_was_refused_and_keeps_the_others(self, site, exported, video):
        site.file.write_bytes(exported(video(), video("videos/bad", hls_video="", mp4_video="")))
        ended = site.run()
        line = next(line for line in ended.stdout.splitlines() if line.startswith("refused"))
        assert (ended.exit_code, "/videos/bad: It has neither" in line, site.kept) == (1, True, True)
        assert site.portal["videos"].objectIds() == ["talk"]

    def test_tells_notes_below_their_item(self, site, exported, video):
        site.file.write_bytes(exported(video(thumbnail_filename="/a.png")))
        lines = site.run().stdout.splitlines()
        assert lines[lines.index("made        /videos/talk (restricted)") + 1].strip().startswith("thumbnail_filename")

    def test_cannot_move_the_cursor(self, site, exported, video):
        bad = video(**{"@id": "https://old.example.org/Plone/a\x07\rb", "hls_video": "", "mp4_video": ""})
        site.file.write_bytes(exported(bad))
        assert not {"\x07", "\r"} & set(site.run().output)

    def test_as_json(self, site):
        ended = site.run("--json")
        assert json.loads(ended.stdout) == {
            "made": [{"path": "/videos/talk", "state": "restricted", "notes": []}],
            "folders": ["/videos"],
            "left_alone": [],
            "refused": [],
            "other": 1,
            "dry_run": False,
            "settings": [],
        }

    def test_needs_the_address_of_a_site_that_is_not_told(self, site, video):
        site.file.write_text(json.dumps([video()]))
        assert (refused(site.run(), 1, "--old-site"), site.opened) == (True, None)
        assert site.run("--old-site", "https://old.example.org/Plone").exit_code == 0


class TestDryRun:
    def test_tells_the_same_and_that_nothing_was_changed(self, site):
        dry = site.run("--dry-run").stdout
        assert dry == site.run().stdout.replace(
            "videos.\n", "videos. Nothing was changed: this is what would be done.\n"
        )

    def test_makes_nothing(self, site):
        site.run("--dry-run")
        assert "videos" not in site.portal

    def test_says_so_as_json(self, site):
        assert json.loads(site.run("--dry-run", "--json").stdout)["dry_run"] is True


class TestSettings:
    def test_are_told(self, site, settings):
        told = site.run("--settings", settings).stdout
        assert ("enter d111111abcdef8.cloudfront.net." in told, "APKAEXAMPLE" in told) == (True, True)

    @pytest.mark.parametrize("options", [[], ["--json"], ["--dry-run"]])
    def test_never_tell_the_key(self, site, settings, options):
        output = site.run("--settings", settings, *options).output
        assert ("c2VjcmV0" in output, "BEGIN" in output) == (False, False)

    def test_are_not_entered(self, site, settings):
        site.run("--settings", settings)
        assert not api.portal.get_registry_record("collective.cfprivate.distribution")


class TestRefused:
    @pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"5", b"[5]", PEM.encode()])
    @pytest.mark.parametrize("where", ["FILE", "--settings"])
    def test_a_bad_file_is_one_line_and_nothing_is_opened(self, site, tmp_path, data, where):
        bad = tmp_path / "bad.json"
        bad.write_bytes(data)
        ended = site.run(file=bad) if where == "FILE" else site.run("--settings", bad)
        assert (refused(ended, 1), "c2VjcmV0" in ended.output, site.opened) == (True, False, None)

    @pytest.mark.parametrize("name", ["missing.json", ".", "\0"])
    def test_a_file_that_cannot_be_read_is_wrong_use(self, site, tmp_path, name):
        ended = site.run(file=tmp_path / name)
        assert (refused(ended, 2, "FILE", "cannot be read"), site.opened) == (True, None)

    def test_the_text_of_a_key_is_not_repeated(self, site):
        ended = site.run(file=PEM)
        assert (refused(ended, 2), "c2VjcmV0" in ended.output, site.opened) == (True, False, None)

    def test_a_site_that_is_not_opened(self, site):
        site.refuses = SiteNotOpened("It is closed.")
        assert refused(site.run(), 1, "It is closed.")

    def test_a_state_that_there_is_not_keeps_nothing(self, site):
        assert (refused(site.run("--state", "published"), 1, "give one of"), site.kept) == (True, False)

    def test_as_json(self, site, tmp_path):
        bad = tmp_path / "bad.json"
        bad.write_text("{")
        ended = site.run("--json", file=bad)
        assert (ended.exit_code, json.loads(ended.stdout)["error"], ended.stderr) == (1, "BadExport", "")

    @pytest.mark.parametrize("option", ["--zope-conf", "--site", "--as"])
    def test_without_a_site(self, site, option):
        place = site.where.index(option)
        del site.where[place : place + 2]
        assert (refused(site.run(), 2, option), site.opened) == (True, None)

    def test_too_many_files(self, site):
        assert (refused(site.run(site.file), 2), site.opened) == (True, None)
