"""A site of profile 1001, which knew neither HLS nor the overview, becomes one of 1002."""

from collective.cfprivate import settings
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.places import conflicts_of
from collective.cfprivate.media.renditions import Rendition
from dataclasses import replace
from plone import api
from plone.registry.interfaces import IRegistry
from Products.CMFCore.indexing import processQueue
from zope.component import getUtility

import pytest


PROFILE = "collective.cfprivate:default"
NEW = ["hash_algorithm", "delivery", "cookie_domain", "embed_ancestors"]
INDEX = "cfprivate_problems"
PLACES = "cfprivate_places"


@pytest.fixture
def old_site(portal, make_video):
    """The site as profile 1001 left it, with media and a choice of its administrator."""
    make_video(portal)
    make_video(portal, "keyless", object_key=None)
    registry = getUtility(IRegistry)
    for name in NEW:
        del registry.records[f"collective.cfprivate.{name}"]
    registry["collective.cfprivate.bind_ip"] = True
    processQueue()
    for index in (INDEX, PLACES):
        api.portal.get_tool("portal_catalog").delIndex(index)
    api.portal.get_tool("portal_setup").setLastVersionForProfile(PROFILE, "1001")
    return registry


def upgrade():
    api.portal.get_tool("portal_setup").upgradeProfile(PROFILE)


def broken():
    catalog = api.portal.get_tool("portal_catalog")
    return [brain.getId for brain in catalog.unrestrictedSearchResults(**{INDEX: "no-medium"})]


@pytest.mark.parametrize("name", NEW)
def test_it_adds_the_record(old_site, name):
    upgrade()
    assert f"collective.cfprivate.{name}" in old_site.records


def test_it_keeps_what_was_chosen(old_site):
    upgrade()
    assert settings.current().bind_ip is True


@pytest.mark.parametrize("index", [INDEX, PLACES])
def test_it_adds_the_index(old_site, index):
    upgrade()
    assert index in api.portal.get_tool("portal_catalog").indexes()


def test_it_fills_the_index_of_folders(old_site, portal):
    upgrade()
    medium = replace(medium_of(portal["talk"]), files=(Rendition(object_key="talks/index.m3u8"),))
    assert [item.getId() for item in conflicts_of(medium, own=frozenset())] == ["talk"]


def test_it_fills_the_index(old_site):
    upgrade()
    assert broken() == ["keyless"]


def test_it_indexes_protected_items_only(old_site, portal):
    with api.env.adopt_roles(["Manager"]):
        api.content.create(portal, "Document", "page")
    upgrade()
    processQueue()
    index = api.portal.get_tool("portal_catalog").Indexes[INDEX]
    # The one without a key, and the talk, which has no captions.
    assert index.numObjects() == 2


def test_it_leaves_the_other_indexes_alone(old_site, portal):
    portal["talk"].title = "Never indexed"
    upgrade()
    catalog = api.portal.get_tool("portal_catalog")
    assert (len(catalog.unrestrictedSearchResults(Title="indexed")), portal["talk"].title) == (0, "Never indexed")


def test_what_the_catalog_lists_though_it_is_gone_does_not_stop_it(old_site, portal):
    portal._delOb("talk")
    upgrade()
    assert broken() == ["keyless"]


def test_it_can_run_twice(old_site):
    upgrade()
    api.portal.get_tool("portal_setup").setLastVersionForProfile(PROFILE, "1001")
    upgrade()
    assert broken() == ["keyless"]


def test_no_step_is_left(old_site):
    upgrade()
    assert api.portal.get_tool("portal_setup").listUpgrades(PROFILE) == []


def test_an_old_site_works_before_its_upgrade(old_site):
    catalog = api.portal.get_tool("portal_catalog")
    found = catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__)
    assert (settings.current().hash_algorithm, len(found)) == ("SHA1", 2)
