"""Nothing that is made of an item, and nothing of its past, has guests."""

from collective.cfprivate.guests import store
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile

import pytest
import transaction


NOW = 1_800_000_000


def make(item, note="The jury"):
    return store.make(item, note=note, maker="jane", now=NOW, ends=NOW + 60)[1]


def notes(item):
    return [link.note for link in store.links_of(item)]


@pytest.fixture
def as_manager(portal):
    with api.env.adopt_roles(["Manager"]):
        yield


@pytest.mark.usefixtures("as_manager")
class TestCopy:
    def test_has_none(self, portal, make_video):
        item = make_video(portal)
        make(item)
        assert (notes(api.content.copy(item, id="copy")), notes(item)) == ([], ["The jury"])

    def test_is_no_move(self, portal, make_video):
        item = make_video(portal)
        make(item)
        assert notes(api.content.rename(item, new_id="renamed")) == ["The jury"]


def test_a_copy_of_a_folder_has_none(served, make_video):
    with api.env.adopt_roles(["Manager"]):
        make(make_video(api.content.create(served.portal, "Folder", "folder")))
    transaction.commit()
    sent = {"json": {"source": f"{served.url}/folder"}, "headers": {"Accept": "application/json"}}
    served.get("@copy", "manager", "POST", **sent)
    transaction.begin()
    assert {name: notes(served.portal[name]["talk"]) for name in ("folder", "copy_of_folder")} == {
        "folder": ["The jury"],
        "copy_of_folder": [],
    }


@pytest.mark.usefixtures("as_manager")
class TestWorkingCopy:
    @pytest.fixture
    def item(self, portal, make_video):
        applyProfile(portal, "plone.app.iterate:default")
        return make_video(portal)

    def test_has_none(self, portal, item):
        make(item)
        assert notes(ICheckinCheckoutPolicy(item).checkout(portal)) == []

    def test_brings_none_back(self, portal, item):
        make(item)
        copy = ICheckinCheckoutPolicy(item).checkout(portal)
        make(copy, note="of the working copy")
        assert notes(ICheckinCheckoutPolicy(copy).checkin("")) == ["The jury"]


@pytest.mark.usefixtures("as_manager")
class TestRevision:
    @pytest.fixture
    def page(self, portal, add_behavior):
        add_behavior("Document")
        return api.content.create(portal, "Document", "page", title="Old", object_key="a.mp4")

    @staticmethod
    def revert(page):
        repository = api.portal.get_tool("portal_repository")
        repository.revert(page, repository.getHistoryMetadata(page).getLength(countPurged=False) - 2)

    @staticmethod
    def save(page, title):
        page.title = title
        api.portal.get_tool("portal_repository").save(page)

    def test_brings_no_revoked_link_back(self, page):
        link = make(page)
        self.save(page, "Old")
        store.revoke(page, link.digest)
        self.save(page, "New")
        self.revert(page)
        assert (page.title, notes(page)) == ("Old", [])

    def test_leaves_the_links_of_today(self, page):
        self.save(page, "Old")
        make(page)
        self.save(page, "New")
        self.revert(page)
        assert (page.title, notes(page)) == ("Old", ["The jury"])

    def test_from_before_the_first_link_has_none(self, page):
        make(page)
        self.save(page, "Old")
        store.forget(page)
        self.save(page, "New")
        self.revert(page)
        assert notes(page) == []
