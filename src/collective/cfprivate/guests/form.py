"""What an editor enters to make a guest link, and what is wrong with it."""

from .. import settings
from ..access.window import site_zone
from ..access.window import UnknownZone
from ..exceptions import SiteError
from ..i18n import _
from ..playback.dates import localized
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timezone
from datetime import tzinfo
from unicodedata import category
from zope.i18nmessageid import Message


DAY = 86400
MINUTE = 60
# Days that a link lives where nobody chooses, if the site's maximum lets it.
USUAL = 7
LONGEST_NOTE = 200
# Categories of Unicode: control characters, and halves of a character. A page with one of these could not be sent.
UNPRINTED = frozenset({"Cc", "Cs"})


class Refused(SiteError):
    """What was entered cannot be taken; ``field`` is the name of the field in which it stands, if it is of one."""

    def __init__(self, message: Message, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Entered:
    """``ends`` is in epoch seconds."""

    note: str
    ends: int


def read(form: Mapping[str, object], *, now: int) -> Entered:
    """What the fields ``note`` and ``ends`` say at ``now`` (epoch seconds). Raises ``Refused``."""
    return Entered(note=_note(_text(form, "note")), ends=_ends(_text(form, "ends"), now))


def _text(form: Mapping[str, object], name: str) -> str:
    text = form.get(name)
    return text.strip() if isinstance(text, str) else ""


def _note(text: str) -> str:
    if not text:
        message = _("error_guest_no_note", default="Say whom the link is for: you find it again by that.")
        raise Refused(message, "note")
    if len(text) > LONGEST_NOTE:
        mapping = {"length": LONGEST_NOTE}
        raise Refused(
            _(
                "error_guest_long_note",
                default="The note is too long: ${length} characters are allowed.",
                mapping=mapping,
            ),
            "note",
        )
    if not UNPRINTED.isdisjoint(map(category, text)):
        message = _("error_guest_odd_note", default="The note holds characters that no page can show.")
        raise Refused(message, "note")
    return text


def _ends(text: str, now: int) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = _("error_guest_no_end", default="Enter the day and the time at which the link ends.")
        raise Refused(message, "ends") from None
    ends = int((moment if moment.tzinfo else moment.replace(tzinfo=_zone())).timestamp())
    if ends <= now:
        raise Refused(_("error_guest_past", default="The end lies in the past."), "ends")
    if ends > latest(now):
        mapping = {"date": localized(latest(now))}
        raise Refused(
            _(
                "error_guest_too_late",
                default="The end is too late: on this site at ${date} at the latest.",
                mapping=mapping,
            ),
            "ends",
        )
    return ends


def latest(now: int) -> int:
    """The latest end (epoch seconds, a whole minute) of a link that is made at ``now``."""
    return (now + settings.current().guest_maximum * DAY) // MINUTE * MINUTE


def usual(now: int) -> int:
    """The end that is offered."""
    return min(latest(now), (now + USUAL * DAY) // MINUTE * MINUTE)


def as_entered(seconds: int) -> str:
    """Epoch seconds as HTML's <input type="datetime-local"> has them, in the time zone of the site."""
    return datetime.fromtimestamp(seconds, _zone()).strftime("%Y-%m-%dT%H:%M")


def _zone() -> tzinfo:
    try:
        return site_zone()
    except UnknownZone:
        return timezone.utc
