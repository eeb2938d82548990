"""Without its secret no key is overwritten, dropped or changed, and each opens again when the secret is back."""

from collective.cfprivate.exceptions import CFPrivateError
from collective.cfprivate.exceptions import KeyLocked
from collective.cfprivate.exceptions import KeyRefused
from collective.cfprivate.exceptions import NoSecret
from collective.cfprivate.exceptions import SecretMissing
from collective.cfprivate.keyring.ring import KeyRing
from contextlib import suppress
from copy import deepcopy
from key_ring import sign_with
from layers import SECRET
from zope.annotation.interfaces import IAnnotations

import pytest


ANNOTATION = "collective.cfprivate.keyring"
OTHER_SECRET = "another-secret-that-sealed-no-key-at-all"
SHORT = "only-31-characters-of-a-secret!"
NOW = 4_000_000_000
SLOTS = ["next", "active", "previous"]

# What the environment gives, where MISSING and FOLDER are paths.
ENVIRONMENTS = {
    "gone": {},
    "other": {"CFPRIVATE_SECRET": OTHER_SECRET},
    "short": {"CFPRIVATE_SECRET": SHORT},
    "missing file": {"CFPRIVATE_SECRET_FILE": "MISSING"},
    "folder": {"CFPRIVATE_SECRET_FILE": "FOLDER"},
    "two others": {"CFPRIVATE_SECRET": OTHER_SECRET, "CFPRIVATE_PREVIOUS_SECRET": OTHER_SECRET.upper()},
    "previous alone": {"CFPRIVATE_PREVIOUS_SECRET": SECRET},
    "previous short": {"CFPRIVATE_SECRET": OTHER_SECRET, "CFPRIVATE_PREVIOUS_SECRET": SHORT},
    "previous file missing": {"CFPRIVATE_SECRET": OTHER_SECRET, "CFPRIVATE_PREVIOUS_SECRET_FILE": "MISSING"},
}
# A secret that could seal, only that it opens nothing.
USABLE = ("other", "two others", "previous short", "previous file missing")
UNUSABLE = [kind for kind in ENVIRONMENTS if kind not in USABLE]

LOCKED = {
    **{f"signing_key {slot}": lambda ring, key, slot=slot: ring.signing_key(slot) for slot in SLOTS},
    **{f"public_pem {slot}": lambda ring, key, slot=slot: ring.public_pem(slot) for slot in SLOTS},
    **{f"rename {slot}": lambda ring, key, slot=slot: ring.rename("KRENAMED", slot) for slot in SLOTS},
    "activate": lambda ring, key: ring.activate(NOW),
    "go_back": lambda ring, key: ring.go_back(NOW),
}
WAITS = {
    "store": lambda ring, key: ring.store(pem=key.private_pem(), key_id=key.key_id),
    "store_next": lambda ring, key: ring.store_next(pem=key.private_pem(), key_id=key.key_id),
    "generate_next": lambda ring, key: ring.generate_next("EC"),
}
REFUSED = {
    **{name: (call, KeyLocked) for name, call in LOCKED.items()},
    **{name: (call, KeyRefused) for name, call in WAITS.items()},
    "seal_anew": (lambda ring, key: ring.seal_anew(), (KeyLocked, NoSecret)),
}


@pytest.fixture
def give(monkeypatch, tmp_path):
    """A function that has the environment give these secrets and no others."""
    paths = {"MISSING": str(tmp_path / "missing"), "FOLDER": str(tmp_path)}

    def give_secrets(**values):
        for variable in ("CFPRIVATE_SECRET", "CFPRIVATE_PREVIOUS_SECRET"):
            monkeypatch.delenv(variable, raising=False)
            monkeypatch.delenv(f"{variable}_FILE", raising=False)
        for variable, value in values.items():
            monkeypatch.setenv(variable, paths.get(value, value))

    return give_secrets


@pytest.fixture
def stored(portal):
    """A function that copies what the site keeps of the ring."""
    return lambda: deepcopy(IAnnotations(portal).get(ANNOTATION))


def opened(ring):
    """The fingerprints of the keys that open, by slot."""
    found = {}
    for slot in SLOTS:
        with suppress(CFPrivateError):
            found[slot] = ring.signing_key(slot).fingerprint
    return found


# a full ring


@pytest.mark.parametrize("kind", ENVIRONMENTS)
@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_call_changes_nothing(full, stored, give, other_key, name, kind):
    before = stored()
    give(**ENVIRONMENTS[kind])
    call, error = REFUSED[name]
    with pytest.raises(error):
        call(full, other_key)
    assert stored() == before


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_every_key_opens_again_whatever_was_tried(full, keys, give, other_key, kind):
    give(**ENVIRONMENTS[kind])
    for call, _error in REFUSED.values():
        with suppress(CFPrivateError):
            call(full, other_key)
    give(CFPRIVATE_SECRET=SECRET)
    assert opened(full) == {slot: getattr(keys, slot).fingerprint for slot in SLOTS}


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_without_the_secret_no_key_opens(full, give, kind):
    give(**ENVIRONMENTS[kind])
    assert opened(full) == {}


@pytest.mark.parametrize(
    "unusable", [{"CFPRIVATE_PREVIOUS_SECRET": SHORT}, {"CFPRIVATE_PREVIOUS_SECRET_FILE": "MISSING"}]
)
def test_a_previous_secret_that_cannot_be_used_locks_nothing(full, keys, give, unusable):
    give(CFPRIVATE_SECRET=SECRET, **unusable)
    assert opened(full) == {slot: getattr(keys, slot).fingerprint for slot in SLOTS}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_key_without_a_usable_secret_says_that_it_is_locked(full, give, kind):
    give(**ENVIRONMENTS[kind])
    with pytest.raises(KeyLocked, match=r"The stored key is locked[:,] "):
        full.signing_key()


@pytest.mark.parametrize("kind", USABLE)
def test_another_secret_is_told_as_such(full, give, kind):
    give(**ENVIRONMENTS[kind])
    with pytest.raises(KeyLocked, match="encrypted with another secret"):
        full.signing_key()


@pytest.mark.parametrize("kind", UNUSABLE)
def test_without_a_usable_secret_nothing_is_sealed_anew(full, give, kind):
    give(**ENVIRONMENTS[kind])
    with pytest.raises(NoSecret):
        full.seal_anew()


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_what_anybody_may_know_needs_no_secret(full, give, kind):
    def known():
        return [full.describe(slot) for slot in SLOTS], full.retired()

    before = known()
    give(**ENVIRONMENTS[kind])
    assert known() == before


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_a_locked_key_is_not_sealed_with_the_previous_secret(full, give, kind):
    give(**ENVIRONMENTS[kind])
    assert full.sealed_with_previous_secret() is False


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_a_test_is_remembered_without_a_secret(full, give, keys, kind):
    give(**ENVIRONMENTS[kind])
    full.note_tested(NOW)
    give(CFPRIVATE_SECRET=SECRET)
    assert full.signing_key("next").fingerprint == keys.next.fingerprint


@pytest.mark.parametrize("slot", SLOTS)
def test_a_locked_key_is_erased_where_that_is_asked(full, give, slot):
    give()
    full.erase(slot)
    give(CFPRIVATE_SECRET=SECRET)
    assert set(opened(full)) == set(SLOTS) - {slot}


# an empty ring


@pytest.mark.parametrize("kind", UNUSABLE)
@pytest.mark.parametrize("name", ["store", *WAITS])
def test_without_a_usable_secret_no_key_is_kept(ring, stored, give, other_key, name, kind):
    give(**ENVIRONMENTS[kind])
    with pytest.raises(NoSecret):
        {**LOCKED, **WAITS}[name](ring, other_key)
    assert stored() is None


# a new key while the active one is locked


@pytest.fixture
def replaced(ring, keys, give):
    """The ring under a new secret with a new active key; the one before it is locked, for its secret was lost."""
    sign_with(ring, keys.active)
    give(CFPRIVATE_SECRET=OTHER_SECRET)
    ring.store_next(pem=keys.next.private_pem(), key_id=keys.next.key_id)
    ring.activate(NOW)
    return ring


def test_a_new_key_signs_in_place_of_a_locked_one(replaced, keys):
    assert opened(replaced) == {"active": keys.next.fingerprint}


def test_the_locked_key_is_kept_as_the_previous_one(replaced, keys):
    assert replaced.describe("previous").fingerprint == keys.active.fingerprint


def test_the_locked_key_opens_when_its_secret_is_back(replaced, keys, give):
    give(CFPRIVATE_SECRET=OTHER_SECRET, CFPRIVATE_PREVIOUS_SECRET=SECRET)
    assert opened(replaced) == {"active": keys.next.fingerprint, "previous": keys.active.fingerprint}


def test_the_locked_key_opens_with_its_secret_alone(replaced, keys, give):
    give(CFPRIVATE_SECRET=SECRET)
    assert opened(replaced) == {"previous": keys.active.fingerprint}


def test_there_is_no_way_back_to_a_locked_key(replaced, stored):
    before = stored()
    with pytest.raises(KeyLocked):
        replaced.go_back(NOW + 60)
    assert stored() == before


def test_a_locked_previous_key_is_not_dropped_by_activating(replaced, stored, other_key):
    WAITS["store_next"](replaced, other_key)
    before = stored()
    with pytest.raises(KeyLocked, match="The previous key is locked and would be lost"):
        replaced.activate(NOW + 60)
    assert stored() == before


def test_after_the_secret_is_back_the_next_key_is_activated(replaced, keys, other_key, give):
    WAITS["store_next"](replaced, other_key)
    give(CFPRIVATE_SECRET=OTHER_SECRET, CFPRIVATE_PREVIOUS_SECRET=SECRET)
    replaced.activate(NOW + 60)
    assert opened(replaced) == {"active": other_key.fingerprint, "previous": keys.next.fingerprint}


def test_after_the_locked_previous_key_was_erased_the_next_one_is_activated(replaced, keys, other_key):
    WAITS["store_next"](replaced, other_key)
    replaced.erase("previous")
    replaced.activate(NOW + 60)
    assert opened(replaced) == {"active": other_key.fingerprint, "previous": keys.next.fingerprint}


def test_one_can_go_back_from_a_locked_key(ring, keys, give):
    give(CFPRIVATE_SECRET=OTHER_SECRET)
    sign_with(ring, keys.previous)
    give(CFPRIVATE_SECRET=SECRET, CFPRIVATE_PREVIOUS_SECRET=OTHER_SECRET)
    sign_with(ring, keys.active)
    give(CFPRIVATE_SECRET=OTHER_SECRET)
    ring.go_back(NOW)
    give(CFPRIVATE_SECRET=SECRET, CFPRIVATE_PREVIOUS_SECRET=OTHER_SECRET)
    assert opened(ring) == {"active": keys.previous.fingerprint, "previous": keys.active.fingerprint}


def test_the_locked_key_itself_may_be_given_anew(full, keys, give):
    give(CFPRIVATE_SECRET=OTHER_SECRET)
    WAITS["store"](full, keys.active)
    assert opened(full) == {"active": keys.active.fingerprint}


def test_a_locked_next_key_may_be_given_anew(full, keys, give):
    give(CFPRIVATE_SECRET=OTHER_SECRET)
    WAITS["store_next"](full, keys.next)
    assert opened(full) == {"next": keys.next.fingerprint}


def test_a_locked_key_given_anew_leaves_the_other_slots(full, keys, give):
    give(CFPRIVATE_SECRET=OTHER_SECRET)
    WAITS["store"](full, keys.active)
    give(CFPRIVATE_SECRET=SECRET, CFPRIVATE_PREVIOUS_SECRET=OTHER_SECRET)
    assert opened(full) == {slot: getattr(keys, slot).fingerprint for slot in SLOTS}


# with a file beside the database


def test_where_the_file_of_a_sealed_key_is_lost_no_other_is_made_in_its_place(
    file_site, without_secret, keys, tmp_path
):
    ring = KeyRing()
    sign_with(ring, keys.active)
    file_site.secret_file.rename(tmp_path / "lost")
    with pytest.raises(SecretMissing):
        WAITS["store_next"](ring, keys.next)
    assert not file_site.secret_file.exists()


def test_a_lost_file_that_is_found_again_opens_the_key(file_site, without_secret, keys, tmp_path):
    ring = KeyRing()
    sign_with(ring, keys.active)
    file_site.secret_file.rename(tmp_path / "lost")
    assert opened(ring) == {}
    (tmp_path / "lost").rename(file_site.secret_file)
    assert opened(ring) == {"active": keys.active.fingerprint}
