"""Plone's answer to who comes with a guest link: asked each time, of the item as it is, and of the maker as he is."""

from .. import settings
from ..access.grant import Grant
from ..access.grant import lasting
from ..access.grant import permitted
from ..access.grant import Reason
from ..access.grant import within_window
from ..access.state import states_of
from .store import GuestLink
from AccessControl.SpecialUsers import nobody
from dataclasses import replace
from plone import api


def guest_grant(item, link: GuestLink | None, *, action: str, now: int, address: str | None) -> Grant:
    """Decide whether a guest may stream the item's medium at ``now`` by ``link``, one of this item's; None is refused.

    ``now`` is in epoch seconds, ``address`` what Zope calls the client's address. No ``action`` but ``stream`` is granted.
    What is signed ends with the link, and with the item's window.
    """
    if action != "stream":
        return Grant(allowed=False, reason=Reason.NOT_PERMITTED)
    entitled = guest_entitlement(item, link, now=now)
    return lasting(item, entitled, now=now, address=address, site=settings.current())


def guest_entitlement(item, link: GuestLink | None, *, now: int) -> Grant:
    """The part of ``guest_grant`` that is about the right; ``expires`` ends that."""
    refused = _refused(item, link, now)
    if refused is not None:
        return Grant(allowed=False, reason=refused)
    # The maker may be one whom dates do not bind: his guests they do.
    bound = within_window(item, now)
    if not bound.allowed:
        return bound
    return replace(bound, expires=min(link.ends, bound.expires or link.ends))


def _refused(item, link: GuestLink | None, now: int) -> Reason | None:
    if link is None:
        return Reason.UNKNOWN_LINK
    if now >= link.ends:
        return Reason.LINK_ENDED
    if not _maker_may(item, link.maker):
        return Reason.MAKER_MAY_NOT
    # The staff may watch what was retracted. A link was made for the state in which the item was, or everyone may watch.
    if states_of(item) != link.states and not _may_stream(item, nobody):
        return Reason.STATE_CHANGED
    return None


def _maker_may(item, user_id: str) -> bool:
    maker = api.user.get(userid=user_id)
    return maker is not None and _may_stream(item, maker)


def _may_stream(item, user) -> bool:
    with api.env.adopt_user(user=user):
        return permitted(item, action="stream")
