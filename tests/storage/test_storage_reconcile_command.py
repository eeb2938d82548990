"""``cfprivate reconcile`` in this process, on the site and the store of the tests."""

from click.testing import CliRunner
from collective.cfprivate.exceptions import NotReconciled
from collective.cfprivate.storage import examine
from collective.cfprivate.storage.commands import reconcile as command
from contextlib import nullcontext
from plone import api
from types import SimpleNamespace

import json
import os
import pytest
import s3_server
import shutil
import time


@pytest.fixture
def site(portal, s3, tmp_path, monkeypatch):
    """The site of the tests where the command would open one; ``run(…)`` gives the result, ``left`` the file."""
    for name, value in {"bucket": s3_server.BUCKET, "region": s3_server.REGION, "endpoint": s3.endpoint}.items():
        api.portal.set_registry_record(f"collective.cfprivate.s3_{name}", value)
    left = s3.bucket / "uploads" / "left.mp4"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"content")
    os.utime(left, (time.time() - 31 * 86400,) * 2)
    conf, report = tmp_path / "zope.conf", tmp_path / "report.jsonl"
    conf.touch()
    monkeypatch.setattr(command, "open_site", lambda **where: nullcontext(portal))
    # A new transaction would undo what the test made.
    monkeypatch.setattr("transaction.begin", lambda: None)

    def run(*options, given=None):
        where = ["--zope-conf", str(conf), "--site", "plone", "--as", "manager", "--report", str(report)]
        return CliRunner().invoke(command.reconcile, [*where, *options], input=given)

    yield SimpleNamespace(run=run, left=left, report=report)
    # The store removes a folder with its last object.
    shutil.rmtree(left.parent, ignore_errors=True)


class TestDryRun:
    def test_deletes_nothing(self, site):
        site.run()
        assert site.left.exists()

    def test_makes_no_report_file(self, site):
        assert (site.run().exit_code, site.report.exists()) == (0, False)

    def test_tells_counts_and_bytes(self, site):
        expected = "1 objects: 0 referred to, 1 left over (7 bytes), 0 too young; 0 missing, 0 unfinished uploads."
        assert expected in site.run().output

    def test_says_that_only_this_site_was_read(self, site):
        assert "Only this site was read" in site.run().output

    def test_is_one_json_object(self, site):
        assert json.loads(site.run("--json").stdout)["orphans"] == [{"key": "uploads/left.mp4", "size": 7}]

    def test_has_a_grace(self, site):
        assert json.loads(site.run("--json", "--grace", "40").stdout)["too_young"] == 1

    def test_has_another_prefix(self, site):
        assert json.loads(site.run("--json", "--prefix", "other").stdout)["objects"] == 0


class TestDelete:
    def test_deletes_after_a_yes(self, site):
        site.run("--delete", given="y\n")
        assert not site.left.exists()

    @pytest.mark.parametrize("given", ["n\n", "\n", ""])
    def test_deletes_nothing_without(self, site, given):
        asked = "Delete 1 objects (7 bytes) for good?" in site.run("--delete", given=given).output
        assert (asked, site.left.exists()) == (True, True)

    def test_does_not_ask_with_yes(self, site):
        site.run("--delete", "--yes")
        assert not site.left.exists()

    def test_notes_what_was_deleted(self, site):
        site.run("--delete", "--yes")
        assert json.loads(site.report.read_text()) == {"what": "deleted", "key": "uploads/left.mp4", "size": 7}

    def test_overwrites_no_report(self, site):
        site.report.write_text("an older one")
        said = "The file of --report cannot be made" in site.run("--delete", "--yes").output
        assert (said, site.report.read_text(), site.left.exists()) == (True, "an older one", True)

    def test_is_not_for_the_whole_bucket(self, site):
        result = site.run("--delete", "--yes", "--prefix", "/")
        assert (type(result.exception), site.left.exists()) == (NotReconciled, True)

    def test_is_refused_beside_another_site_with_the_bucket(self, site, monkeypatch):
        monkeypatch.setattr(examine, "other_sites_with_bucket", lambda: ["/other"])
        result = site.run("--delete", "--yes")
        assert (type(result.exception), site.left.exists()) == (NotReconciled, True)

    def test_as_json_needs_yes(self, site):
        assert site.run("--delete", "--json").exit_code == 2
