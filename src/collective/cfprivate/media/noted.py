"""Which fields of which items were changed in the current transaction, and what they were, until that is told."""

from Acquisition import aq_base

import transaction


class _Noted:
    """Names the notes among the data of a transaction."""


def note(item, name: str, before: object) -> None:
    """Remember that the field ``name`` of ``item`` has another value now than ``before``."""
    item = aq_base(item)
    _, values = _notes().setdefault(id(item), (item, {}))
    values.setdefault(name, before)


def values_before(item) -> dict[str, object]:
    """The values that the changed fields had at first, by their names."""
    _, values = _notes().get(id(aq_base(item)), (None, {}))
    return dict(values)


def take(item) -> tuple[str, ...]:
    """The names of the changed fields, in alphabetical order, which are forgotten then."""
    _, values = _notes().pop(id(aq_base(item)), (None, {}))
    return tuple(sorted(values))


def _notes() -> dict:
    """By the ``id`` of an object, the object, so that the id stays its own, and the values; an abort forgets them all."""
    current = transaction.get()
    try:
        return current.data(_Noted)
    except KeyError:
        notes = {}
        current.set_data(_Noted, notes)
        return notes
