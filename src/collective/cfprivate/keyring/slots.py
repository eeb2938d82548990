"""The slots of the key ring as plain data: each change makes a new dict of builtin types, and loses no key by itself.

``{"next": entry, "active": entry, "previous": entry, "retired": [{"key_id", "fingerprint", "leaves"}, ...]}``; all of
it may be missing. Times are epoch seconds.
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
    changed = _retired(slots, now=now, maximum_lifetime=maximum_lifetime)
    if "active" in slots:
        changed = with_entry(changed, "previous", slots["active"])
    return with_entry(changed, "active", {**entry, "activated": now})


def _retired(slots: dict, *, now: int, maximum_lifetime: int) -> dict:
    """``slots`` with a note of the active key: what it signed is valid for ``maximum_lifetime`` at most."""
    notes = [note for note in slots.get("retired", ()) if note["leaves"] > now]
    if "active" in slots:
        active = slots["active"]
        note = {name: active[name] for name in ("key_id", "fingerprint")}
        notes = [{**note, "leaves": now + maximum_lifetime}, *notes]
    return {**slots, "retired": notes}
