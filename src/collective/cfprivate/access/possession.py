"""Who may take the medium of an item to another one."""

from ..permissions import MANAGE
from .grant import entitlement
from .grant import permitted
from plone import api

import time


def may_manage(item) -> bool:
    """Whether the current user may attach and detach the item's medium."""
    return api.user.has_permission(MANAGE, obj=item)


def may_have_medium(item) -> bool:
    """Whether the current user may stream the item's medium now, or manage it.

    In the folder of a copier the staff roles may be the copier's own, and so would be the medium. Who manages it reads
    its object key anyway, and must not lose it because its dates are over.
    """
    return may_manage(item) or entitlement(item, action="stream", now=int(time.time())).allowed


def may_pass_medium_on(item) -> bool:
    """Whether the current user may attach a file of the item to another one: may stream it now, or whenever he manages it.

    Whoever watches what he attaches to an item of his own is asked for nothing of this item any more: neither its dates
    nor the folders above it.
    """
    if may_manage(item):
        return permitted(item, action="stream")
    return entitlement(item, action="stream", now=int(time.time())).allowed


def may_share_medium(source, target) -> bool:
    """Whether the current user may make the medium of ``source`` that of ``target``: manages both, and may stream it.

    Dates do not count, so that both can be prepared before they are published.
    """
    return may_manage(source) and may_manage(target) and permitted(source, action="stream")
