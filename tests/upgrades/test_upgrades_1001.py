"""A site of profile 1000, which knew a distribution and a lifetime only, becomes one of 1001."""

from collective.cfprivate import settings
from plone import api
from plone.registry.interfaces import IRegistry
from Products.DCWorkflow.utils import modifyRolesForPermission
from zope.component import getUtility

import pytest


PROFILE = "collective.cfprivate:default"
DELEGATE = ["Sharing page: Delegate Contributor role", "Sharing page: Delegate Editor role"]
NEW = ["bind_ip", "maximum_lifetime", "state_rules", "view_on_parents"]


@pytest.fixture
def old_site(portal):
    """The site as profile 1000 left it, with a choice of its administrator."""
    registry = getUtility(IRegistry)
    for name in NEW:
        del registry.records[f"collective.cfprivate.{name}"]
    registry["collective.cfprivate.lifetime"] = 1234
    api.portal.get_tool("portal_setup").setLastVersionForProfile(PROFILE, "1000")
    return registry


def upgrade():
    api.portal.get_tool("portal_setup").upgradeProfile(PROFILE)


@pytest.mark.parametrize("name", NEW)
def test_it_adds_the_record(old_site, name):
    upgrade()
    assert f"collective.cfprivate.{name}" in old_site.records


def test_it_keeps_what_was_chosen(old_site):
    upgrade()
    assert settings.current().lifetime == 1234


@pytest.mark.parametrize(("lifetime", "maximum"), [(1234, 86400), (86400, 86400), (604800, 604800)])
def test_a_lifetime_is_never_longer_than_the_maximum(old_site, lifetime, maximum):
    old_site["collective.cfprivate.lifetime"] = lifetime
    upgrade()
    assert settings.current().maximum_lifetime == maximum


@pytest.mark.parametrize("role", ["Owner", "Contributor"])
def test_owners_hand_out_no_role_of_the_staff(old_site, portal, make_video, role):
    workflow = api.portal.get_tool("portal_workflow")["protected_media_workflow"]
    workflow.permissions = tuple(name for name in workflow.permissions if name not in DELEGATE)
    item = make_video(portal)
    for permission in DELEGATE:
        modifyRolesForPermission(item, permission, [])  # acquired, as profile 1000 left it
    upgrade()
    with api.env.adopt_roles([role]):
        assert [permission for permission in DELEGATE if api.user.has_permission(permission, obj=item)] == []


def test_it_brings_the_site_to_its_version(old_site):
    upgrade()
    assert api.portal.get_tool("portal_setup").getLastVersionForProfile(PROFILE) == ("1005",)


def test_no_step_is_left(old_site):
    upgrade()
    assert api.portal.get_tool("portal_setup").listUpgrades(PROFILE) == []


def test_an_old_site_works_before_its_upgrade(old_site):
    site = settings.current()
    assert (site.maximum_lifetime, site.bind_ip, site.view_on_parents, dict(site.state_rules)) == (
        86400,
        False,
        False,
        {},
    )


def test_every_version_of_the_profile_has_a_step(portal):
    versions = api.portal.get_tool("portal_setup").listUpgrades(PROFILE, show_old=True)
    assert {(step["ssource"], step["sdest"]) for steps in versions for step in steps} == {
        ("1000", "1001"),
        ("1001", "1002"),
        ("1002", "1003"),
        ("1003", "1004"),
        ("1004", "1005"),
    }


def test_it_keeps_media_out_of_what_versioning_brings_back(old_site):
    modifiers = api.portal.get_tool("portal_modifier")
    modifiers.unregister("collective.cfprivate.keep_medium")
    upgrade()
    assert "collective.cfprivate.keep_medium" in modifiers.objectIds()


def test_its_profile_is_hidden_from_the_list_of_add_ons(portal):
    view = api.content.get_view("prefs_install_products_form", portal, portal.REQUEST)
    assert [entry["id"] for entry in view.get_available() if "cfprivate" in entry["id"]] == []
