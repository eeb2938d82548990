"""Old revisions hold no door open: neither to read a medium, nor to bring it or its viewers back."""

from collective.cfprivate.access.grant import grant
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of
from plone import api

import pytest
import transaction


OLD = "talks/old.mp4"
NEW = "talks/new.mp4"
NOW = 1_800_000_000


@pytest.fixture
def page(served, add_behavior, add_user):
    """A versioned page whose first revision has another medium, title and viewer than it has today."""
    add_behavior("Document")
    add_user("owner")
    add_user("former")
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served.portal, "Document", "page", title="Old", object_key=OLD, poster="old.jpg")
        api.content.transition(page, "publish")
        page.manage_setLocalRoles("former", ["Media Viewer"])
        page.manage_setLocalRoles("owner", ["Owner"])
        repository = api.portal.get_tool("portal_repository")
        repository.save(page, comment="with the old medium")
        page.title, page.object_key, page.poster = "New", NEW, None
        page.manage_delLocalRoles(["former"])
        repository.save(page, comment="with the new medium")
    transaction.commit()
    return page


def revert(page, login="owner"):
    repository = api.portal.get_tool("portal_repository")
    versions = repository.getHistoryMetadata(page).getLength(countPurged=False)
    with api.env.adopt_user(login):
        repository.revert(page, versions - 2)


def may_stream(page, login):
    with api.env.adopt_user(login):
        return grant(page, action="stream", now=NOW, address=None).allowed


class TestRevert:
    def test_brings_the_page_back(self, page):
        revert(page)
        assert page.title == "Old"

    @pytest.mark.parametrize(("field", "today"), [("object_key", NEW), ("poster", None)])
    def test_leaves_the_medium_of_today(self, page, field, today):
        revert(page)
        assert getattr(IProtectedMedia(page), field) == today

    def test_leaves_it_for_managers_too(self, page):
        revert(page, "manager")
        assert medium_of(page).object_key == NEW

    def test_brings_no_viewer_back(self, page):
        revert(page)
        assert not may_stream(page, "former")

    def test_keeps_the_viewers_of_today(self, page):
        page.manage_setLocalRoles("viewer", ["Media Viewer"])
        revert(page)
        assert may_stream(page, "viewer")

    def test_brings_no_medium_to_an_item_that_has_none(self, page):
        del page.object_key
        revert(page)
        assert IProtectedMedia(page).object_key is None


class TestRestBy:
    @pytest.mark.parametrize("login", ["owner", "manager"])
    def test_reverting_leaves_the_medium_of_today(self, served, page, login):
        served.get("page/@history", login, "PATCH", json={"version": 0}, headers={"Accept": "application/json"})
        transaction.begin()
        assert medium_of(served.portal["page"]).object_key == NEW

    @pytest.mark.parametrize("login", ["owner", "manager", None])
    def test_an_old_revision_names_no_old_medium(self, served, page, login):
        answer = served.get("page/@history/0", login, headers={"Accept": "application/json"})
        assert OLD not in answer.text


def test_other_content_is_reverted_whole(portal):
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(portal, "Document", "plain", title="Old")
        repository = api.portal.get_tool("portal_repository")
        repository.save(page, comment="old")
        page.title = "New"
        repository.save(page, comment="new")
        repository.revert(page, repository.getHistoryMetadata(page).getLength(countPurged=False) - 2)
    assert page.title == "Old"
