"""Erasing a key: what is asked, and what is erased in the end."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from urllib.parse import urlencode
from zope.component import getUtility

import pytest
import time
import transaction


PAGE = "cfprivate-erase-key"


@pytest.fixture(scope="session")
def pems():
    """The keys to which the site was rotated, and is to be next."""
    return [SigningKey.generate(key_id="K3", algorithm="EC").private_pem() for _ in range(2)]


@pytest.fixture
def rotated(configured, pems, answers):
    """A Manager of a site with a key in each slot."""
    ring = getUtility(IKeyRing)
    ring.store_next(pem=pems[0], key_id="K3")
    ring.activate(int(time.time()))
    ring.store_next(pem=pems[1])
    transaction.commit()
    return configured.remember(answers["rotated"])


def slots():
    transaction.begin()
    return [slot for slot in ("next", "active", "previous") if getUtility(IKeyRing).describe(slot)]


@pytest.mark.parametrize("slot", ["next", "active", "previous"])
def test_the_page_shows_the_key_that_is_meant(rotated, slot):
    assert getUtility(IKeyRing).describe(slot).fingerprint in rotated.recall(f"{PAGE}?slot={slot}").page


@pytest.mark.parametrize("slot", ["next", "active", "previous"])
def test_that_key_is_erased_and_no_other(rotated, slot):
    rotated.recall(f"{PAGE}?slot={slot}").send("Erase the key")
    assert slots() == [name for name in ("next", "active", "previous") if name != slot]


def test_without_a_slot_the_active_one_is_meant(rotated):
    assert getUtility(IKeyRing).describe().fingerprint in rotated.open(PAGE).page


@pytest.mark.parametrize("slot", ["nxt", "", "token", "retired"])
def test_what_is_no_slot_is_not_found(rotated, slot):
    rotated.open(f"{PAGE}?slot={slot}")
    assert (rotated.status, slots()) == (404, ["next", "active", "previous"])


def test_a_key_that_was_changed_meanwhile_is_not_erased(rotated):
    rotated.recall(f"{PAGE}?slot=previous")
    getUtility(IKeyRing).go_back(int(time.time()))
    transaction.commit()
    rotated.press("Erase the key")
    assert ("The keys were changed meanwhile" in rotated.page, slots()) == (True, ["next", "active", "previous"])


def test_where_there_is_no_key_there_is_nothing_to_press(configured):
    page = configured.recall(f"{PAGE}?slot=previous").page
    assert ("There is no such key." in page, "form.buttons.erase" in page) == (True, False)


def test_a_link_with_the_token_erases_nothing(rotated):
    rotated.recall(f"{PAGE}?slot=next")
    token = rotated.browser.getControl(name="_authenticator", index=0).value
    shown = getUtility(IKeyRing).describe("next").fingerprint
    query = {"slot": "next", "form.buttons.erase": "x", "shown_next": shown, "_authenticator": token}
    rotated.open(f"{PAGE}?{urlencode(query)}")
    assert "next" in slots()


def test_a_post_without_the_token_erases_nothing(rotated):
    shown = getUtility(IKeyRing).describe("next").fingerprint
    rotated.post(PAGE, urlencode({"slot": "next", "form.buttons.erase": "x", "shown_next": shown}))
    assert (rotated.status, slots()) == (403, ["next", "active", "previous"])
