"""The publication window of an item, in epoch seconds."""

from Acquisition import aq_base
from DateTime import DateTime
from typing import NamedTuple


class Window(NamedTuple):
    """From ``starts`` (included) until ``expires`` (excluded); None where the item sets no date."""

    starts: int | None
    expires: int | None


def publication_window(item) -> Window:
    """The window that the item itself sets; its parents' dates do not count, as in Plone's catalog."""
    own = aq_base(item)
    return Window(
        starts=_epoch(getattr(own, "effective_date", None)),
        expires=_epoch(getattr(own, "expiration_date", None)),
    )


def _epoch(date: DateTime | None) -> int | None:
    return None if date is None else int(float(date))
