"""What is remembered of a test of a medium, and what the catalog knows to be broken."""

from Acquisition import aq_base
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.tested import last_test
from collective.cfprivate.media.tested import LastTest
from collective.cfprivate.media.tested import note_tested
from plone import api
from plone.testing.zope import Browser

import pytest
import transaction


JSON = {"Accept": "application/json"}
WHEN = 1767225600


def broken(problem):
    """The ids of what the catalog knows to have the problem."""
    return [
        brain.getId
        for brain in api.portal.get_tool("portal_catalog").unrestrictedSearchResults(
            cfprivate_problems=problem, object_provides=IProtectedItem.__identifier__
        )
    ]


class TestMemory:
    @pytest.fixture
    def talk(self, portal, make_video):
        return make_video(portal)

    def test_is_empty_at_first(self, talk):
        assert last_test(talk) is None

    @pytest.mark.parametrize("found", [True, False])
    def test_keeps_what_was_found_and_when(self, talk, found):
        note_tested(talk, found=found, when=WHEN)
        assert last_test(talk) == LastTest(found=found, when=WHEN)

    def test_keeps_the_last_test_only(self, talk):
        note_tested(talk, found=False, when=WHEN)
        note_tested(talk, found=True, when=WHEN + 1)
        assert last_test(talk) == LastTest(found=True, when=WHEN + 1)

    @pytest.mark.parametrize("key", ["talks/other.mp4", None, ""])
    def test_counts_for_the_key_that_was_tested_only(self, talk, key):
        note_tested(talk, found=False, when=WHEN)
        talk.object_key = key
        assert last_test(talk) is None

    def test_counts_again_once_the_key_is_back(self, talk):
        key = talk.object_key
        note_tested(talk, found=False, when=WHEN)
        talk.object_key = "talks/other.mp4"
        talk.object_key = key
        assert last_test(talk) == LastTest(found=False, when=WHEN)

    def test_holds_no_object_key(self, talk):
        note_tested(talk, found=True, when=WHEN)
        assert talk.object_key not in repr(vars(aq_base(talk))["_cfprivate_tested"])

    def test_is_of_builtin_types(self, talk):
        note_tested(talk, found=True, when=WHEN)
        noted = vars(aq_base(talk))["_cfprivate_tested"]
        assert {type(noted), *map(type, noted.values())} == {dict, str, bool, int}

    def test_of_a_folder_is_not_that_of_its_items(self, portal, make_video, add_behavior):
        add_behavior("Folder")
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder", object_key="same.mp4")
        item = make_video(folder, object_key="same.mp4")
        note_tested(folder, found=False, when=WHEN)
        assert last_test(item) is None

    def test_of_the_site_is_not_that_of_its_items(self, portal, make_video, add_behavior):
        add_behavior("Plone Site")
        IProtectedMedia(portal).object_key = "same.mp4"
        item = make_video(portal, object_key="same.mp4")
        note_tested(portal, found=False, when=WHEN)
        assert (last_test(portal).found, last_test(item)) == (False, None)

    def test_leaves_the_date_of_modification(self, talk):
        before = talk.modified()
        note_tested(talk, found=True, when=WHEN)
        assert talk.modified() == before


class TestIndex:
    def test_knows_nothing_broken_of_an_item_with_a_key(self, portal, make_video):
        make_video(portal)
        assert (broken("no-medium"), broken("object-missing")) == ([], [])

    def test_knows_an_item_without_a_key(self, portal, make_video):
        make_video(portal, object_key=None)
        assert (broken("no-medium"), broken("object-missing")) == (["talk"], [])

    @pytest.mark.parametrize(("found", "known"), [(True, []), (False, ["talk"])])
    def test_learns_of_a_test(self, portal, make_video, found, known):
        note_tested(make_video(portal), found=found, when=WHEN)
        assert (broken("no-medium"), broken("object-missing")) == ([], known)

    def test_forgets_what_was_missing_once_it_is_found(self, portal, make_video):
        item = make_video(portal)
        note_tested(item, found=False, when=WHEN)
        note_tested(item, found=True, when=WHEN + 1)
        assert broken("object-missing") == []

    def test_knows_nothing_of_other_content(self, portal):
        with api.env.adopt_roles(["Manager"]):
            api.content.create(portal, "Document", "page")
        assert broken("no-medium") == []

    def test_knows_the_site(self, portal, add_behavior):
        add_behavior("Plone Site")
        portal.reindexObject()
        assert broken("no-medium") == ["plone"]

    def test_of_the_site_is_not_that_of_its_items(self, portal, add_behavior, make_video):
        add_behavior("Plone Site")
        make_video(portal)
        portal.reindexObject()
        assert broken("no-medium") == ["plone"]

    def test_knows_a_copy_that_came_without_its_medium(self, portal, make_video, add_user):
        source = make_video(portal, state="public")
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder")
        folder.manage_permission("Add portal content", ["Member"], acquire=True)
        folder.manage_permission("collective.cfprivate: Manage protected media", ["Member"], acquire=True)
        add_user("member")
        with api.env.adopt_user(username="member"):
            api.content.copy(source, folder, id="copied", safe_id=False)
        assert broken("no-medium") == ([] if folder["copied"].object_key else ["copied"])

    def test_forgets_an_item_that_was_deleted(self, portal, make_video):
        item = make_video(portal, object_key=None)
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(item, check_linkintegrity=False)
        assert broken("no-medium") == []


def broken_now(problem):
    """The same after requests that others made."""
    transaction.begin()
    return broken(problem)


class TestChanges:
    """An editor gives or takes a key; nobody reindexes."""

    def patch(self, served, **fields):
        assert served.get("talk", "manager", method="PATCH", headers=JSON, json=fields).status_code == 204

    def test_by_rest_that_take_the_key(self, served):
        self.patch(served, object_key=None)
        assert broken_now("no-medium") == ["talk"]

    def test_by_rest_that_give_a_key(self, served):
        self.patch(served, object_key=None)
        self.patch(served, object_key="talks/a.mp4")
        assert broken_now("no-medium") == []

    def test_by_rest_that_change_a_key_that_was_missing(self, served):
        note_tested(served.item, found=False, when=WHEN)
        transaction.commit()
        self.patch(served, object_key="talks/other.mp4")
        assert broken_now("object-missing") == []

    @pytest.mark.parametrize(("key", "known"), [("", ["talk"]), ("talks/other.mp4", [])])
    def test_by_the_form(self, served, functional_app, key, known):
        browser = Browser(functional_app)
        browser.addHeader("Authorization", "Basic manager:secret-of-manager")
        browser.open(f"{served.url}/talk/edit")
        browser.getControl(name="form.widgets.IProtectedMedia.object_key").value = key
        browser.getControl("Save").click()
        assert broken_now("no-medium") == known
