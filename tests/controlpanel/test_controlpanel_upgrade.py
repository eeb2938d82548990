"""The panel of a site that was not upgraded yet."""

from collective.cfprivate.controlpanel.as_json import status_as_json
from collective.cfprivate.controlpanel.status import status_of_site
from plone.registry.interfaces import IRegistry
from zope.component import getUtility

import pytest
import transaction


SENTENCE = "upgrade Protected media in Site Setup, Add-ons"


@pytest.fixture
def old(configured, answers):
    """A Manager at the panel of a site of profile 1000."""
    for name in ("bind_ip", "maximum_lifetime", "state_rules", "view_on_parents"):
        del getUtility(IRegistry).records[f"collective.cfprivate.{name}"]
    transaction.commit()
    return configured.remember(answers["old"])


def test_says_what_to_do(old):
    assert SENTENCE in old.recall().page


def test_says_that_media_can_be_signed_still(old):
    page = old.recall().page
    assert ("Protected media can be signed." in page, "Nothing protected can be watched" in page) == (True, False)


def test_is_told_in_site_setup(old):
    notice = old.open("overview-controlpanel").page.partition('id="cfprivate-site-setup"')[2].partition("</div>")[0]
    assert (SENTENCE in notice, "are not set up" in notice) == (True, False)


@pytest.mark.parametrize(("site", "upgrade"), [("old", True), ("configured", False)])
def test_is_told_to_programs(request, site, upgrade):
    request.getfixturevalue(site)
    told = status_as_json(status_of_site())
    assert (told["configured"], told["problems"], told["upgrade"] is not None) == (True, [], upgrade)


def test_saves_nothing(old):
    old.save(lifetime="60")
    transaction.begin()
    assert getUtility(IRegistry)["collective.cfprivate.lifetime"] == 3600


def test_says_why_nothing_was_saved(old):
    assert old.save(lifetime="60").page.count(SENTENCE) == 2


def test_of_rules_says_why_nothing_was_saved(old):
    assert SENTENCE in old.open("cfprivate-state-rules").press("Save").page


def test_an_upgraded_site_is_not_told(configured):
    assert SENTENCE not in configured.recall().page
