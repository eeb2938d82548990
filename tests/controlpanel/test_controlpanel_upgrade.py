"""The panel of a site that was not upgraded yet."""

from plone.registry.interfaces import IRegistry
from zope.component import getUtility

import pytest
import transaction


SENTENCE = "upgrade Protected media in Site Setup, Add-ons"


@pytest.fixture
def old(configured):
    """A Manager at the panel of a site of profile 1000."""
    for name in ("bind_ip", "maximum_lifetime", "state_rules", "view_on_parents"):
        del getUtility(IRegistry).records[f"collective.cfprivate.{name}"]
    transaction.commit()
    return configured


def test_says_what_to_do(old):
    assert SENTENCE in old.open().page


def test_saves_nothing(old):
    old.fill(lifetime="60")
    transaction.begin()
    assert getUtility(IRegistry)["collective.cfprivate.lifetime"] == 3600


def test_says_why_nothing_was_saved(old):
    assert old.fill(lifetime="60").page.count(SENTENCE) == 2


def test_of_rules_says_why_nothing_was_saved(old):
    assert SENTENCE in old.open("cfprivate-state-rules").press("Save").page


def test_an_upgraded_site_is_not_told(configured):
    assert SENTENCE not in configured.open().page
