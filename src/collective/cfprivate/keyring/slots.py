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
    """``entry`` signs from now on, and the key that did is kept as the previous one."""
    replaced = slots.get("active")
    changed = {**slots, "active": {**entry, "activated": now}, "retired": _still_trusted(slots, entry, now)}
    if replaced is None:
        return changed
    leaves = max(now + maximum_lifetime, slots.get("signed_until", 0))
    note = {"key_id": replaced["key_id"], "fingerprint": replaced["fingerprint"], "leaves": leaves}
    return {**changed, "previous": replaced, "retired": [note, *changed["retired"]]}


def _still_trusted(slots: dict, entry: dict, now: int) -> list[dict]:
    """The notes that count still, of other keys than those which change now."""
    changing = {entry["fingerprint"], slots.get("active", {}).get("fingerprint")}
    return [note for note in slots.get("retired", ()) if note["leaves"] > now and note["fingerprint"] not in changing]
