"""Check-out and check-in move no medium to, and take none from, where it does not belong."""

from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.places import conflicts_with
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile
from plone.dexterity.utils import iterSchemata
from Products.CMFCore.indexing import processQueue
from zope.annotation.interfaces import IAnnotations

import pytest


KEY = "talks/2026/a talk.mp4"
OTHER = "talks/2026/another talk.mp4"


@pytest.fixture
def baseline(portal, make_video, add_user):
    """A restricted video; ``owner`` edits it without watching, ``editor`` manages it, ``own`` is a folder of the owner."""
    applyProfile(portal, "plone.app.iterate:default")
    item = make_video(portal, poster="talks/2026/poster.jpg", duration=12, lifetime=60)
    add_user("owner")
    add_user("editor")
    api.user.grant_roles(username="owner", roles=["Owner"], obj=item)
    api.user.grant_roles(username="editor", roles=["Editor", "Contributor"], obj=item)
    with api.env.adopt_roles(["Manager"]):
        own = api.content.create(portal, "Folder", "own")
    for login in ("owner", "editor"):
        api.user.grant_roles(username=login, roles=["Contributor", "Editor"], obj=own)
    return item


def check_out(item, login):
    with api.env.adopt_user(login):
        return ICheckinCheckoutPolicy(item).checkout(api.portal.get()["own"])


def check_in(copy, login):
    with api.env.adopt_user(login):
        return ICheckinCheckoutPolicy(copy).checkin("checked in")


def values(item):
    return [getattr(IProtectedMedia(item), name) for name in ("object_key", "poster", "duration", "lifetime")]


EVERYTHING = [KEY, "talks/2026/poster.jpg", 12, 60]


class TestCheckOut:
    def test_by_who_may_not_stream_leaves_the_medium_behind(self, baseline):
        assert values(check_out(baseline, "owner")) == [None, None, None, None]

    def test_by_who_may_not_stream_leaves_the_baseline_as_it_was(self, baseline):
        check_out(baseline, "owner")
        assert values(baseline) == EVERYTHING

    def test_by_who_manages_it_takes_the_medium_along(self, baseline):
        assert values(check_out(baseline, "editor")) == EVERYTHING

    def test_by_who_may_stream_takes_the_medium_along(self, baseline):
        api.user.grant_roles(username="owner", roles=["Owner", "Media Viewer"], obj=baseline)
        assert values(check_out(baseline, "owner")) == EVERYTHING


class TestGivingWay:
    """A copy of an HLS set gives way to its original; to check out and in makes no copy of the baseline."""

    @pytest.fixture
    def copied(self, baseline):
        """The baseline with an HLS set, and a copy of it."""
        with api.env.adopt_roles(["Manager"]):
            IProtectedMedia(baseline).object_key = "a/hls/index.m3u8"
            baseline.reindexObject()
            copy = api.content.copy(baseline, api.portal.get(), "copy")
        processQueue()
        return baseline, copy

    @pytest.mark.parametrize(("number", "conflicts"), [(0, 0), (1, 1)])
    def test_stays_as_it_is(self, copied, number, conflicts):
        with api.env.adopt_roles(["Manager"]):
            checked_out = ICheckinCheckoutPolicy(copied[number]).checkout(api.portal.get())
            item = ICheckinCheckoutPolicy(checked_out).checkin("checked in")
        processQueue()
        assert len(conflicts_with(item, medium_of(item))) == conflicts


class TestCheckIn:
    def test_by_who_does_not_manage_the_baseline_leaves_its_medium(self, baseline):
        copy = check_out(baseline, "owner")
        copy.object_key = OTHER
        check_in(copy, "owner")
        assert values(baseline) == EVERYTHING

    def test_by_who_does_not_manage_the_baseline_brings_the_rest(self, baseline):
        copy = check_out(baseline, "owner")
        copy.title = "A better title"
        check_in(copy, "owner")
        assert baseline.title == "A better title"

    def test_by_who_manages_it_brings_another_medium(self, baseline):
        copy = check_out(baseline, "editor")
        copy.object_key = OTHER
        check_in(copy, "editor")
        assert values(baseline)[0] == OTHER

    def test_by_who_manages_it_takes_the_medium_off(self, baseline):
        copy = check_out(baseline, "editor")
        copy.object_key = None
        check_in(copy, "editor")
        assert values(baseline)[0] is None

    def test_of_a_copy_that_came_without_its_medium_keeps_it(self, baseline):
        check_in(check_out(baseline, "owner"), "editor")
        assert values(baseline) == EVERYTHING

    def test_of_a_copy_that_came_without_its_medium_brings_one_that_was_attached(self, baseline):
        copy = check_out(baseline, "owner")
        copy.object_key = OTHER
        check_in(copy, "editor")
        assert values(baseline)[0] == OTHER

    def test_leaves_no_mark(self, baseline):
        check_in(check_out(baseline, "owner"), "editor")
        assert [name for name in IAnnotations(baseline) if "cfprivate" in name] == []


class TestSite:
    """The site itself as baseline: what lies in it must not acquire its medium."""

    @pytest.fixture
    def site(self, portal, baseline, add_behavior):
        add_behavior("Plone Site")
        IProtectedMedia(portal).object_key = KEY
        with api.env.adopt_roles(["Manager"]):
            copy = ICheckinCheckoutPolicy(portal).checkout(portal)
            IProtectedMedia(copy).object_key = OTHER
            ICheckinCheckoutPolicy(copy).checkin("")
        return portal

    def test_gets_the_medium_of_its_working_copy(self, site):
        assert IProtectedMedia(site).object_key == OTHER

    def test_lends_it_to_nothing_in_it(self, site):
        assert getattr(site.portal_catalog, "object_key", None) is None


def test_an_item_without_the_behavior_is_checked_out_and_in(portal, baseline):
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(portal, "Document", "page")
        copy = ICheckinCheckoutPolicy(page).checkout(portal["own"])
        copy.title = "Changed"
        assert ICheckinCheckoutPolicy(copy).checkin("").title == "Changed"


def test_all_fields_of_the_behavior_are_looked_after(baseline):
    (schema,) = [schema for schema in iterSchemata(baseline) if schema is IProtectedMedia]
    assert set(schema) == {"object_key", "renditions", "poster", "tracks", "duration", "offer_download", "lifetime"}
