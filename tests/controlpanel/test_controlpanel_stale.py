"""What was true when a page was opened, and is not any more when its button is pressed."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from key_ring import sign_with
from zope.component import getUtility

import pytest
import requests
import time
import transaction


OTHER_SECRET = "another-secret-that-sealed-no-key-at-all"
CHANGED = "The keys were changed meanwhile, so that nothing was done"
PAGE = "cfprivate-rotate"
DAY = 86400


@pytest.fixture(scope="session")
def keys():
    """Keys to which somebody else rotates."""
    return [SigningKey.generate(key_id=f"KOTHER{number}", algorithm="EC") for number in range(3)]


@pytest.fixture
def rotate():
    """A function that does what somebody else does meanwhile."""

    def sign_with_these(*keys):
        for key in keys:
            sign_with(getUtility(IKeyRing), key)
        transaction.commit()

    return sign_with_these


def ids():
    transaction.begin()
    described = {slot: getUtility(IKeyRing).describe(slot) for slot in ("next", "active", "previous")}
    return {slot: key.key_id for slot, key in described.items() if key}


class TestPanel:
    def test_an_id_that_was_only_shown_renames_no_other_key(self, configured, keys, rotate):
        configured.open()
        rotate(*keys[:2])
        configured.enter(lifetime="60").press("Save")
        assert ids() == {"active": "KOTHER1", "previous": "KOTHER0"}

    def test_the_settings_beside_it_are_saved(self, configured, keys, rotate, everything_saved):
        configured.open()
        rotate(keys[0])
        configured.enter(lifetime="60").press("Save")
        assert everything_saved()["lifetime"] == 60

    def test_a_new_id_of_a_key_that_was_replaced_is_refused(self, configured, keys, rotate):
        configured.open()
        rotate(keys[0])
        configured.enter(key_id="KCORRECTED").press("Save")
        assert (CHANGED in configured.page, ids()["active"]) == (True, "KOTHER0")

    def test_a_new_id_of_the_key_that_was_shown_is_saved(self, configured):
        configured.fill(key_id="KCORRECTED")
        assert ids()["active"] == "KCORRECTED"


class TestRest:
    """A client that writes back what it has read."""

    @pytest.fixture
    def round_trip(self, configured):
        def write_back(**changes):
            transaction.commit()
            panel = f"{configured.url}/@controlpanels/cfprivate"
            options = {
                "auth": ("manager", "secret-of-manager"),
                "headers": {"Accept": "application/json"},
            }
            data = {**requests.get(panel, timeout=60, **options).json()["data"], **changes}
            answer = requests.patch(panel, json=data, timeout=60, **options)
            transaction.begin()
            return answer

        return write_back

    def test_saves_a_setting(self, round_trip, everything_saved):
        assert (round_trip(lifetime=60).status_code, everything_saved()["lifetime"]) == (204, 60)

    def test_saves_it_while_the_key_is_locked(self, round_trip, everything_saved, monkeypatch):
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
        assert (round_trip(lifetime=60).status_code, everything_saved()["lifetime"]) == (204, 60)

    def test_saves_it_while_the_key_is_outside(self, round_trip, everything_saved, monkeypatch, keys, tmp_path):
        (tmp_path / "private.pem").write_text(keys[0].private_pem())
        monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(tmp_path / "private.pem"))
        monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", "KOUTSIDE")
        assert (round_trip(lifetime=60).status_code, everything_saved()["lifetime"]) == (204, 60)

    def test_does_not_give_a_key_the_id_of_one_before(self, round_trip, signing_key, keys, rotate):
        rotate(*keys[:2])
        answer = round_trip(key_id=signing_key.key_id)
        assert (answer.status_code, ids()["active"]) == (400, "KOTHER1")


class TestRotation:
    @pytest.fixture
    def asked(self, configured, keys, rotate):
        """Somebody before the second question, about an untested key that waits; another key is the previous one."""
        rotate(keys[0])
        getUtility(IKeyRing).store_next(pem=keys[1].private_pem(), key_id=keys[1].key_id)
        transaction.commit()
        return configured.open(PAGE).press("Activate the next key")

    def test_a_previous_key_that_was_not_shown_is_not_erased(self, asked):
        getUtility(IKeyRing).go_back(int(time.time()))
        transaction.commit()
        before = ids()
        asked.press("Activate it all the same")
        assert (CHANGED in asked.page, ids()) == (True, before)

    def test_a_key_under_another_id_is_not_activated(self, asked):
        getUtility(IKeyRing).rename("KRENAMED", "next")
        transaction.commit()
        asked.press("Activate it all the same")
        assert (CHANGED in asked.page, ids()["next"]) == (True, "KRENAMED")

    def test_what_was_shown_is_activated(self, asked):
        asked.press("Activate it all the same")
        assert ids() == {"active": "KOTHER1", "previous": "KOTHER0"}


class TestGoingBack:
    @pytest.fixture
    def late(self, configured, keys):
        """Somebody at the page when nothing that the previous key signed is valid any more."""
        ring = getUtility(IKeyRing)
        ring.store_next(pem=keys[0].private_pem(), key_id=keys[0].key_id)
        ring.activate(int(time.time()) - 2 * DAY)
        transaction.commit()
        return configured.open(PAGE)

    def test_after_its_time_is_asked_about(self, late):
        before = ids()
        late.press("Go back to the previous key")
        assert ("so that it may have left the key group" in late.page, ids()) == (True, before)

    def test_is_done_at_the_second_click(self, late, signing_key):
        late.press("Go back to the previous key").press("Go back all the same")
        assert ids()["active"] == signing_key.key_id

    def test_the_question_is_told_at_the_top(self, late):
        late.press("Go back to the previous key")
        assert late.page.index('href="#asks-back"') < late.page.index('id="asks-back"')


class TestLockedPreviousKey:
    @pytest.fixture
    def locked(self, configured, keys, monkeypatch):
        """Somebody at the page with a previous key that is locked, and a next one."""
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
        ring = getUtility(IKeyRing)
        for key in keys[:2]:
            ring.store_next(pem=key.private_pem(), key_id=key.key_id)
            if key is keys[0]:
                ring.activate(int(time.time()))
        transaction.commit()
        return configured.open(PAGE)

    def test_is_not_said_to_be_erased(self, locked):
        assert "is erased then" not in locked.page

    def test_keeps_the_next_one_from_signing_and_says_what_to_do(self, locked):
        before = ids()
        locked.press("Activate the next key").press("Activate it all the same")
        assert ("The previous key is locked and would be lost" in locked.page, ids()) == (True, before)
