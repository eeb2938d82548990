"""Which fields of which items were changed in the current transaction, until that is told."""

from Acquisition import aq_base

import transaction


class _Noted:
    """Names the notes among the data of a transaction."""


def note(item, name: str) -> None:
    """Remember that the field ``name`` of ``item`` has another value now."""
    item = aq_base(item)
    _, names = _notes().setdefault(id(item), (item, set()))
    names.add(name)


def take(item) -> tuple[str, ...]:
    """The names of the changed fields, in alphabetical order, which are forgotten then."""
    _, names = _notes().pop(id(aq_base(item)), (None, ()))
    return tuple(sorted(names))


def _notes() -> dict:
    """By the ``id`` of an object, the object, so that the id stays its own, and the names; an abort forgets them all."""
    current = transaction.get()
    try:
        return current.data(_Noted)
    except KeyError:
        notes = {}
        current.set_data(_Noted, notes)
        return notes
