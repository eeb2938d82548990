"""Who may stream an item now, for those who manage it."""

from .. import settings
from ..permissions import STREAM
from ..permissions import VIEW
from .grant import ACCESS_INACTIVE
from .grant import binds_address
from .grant import entitlement
from .lifetime import Lifetime
from .lifetime import lifetime_of
from .rules import rule_of
from .state import State
from .state import states_of
from .window import Phase
from .window import publication_window
from .window import UnreadableDate
from .window import Window
from AccessControl.PermissionRole import rolesForPermissionOn
from Acquisition import aq_base
from Acquisition import aq_inner
from Acquisition import aq_parent
from borg.localrole.interfaces import ILocalRoleProvider
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from plone import api
from plone.base.interfaces import IPloneSiteRoot
from typing import NamedTuple
from zope.component import getAdapters


# An editor's page stays quick in a site with thousands of accounts: so many are looked at, and so many are shown.
MOST_CANDIDATES = 200
MOST_HOLDERS = 50


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A user or group who holds ``role`` at ``place``: the item or what contains it; None for the whole site."""

    title: str
    is_group: bool
    role: str
    place: object | None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """``roles`` suffice to stream now. ``window`` and ``phase`` are None where the dates are unreadable.

    ``by_several`` tells that, though no role suffices, several together may.
    """

    window: Window | None
    phase: Phase | None
    roles: tuple[str, ...]
    by_several: bool


@dataclass(frozen=True, kw_only=True)
class Audience(Reach):
    """Where the roles include Anonymous or Authenticated, ``holders`` are not listed.

    Other holders stream by several roles together. ``more`` tells that not all were looked at.
    """

    state: State | None
    holders: tuple[Holder, ...]
    more: bool
    lifetime: Lifetime
    bound_to_address: bool
    parents_count: bool


class Given(NamedTuple):
    """A role that ``principal`` was given at ``place``; None for the whole site."""

    principal: str
    role: str
    place: object | None


def reach_of(item, *, now: int) -> Reach:
    """What dates and permissions say of the item at ``now`` (epoch seconds); looks at no account."""
    window = _readable_window(item)
    phase = window.phase(now) if window is not None else None
    needed = _roles_for(item, phase)
    roles = tuple(sorted(role for role in needed[0] if _suffice({role}, needed)))
    return Reach(window=window, phase=phase, roles=roles, by_several=not roles and all(needed))


def audience_of(item, *, now: int) -> Audience:
    """Who may stream the item at ``now`` (epoch seconds)."""
    reach, in_force = reach_of(item, now=now), rule_of(item)
    needed = _roles_for(item, reach.phase)
    holders, more = ((), False) if {"Anonymous", "Authenticated"} & set(reach.roles) else _holders(item, needed, now)
    return Audience(
        **vars(reach),
        state=next(iter(states_of(item)), None),
        holders=holders,
        more=more,
        lifetime=lifetime_of(item, in_force),
        bound_to_address=binds_address(in_force),
        parents_count=settings.current().view_on_parents,
    )


def _readable_window(item) -> Window | None:
    try:
        return publication_window(item)
    except UnreadableDate:
        return None


def _roles_for(item, phase: Phase | None) -> list[set[str]]:
    """The roles that grant each permission that is needed in ``phase``; Stream comes first."""
    permissions = (STREAM, VIEW) if phase is Phase.WITHIN else (STREAM, VIEW, ACCESS_INACTIVE)
    return [set(rolesForPermissionOn(permission, item)) for permission in permissions]


def _suffice(held: set[str], needed: list[set[str]]) -> bool:
    held = held | ({"Anonymous"} if held == {"Anonymous"} else {"Anonymous", "Authenticated"})
    return all(held & roles for roles in needed)


def _holders(item, needed: list[set[str]], now: int) -> tuple[tuple[Holder, ...], bool]:
    given = [*_local_roles(item), *_site_roles(needed)]
    candidates = _first_of_each(entry for entry in given if entry.role in needed[0])
    found = []
    for entry in islice(candidates, MOST_CANDIDATES):
        held = {other.role for other in given if other.principal == entry.principal}
        found.extend(_holder(entry, held, needed, item, now))
        if len(found) == MOST_HOLDERS:
            break
    return tuple(found), next(candidates, None) is not None


def _first_of_each(given: Iterable[Given]) -> Iterator[Given]:
    """Each role of a principal once: where it was given nearest to the item."""
    nearest = {}
    for entry in given:
        nearest.setdefault((entry.principal, entry.role), entry)
    return iter(nearest.values())


def _local_roles(item) -> Iterator[Given]:
    """The roles given on the item and above it, until somebody blocked inheritance."""
    place = aq_inner(item)
    while place is not None:
        for _name, provider in getAdapters((place,), ILocalRoleProvider):
            for principal, roles in provider.getAllRoles():
                yield from (Given(principal, role, place) for role in roles)
        if getattr(aq_base(place), "__ac_local_roles_block__", False) or IPloneSiteRoot.providedBy(place):
            return
        place = aq_parent(aq_inner(place))


def _site_roles(needed: list[set[str]]) -> Iterator[Given]:
    # Every account is a Member: to name them all would say less.
    wanted = set().union(*needed) - {"Member", "Authenticated", "Anonymous"}
    # The public method looks each account up, and fails for all where a single id is found twice.
    assigned = api.portal.get_tool("acl_users").portal_role_manager._principal_roles
    for principal, roles in assigned.items():
        yield from (Given(principal, role, None) for role in roles if role in wanted)


def _holder(entry: Given, held: set[str], needed: list[set[str]], item, now: int) -> Iterator[Holder]:
    """The holder, if there still is such a group whose roles suffice, or a user whom the grant itself lets."""
    group = api.group.get(groupname=entry.principal)
    if group is not None:
        if _suffice(held, needed):
            title = group.getProperty("title") or entry.principal
            yield Holder(title=title, is_group=True, role=entry.role, place=entry.place)
        return
    user = api.user.get(userid=entry.principal)
    if user is not None and _may_stream(user, item, now):
        title = user.getProperty("fullname") or user.getUserName()
        yield Holder(title=title, is_group=False, role=entry.role, place=entry.place)


def _may_stream(user, item, now: int) -> bool:
    with api.env.adopt_user(user=user):
        return entitlement(item, action="stream", now=now).allowed
