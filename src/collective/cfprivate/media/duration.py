"""The duration of a medium, for people."""

from ..i18n import _
from dataclasses import dataclass
from zope.i18nmessageid import Message


@dataclass(frozen=True)
class Duration:
    """A number of whole seconds."""

    seconds: int

    def __str__(self) -> str:
        """As on a player: 1:02:03, 2:03, 0:03."""
        hours, minutes, seconds = self._parts()
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    @property
    def iso(self) -> str:
        """As HTML wants it in ``datetime``: PT3723S."""
        return f"PT{self.seconds}S"

    @property
    def spoken(self) -> Message:
        """For who does not see it: 1:02 might be hours or minutes."""
        hours, minutes, seconds = self._parts()
        mapping = {"hours": hours, "minutes": minutes, "seconds": seconds}
        if hours:
            return _("duration_hours", default="Duration: ${hours} h ${minutes} min ${seconds} s", mapping=mapping)
        if minutes:
            return _("duration_minutes", default="Duration: ${minutes} min ${seconds} s", mapping=mapping)
        return _("duration_seconds", default="Duration: ${seconds} s", mapping=mapping)

    def _parts(self) -> tuple[int, int, int]:
        minutes, seconds = divmod(self.seconds, 60)
        return *divmod(minutes, 60), seconds
