"""Plone's answer for the current user, one item, one action, now."""

from .. import settings
from ..media.behavior import fields_of
from ..permissions import DOWNLOAD
from ..permissions import STREAM
from ..permissions import VIEW
from .address import AddressRefused
from .address import bindable
from .address import NotPublic
from .lifetime import expiry
from .lifetime import lifetime_of
from .parents import parents_viewable
from .rules import rule_of
from .rules import RuleInForce
from .window import Phase
from .window import publication_window
from .window import UnreadableDate
from AccessControl import getSecurityManager
from dataclasses import dataclass
from dataclasses import replace
from enum import Enum


ACCESS_INACTIVE = "Access inactive portal content"
ACTIONS = ("stream", "download")


class Reason(Enum):
    """Why a grant was given or refused; the values are stable, for logs and REST clients."""

    GRANTED = "granted"
    NOT_PERMITTED = "not-permitted"
    PARENT_NOT_VIEWABLE = "folder-not-viewable"
    NOT_YET = "not-yet-published"
    EXPIRED = "expired"
    UNREADABLE_DATE = "unreadable-date"
    ADDRESS_NOT_IPV4 = "address-not-ipv4"
    ADDRESS_NOT_PUBLIC = "address-not-public"
    UNKNOWN_LINK = "unknown-link"
    LINK_ENDED = "link-ended"
    MAKER_MAY_NOT = "maker-may-not"
    STATE_CHANGED = "item-state-changed"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """``expires`` (epoch seconds) ends what is signed; ``starts`` tells a refused viewer when to come back.

    ``ip`` is the IPv4 address to which what is signed has to be bound, None for no binding.
    """

    allowed: bool
    reason: Reason
    starts: int | None = None
    expires: int | None = None
    ip: str | None = None


def grant(item, *, action: str, now: int, address: str | None) -> Grant:
    """Decide whether the current user may do ``action`` (``stream``, ``download``) with the item's medium at ``now``.

    ``now`` is in epoch seconds, ``address`` what Zope calls the client's address. Asks Plone's security machinery
    each time and reads no request.
    """
    site = settings.current()
    entitled = entitlement(item, action=action, now=now, site=site)
    return lasting(item, entitled, now=now, address=address, site=site)


def lasting(item, entitled: Grant, *, now: int, address: str | None, site: settings.Settings) -> Grant:
    """The whole grant of one that is about the right alone: how long what is signed lives, and to what it is bound."""
    if not entitled.allowed:
        return entitled
    in_force = rule_of(item, site)
    expires = expiry(now, lifetime_of(item, in_force, site).seconds, cap=entitled.expires)
    return _bound(replace(entitled, expires=expires), in_force, address, site)


def entitlement(item, *, action: str, now: int, site: settings.Settings | None = None) -> Grant:
    """The part of ``grant`` that is about the user: permissions, parents and dates; ``expires`` ends the right itself.

    ``site`` are the settings in force, for who has them at hand.
    """
    refused = _not_permitted(item, action, site or settings.current())
    if refused is not None:
        return Grant(allowed=False, reason=refused)
    bound = within_window(item, now)
    # Who is not bound by dates is asked only where they would change something.
    if (bound.allowed and bound.expires is None) or not _permitted(item, ACCESS_INACTIVE):
        return bound
    return Grant(allowed=True, reason=Reason.GRANTED)


def permitted(item, *, action: str) -> bool:
    """The part of ``entitlement`` that is not about dates."""
    return _not_permitted(item, action, settings.current()) is None


def _not_permitted(item, action: str, site: settings.Settings) -> Reason | None:
    if action not in ACTIONS:
        raise ValueError(f"There is no action {action!r}: one of {', '.join(ACTIONS)} is wanted.")
    if not _permitted(item, VIEW, STREAM) or (action == "download" and not downloadable(item)):
        return Reason.NOT_PERMITTED
    if site.view_on_parents and not parents_viewable(item):
        return Reason.PARENT_NOT_VIEWABLE
    return None


def downloadable(item) -> bool:
    """Whether the current user may download the item's medium, if he may stream it."""
    # What takes longest comes last.
    return rule_of(item).rule.download or _offers_download(item) or _permitted(item, DOWNLOAD)


def _offers_download(item) -> bool:
    fields = fields_of(item)
    return fields is not None and bool(fields.offer_download)


def within_window(item, now: int) -> Grant:
    """What the item's dates say to who is bound by them; ``expires`` is the end of the window."""
    try:
        window = publication_window(item)
    except UnreadableDate:
        return Grant(allowed=False, reason=Reason.UNREADABLE_DATE)
    phase = window.phase(now)
    if phase is Phase.BEFORE:
        return Grant(allowed=False, reason=Reason.NOT_YET, starts=window.starts)
    if phase is Phase.AFTER:
        return Grant(allowed=False, reason=Reason.EXPIRED)
    return Grant(allowed=True, reason=Reason.GRANTED, expires=window.expires)


def _bound(granted: Grant, in_force: RuleInForce, address: str | None, site: settings.Settings) -> Grant:
    if not binds_address(in_force, site):
        return granted
    try:
        return replace(granted, ip=bindable(address, local=site.distribution_is_local))
    except AddressRefused as error:
        public = isinstance(error, NotPublic)
        return Grant(allowed=False, reason=Reason.ADDRESS_NOT_PUBLIC if public else Reason.ADDRESS_NOT_IPV4)


def binds_address(in_force: RuleInForce, site: settings.Settings | None = None) -> bool:
    """Whether signatures are bound to the viewer's address: the rule ``in_force`` decides, else the site."""
    chosen = in_force.rule.bind_ip
    return (site or settings.current()).bind_ip if chosen is None else chosen


def _permitted(item, *permissions: str) -> bool:
    may = getSecurityManager().checkPermission
    return all(may(permission, item) for permission in permissions)
