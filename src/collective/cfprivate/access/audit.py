"""Who asked to watch what, and what was answered: an event, and a line of JSON in the log."""

from ..interfaces import IPlaybackEvent
from ..interfaces import IPlaybackGranted
from ..interfaces import IPlaybackRefused
from .state import states_of
from AccessControl import getSecurityManager
from datetime import datetime
from datetime import timezone
from plone.uuid.interfaces import IUUID
from zope.component import adapter
from zope.event import notify
from zope.interface import implementer
from zope.interface.interfaces import ObjectEvent

import json
import logging


logger = logging.getLogger("collective.cfprivate.audit")


class PlaybackEvent(ObjectEvent):
    """Made of the current user."""

    def __init__(self, item, *, action: str, reason: str, expires: int | None = None):
        super().__init__(item)
        self.user = getSecurityManager().getUser().getId()
        self.action = action
        self.reason = reason
        self.expires = expires

    @property
    def state(self) -> str | None:
        """Found out when a subscriber asks for it."""
        return next((state.state for state in states_of(self.object)), None)


@implementer(IPlaybackGranted)
class PlaybackGranted(PlaybackEvent):
    """Signed URLs were handed out."""


@implementer(IPlaybackRefused)
class PlaybackRefused(PlaybackEvent):
    """Nothing was handed out."""


def report_granted(item, *, action: str, reason: str, expires: int) -> None:
    """Tell subscribers and the log that URLs that end at ``expires`` (epoch seconds) were handed out."""
    notify(PlaybackGranted(item, action=action, reason=reason, expires=expires))


def report_refused(item, *, action: str, reason: str) -> None:
    """Tell subscribers and the log that nothing was handed out, and why."""
    notify(PlaybackRefused(item, action=action, reason=reason))


@adapter(IPlaybackEvent)
def log(event: IPlaybackEvent) -> None:
    """Write the event as one line: a JSON object, ASCII, with the same names in the same order each time."""
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s", json.dumps(as_record(event)))


def as_record(event: IPlaybackEvent) -> dict[str, str | None]:
    """What the log says of an event; ``expires`` in UTC (RFC 3339)."""
    return {
        "event": "granted" if IPlaybackGranted.providedBy(event) else "refused",
        "action": event.action,
        "reason": event.reason,
        "user": event.user,
        "item": "/".join(event.object.getPhysicalPath()),
        "uid": IUUID(event.object, None),
        "state": event.state,
        "expires": None if event.expires is None else _in_utc(event.expires),
    }


def _in_utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
