"""Shortening the longest lifetime takes no life from what was signed before, so that an old key has to stay as long."""

from collective.cfprivate.interfaces import IKeyRing
from plone import api
from plone.registry import Record
from plone.registry.field import Dict
from plone.registry.field import TextLine
from plone.registry.interfaces import IRegistry
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility

import pytest
import time


RECORD = "collective.cfprivate.maximum_lifetime"


@pytest.fixture
def rotated(portal, signing_key, other_key):
    """A function that changes the longest lifetime, a day at first, and then rotates: when the old key may leave."""

    def change_and_rotate(*lifetimes):
        ring = getUtility(IKeyRing)
        ring.store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
        for lifetime in lifetimes:
            api.portal.set_registry_record(RECORD, lifetime)
        now = int(time.time())
        ring.store_next(pem=other_key.private_pem(), key_id=other_key.key_id)
        ring.activate(now)
        return ring.retired()[0].leaves - now

    return change_and_rotate


@pytest.mark.parametrize(
    ("lifetimes", "seconds"),
    [((), 86400), ((60,), 86400), ((3600, 60), 86400), ((172800,), 172800), ((172800, 60), 172800)],
)
def test_the_longest_lifetime_of_the_last_time_counts(rotated, lifetimes, seconds):
    # A second may pass between the change and the rotation.
    assert seconds - 5 <= rotated(*lifetimes) <= seconds


def test_without_a_key_nothing_is_noted(portal):
    api.portal.set_registry_record(RECORD, 60)
    assert "collective.cfprivate.keyring" not in IAnnotations(portal)


def test_other_settings_note_nothing(portal, signing_key):
    getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    api.portal.set_registry_record("collective.cfprivate.lifetime", 60)
    assert "signed_until" not in IAnnotations(portal)["collective.cfprivate.keyring"]


def test_what_ended_long_ago_counts_no_more(portal, signing_key, other_key):
    ring = getUtility(IKeyRing)
    ring.store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    api.portal.set_registry_record(RECORD, 60)
    later = int(time.time()) + 10 * 86400
    ring.store_next(pem=other_key.private_pem(), key_id=other_key.key_id)
    ring.activate(later)
    assert ring.retired()[0].leaves == later + 60


def test_records_of_other_packages_may_have_values_of_any_kind(portal):
    record = "tests.mapping"
    field = Dict(title="A mapping", key_type=TextLine(), value_type=TextLine())
    getUtility(IRegistry).records[record] = Record(field, {"a": "b"})
    getUtility(IRegistry)[record] = {"c": "d"}
    assert getUtility(IRegistry)[record] == {"c": "d"}
