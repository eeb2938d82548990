"""Who may stream an item now, for those who manage it."""

from .. import settings
from ..permissions import STREAM
from .grant import ACCESS_INACTIVE
from .grant import binds_address
from .grant import entitlement
from .grant import VIEW
from .lifetime import Lifetime
from .lifetime import lifetime_of
from .state import State
from .state import states_of
from .window import publication_window
from .window import UnreadableDate
from .window import Window
from AccessControl.PermissionRole import rolesForPermissionOn
from Acquisition import aq_base
from Acquisition import aq_inner
from Acquisition import aq_parent
from borg.localrole.interfaces import ILocalRoleProvider
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from plone import api
from plone.base.interfaces import IPloneSiteRoot
from Products.PluggableAuthService.plugins.ZODBRoleManager import MultiplePrincipalError
from zope.component import getAdapters


# An editor's page stays quick in a site with thousands of accounts.
MOST_HOLDERS = 50


class Phase(Enum):
    """Where now lies to the publication window."""

    BEFORE = "before"
    WITHIN = "within"
    AFTER = "after"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A user or group who holds ``role`` at ``place``: the item or what contains it; None for the whole site."""

    principal: str
    title: str
    is_group: bool
    role: str
    place: object | None


@dataclass(frozen=True, kw_only=True)
class Audience:
    """``roles`` suffice to stream now; where they include Anonymous or Authenticated, ``holders`` are not listed.

    ``holders_left_out`` is the number of those that were too many. ``window`` is None where its dates are unreadable.
    """

    state: State | None
    phase: Phase
    window: Window | None
    roles: tuple[str, ...]
    holders: tuple[Holder, ...]
    holders_left_out: int
    lifetime: Lifetime
    bound_to_address: bool
    parents_count: bool


def audience_of(item, *, now: int) -> Audience:
    """Who may stream the item at ``now`` (epoch seconds)."""
    window, phase = _window_and_phase(item, now)
    roles = _sufficient_roles(item, within=phase is Phase.WITHIN)
    listed = () if {"Anonymous", "Authenticated"} & set(roles) else tuple(_holders(item, roles, now))
    return Audience(
        state=next(iter(states_of(item)), None),
        phase=phase,
        window=window,
        roles=roles,
        holders=listed[:MOST_HOLDERS],
        holders_left_out=max(0, len(listed) - MOST_HOLDERS),
        lifetime=lifetime_of(item),
        bound_to_address=binds_address(item),
        parents_count=settings.current().view_on_parents,
    )


def _window_and_phase(item, now: int) -> tuple[Window | None, Phase]:
    try:
        window = publication_window(item)
    except UnreadableDate:
        return None, Phase.UNKNOWN
    if window.starts is not None and now < window.starts:
        return window, Phase.BEFORE
    if window.expires is not None and now >= window.expires:
        return window, Phase.AFTER
    return window, Phase.WITHIN


def _sufficient_roles(item, *, within: bool) -> tuple[str, ...]:
    permissions = (STREAM, VIEW) if within else (STREAM, VIEW, ACCESS_INACTIVE)
    granting = [set(rolesForPermissionOn(permission, item)) for permission in permissions]
    return tuple(sorted(role for role in granting[0] if all(_suffices(role, roles) for roles in granting)))


def _suffices(role: str, granting: set[str]) -> bool:
    return role in granting or "Anonymous" in granting or (role != "Anonymous" and "Authenticated" in granting)


def _holders(item, roles: tuple[str, ...], now: int) -> Iterator[Holder]:
    known = set()
    for principal, role, place in (*_local_roles(item), *_site_roles(roles)):
        if role in roles and (principal, role) not in known:
            known.add((principal, role))
            holder = _holder(principal, role, place, item, now)
            if holder is not None:
                yield holder


def _local_roles(item) -> Iterator[tuple[str, str, object]]:
    """Principal, role and where it was given: on the item and above it, until somebody blocked inheritance."""
    place = aq_inner(item)
    while place is not None:
        for _name, provider in getAdapters((place,), ILocalRoleProvider):
            for principal, given in provider.getAllRoles():
                yield from ((principal, role, place) for role in given)
        if getattr(aq_base(place), "__ac_local_roles_block__", False) or IPloneSiteRoot.providedBy(place):
            return
        place = aq_parent(aq_inner(place))


def _site_roles(roles: tuple[str, ...]) -> Iterator[tuple[str, str, None]]:
    # Every account is a Member; to name them all would say less, and take long.
    for role in sorted(set(roles) - {"Member"}):
        yield from ((principal, role, None) for principal in _assigned(role))


def _assigned(role: str) -> list[str]:
    role_manager = api.portal.get_tool("acl_users").portal_role_manager
    try:
        return [principal for principal, _title in role_manager.listAssignedPrincipals(role)]
    except MultiplePrincipalError:
        # A user and a group of the same name, which PAS cannot tell apart: no reason to take the page down.
        return []


def _holder(principal: str, role: str, place, item, now: int) -> Holder | None:
    """The holder, if there still is such an account and the grant itself lets it; a group is taken at its role."""
    group = api.group.get(groupname=principal)
    if group is not None:
        title = group.getProperty("title") or principal
        return Holder(principal=principal, title=title, is_group=True, role=role, place=place)
    user = api.user.get(userid=principal)
    if user is None or not _may_stream(user, item, now):
        return None
    title = user.getProperty("fullname") or user.getUserName()
    return Holder(principal=principal, title=title, is_group=False, role=role, place=place)


def _may_stream(user, item, now: int) -> bool:
    with api.env.adopt_user(user=user):
        return entitlement(item, action="stream", now=now).allowed
