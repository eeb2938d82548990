"""Columns and an index of the catalog: whoever sees an item may ask for them, so that they hold nothing of where its files lie."""

from ..access.everyone import streams_to_all
from ..interfaces import IProtectedItem
from ..media.medium import medium_of
from plone.indexer import indexer


DURATION = "cfprivate_duration"
PROTECTED = "cfprivate_protected"


def is_protected(item) -> bool:
    """Whether the item has a medium that not everybody may watch."""
    return medium_of(item) is not None and not streams_to_all(item)


@indexer(IProtectedItem)
def cfprivate_duration(item) -> int | None:
    """The value of the column ``DURATION``: that of the medium in seconds; None where it is not known."""
    medium = medium_of(item)
    return None if medium is None else medium.duration


@indexer(IProtectedItem)
def cfprivate_protected(item) -> bool:
    """The value of the column and of the index ``PROTECTED``."""
    return is_protected(item)
