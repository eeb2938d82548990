"""The slots of the key ring as plain data: each change makes a new dict of builtin types, and loses no key by itself.

``{"next": entry, "active": entry, "previous": entry, "retired": [{"key_id", "fingerprint", "leaves"}, ...],
"signed_until": seconds}``; all of it may be missing. Times are epoch seconds. ``signed_until`` is when the last signature
ends that was made before the longest lifetime was shortened.
"""

from typing import Literal


Slot = Literal["next", "active", "previous"]

SLOTS: tuple[Slot, ...] = ("next", "active", "previous")


def with_entry(slots: dict, slot: Slot, entry: dict) -> dict:
    """``slots`` with ``entry`` in one of them."""
    return {**slots, slot: entry}


def without(slots: dict, slot: Slot) -> dict:
    """``slots`` with nothing in one of them."""
    return {name: value for name, value in slots.items() if name != slot}


def signing(slots: dict, entry: dict, *, now: int, maximum_lifetime: int) -> dict:
    """``entry`` signs from now on and is in no other slot; the key that did is kept as the previous one."""
    replaced = slots.get("active")
    notes = _notes(slots, signs=entry["key_id"], now=now, maximum_lifetime=maximum_lifetime)
    others = {
        name: value
        for name, value in slots.items()
        if name not in SLOTS or value["fingerprint"] != entry["fingerprint"]
    }
    changed = {**others, "active": {**entry, "activated": now}, "retired": notes}
    return changed if replaced is None else {**changed, "previous": replaced}


def signing_as(slots: dict, entry: dict, *, now: int, maximum_lifetime: int) -> dict:
    """``entry`` is the active key as before, perhaps under another id."""
    notes = _notes(slots, signs=entry["key_id"], now=now, maximum_lifetime=maximum_lifetime)
    return {**slots, "active": entry, "retired": notes}


def signing_no_more(slots: dict, *, now: int, maximum_lifetime: int) -> dict:
    """The active key is forgotten."""
    notes = _notes(slots, signs=None, now=now, maximum_lifetime=maximum_lifetime)
    return {**without(slots, "active"), "retired": notes}


def _notes(slots: dict, *, signs: str | None, now: int, maximum_lifetime: int) -> list[dict]:
    """The ids that have to stay trusted once ``signs`` is the one that signs, latest first."""
    replaced = slots.get("active", {"key_id": signs})
    changing = {signs, replaced["key_id"]}
    kept = [note for note in slots.get("retired", ()) if note["leaves"] > now and note["key_id"] not in changing]
    if replaced["key_id"] == signs:
        return kept
    leaves = max(now + maximum_lifetime, slots.get("signed_until", 0))
    return [{"key_id": replaced["key_id"], "fingerprint": replaced["fingerprint"], "leaves": leaves}, *kept]
