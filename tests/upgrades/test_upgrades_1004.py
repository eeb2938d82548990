"""A site of profile 1003, whose collections could not ask for media, becomes one of 1004."""

from plone import api
from plone.registry.interfaces import IRegistry
from Products.CMFCore.indexing import processQueue
from zope.component import getUtility

import pytest


PROFILE = "collective.cfprivate:default"
INDEXES = ["cfprivate_captions_missing", "cfprivate_kind", "cfprivate_protected"]
CRITERION = "plone.app.querystring.field."
SETTING = "collective.cfprivate.key_prefixes"


@pytest.fixture
def old_site(portal, make_video):
    """The site as profile 1003 left it, with media and other content."""
    make_video(portal)
    make_video(portal, "open", state="public", object_key="talks/b.mp3")
    with api.env.adopt_roles(["Manager"]):
        api.content.create(portal, "Document", "page", title="A page")
    processQueue()
    for name in INDEXES:
        portal.portal_catalog.delIndex(name)
    records = getUtility(IRegistry).records
    for name in [name for name in records if name.startswith(tuple(f"{CRITERION}{index}." for index in INDEXES))]:
        del records[name]
    del records[SETTING]
    portal.portal_setup.setLastVersionForProfile(PROFILE, "1003")
    return portal


def upgrade():
    api.portal.get_tool("portal_setup").upgradeProfile(PROFILE)


def found(index, value):
    catalog = api.portal.get_tool("portal_catalog")
    return sorted(brain.getId for brain in catalog.unrestrictedSearchResults(**{index: value}))


@pytest.mark.parametrize("name", INDEXES)
def test_it_adds_the_index(old_site, name):
    upgrade()
    assert name in old_site.portal_catalog.indexes()


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("cfprivate_captions_missing", "en", ["talk"]),
        ("cfprivate_kind", "audio", ["open"]),
        ("cfprivate_protected", True, ["talk"]),
        ("cfprivate_protected", False, ["open"]),
    ],
)
def test_it_fills_the_index(old_site, name, value, ids):
    upgrade()
    assert found(name, value) == ids


@pytest.mark.parametrize("name", ["cfprivate_kind", "cfprivate_protected"])
def test_it_indexes_protected_items_only(old_site, name):
    upgrade()
    processQueue()
    assert old_site.portal_catalog.Indexes[name].numObjects() == 2


def test_it_leaves_other_content_alone(old_site):
    old_site["page"].title = "Never indexed"
    upgrade()
    (brain,) = old_site.portal_catalog.unrestrictedSearchResults(getId="page")
    assert brain.Title == "A page"


@pytest.mark.parametrize("name", INDEXES)
def test_it_offers_the_criterion(old_site, name):
    upgrade()
    assert api.portal.get_registry_record(f"{CRITERION}{name}.enabled") is True


def test_it_adds_the_setting_of_prefixes(old_site):
    upgrade()
    assert api.portal.get_registry_record(SETTING) == ()


def test_it_keeps_what_was_chosen(old_site):
    api.portal.set_registry_record("collective.cfprivate.bind_ip", True)
    upgrade()
    assert api.portal.get_registry_record("collective.cfprivate.bind_ip") is True


def test_it_gives_the_index_of_keys_to_a_site_of_an_early_1003(old_site):
    old_site.portal_catalog.delIndex("cfprivate_keys")
    upgrade()
    processQueue()
    assert old_site.portal_catalog.Indexes["cfprivate_keys"].numObjects() == 2


def test_what_the_catalog_lists_though_it_is_gone_does_not_stop_it(old_site):
    old_site._delOb("talk")
    upgrade()
    assert found("cfprivate_kind", "audio") == ["open"]


def test_it_can_run_twice(old_site):
    upgrade()
    old_site.portal_setup.setLastVersionForProfile(PROFILE, "1003")
    upgrade()
    assert found("cfprivate_protected", True) == ["talk"]


def test_no_step_is_left(old_site):
    upgrade()
    assert old_site.portal_setup.listUpgrades(PROFILE) == []


def test_an_old_site_works_before_its_upgrade(old_site, make_video):
    make_video(old_site, "new")
    processQueue()
    assert found("portal_type", "Protected Video") == ["new", "open", "talk"]
