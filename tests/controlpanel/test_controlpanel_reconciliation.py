"""The page that finds and deletes what nothing refers to, on a real store."""

from bs4 import BeautifulSoup
from collective.cfprivate.controlpanel import reconciliation
from plone import api
from urllib.parse import urlencode

import os
import pytest
import s3_server
import shutil
import time
import transaction


PAGE = "cfprivate-reconcile"
LOOK, DELETE = "Compare the bucket with this site", "Delete these files for good"
DAY = 86400
GONE = "The bucket media does not answer at"


@pytest.fixture
def put(s3):
    """A function that puts an object into the bucket, so many days ago; the bucket is empty at the end."""

    def put_one(key, content=b"content", *, days=31):
        path = s3.bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time.time() - days * DAY,) * 2)
        return path

    yield put_one
    for each in s3.bucket.iterdir():
        shutil.rmtree(each)


@pytest.fixture
def attach(functional_portal, make_video):
    """A function that makes an item with an object key."""

    def attach_one(name, key):
        item = make_video(functional_portal, name, object_key=key)
        transaction.commit()
        return item

    return attach_one


@pytest.fixture
def owner(s3, functional_portal, manager):
    """A Manager of a site with the bucket."""
    for name, value in {"bucket": s3_server.BUCKET, "region": s3_server.REGION, "endpoint": s3.endpoint}.items():
        api.portal.set_registry_record(f"collective.cfprivate.s3_{name}", value)
    transaction.commit()
    return manager


def look(visitor, **values):
    return visitor.open(PAGE).enter(**values).press(LOOK)


def text(visitor):
    return " ".join(BeautifulSoup(visitor.page, "html.parser").select_one("#content").get_text().split())


def deletes(visitor):
    return "form.buttons.delete" in visitor.page


# looking


class TestLooking:
    def test_asks_nothing_of_the_bucket_before_the_button(self, owner, s3):
        s3.stop()
        try:
            assert GONE not in owner.open(PAGE).page
        finally:
            s3.start()

    def test_deletes_nothing(self, owner, put):
        path = put("uploads/left.mp4")
        look(owner)
        assert path.exists()

    def test_counts(self, owner, put, attach):
        put("uploads/left.mp4", bytes(2048))
        put("uploads/talk.mp4")
        put("uploads/new.mp4", days=29)
        attach("talk", "uploads/talk.mp4")
        expected = "Files in the folder: 3. Referred to: 1. Left over: 1 (2.0 KB). Within the days of grace: 1."
        assert expected in text(look(owner))

    def test_names_what_is_left_over(self, owner, put, attach):
        put("uploads/left.mp4")
        put("uploads/talk.mp4")
        attach("talk", "uploads/talk.mp4")
        page = look(owner).page
        assert ("uploads/left.mp4" in page, "uploads/talk.mp4" in page) == (True, False)

    def test_names_what_is_missing_and_where(self, owner, put, attach):
        put("uploads/other.mp4")
        attach("other", "uploads/other.mp4")
        url = attach("talk", "uploads/talk.mp4").absolute_url()
        page = look(owner).page
        assert ("uploads/talk.mp4" in page, f'href="{url}"' in page, deletes(owner)) == (True, True, False)

    def test_has_another_grace(self, owner, put):
        put("uploads/left.mp4")
        look(owner, grace="32")
        assert ("Nothing is left over." in owner.page, deletes(owner)) == (True, False)

    @pytest.mark.parametrize("grace", ["", "0", "-1", "soon"])
    def test_is_not_done_without_a_grace(self, owner, put, grace):
        put("uploads/left.mp4")
        look(owner, grace=grace)
        assert ("uploads/left.mp4" in owner.page, deletes(owner)) == (False, False)

    def test_shows_the_largest_and_counts_the_others(self, owner, put, monkeypatch):
        monkeypatch.setattr(reconciliation, "SHOWN", 1)
        put("uploads/large.mp4", b"larger than the other")
        put("uploads/small.mp4", b"small")
        look(owner)
        assert ("large.mp4" in owner.page, "small.mp4" in owner.page) == (True, False)
        assert "Files that are not shown here: 1." in text(owner)

    def test_shows_a_key_as_text(self, owner, put):
        put("uploads/<script>alert(1)<b>.mp4")
        assert "<script>alert" not in look(owner).page

    def test_says_that_no_bucket_is_set(self, manager):
        assert ("No bucket is set" in look(manager).page, deletes(manager)) == (True, False)

    def test_says_that_the_bucket_does_not_answer(self, owner, s3):
        s3.stop()
        try:
            assert (GONE in look(owner).page, deletes(owner)) == (True, False)
        finally:
            s3.start()

    def test_says_what_is_in_doubt(self, owner, attach):
        attach("talk", "uploads/talk.mp4")
        page = look(owner).page
        assert ("likely to be another one" in page, deletes(owner)) == (True, False)


# deleting


class TestDeleting:
    def test_removes_what_was_shown(self, owner, put, attach):
        left, kept = put("uploads/left.mp4"), put("uploads/talk.mp4")
        attach("talk", "uploads/talk.mp4")
        look(owner).press(DELETE)
        assert (left.exists(), kept.exists()) == (False, True)

    def test_says_what_was_done_and_what_is_left(self, owner, put):
        put("uploads/left.mp4")
        put("uploads/new.mp4", days=1)
        page = look(owner).press(DELETE).page
        assert ("Files deleted: 1. Kept" in page, "Nothing is left over." in page) == (True, True)

    def test_removes_nothing_where_the_list_is_another_by_then(self, owner, put):
        first = put("uploads/left.mp4")
        look(owner)
        second = put("uploads/other.mp4")
        page = owner.press(DELETE).page
        assert ("this is not what the page showed" in page, first.exists(), second.exists()) == (True, True, True)

    def test_removes_nothing_that_was_attached_since(self, owner, put, attach):
        path = put("uploads/left.mp4")
        look(owner)
        attach("talk", "uploads/left.mp4")
        assert ("this is not what the page showed" in owner.press(DELETE).page, path.exists()) == (True, True)

    def test_removes_nothing_with_another_grace_than_was_shown(self, owner, put):
        paths = put("uploads/left.mp4"), put("uploads/new.mp4", days=3)
        look(owner).enter(grace="2").press(DELETE)
        assert [path.exists() for path in paths] == [True, True]

    def test_removes_so_many_that_one_can_wait_for_it(self, owner, put, monkeypatch):
        monkeypatch.setattr(reconciliation, "BATCH", 2)
        monkeypatch.setattr(reconciliation.ReconciliationPage, "batch", 2)
        paths = [put(f"uploads/{number}.mp4") for number in range(3)]
        page = text(look(owner))
        owner.press(DELETE)
        assert ("The button deletes 2 files at a time" in page, [path.exists() for path in paths].count(True)) == (
            True,
            1,
        )
        owner.press(DELETE)
        assert not any(path.exists() for path in paths)

    def test_tells_how_far_it_came_where_the_bucket_fails(self, owner, put, s3, monkeypatch):
        put("uploads/1.mp4")
        look(owner)
        deleting = reconciliation.delete_orphans

        def failing(*arguments):
            yield from deleting(*arguments)
            s3.stop()
            yield from deleting(*arguments)

        monkeypatch.setattr(reconciliation, "delete_orphans", failing)
        try:
            page = owner.press(DELETE).page
        finally:
            s3.start()
        assert ("Files deleted: 1." in page, GONE in page) == (True, True)

    def test_notes_each_in_the_log(self, owner, put, caplog):
        put("uploads/left.mp4")
        with caplog.at_level("INFO", "collective.cfprivate"):
            look(owner).press(DELETE)
        assert "deleted 'uploads/left.mp4' (7 bytes)" in caplog.text

    def test_writes_nothing_into_the_database(self, owner, put, functional_app):
        put("uploads/left.mp4")
        look(owner)
        before = functional_app._p_jar.db().lastTransaction()
        owner.press(DELETE)
        assert functional_app._p_jar.db().lastTransaction() == before


class TestRefusals:
    def test_a_post_without_the_token(self, owner, put):
        path = put("uploads/left.mp4")
        shown = look(owner).browser.getControl(name="shown").value
        owner.post(PAGE, f"form.widgets.grace=30&shown={shown}&form.buttons.delete=x")
        assert path.exists()

    def test_a_get(self, owner, put):
        path = put("uploads/left.mp4")
        look(owner)
        shown, token = (owner.browser.getControl(name=name).value for name in ("shown", "_authenticator"))
        query = urlencode({
            "form.widgets.grace": "30",
            "shown": shown,
            "_authenticator": token,
            "form.buttons.delete": "x",
        })
        owner.open(f"{PAGE}?{query}")
        assert path.exists()

    @pytest.mark.parametrize("role", ["Site Administrator", "Editor", "Member"])
    def test_who_may_not_configure(self, owner, visit, add_user, put, role):
        path = put("uploads/left.mp4")
        shown = look(owner).browser.getControl(name="shown").value
        add_user("somebody", role)
        transaction.commit()
        visit("somebody").post(PAGE, f"form.widgets.grace=30&shown={shown}&form.buttons.delete=x")
        assert path.exists()
