"""Each change of the slots makes a new dict, keeps what it does not change, and notes the id that signs no more."""

from collective.cfprivate.keyring.slots import signing
from collective.cfprivate.keyring.slots import signing_as
from collective.cfprivate.keyring.slots import signing_no_more
from collective.cfprivate.keyring.slots import SLOTS
from collective.cfprivate.keyring.slots import with_entry
from collective.cfprivate.keyring.slots import without
from copy import deepcopy

import pytest


NOW = 1_800_000_000
DAY = 86_400

NEXT = {"key_id": "KNEXT", "fingerprint": "0A", "token": "sealed next", "since": 3}
ACTIVE = {"key_id": "KACTIVE", "fingerprint": "0B", "token": "sealed active", "since": 2, "activated": 22}
PREVIOUS = {"key_id": "KPREVIOUS", "fingerprint": "0C", "token": "sealed previous", "since": 1, "activated": 11}
NOTE = {"key_id": "KPREVIOUS", "fingerprint": "0C", "leaves": NOW + 5}
FULL = {"next": NEXT, "active": ACTIVE, "previous": PREVIOUS, "retired": [NOTE]}


def signed(slots, entry=NEXT):
    """``slots`` after ``entry`` began to sign at ``NOW``, where nothing is valid for more than a day."""
    return signing(slots, entry, now=NOW, maximum_lifetime=DAY)


def noted(leaves):
    return {"key_id": f"K{leaves}", "fingerprint": "0D", "leaves": leaves}


# with_entry


@pytest.mark.parametrize("slot", SLOTS)
def test_an_entry_is_put_into_its_slot(slot):
    assert with_entry({}, slot, NEXT) == {slot: NEXT}


@pytest.mark.parametrize("slot", SLOTS)
def test_an_entry_leaves_the_rest_alone(slot):
    changed = with_entry(FULL, slot, {"key_id": "KOTHER"})
    assert changed == {**FULL, slot: {"key_id": "KOTHER"}}


# without


@pytest.mark.parametrize("slot", SLOTS)
def test_a_slot_is_emptied(slot):
    assert slot not in without(FULL, slot)


@pytest.mark.parametrize("slot", SLOTS)
def test_emptying_a_slot_leaves_the_rest_alone(slot):
    assert {**without(FULL, slot), slot: FULL[slot]} == FULL


def test_emptying_an_empty_slot_changes_nothing():
    assert without({"active": ACTIVE}, "next") == {"active": ACTIVE}


# signing


def test_the_entry_signs():
    assert signed(FULL)["active"] == {**NEXT, "activated": NOW}


def test_an_entry_that_signed_before_gets_a_new_time():
    assert signed(FULL, PREVIOUS)["active"]["activated"] == NOW


def test_the_key_that_signed_is_kept_as_it_was():
    assert signed(FULL)["previous"] == ACTIVE


def test_the_next_slot_is_left_alone():
    assert signed(FULL, {**NEXT, "fingerprint": "0E"})["next"] == NEXT


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_no_other_slot_has_the_key_that_signs(slot):
    assert slot not in signed({slot: FULL[slot]}, FULL[slot])


def test_the_first_key_leaves_no_previous_one():
    assert set(signed({})) == {"active", "retired"}


def test_without_an_active_key_the_previous_one_stays():
    assert signed({"previous": PREVIOUS})["previous"] == PREVIOUS


# the ids that sign no more


def test_the_first_key_retires_none():
    assert signed({})["retired"] == []


def test_the_key_that_signed_is_noted_without_its_token():
    assert signed({"active": ACTIVE})["retired"] == [{"key_id": "KACTIVE", "fingerprint": "0B", "leaves": NOW + DAY}]


@pytest.mark.parametrize("maximum", [1, DAY, 7 * DAY])
def test_what_it_signed_is_valid_for_the_maximum_lifetime(maximum):
    changed = signing({"active": ACTIVE}, NEXT, now=NOW, maximum_lifetime=maximum)
    assert changed["retired"][0]["leaves"] - NOW == maximum


def test_the_latest_is_noted_first():
    assert [note["key_id"] for note in signed(FULL)["retired"]] == ["KACTIVE", "KPREVIOUS"]


@pytest.mark.parametrize(("leaves", "kept"), [(NOW - 1, False), (NOW, False), (NOW + 1, True)])
def test_a_note_is_kept_until_its_time(leaves, kept):
    assert (noted(leaves) in signed({"active": ACTIVE, "retired": [noted(leaves)]})["retired"]) is kept


def test_old_notes_go_when_there_is_no_active_key_too():
    assert signed({"retired": [noted(NOW)]})["retired"] == []


def test_a_key_that_signs_again_under_its_id_is_noted_no_more():
    notes = {"retired": [noted(NOW + 5), NOTE]}
    assert signed({"active": ACTIVE, **notes}, PREVIOUS)["retired"][1:] == [noted(NOW + 5)]


def test_another_id_of_the_same_key_is_noted_still():
    before = {"active": ACTIVE, "retired": [{**NOTE, "key_id": "KOLDID"}]}
    assert [note["key_id"] for note in signed(before, PREVIOUS)["retired"]] == ["KACTIVE", "KOLDID"]


# signing_as, signing_no_more


def test_under_a_new_id_the_old_one_is_noted():
    changed = signing_as(FULL, {**ACTIVE, "key_id": "KNEWID"}, now=NOW, maximum_lifetime=DAY)
    assert [(note["key_id"], note["leaves"]) for note in changed["retired"]] == [
        ("KACTIVE", NOW + DAY),
        ("KPREVIOUS", NOW + 5),
    ]


def test_under_the_same_id_nothing_is_noted():
    assert signing_as(FULL, {**ACTIVE, "token": "sealed anew"}, now=NOW, maximum_lifetime=DAY)["retired"] == [NOTE]


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_under_a_new_id_the_other_keys_stay(slot):
    assert signing_as(FULL, {**ACTIVE, "key_id": "KNEWID"}, now=NOW, maximum_lifetime=DAY)[slot] == FULL[slot]


def test_a_forgotten_key_is_noted():
    changed = signing_no_more(FULL, now=NOW, maximum_lifetime=DAY)
    assert ("active" in changed, changed["retired"][0]["key_id"]) == (False, "KACTIVE")


def test_what_was_signed_for_longer_counts_for_the_note():
    changed = signing_no_more({**FULL, "signed_until": NOW + 9 * DAY}, now=NOW, maximum_lifetime=DAY)
    assert changed["retired"][0]["leaves"] == NOW + 9 * DAY


def test_without_an_active_key_none_is_noted():
    assert signing_no_more({"retired": [NOTE]}, now=NOW, maximum_lifetime=DAY) == {"retired": [NOTE]}


# what was there


@pytest.mark.parametrize(
    "change",
    [
        lambda slots: with_entry(slots, "next", ACTIVE),
        lambda slots: without(slots, "active"),
        lambda slots: signed(slots),
    ],
    ids=["with_entry", "without", "signing"],
)
def test_what_was_given_is_not_changed(change):
    slots = deepcopy(FULL)
    change(slots)
    assert slots == FULL


def test_the_entry_given_is_not_changed():
    entry = dict(NEXT)
    signed(FULL, entry)
    assert entry == NEXT


def test_there_are_three_slots():
    assert SLOTS == ("next", "active", "previous")
