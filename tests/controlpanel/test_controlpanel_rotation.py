"""The page on which the signing key is rotated."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.controlpanel import rotation
from collective.cfprivate.interfaces import IKeyRing
from key_ring import sign_with
from plone import api
from types import SimpleNamespace
from urllib.parse import urlencode
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility

import pytest
import re
import time
import transaction


PAGE = "cfprivate-rotate"
OTHER_SECRET = "another-secret-that-sealed-no-key-at-all"
DAY = 86400
KEY_ID = "K2JCJMDEHXQW5F"
CHANGED = "The keys were changed meanwhile, so that nothing was done"
ERASE_IT = "Take it out of the key group and erase it here."


@pytest.fixture(scope="session")
def new_key():
    """The key to which the tests rotate."""
    return SigningKey.generate(key_id="K3NEWNEWNEWNEW", algorithm="EC")


@pytest.fixture
def ring(functional_portal):
    """The ring, as the database has it now."""

    class Fresh:
        def __getattr__(self, name):
            transaction.begin()
            return getattr(getUtility(IKeyRing), name)

    return Fresh()


@pytest.fixture
def waiting(configured, new_key, answers):
    """A Manager at the page of a site whose next key waits, with its id."""
    getUtility(IKeyRing).store_next(pem=new_key.private_pem(), key_id=new_key.key_id)
    transaction.commit()
    return configured.remember(answers["waiting"]).recall(PAGE)


@pytest.fixture
def tested(configured, new_key, answers):
    """The same, after the distribution took the next key."""
    getUtility(IKeyRing).store_next(pem=new_key.private_pem(), key_id=new_key.key_id)
    getUtility(IKeyRing).note_tested(int(time.time()))
    transaction.commit()
    return configured.remember(answers["tested"]).recall(PAGE)


@pytest.fixture
def activated(tested, answers):
    """The same, after the next key was activated."""
    return tested.send("Activate the next key").remember(answers["activated"]).recall(PAGE)


def ids(ring):
    """The ids of the keys by slot."""
    described = {slot: ring.describe(slot) for slot in ("next", "active", "previous")}
    return {slot: key.key_id for slot, key in described.items() if key}


class TestANewKey:
    @pytest.mark.parametrize("algorithm", ["RSA", "EC"])
    def test_is_made_here(self, configured, ring, algorithm):
        configured.recall(PAGE).enter(algorithm=[algorithm])
        configured.send("Make a key pair")
        assert (ring.describe("next").algorithm, ring.describe("next").key_id) == (algorithm, "")

    def test_is_pasted(self, configured, ring, new_key):
        configured.recall(PAGE).enter(private_key=new_key.private_pem())
        configured.send("Keep this key")
        assert ring.describe("next").fingerprint == new_key.fingerprint

    def test_is_uploaded(self, configured, ring, new_key):
        upload = configured.recall(PAGE).browser.getControl(name="form.widgets.private_key_file")
        upload.add_file(new_key.private_pem().encode(), "application/x-pem-file", "private.pem")
        configured.send("Keep this key")
        assert ring.describe("next").fingerprint == new_key.fingerprint

    def test_is_opened_with_its_passphrase(self, configured, ring, new_key):
        configured.recall(PAGE).enter(private_key=new_key.private_pem("sesame"), passphrase="sesame")
        configured.send("Keep this key")
        assert ring.describe("next").fingerprint == new_key.fingerprint

    @pytest.mark.parametrize(
        ("passphrase", "sentence"),
        [("", "no passphrase was given"), ("sesam", "the passphrase is wrong, or the text is damaged")],
    )
    def test_is_refused_without_it(self, configured, ring, new_key, passphrase, sentence):
        configured.recall(PAGE).enter(private_key=new_key.private_pem("sesame"), passphrase=passphrase)
        assert sentence in configured.press("Keep this key").page
        assert ring.describe("next") is None

    def test_is_not_pasted_and_uploaded(self, configured, ring, new_key):
        configured.recall(PAGE).enter(private_key=new_key.private_pem())
        upload = configured.browser.getControl(name="form.widgets.private_key_file")
        upload.add_file(new_key.private_pem().encode(), "text/plain", "private.pem")
        assert "Give one of them." in configured.press("Keep this key").page

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [("", "Found no PEM block"), ("hunter2", "Found no PEM block"), ("public", "Found a public key")],
    )
    def test_is_refused_where_it_is_none(self, configured, ring, new_key, text, sentence):
        pem = new_key.public_pem if text == "public" else text
        configured.recall(PAGE).enter(private_key=pem)
        assert sentence in configured.press("Keep this key").page
        assert ring.describe("next") is None

    def test_may_be_given_anew_where_it_was_refused(self, configured):
        assert "<details" in configured.recall(PAGE).page
        assert re.search(r"<details[^>]* open", configured.press("Keep this key").page)

    def test_is_not_asked_for_at_once(self, configured):
        assert re.search(r"<details[^>]* open", configured.recall(PAGE).page) is None

    def test_is_not_the_one_that_signs(self, configured, ring, signing_key):
        configured.recall(PAGE).enter(private_key=signing_key.private_pem())
        assert "This is the key that signs already" in configured.press("Keep this key").page

    def test_shows_its_public_half(self, waiting, new_key):
        assert new_key.public_pem.splitlines()[1] in waiting.page

    def test_shows_no_private_half(self, activated, signing_key, new_key):
        activated.press("Go back to the previous key")
        shown = "".join(activated.pages)
        for key in (signing_key, new_key):
            assert [line for line in key.private_pem().splitlines()[1:-1] if line in shown] == []

    def test_leaves_the_active_one_signing(self, waiting, ring, signing_key):
        assert ring.signing_key().fingerprint == signing_key.fingerprint


class TestItsId:
    @pytest.fixture
    def unnamed(self, configured, new_key, answers):
        getUtility(IKeyRing).store_next(pem=new_key.private_pem())
        transaction.commit()
        return configured.remember(answers["unnamed"]).recall(PAGE)

    def enter(self, visitor, key_id):
        visitor.browser.getControl(name="form.widgets.key_id").value = key_id
        return visitor.send("Keep this id")

    def test_is_kept(self, unnamed, ring):
        self.enter(unnamed, " K4 ")
        assert ring.describe("next").key_id == "K4"

    def test_is_refused_where_it_is_that_of_the_active_key(self, unnamed, ring):
        self.enter(unnamed, KEY_ID)
        assert ("This is the id of the key that signs now" in unnamed.page, ids(ring)["next"]) == (True, "")

    @pytest.mark.parametrize("key_id", ["", "K2 JC", "K2/JC"])
    def test_is_refused_where_it_is_none(self, unnamed, ring, key_id):
        self.enter(unnamed, key_id)
        assert ('role="alert"' in unnamed.page, ring.describe("next").key_id) == (True, "")

    def test_is_needed_for_the_test(self, unnamed):
        assert ("First enter its id." in unnamed.page, "cfprivate-selftest?key=next" in unnamed.page) == (True, False)

    def test_is_needed_for_signing(self, unnamed, ring):
        unnamed.press("Activate the next key")
        unnamed.press("Activate it all the same")
        assert ("The key has no id yet" in unnamed.page, ids(ring)) == (True, {"next": "", "active": "K2JCJMDEHXQW5F"})


class TestActivating:
    def test_a_tested_key_takes_one_click(self, activated, ring):
        assert ids(ring) == {"active": "K3NEWNEWNEWNEW", "previous": "K2JCJMDEHXQW5F"}

    def test_an_untested_key_is_asked_about_again(self, waiting, ring):
        waiting.press("Activate the next key")
        assert ("This key was not tested." in waiting.page, ids(ring)["active"]) == (True, "K2JCJMDEHXQW5F")

    def test_the_second_click_activates(self, waiting, ring):
        waiting.press("Activate the next key").send("Activate it all the same")
        assert ids(ring)["active"] == "K3NEWNEWNEWNEW"

    def test_a_new_id_has_to_be_tested_again(self, tested, ring):
        tested.browser.getControl(name="form.widgets.key_id").value = "K4"
        tested.press("Keep this id").press("Activate the next key")
        assert "This key was not tested." in tested.page

    def test_is_not_done_to_another_key_than_was_shown(self, tested, ring, new_key):
        getUtility(IKeyRing).erase("next")
        getUtility(IKeyRing).generate_next("EC")
        getUtility(IKeyRing).rename("K5", "next")
        getUtility(IKeyRing).note_tested(int(time.time()))
        transaction.commit()
        tested.press("Activate the next key")
        assert ("The keys were changed meanwhile" in tested.page, ids(ring)["active"]) == (True, "K2JCJMDEHXQW5F")

    @pytest.fixture
    def third(self, activated):
        """The page after a third key was made, named and tested, while a previous one is kept."""
        ring = getUtility(IKeyRing)
        ring.generate_next("EC")
        ring.rename("K6", "next")
        ring.note_tested(int(time.time()))
        transaction.commit()
        return activated.open(PAGE)

    def test_names_the_previous_key_that_it_erases(self, third):
        text = " ".join(re.sub(r"<[^>]+>", "", third.page).split())
        assert f"the key {KEY_ID} is erased then" in text

    def test_names_none_where_there_is_no_previous_key(self, tested):
        assert "is erased then" not in tested.page

    def test_asks_again_where_that_may_be_needed(self, third, ring):
        third.press("Activate the next key")
        assert ("can then no more go back to it" in third.page, ids(ring)["next"]) == (True, "K6")

    def test_does_not_say_then_that_the_key_was_not_tested(self, third):
        assert "This key was not tested." not in third.press("Activate the next key").page

    def test_erases_it_at_the_second_click(self, third, ring):
        third.press("Activate the next key").send("Activate it all the same")
        assert ids(ring) == {"active": "K6", "previous": "K3NEWNEWNEWNEW"}

    def test_does_not_ask_where_its_time_is_over(self, third, ring, monkeypatch):
        later = time.time() + 2 * DAY
        monkeypatch.setattr(rotation, "time", SimpleNamespace(time=lambda: later))
        third.send("Activate the next key")
        assert ids(ring)["active"] == "K6"

    @pytest.mark.parametrize("button", ["activate", "activate_anyway", "back", "make", "seal"])
    def test_is_refused_without_the_token(self, tested, ring, new_key, button):
        before = ids(ring)
        body = urlencode({
            f"form.buttons.{button}": "x",
            "shown_next": new_key.fingerprint,
            "form.widgets.algorithm": "EC",
        })
        tested.post(PAGE, body)
        assert (tested.status, ids(ring)) == (403, before)

    @pytest.mark.parametrize("button", ["activate", "activate_anyway", "make"])
    def test_is_not_done_by_a_link(self, tested, ring, new_key, button):
        before = ids(ring)
        query = urlencode({f"form.buttons.{button}": "x", "shown_next": new_key.fingerprint})
        tested.open(f"{PAGE}?{query}")
        assert ids(ring) == before


class TestAfterwards:
    def test_the_old_key_has_to_stay_for_the_longest_lifetime(self, activated, ring):
        (retired,) = ring.retired()
        assert (retired.key_id, retired.leaves) == ("K2JCJMDEHXQW5F", ring.describe().activated + DAY)

    def test_the_page_says_so(self, activated):
        assert "may leave the key group from" in activated.page

    def test_one_can_go_back(self, activated, ring):
        activated.send("Go back to the previous key")
        assert ids(ring) == {"active": "K2JCJMDEHXQW5F", "previous": "K3NEWNEWNEWNEW"}

    def test_one_can_change_ones_mind_again(self, activated, ring):
        activated.press("Go back to the previous key").send("Go back to the previous key")
        assert ids(ring) == {"active": "K3NEWNEWNEWNEW", "previous": "K2JCJMDEHXQW5F"}

    def test_in_the_end_the_previous_key_is_offered_for_erasing(self, configured, new_key):
        ring = getUtility(IKeyRing)
        ring.store_next(pem=new_key.private_pem(), key_id=new_key.key_id)
        ring.activate(int(time.time()) - DAY - 1)
        transaction.commit()
        page = configured.open(PAGE).page
        assert ("Take it out of the key group and erase it here." in page, "may leave the key group now" in page) == (
            True,
            True,
        )

    @pytest.mark.parametrize(
        ("link", "slot", "sentence"),
        [("Discard this key", "next", "there is no copy of it"), ("Erase the previous key", "previous", "Going back")],
    )
    def test_erasing_is_asked_about(self, activated, ring, link, slot, sentence):
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        activated.open(PAGE).follow(link)
        assert (sentence in activated.page, slot in ids(ring)) == (True, True)

    @pytest.mark.parametrize(("link", "slot"), [("Discard this key", "next"), ("Erase the previous key", "previous")])
    def test_erasing_takes_that_key_only(self, activated, ring, link, slot):
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        before = ids(ring)
        activated.open(PAGE).follow(link).send("Erase the key")
        assert ids(ring) == {name: key_id for name, key_id in before.items() if name != slot}

    def test_cancelling_erases_nothing(self, activated, ring):
        before = ids(ring)
        activated.follow("Erase the previous key").send("Cancel")
        assert ids(ring) == before


class TestLocked:
    def test_the_page_says_that_the_next_key_is_locked(self, waiting, monkeypatch):
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
        assert "The next key is locked" in waiting.open(PAGE).page

    def test_nothing_is_activated(self, waiting, ring, monkeypatch):
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
        waiting.press("Activate the next key").press("Activate it all the same")
        assert ("encrypted with another secret" in waiting.page, ids(ring)["active"]) == (True, "K2JCJMDEHXQW5F")

    def test_keys_of_the_previous_secret_are_encrypted_anew(self, waiting, ring, monkeypatch):
        monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET", "the-secret-of-the-tests-and-of-nothing-else")
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
        waiting.open(PAGE).send("Encrypt the keys anew")
        monkeypatch.delenv("CFPRIVATE_PREVIOUS_SECRET")
        assert ring.signing_key().key_id == "K2JCJMDEHXQW5F"

    def test_with_one_secret_that_is_not_offered(self, waiting):
        assert "Encrypt the keys anew" not in waiting.page


class TestOutside:
    @pytest.fixture
    def outside(self, waiting, new_key, tmp_path, monkeypatch):
        (tmp_path / "private.pem").write_text(new_key.private_pem())
        monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(tmp_path / "private.pem"))
        monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", "KOUTSIDE")
        return waiting

    def test_the_page_offers_nothing(self, outside):
        assert ("is managed outside" in outside.open(PAGE).page, "form.buttons" in outside.page) == (True, False)

    def test_the_panel_shows_the_key(self, outside):
        page = outside.open().page
        assert ("KOUTSIDE" in page, "This key is managed outside" in page) == (True, True)

    def test_the_panel_asks_for_no_key(self, outside):
        assert "form.widgets.private_key" not in outside.open().page

    def test_the_panel_saves_the_rest(self, outside, saved):
        outside.open().enter(lifetime="60").send("Save")
        assert saved()["lifetime"] == 60

    def test_half_of_it_is_told(self, outside, monkeypatch):
        monkeypatch.delenv("CFPRIVATE_KEY_PAIR_ID")
        assert "give Zope both or neither" in outside.open().page


@pytest.mark.parametrize("name", [PAGE, "cfprivate-selftest"])
@pytest.mark.parametrize("roles", [["Site Administrator"], ["Editor"], []], ids="+".join)
def test_nobody_else_may_open_it(visit, add_user, roles, name):
    add_user("somebody", *roles)
    transaction.commit()
    assert "form.buttons" not in visit("somebody").open(name).page


# Pages that have grown old: each step is for the keys that its page showed


def another_waits():
    """Somebody else discards the next key and makes another, and tests it."""
    ring = getUtility(IKeyRing)
    ring.erase("next")
    ring.generate_next("EC")
    ring.rename("K5", "next")
    ring.note_tested(int(time.time()))
    transaction.commit()


class TestOnAnOldPage:
    def test_the_id_is_not_given_to_another_key(self, tested, ring):
        another_waits()
        tested.enter(key_id="K4").press("Keep this id")
        assert (CHANGED in tested.page, ids(ring)["next"]) == (True, "K5")

    def test_an_untested_key_is_not_activated_in_place_of_another(self, waiting, ring):
        waiting.press("Activate the next key")
        another_waits()
        waiting.press("Activate it all the same")
        assert (CHANGED in waiting.page, ids(ring)["active"]) == (True, KEY_ID)

    def test_a_discarded_key_is_not_activated(self, tested, ring):
        getUtility(IKeyRing).erase("next")
        transaction.commit()
        tested.press("Activate the next key")
        assert (CHANGED in tested.page, ids(ring)) == (True, {"active": KEY_ID})

    def test_a_second_click_does_not_go_back_twice(self, activated, visit, ring):
        other = visit("manager").open(PAGE)
        activated.press("Go back to the previous key")
        other.press("Go back to the previous key")
        assert (CHANGED in other.page, ids(ring)["active"]) == (True, KEY_ID)

    def test_one_does_not_go_back_to_an_erased_key(self, activated, ring, new_key):
        getUtility(IKeyRing).erase("previous")
        transaction.commit()
        activated.press("Go back to the previous key")
        assert (CHANGED in activated.page, ids(ring)) == (True, {"active": new_key.key_id})

    @pytest.mark.parametrize("button", ["Make a key pair", "Keep this key"])
    def test_no_waiting_key_is_replaced(self, configured, ring, new_key, button):
        configured.recall(PAGE).enter(private_key=new_key.private_pem())
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        waiting = ring.describe("next")
        configured.press(button)
        assert ("Another key is waiting as the next one" in configured.page, ring.describe("next")) == (True, waiting)

    @pytest.mark.parametrize("button", ["Make a key pair", "Keep this key"])
    def test_no_key_is_kept_where_the_environment_gives_one_now(
        self, configured, ring, new_key, tmp_path, monkeypatch, button
    ):
        configured.recall(PAGE).enter(private_key=new_key.private_pem())
        monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(tmp_path / "private.pem"))
        monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", "KOUTSIDE")
        configured.press(button)
        assert ("form.buttons" in configured.page, ring.describe("next")) == (False, None)


class TestWhatIsOffered:
    """One site for each: nothing is pressed."""

    def test_without_a_next_key_there_is_nothing_to_name_or_activate(self, configured):
        page = configured.recall(PAGE).page
        assert [name for name in ("name", "activate", "back", "seal") if f"form.buttons.{name}" in page] == []

    def test_with_one_no_other_can_be_made(self, waiting):
        assert [name for name in ("make", "paste") if f"form.buttons.{name}" in waiting.page] == []

    def test_before_the_question_there_is_one_button_to_activate(self, waiting):
        assert "form.buttons.activate_anyway" not in waiting.page

    def test_a_tested_key_is_said_to_be(self, tested):
        assert "The distribution took a signature of this key" in tested.page

    def test_an_untested_key_is_not(self, waiting):
        assert "The distribution took a signature of this key" not in waiting.page

    def test_an_empty_site_can_begin_here(self, manager, ring):
        manager.open(PAGE).press("Make a key pair").enter(key_id="KFIRST").press("Keep this id")
        manager.press("Activate the next key").press("Activate it all the same")
        assert (ids(ring), ring.retired()) == ({"active": "KFIRST"}, ())


class TestWhatIsSaid:
    def test_of_a_new_pair(self, configured):
        page = configured.recall(PAGE).press("Make a key pair").page
        assert "A key pair was made. Its private half stays here" in page

    def test_of_the_id_and_the_activation(self, waiting):
        assert "The id is kept." in waiting.enter(key_id="K4").press("Keep this id").page
        waiting.press("Activate the next key").press("Activate it all the same")
        assert "The new key signs now. The old one is kept" in waiting.page

    def test_of_going_back(self, activated):
        assert "The previous key signs again." in activated.press("Go back to the previous key").page

    def test_of_a_discarded_key(self, waiting):
        assert "The key was erased." in waiting.follow("Discard this key").press("Erase the key").page

    def test_from_when_the_old_key_may_leave(self, waiting):
        # 4102444800 is the beginning of the year 2100, UTC; the longest lifetime is a day.
        api.portal.set_registry_record("plone.portal_timezone", "UTC")
        getUtility(IKeyRing).activate(4_102_444_800)
        transaction.commit()
        page = waiting.open(PAGE).page
        assert ("Jan 01, 2100" in page, "<strong>Jan 02, 2100" in page) == (True, True)

    def test_that_it_may_leave_when_that_time_is_over(self, activated, ring, monkeypatch):
        (retired,) = ring.retired()
        monkeypatch.setattr(rotation, "time", SimpleNamespace(time=lambda: retired.leaves))
        activated.open(PAGE)
        assert ("may leave the key group now" in activated.page, ERASE_IT in activated.page) == (True, True)

    def test_nothing_of_that_a_second_before(self, activated, ring, monkeypatch):
        (retired,) = ring.retired()
        monkeypatch.setattr(rotation, "time", SimpleNamespace(time=lambda: retired.leaves - 1))
        activated.open(PAGE)
        assert ("may leave the key group now" in activated.page, ERASE_IT in activated.page) == (False, False)

    def test_the_longest_lifetime_of_the_site_counts(self, tested, ring):
        api.portal.set_registry_record("collective.cfprivate.maximum_lifetime", 7 * DAY)
        transaction.commit()
        tested.send("Activate the next key")
        assert ring.retired()[0].leaves == ring.describe().activated + 7 * DAY


class TestSecrets:
    def test_are_in_no_page_of_a_whole_rotation(self, configured, ring):
        configured.open(PAGE).press("Make a key pair").enter(key_id="K4").press("Keep this id")
        configured.press("Activate the next key").press("Activate it all the same")
        configured.press("Go back to the previous key").open().open("cfprivate-erase-key?slot=previous")
        stored = IAnnotations(api.portal.get())["collective.cfprivate.keyring"]
        sealed = [stored[slot]["token"] for slot in ("active", "previous")]
        private = [getUtility(IKeyRing).signing_key(slot).private_pem() for slot in ("active", "previous")]
        secrets = [*sealed, *(line for pem in private for line in pem.splitlines()[1:-1])]
        assert [secret for secret in secrets if secret in "".join(configured.pages)] == []

    @pytest.mark.parametrize("given", ["pasted", "uploaded"])
    def test_do_not_come_back_with_a_refusal(self, configured, new_key, given):
        pem = new_key.private_pem("opensesame")
        configured.recall(PAGE).enter(passphrase="opensesam")
        if given == "pasted":
            configured.enter(private_key=pem)
        else:
            configured.upload(pem.encode())
        configured.press("Keep this key")
        secrets = ["opensesam", *pem.splitlines()[1:-1]]
        assert [secret for secret in secrets if secret in configured.page] == []


class TestLockedPreviousKey:
    @pytest.fixture
    def locked(self, activated, ring, monkeypatch, new_key):
        """The active key is open, the previous one is not."""
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
        transaction.begin()
        sign_with(getUtility(IKeyRing), new_key)
        transaction.commit()
        return activated.open(PAGE)

    def test_does_not_sign_again(self, locked, ring, new_key):
        locked.press("Go back to the previous key")
        assert ("encrypted with another secret" in locked.page, ids(ring)["active"]) == (True, new_key.key_id)

    def test_is_not_lost_by_the_next_activation(self, locked, ring):
        locked.press("Make a key pair").enter(key_id="K6").press("Keep this id")
        locked.press("Activate the next key").press("Activate it all the same")
        assert ("is locked and would be lost" in locked.page, ids(ring)["previous"]) == (True, KEY_ID)

    def test_is_lost_only_by_erasing_it(self, locked, ring):
        locked.follow("Erase the previous key").send("Erase the key")
        assert "previous" not in ids(ring)


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_erasing_is_refused_without_the_token(activated, ring, slot):
    getUtility(IKeyRing).generate_next("EC")
    transaction.commit()
    before = ids(ring)
    activated.post(f"cfprivate-erase-key?slot={slot}", urlencode({"form.buttons.erase": "x"}))
    assert (activated.status, ids(ring)) == (403, before)


def test_looking_writes_nothing(activated, functional_portal):
    getUtility(IKeyRing).generate_next("EC")
    transaction.commit()
    activated.open("overview-controlpanel")
    database = functional_portal._p_jar.db()
    before = database.lastTransaction()
    activated.open(PAGE).open("cfprivate-erase-key?slot=next")
    assert database.lastTransaction() == before


def test_asking_again_writes_nothing(waiting, functional_portal):
    waiting.open("overview-controlpanel").open(PAGE)
    database = functional_portal._p_jar.db()
    before = database.lastTransaction()
    waiting.press("Activate the next key")
    assert database.lastTransaction() == before
