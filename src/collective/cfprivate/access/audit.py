"""Who asked to watch what, and what was answered: an event, and a line of JSON in the log."""

from ..interfaces import IGuestLinkEvent
from ..interfaces import IGuestLinkMade
from ..interfaces import IGuestLinkRevoked
from ..interfaces import IPlaybackEvent
from ..interfaces import IPlaybackGranted
from ..interfaces import IPlaybackRefused
from .state import states_of
from AccessControl import getSecurityManager
from datetime import datetime
from datetime import timezone
from plone.uuid.interfaces import IUUID
from typing import NamedTuple
from zope.component import adapter
from zope.event import notify
from zope.interface import implementer
from zope.interface.interfaces import ObjectEvent

import json
import logging


logger = logging.getLogger("collective.cfprivate.audit")


# What the log calls each kind of event.
WORDS = (
    (IPlaybackGranted, "granted"),
    (IPlaybackRefused, "refused"),
    (IGuestLinkMade, "link-made"),
    (IGuestLinkRevoked, "link-revoked"),
)


class NamedLink(NamedTuple):
    """A guest link as the audit names it: the first digits of its digest, and its maker, if there is such a link."""

    digits: str
    maker: str | None


class PlaybackEvent(ObjectEvent):
    """Made of the current user."""

    def __init__(
        self, item, *, action: str, reason: str, expires: int | None = None, link: NamedLink | None = None
    ) -> None:
        super().__init__(item)
        self.link, self.maker = link or (None, None)
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


@implementer(IGuestLinkMade)
class GuestLinkMade(PlaybackEvent):
    """A guest link was made."""


@implementer(IGuestLinkRevoked)
class GuestLinkRevoked(PlaybackEvent):
    """A guest link was taken back."""


def report_granted(item, *, action: str, reason: str, expires: int, link: NamedLink | None = None) -> None:
    """Tell subscribers and the log that URLs that end at ``expires`` (epoch seconds) were handed out."""
    notify(PlaybackGranted(item, action=action, reason=reason, expires=expires, link=link))


def report_refused(item, *, action: str, reason: str, link: NamedLink | None = None) -> None:
    """Tell subscribers and the log that nothing was handed out, and why."""
    notify(PlaybackRefused(item, action=action, reason=reason, link=link))


def report_link(item, *, made: bool, link: NamedLink, expires: int) -> None:
    """Tell subscribers and the log that a guest link that ends at ``expires`` was made, or else revoked."""
    kind = GuestLinkMade if made else GuestLinkRevoked
    notify(kind(item, action="guest", reason="granted", expires=expires, link=link))


@adapter(IPlaybackEvent)
def log(event: IPlaybackEvent) -> None:
    """Write the event as one line: a JSON object, ASCII, with the same names in the same order each time."""
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s", json.dumps(as_record(event)))


@adapter(IGuestLinkEvent)
def log_link(event: IGuestLinkEvent) -> None:
    """Write the event as ``log`` does."""
    log(event)


def as_record(event: IPlaybackEvent | IGuestLinkEvent) -> dict[str, str | None]:
    """What the log says of an event; ``expires`` in UTC (RFC 3339). Of guests it names the link and who made it."""
    record = {
        "event": next(word for kind, word in WORDS if kind.providedBy(event)),
        "action": event.action,
        "reason": event.reason,
        "user": event.user,
        "item": "/".join(event.object.getPhysicalPath()),
        "uid": IUUID(event.object, None),
        "state": event.state,
        "expires": None if event.expires is None else _in_utc(event.expires),
    }
    return record if event.link is None else {**record, "link": event.link, "maker": event.maker}


def _in_utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
