"""A site that was made with the first version that landed becomes one of today, and plays."""

from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.interfaces import IKeyRing
from pathlib import Path
from plone import api
from plone.app.testing import applyProfile
from plone.base.interfaces import IPloneSiteRoot
from plone.registry.interfaces import IRegistry
from Products.CMFCore.indexing import processQueue
from Products.GenericSetup import EXTENSION
from Products.GenericSetup import profile_registry
from types import SimpleNamespace
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility

import json
import pytest
import requests
import time
import transaction


PROFILE = "collective.cfprivate:default"
FIRST = Path(__file__).parent / "first"
SITE = json.loads((FIRST / "site.json").read_text())
RING = "collective.cfprivate.keyring"


@pytest.fixture(scope="module", autouse=True)
def first_profile():
    values = ("Protected media as it began", "", str(FIRST / "profile"))
    profile_registry.registerProfile("first", *values, profile_type=EXTENSION, for_=IPloneSiteRoot)
    yield "profile-other:first"
    profile_registry.unregisterProfile("first")


def made_of(portal):
    """What profiles make, by name."""
    workflow = portal.portal_workflow["protected_media_workflow"]
    return {
        "records": {name for name in getUtility(IRegistry).records if "cfprivate" in name},
        "indexes": set(portal.portal_catalog.indexes()),
        "columns": set(portal.portal_catalog.schema()),
        "views": {name: set(portal.portal_types[name].view_methods) for name in ("Folder", "Collection")},
        "type": portal.portal_types["Protected Video"].behaviors,
        "modifiers": set(portal.portal_modifier.objectIds()),
        "permissions": set(workflow.permissions),
        "states": {
            state.getId(): {
                name: (bool(info["acquired"]), set(info["roles"]))
                for name in workflow.permissions
                for info in [state.getPermissionInfo(name)]
            }
            for state in workflow.states.objectValues()
        },
        "roles": set(portal.valid_roles()),
    }


def make_first(portal, make_video):
    """Make the site one of the first version; its restricted video."""
    applyProfile(portal, "collective.cfprivate:uninstall")
    portal.portal_setup.runAllImportStepsFromProfile("profile-other:first")
    records = getUtility(IRegistry).records
    for name in [name for name in records if name.startswith("collective.cfprivate.") and name not in SITE["records"]]:
        del records[name]
    for name, value in SITE["records"].items():
        getUtility(IRegistry)[name] = value
    item = make_video(portal, poster="talks/poster.jpg").aq_base
    for name in set(vars(item)) - set(SITE["attributes"]):
        delattr(item, name)
    processQueue()
    IAnnotations(portal)[RING] = SITE["ring"]
    portal.portal_setup.setLastVersionForProfile(PROFILE, "1000")
    return portal["talk"]


def upgrade(portal):
    portal.portal_setup.upgradeProfile(PROFILE)


class TestUpgraded:
    @pytest.fixture
    def new(self, portal):
        """What a new site of today has."""
        return made_of(portal)

    @pytest.fixture
    def first(self, portal, new, make_video):
        make_first(portal, make_video)
        return portal

    def test_the_first_site_was_another(self, first, new):
        before = made_of(first)
        assert {name for name in new if new[name] != before[name]} == {
            *("records", "indexes", "columns", "views", "modifiers", "permissions", "states")
        }

    @pytest.mark.parametrize(
        "name", ["records", "indexes", "columns", "views", "type", "modifiers", "permissions", "states", "roles"]
    )
    def test_it_has_what_a_new_site_has(self, first, new, name):
        upgrade(first)
        assert made_of(first)[name] == new[name]

    def test_no_step_is_left(self, first):
        upgrade(first)
        assert first.portal_setup.listUpgrades(PROFILE) == []

    @pytest.mark.parametrize("name", ["distribution", "lifetime"])
    def test_it_keeps_its_settings(self, first, name):
        upgrade(first)
        record = f"collective.cfprivate.{name}"
        assert api.portal.get_registry_record(record) == SITE["records"][record]

    def test_its_lifetime_is_under_no_lower_maximum(self, first):
        upgrade(first)
        longest = api.portal.get_registry_record("collective.cfprivate.maximum_lifetime")
        assert longest == SITE["records"]["collective.cfprivate.lifetime"]

    def test_its_key_signs(self, first):
        upgrade(first)
        assert getUtility(IKeyRing).signing_key().public_pem == SITE["public_pem"]

    def test_its_key_can_be_rotated(self, first):
        upgrade(first)
        ring = getUtility(IKeyRing)
        ring.generate_next("EC")
        ring.rename("K2JCJMDEHXQW5G", "next")
        ring.activate(int(time.time()))
        assert ring.describe("previous").key_id == "K2JCJMDEHXQW5F"

    def test_its_media_are_listed(self, first):
        upgrade(first)
        (brain,) = first.portal_catalog.unrestrictedSearchResults(getId="talk")
        assert brain.cfprivate_protected is True


class TestServed:
    @pytest.fixture
    def site(self, functional_portal, make_video, add_user):
        """The upgraded site behind a server, with a member and one who may watch; asks for the stable link."""
        item = make_first(functional_portal, make_video)
        add_user("member")
        add_user("viewer")
        item.manage_setLocalRoles("viewer", ["Media Viewer"])
        transaction.commit()
        upgrade(functional_portal)
        transaction.commit()

        def ask(login, path="talk/@@media"):
            url = f"{functional_portal.absolute_url()}/{path}"
            auth = login and (login, f"secret-of-{login}")
            return requests.get(url, auth=auth, allow_redirects=False, timeout=60)

        return SimpleNamespace(ask=ask, portal=functional_portal)

    def test_it_plays_for_who_may_watch(self, site):
        address = site.ask("viewer").headers["Location"]
        policy = Verifier({"K2JCJMDEHXQW5F": SITE["public_pem"]}).verify(address, int(time.time()))
        assert policy.resource.partition("?")[0] == "https://d111111abcdef8.cloudfront.net/talks/2026/a%20talk.mp4"

    @pytest.mark.parametrize(("login", "status"), [("member", 403), (None, 401)])
    def test_it_plays_for_nobody_else(self, site, login, status):
        assert site.ask(login).status_code == status

    def test_its_page_shows_the_player(self, site):
        assert "cfprivate-player" in site.ask("viewer", "talk").text
