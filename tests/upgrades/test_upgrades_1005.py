"""A site of profile 1004, which knew no bucket, becomes one of 1005."""

from collective.cfprivate import settings
from plone import api
from plone.registry.interfaces import IRegistry
from zope.component import getUtility

import pytest


PROFILE = "collective.cfprivate:default"
DEFAULTS = {
    "s3_bucket": "",
    "s3_region": "",
    "s3_endpoint": "",
    "upload_prefix": "uploads/",
    "upload_maximum": 20_000,
    "mediaconvert_role": "",
    "events_queue": "",
    "upload_types": (
        "video/mp4",
        "video/webm",
        "video/quicktime",
        "audio/*",
        "image/jpeg",
        "image/png",
        "image/webp",
        "application/pdf",
        "text/vtt",
    ),
}


def record(name):
    return f"collective.cfprivate.{name}"


def upgrade():
    api.portal.get_tool("portal_setup").upgradeProfile(PROFILE)


@pytest.fixture
def old_site(portal):
    """The site as profile 1004 left it."""
    records = getUtility(IRegistry).records
    for name in DEFAULTS:
        del records[record(name)]
    portal.portal_setup.setLastVersionForProfile(PROFILE, "1004")
    return portal


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_it_adds_the_setting(old_site, name, default):
    upgrade()
    assert api.portal.get_registry_record(record(name)) == default


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_an_old_site_has_the_default_before_its_upgrade(old_site, name, default):
    groups = (settings.current(), settings.bucket())
    assert [getattr(group, name) for group in groups if hasattr(group, name)] == [default]


def test_an_old_site_asks_for_its_upgrade(old_site):
    assert settings.upgrade_needed()


def test_it_keeps_what_was_chosen(old_site):
    api.portal.set_registry_record(record("bind_ip"), True)
    upgrade()
    assert api.portal.get_registry_record(record("bind_ip")) is True


def test_it_can_run_twice(old_site):
    upgrade()
    api.portal.set_registry_record(record("s3_bucket"), "films")
    old_site.portal_setup.setLastVersionForProfile(PROFILE, "1004")
    upgrade()
    assert api.portal.get_registry_record(record("s3_bucket")) == "films"


def test_no_step_is_left(old_site):
    upgrade()
    assert (old_site.portal_setup.listUpgrades(PROFILE), settings.upgrade_needed()) == ([], False)
