"""The publication window of an item, in epoch seconds."""

from Acquisition import aq_base
from DateTime import DateTime
from datetime import datetime
from enum import Enum
from plone import api
from typing import NamedTuple
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

import math


class UnreadableDate(ValueError):
    """An item carries a date that is none, so nobody knows when it may be watched."""


class UnknownZone(ValueError):
    """This machine does not know the time zone of the site."""


class Phase(Enum):
    """Where a moment lies to a window."""

    BEFORE = "before"
    WITHIN = "within"
    AFTER = "after"


class Window(NamedTuple):
    """From ``starts`` (included) until ``expires`` (excluded); None where the item sets no date."""

    starts: int | None
    expires: int | None

    def phase(self, now: int) -> Phase:
        """Where ``now`` (epoch seconds) lies."""
        if self.starts is not None and now < self.starts:
            return Phase.BEFORE
        if self.expires is not None and now >= self.expires:
            return Phase.AFTER
        return Phase.WITHIN


def publication_window(item) -> Window:
    """The window that the item itself sets; its parents' dates do not count, as in Plone's catalog.

    A date without a time zone, as code or an import may set it, is one of the site's time zone. Raises
    ``UnreadableDate``.
    """
    own = aq_base(item)
    starts, expires = _epoch(getattr(own, "effective_date", None)), _epoch(getattr(own, "expiration_date", None))
    # Down to whole seconds, as the present is: what is published now can be watched in the same second.
    return Window(*(None if date is None else math.floor(date) for date in (starts, expires)))


def site_zone() -> ZoneInfo:
    """The time zone of the site; UTC where none is set. Raises ``UnknownZone``."""
    name = api.portal.get_registry_record("plone.portal_timezone", default=None) or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(name) from None


def _epoch(date: DateTime | datetime | None) -> float | None:
    try:
        return None if date is None else _moment(date)
    except ValueError:
        raise UnreadableDate from None


def _moment(date: DateTime | datetime) -> float:
    if isinstance(date, DateTime):
        return _in_site_zone(_without_zone(date)) if date.timezoneNaive() else date.timeTime()
    if isinstance(date, datetime):
        return _in_site_zone(date) if date.tzinfo is None else date.timestamp()
    raise UnreadableDate


def _without_zone(date: DateTime) -> datetime:
    return date.asdatetime().replace(tzinfo=None)


def _in_site_zone(naive: datetime) -> float:
    return naive.replace(tzinfo=site_zone()).timestamp()
