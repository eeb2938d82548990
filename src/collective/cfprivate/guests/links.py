"""Making and revoking a guest link, as the page and the REST service both do it: audited, in the current user's name."""

from ..access.audit import report_link
from ..access.grant import entitlement
from ..i18n import _
from ..media.medium import medium_of
from . import store
from .form import Entered
from .playback import address_of
from .store import GuestLink
from dataclasses import dataclass
from plone import api
from zope.i18nmessageid import Message


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    """Why the current user cannot make a link; ``kind`` and ``status`` (HTTP) are stable, for REST clients."""

    kind: str
    status: int
    message: Message


def hindrance_of(item, *, now: int) -> Hindrance | None:
    """Why the current user cannot make a link of the item at ``now`` (epoch seconds); None where he can."""
    if medium_of(item) is None:
        message = _("refused_no_medium", default="There is nothing to watch here yet.")
        return Hindrance(kind="no-medium", status=404, message=message)
    entitled = entitlement(item, action="stream", now=now)
    if not entitled.allowed:
        message = _(
            "guest_maker_may_not", default="You may not watch this now, so that you cannot let a guest watch it."
        )
        return Hindrance(kind=entitled.reason.value, status=403, message=message)
    return None


def hand_out(item, entered: Entered, *, now: int) -> tuple[str, GuestLink]:
    """Make a link; the address that is the right itself, which nobody can find out later, and the link."""
    maker = api.user.get_current().getId()
    token, link = store.make(item, note=entered.note, maker=maker, now=now, ends=entered.ends)
    report_link(item, made=True, link=link.name, expires=link.ends)
    return address_of(item, token), link


def take_back(item, digest: str) -> GuestLink | None:
    """Revoke the item's link with the digest; it, or None where there was none."""
    link = store.revoke(item, digest)
    if link is not None:
        report_link(item, made=False, link=link.name, expires=link.ends)
    return link
