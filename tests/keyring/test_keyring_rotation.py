"""A next key waits, is tested, signs, and can be changed back for the one before it."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront.errors import InvalidKey
from collective.cfprivate.exceptions import IdRefused
from collective.cfprivate.exceptions import KeyRefused
from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.keyring.ring import KeyRing
from collective.cfprivate.keyring.ring import RetiredKey
from copy import deepcopy
from cryptography.hazmat.primitives import serialization
from functools import partial
from key_ring import sign_with
from plone import api
from zope.annotation.interfaces import IAnnotations

import hashlib
import pytest
import time


ANNOTATION = "collective.cfprivate.keyring"
DAY = 86_400
# Later than any time at which the tests can run.
NOW = 4_000_000_000

SLOTS = ["next", "active", "previous"]


def fingerprint_of(pem):
    """What ``openssl pkey -pubin -outform DER | openssl dgst -sha256 -c`` prints, in upper case."""
    der = serialization.load_pem_public_key(pem.encode()).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[start : start + 2] for start in range(0, 64, 2))


def content(ring):
    """The fingerprints of the ring by slot; None where a slot is empty."""
    descriptions = {slot: ring.describe(slot) for slot in SLOTS}
    return {slot: shown and shown.fingerprint for slot, shown in descriptions.items()}


@pytest.fixture
def stored(portal):
    """A function that copies what the site keeps of the ring."""
    return lambda: deepcopy(IAnnotations(portal).get(ANNOTATION))


@pytest.fixture
def store(ring):
    return partial(sign_with, ring)


@pytest.fixture
def store_next(ring):
    return lambda key, key_id="KWAITING": ring.store_next(pem=key.private_pem(), key_id=key_id)


# a next key


@pytest.mark.parametrize("name", ["algorithm", "fingerprint"])
def test_the_next_key_is_described(ring, store_next, keys, name):
    store_next(keys.next)
    assert getattr(ring.describe("next"), name) == getattr(keys.next, name)


@pytest.mark.parametrize("key_id", ["KWAITING", ""])
def test_the_next_key_is_described_with_the_id_it_has(ring, store_next, keys, key_id):
    store_next(keys.next, key_id)
    assert ring.describe("next").key_id == key_id


@pytest.mark.parametrize("name", ["tested", "activated"])
def test_the_next_key_was_neither_tested_nor_activated(ring, store_next, keys, name):
    store_next(keys.next)
    assert getattr(ring.describe("next"), name) is None


def test_the_next_key_tells_since_when(ring, store_next, keys):
    before = int(time.time())
    store_next(keys.next)
    assert before <= ring.describe("next").since <= time.time()


def test_the_next_key_signs_for_a_test(ring, store_next, keys):
    store_next(keys.next)
    assert ring.signing_key("next").private_pem() == keys.next.private_pem()


def test_the_next_key_does_not_sign_yet(ring, store, store_next, keys):
    store(keys.active)
    store_next(keys.next)
    assert ring.signing_key().fingerprint == keys.active.fingerprint


def test_a_next_key_alone_signs_nothing(ring, store_next, keys):
    store_next(keys.next)
    with pytest.raises(NotConfigured, match="No private key is stored"):
        ring.signing_key()


def test_the_public_half_needs_no_id(ring, store_next, keys):
    store_next(keys.next, "")
    assert ring.public_pem() == keys.next.public_pem


def test_without_an_id_the_next_key_signs_nothing(ring, store_next, keys):
    store_next(keys.next, "")
    with pytest.raises(NotConfigured, match="enter the one that CloudFront gave it"):
        ring.signing_key("next")


def test_an_encrypted_next_key_is_taken_with_its_passphrase(ring, keys):
    ring.store_next(pem=keys.next.private_pem("opensesame"), passphrase="opensesame")
    assert ring.describe("next").fingerprint == keys.next.fingerprint


@pytest.mark.parametrize("key_id", ["KWAITING", "KPREVIOUS", ""])
def test_the_previous_key_is_not_taken_as_the_next_one(ring, store, store_next, keys, key_id):
    store(keys.previous)
    store(keys.active)
    with pytest.raises(KeyRefused, match="This is the previous key: go back to it"):
        store_next(keys.previous, key_id)
    assert ring.describe("next") is None


def test_the_next_key_may_be_given_anew(ring, store_next, keys):
    store_next(keys.next)
    store_next(keys.next, "")
    assert (ring.describe("next").key_id, content(ring)["next"]) == ("KWAITING", keys.next.fingerprint)


def test_the_next_key_given_anew_stays_tested(ring, store_next, keys):
    store_next(keys.next)
    ring.note_tested(NOW)
    store_next(keys.next)
    assert ring.describe("next").tested == NOW


def test_the_next_key_given_anew_under_another_id_is_untested(ring, store_next, keys):
    store_next(keys.next)
    ring.note_tested(NOW)
    store_next(keys.next, "KOTHERID")
    assert ring.describe("next").tested is None


def test_the_active_key_is_not_taken_as_the_next_one(ring, store, store_next, keys):
    store(keys.active)
    with pytest.raises(KeyRefused, match="signs already"):
        store_next(keys.active)
    assert ring.describe("next") is None


@pytest.mark.parametrize(
    "put",
    [
        lambda ring, key: ring.store_next(pem=key.private_pem(), key_id="KOTHER"),
        lambda ring, key: ring.generate_next("EC"),
    ],
    ids=["store_next", "generate_next"],
)
def test_a_next_key_that_waits_is_not_overwritten(full, other_key, stored, put):
    before = stored()
    with pytest.raises(KeyRefused, match="activate or discard that first"):
        put(full, other_key)
    assert stored() == before


@pytest.mark.parametrize(
    ("pem", "key_id"),
    [("", ""), ("garbage", ""), (b"\xff\xfe", "KWAITING"), (None, "K 2"), (None, "K2\n"), (None, "K" * 129)],
)
def test_what_is_no_next_key_is_not_stored(ring, keys, stored, pem, key_id):
    with pytest.raises(InvalidKey):
        ring.store_next(pem=keys.next.private_pem() if pem is None else pem, key_id=key_id)
    assert stored() is None


def test_a_public_key_is_no_next_key(ring, keys):
    with pytest.raises(InvalidKey, match="Found a public key"):
        ring.store_next(pem=keys.next.public_pem)


# a key made here


@pytest.mark.parametrize("algorithm", ["RSA", "EC"])
def test_a_key_is_made_of_the_algorithm_asked_for(ring, algorithm):
    ring.generate_next(algorithm)
    assert (ring.describe("next").algorithm, ring.public_pem().splitlines()[0]) == (
        algorithm,
        "-----BEGIN PUBLIC KEY-----",
    )


def test_a_key_made_here_has_no_id(ring):
    ring.generate_next("EC")
    assert ring.describe("next").key_id == ""


def test_a_key_made_here_has_the_fingerprint_of_its_public_half(ring):
    ring.generate_next("EC")
    assert ring.describe("next").fingerprint == fingerprint_of(ring.public_pem("next"))


def test_no_two_keys_made_here_are_alike(ring):
    ring.generate_next("EC")
    first = ring.public_pem()
    ring.erase("next")
    ring.generate_next("EC")
    assert ring.public_pem() != first


@pytest.mark.parametrize("algorithm", ["", "DSA", "rsa", "RSA4096"])
def test_a_key_of_another_algorithm_is_not_made(ring, stored, algorithm):
    with pytest.raises(InvalidKey):
        ring.generate_next(algorithm)
    assert stored() is None


# its id


def test_the_id_can_be_entered_later(ring, store_next, keys):
    store_next(keys.next, "")
    ring.rename("KGIVENLATER", "next")
    assert ring.signing_key("next").key_id == "KGIVENLATER"


@pytest.mark.parametrize("slot", SLOTS)
def test_renaming_one_key_leaves_the_others_alone(full, stored, slot):
    before = stored()
    full.rename("KRENAMED", slot)
    after = stored()
    assert ({**after, "retired": []}, after[slot]["key_id"]) == (
        {**before, "retired": [], slot: {**before[slot], "key_id": "KRENAMED"}},
        "KRENAMED",
    )


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("taken", SLOTS)
def test_the_id_of_another_key_is_refused(full, keys, stored, slot, taken):
    before = stored()
    if slot == taken:
        full.rename(getattr(keys, taken).key_id, slot)
    else:
        with pytest.raises(
            IdRefused, match=f"This is the id of the {'key that signs' if taken == 'active' else taken}"
        ):
            full.rename(getattr(keys, taken).key_id, slot)
    assert stored() == before


@pytest.mark.parametrize("taken", ["active", "previous"])
def test_a_next_key_under_the_id_of_another_is_refused(full, keys, other_key, stored, taken):
    full.erase("next")
    before = stored()
    with pytest.raises(IdRefused):
        full.store_next(pem=other_key.private_pem(), key_id=getattr(keys, taken).key_id)
    assert stored() == before


def test_an_id_that_another_key_signed_under_is_refused(ring, store, keys, stored):
    store(keys.previous)
    ring.rename("KRENAMED")
    store(keys.active)
    before = stored()
    with pytest.raises(IdRefused, match="a key that signed before"):
        ring.rename("KPREVIOUS")
    assert stored() == before


def test_a_key_may_have_its_old_id_again(ring, store, keys):
    store(keys.active)
    ring.rename("KRENAMED")
    ring.rename("KACTIVE")
    assert ring.describe().key_id == "KACTIVE"


def test_the_previous_key_stored_where_none_signs_is_in_one_slot(full, keys):
    full.erase("active")
    full.store(pem=keys.previous.private_pem())
    assert content(full) == {"next": keys.next.fingerprint, "active": keys.previous.fingerprint, "previous": None}


def test_the_active_key_stored_under_the_id_of_another_is_refused(full, keys, stored):
    before = stored()
    with pytest.raises(IdRefused):
        full.store(pem=keys.active.private_pem(), key_id=keys.previous.key_id)
    assert stored() == before


def test_under_a_new_id_the_key_counts_as_untested(full):
    full.note_tested(NOW)
    full.rename("KRENAMED", "next")
    assert full.describe("next").tested is None


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("key_id", ["", "K 2", "K2\n", "é", "K" * 129])
def test_what_is_no_id_renames_no_key(full, stored, slot, key_id):
    before = stored()
    with pytest.raises(InvalidKey):
        full.rename(key_id, slot)
    assert stored() == before


@pytest.mark.parametrize(("slot", "reason"), [("next", "There is no next key"), ("previous", "no previous key")])
@pytest.mark.parametrize(
    "ask",
    [KeyRing.signing_key, KeyRing.public_pem, lambda ring, slot: ring.rename("KRENAMED", slot)],
    ids=["signing_key", "public_pem", "rename"],
)
def test_an_empty_slot_says_what_it_lacks(ring, store, keys, ask, slot, reason):
    store(keys.active)
    with pytest.raises(NotConfigured, match=reason):
        ask(ring, slot)


@pytest.mark.parametrize("slot", SLOTS)
def test_an_empty_slot_is_not_described(ring, slot):
    assert ring.describe(slot) is None


# its test


def test_a_test_is_remembered(full):
    full.note_tested(NOW)
    assert full.describe("next").tested == NOW


def test_a_later_test_counts(full):
    full.note_tested(NOW)
    full.note_tested(NOW + 60)
    assert full.describe("next").tested == NOW + 60


def test_a_test_changes_nothing_else(full, stored):
    before = stored()
    full.note_tested(NOW)
    changed = {"tested": NOW, "tested_with": "SHA1 "}
    assert stored() == {**before, "next": {**before["next"], **changed}}


@pytest.mark.parametrize(("name", "value"), [("distribution", "media.example.org"), ("hash_algorithm", "SHA256")])
def test_a_test_counts_for_the_distribution_and_the_hash_that_were_tested(full, name, value):
    full.note_tested(NOW)
    api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    assert full.describe("next").tested is None


def test_entering_the_same_id_again_forgets_no_test(full):
    full.note_tested(NOW)
    full.rename(full.describe("next").key_id, "next")
    assert full.describe("next").tested == NOW


def test_without_a_next_key_there_is_no_test_to_remember(ring, store, keys):
    store(keys.active)
    with pytest.raises(NotConfigured, match="There is no next key"):
        ring.note_tested(NOW)


# activate


def test_the_next_key_becomes_active_and_the_active_one_previous(full, keys):
    full.activate(NOW)
    assert content(full) == {"next": None, "active": keys.next.fingerprint, "previous": keys.active.fingerprint}


def test_the_activated_key_signs(full, keys):
    full.activate(NOW)
    assert full.signing_key().private_pem() == keys.next.private_pem()


def test_the_key_that_signed_can_sign_still(full, keys):
    full.activate(NOW)
    assert full.signing_key("previous").private_pem() == keys.active.private_pem()


def test_the_time_of_activation_is_told(full):
    full.activate(NOW)
    assert full.describe().activated == NOW


def test_the_key_that_signed_tells_when_it_began(full):
    before = full.describe().activated
    full.activate(NOW)
    assert full.describe("previous").activated == before


def test_the_first_key_can_come_by_way_of_the_next(ring, store_next, keys):
    store_next(keys.next)
    ring.activate(NOW)
    assert content(ring) == {"next": None, "active": keys.next.fingerprint, "previous": None}


def test_a_key_without_an_id_is_not_activated(ring, store, store_next, keys, stored):
    store(keys.active)
    store_next(keys.next, "")
    before = stored()
    with pytest.raises(NotConfigured, match="no id yet"):
        ring.activate(NOW)
    assert stored() == before


def test_without_a_next_key_none_is_activated(ring, store, keys, stored):
    store(keys.active)
    before = stored()
    with pytest.raises(NotConfigured, match="There is no next key"):
        ring.activate(NOW)
    assert stored() == before


# go back


def test_going_back_changes_active_and_previous_for_each_other(full, keys):
    full.go_back(NOW)
    assert content(full) == {
        "next": keys.next.fingerprint,
        "active": keys.previous.fingerprint,
        "previous": keys.active.fingerprint,
    }


def test_after_going_back_the_old_key_signs(full, keys):
    full.go_back(NOW)
    assert full.signing_key().private_pem() == keys.previous.private_pem()


def test_going_back_tells_since_when_the_key_signs_again(full):
    full.go_back(NOW)
    assert full.describe().activated == NOW


def test_going_back_undoes_an_activation(full, keys):
    full.activate(NOW)
    full.go_back(NOW + 60)
    assert full.signing_key().fingerprint == keys.active.fingerprint


def test_going_back_twice_is_going_nowhere(full):
    before = content(full)
    full.go_back(NOW)
    full.go_back(NOW + 60)
    assert content(full) == before


def test_without_a_previous_key_there_is_no_way_back(ring, store, keys, stored):
    store(keys.active)
    before = stored()
    with pytest.raises(NotConfigured, match="no previous key to go back to"):
        ring.go_back(NOW)
    assert stored() == before


def test_one_can_go_back_after_the_active_key_was_erased(full, keys):
    full.erase("active")
    full.go_back(NOW)
    assert content(full) == {"next": keys.next.fingerprint, "active": keys.previous.fingerprint, "previous": None}


# store


def test_a_key_stored_over_another_makes_that_the_previous_one(ring, store, keys):
    store(keys.previous)
    store(keys.active)
    assert content(ring) == {"next": None, "active": keys.active.fingerprint, "previous": keys.previous.fingerprint}


def test_a_stored_key_signs_from_then_on(ring, store, keys):
    before = int(time.time())
    store(keys.active)
    assert before <= ring.describe().activated <= time.time()


def test_the_same_key_stored_again_leaves_the_previous_one(full, store, keys):
    before = content(full)
    store(keys.active)
    assert content(full) == before


def test_the_same_key_stored_again_signs_since_the_first_time(ring, store_next, store, keys):
    store_next(keys.active)
    ring.activate(NOW)
    store(keys.active)
    assert ring.describe().activated == NOW


def test_the_same_key_stored_again_gets_its_new_id(ring, store, keys):
    store(keys.active)
    ring.store(pem=keys.active.private_pem(), key_id="KNEWID")
    assert ring.signing_key().key_id == "KNEWID"


# ids that sign no more


def test_an_empty_ring_retired_none(ring):
    assert ring.retired() == ()


def test_the_first_key_retires_none(ring, store, keys):
    store(keys.active)
    assert ring.retired() == ()


@pytest.fixture
def activated(ring, store, store_next, keys):
    """The ring after ``keys.next`` took the place of ``keys.active`` at ``NOW``."""
    store(keys.active)
    store_next(keys.next)
    ring.activate(NOW)
    return ring


def test_the_key_that_signed_has_to_be_trusted_for_the_longest_lifetime(activated, keys):
    # The site's maximum is a day unless it is set.
    expected = RetiredKey(key_id="KACTIVE", fingerprint=keys.active.fingerprint, leaves=NOW + DAY)
    assert activated.retired() == (expected,)


def test_the_longest_lifetime_is_that_of_the_site(ring, store, store_next, keys):
    api.portal.set_registry_record("collective.cfprivate.maximum_lifetime", 7200)
    store(keys.active)
    store_next(keys.next)
    ring.activate(NOW)
    assert [note.leaves for note in ring.retired()] == [NOW + 7200]


def test_the_latest_of_several_is_first(activated, store_next, keys):
    store_next(keys.previous, "KTHIRD")
    activated.activate(NOW + 60)
    assert [(note.key_id, note.leaves) for note in activated.retired()] == [
        ("KWAITING", NOW + 60 + DAY),
        ("KACTIVE", NOW + DAY),
    ]


def test_an_id_whose_time_is_over_is_forgotten_at_the_next_change(activated, store_next, keys):
    store_next(keys.previous, "KTHIRD")
    activated.activate(NOW + DAY)
    assert [note.key_id for note in activated.retired()] == ["KWAITING"]


def test_a_key_stored_over_another_retires_that(ring, store, keys):
    before = int(time.time())
    store(keys.previous)
    store(keys.active)
    (note,) = ring.retired()
    assert (note.key_id, before + DAY <= note.leaves <= time.time() + DAY) == ("KPREVIOUS", True)


def retired_now(ring):
    """The ids that were retired just now, for a day."""
    return [note.key_id for note in ring.retired() if 0 <= time.time() + DAY - note.leaves < 60]


def test_the_old_id_of_a_renamed_key_is_retired(ring, store, keys):
    store(keys.active)
    ring.rename("KRENAMED")
    assert retired_now(ring) == ["KACTIVE"]


def test_the_old_id_of_a_key_stored_again_is_retired(ring, store, keys):
    store(keys.active)
    ring.store(pem=keys.active.private_pem(), key_id="KNEWID")
    assert retired_now(ring) == ["KACTIVE"]


def test_an_id_that_signs_again_is_retired_no_more(ring, store, keys):
    store(keys.active)
    ring.rename("KRENAMED")
    ring.rename("KACTIVE")
    assert retired_now(ring) == ["KRENAMED"]


def test_the_id_of_an_erased_key_is_retired(ring, store, keys):
    store(keys.active)
    ring.erase("active")
    assert retired_now(ring) == ["KACTIVE"]


def test_a_key_that_signed_under_two_ids_retires_both(ring, store, store_next, keys):
    store(keys.active)
    ring.rename("KRENAMED")
    store_next(keys.next)
    ring.activate(int(time.time()))
    assert retired_now(ring) == ["KRENAMED", "KACTIVE"]


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_the_id_of_a_key_that_does_not_sign_is_not_retired(full, slot):
    before = full.retired()
    full.erase(slot)
    assert full.retired() == before


def test_the_same_key_stored_again_retires_none(ring, store, keys):
    store(keys.active)
    store(keys.active)
    assert ring.retired() == ()


def test_going_back_retires_the_key_that_signed(activated):
    activated.go_back(NOW + 60)
    assert (activated.retired()[0].key_id, activated.retired()[0].leaves) == ("KWAITING", NOW + 60 + DAY)


def test_a_key_that_signs_again_is_not_retired(activated):
    activated.go_back(NOW + 60)
    assert "KACTIVE" not in [note.key_id for note in activated.retired()]


def test_a_key_is_retired_once(activated):
    activated.go_back(NOW + 60)
    activated.go_back(NOW + 120)
    assert [(note.key_id, note.leaves) for note in activated.retired()] == [("KACTIVE", NOW + 120 + DAY)]


# erase


@pytest.mark.parametrize("slot", SLOTS)
def test_one_key_is_erased_alone(full, slot):
    before = content(full)
    full.erase(slot)
    assert content(full) == {**before, slot: None}


@pytest.mark.parametrize("slot", SLOTS)
def test_what_is_erased_is_kept_nowhere(full, stored, slot):
    token = stored()[slot]["token"]
    full.erase(slot)
    assert token not in repr(stored())


def test_erasing_a_key_keeps_the_list_of_retired_ids(full):
    before = full.retired()
    full.erase("previous")
    assert full.retired() == before != ()


def test_erasing_all_leaves_nothing(full, stored):
    full.erase_all()
    assert stored() is None


@pytest.mark.parametrize("slot", SLOTS)
def test_erasing_an_empty_slot_registers_no_write(file_site, slot):
    KeyRing().erase(slot)
    assert file_site.jar._registered_objects == []


def test_after_the_next_key_was_discarded_another_may_wait(full, store_next, other_key):
    full.erase("next")
    store_next(other_key)
    assert full.describe("next").fingerprint == other_key.fingerprint


# what is at rest


def test_all_that_is_at_rest_survives_the_database(file_site, fill, keys):
    fill()
    KeyRing().note_tested(NOW)
    KeyRing().activate(NOW)
    file_site.commit()
    file_site.jar.cacheMinimize()
    assert KeyRing().signing_key("previous").fingerprint == keys.active.fingerprint


def test_a_key_made_here_is_whole(ring):
    ring.generate_next("EC")
    ring.rename("KMADEHERE", "next")
    pem = ring.signing_key("next").private_pem()
    assert SigningKey.from_pem(pem, "KMADEHERE").fingerprint == ring.describe("next").fingerprint
