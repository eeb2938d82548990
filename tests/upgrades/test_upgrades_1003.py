"""A site of profile 1002, which knew nothing of listings, guests and media in texts, becomes one of 1003."""

from collective.cfprivate.playback import editor_format
from plone import api
from plone.base.interfaces import IBundleRegistry
from plone.registry.interfaces import IRegistry
from Products.CMFCore.indexing import processQueue
from zope.component import getUtility

import Missing
import pytest


PROFILE = "collective.cfprivate:default"
COLUMNS = ["cfprivate_duration", "cfprivate_protected"]
VIEW = "media_listing"
TYPES = ["Folder", "Collection"]
BUNDLE = "plone.bundles/collective-cfprivate-player"
GUEST_MAXIMUM = "collective.cfprivate.guest_maximum"


@pytest.fixture
def old_site(portal, make_video):
    """The site as profile 1002 left it, with media, and a view that its administrator took from folders."""
    make_video(portal, duration=12)
    make_video(portal, "open", state="public")
    with api.env.adopt_roles(["Manager"]):
        api.content.create(portal, "Document", "page", title="A page")
    processQueue()
    for name in COLUMNS:
        portal.portal_catalog.delColumn(name)
    for name in TYPES:
        fti = portal.portal_types[name]
        left = [method for method in fti.view_methods if method not in {VIEW, "tabular_view"}]
        fti.manage_changeProperties(view_methods=left)
    del getUtility(IRegistry).records[GUEST_MAXIMUM]
    editor_format.withdraw()
    getUtility(IRegistry).registerInterface(IBundleRegistry, prefix=BUNDLE)
    portal.portal_setup.setLastVersionForProfile(PROFILE, "1002")
    return portal


def upgrade():
    api.portal.get_tool("portal_setup").upgradeProfile(PROFILE)


def listed(name):
    catalog = api.portal.get_tool("portal_catalog")
    (brain,) = catalog.unrestrictedSearchResults(getId=name)
    return [getattr(brain, column) for column in COLUMNS]


@pytest.mark.parametrize("column", COLUMNS)
def test_it_adds_the_column(old_site, column):
    upgrade()
    assert column in old_site.portal_catalog.schema()


@pytest.mark.parametrize(
    ("name", "values"), [("talk", [12, True]), ("open", [None, False]), ("page", [Missing.Value, Missing.Value])]
)
def test_it_fills_the_columns_of_protected_items_only(old_site, name, values):
    upgrade()
    assert listed(name) == values


def test_it_leaves_other_content_alone(old_site):
    old_site["page"].title = "Never indexed"
    upgrade()
    (brain,) = old_site.portal_catalog.unrestrictedSearchResults(getId="page")
    assert brain.Title == "A page"


@pytest.mark.parametrize("name", TYPES)
def test_it_offers_the_view(old_site, name):
    upgrade()
    assert VIEW in old_site.portal_types[name].view_methods


@pytest.mark.parametrize("name", TYPES)
def test_it_gives_back_no_view_that_was_taken(old_site, name):
    upgrade()
    assert "tabular_view" not in old_site.portal_types[name].view_methods


def test_it_adds_the_setting_of_guest_links(old_site):
    upgrade()
    assert GUEST_MAXIMUM in getUtility(IRegistry).records


def test_it_takes_the_bundle_away(old_site):
    upgrade()
    assert [name for name in getUtility(IRegistry).records if name.startswith(BUNDLE)] == []


def test_it_offers_the_format_in_the_editor_once(old_site):
    upgrade()
    old_site.portal_setup.setLastVersionForProfile(PROFILE, "1002")
    upgrade()
    assert api.portal.get_registry_record("plone.inline_styles").count(editor_format.STYLE) == 1


def test_what_the_catalog_lists_though_it_is_gone_does_not_stop_it(old_site):
    old_site._delOb("talk")
    upgrade()
    assert listed("open") == [None, False]


def test_it_can_run_twice(old_site):
    upgrade()
    old_site.portal_setup.setLastVersionForProfile(PROFILE, "1002")
    upgrade()
    assert (listed("talk"), old_site.portal_types["Folder"].view_methods.count(VIEW)) == ([12, True], 1)


def test_a_type_that_is_gone_does_not_stop_it(old_site):
    old_site.portal_types.manage_delObjects(["Collection"])
    upgrade()
    assert "Collection" not in old_site.portal_types.objectIds()


def test_no_step_is_left(old_site):
    upgrade()
    assert old_site.portal_setup.listUpgrades(PROFILE) == []
