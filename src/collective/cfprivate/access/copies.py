"""A copy is no way to a medium: who may not have that of the original copies the page alone."""

from ..media.behavior import IProtectedMedia
from ..permissions import MANAGE
from .grant import grant
from Acquisition import aq_base
from Acquisition import aq_inner
from Acquisition import aq_parent
from plone import api

import time


def leave_medium_behind(copy, event) -> None:
    """Empty the fields of a copy, also of one inside a copied folder, unless the original may be streamed or managed.

    In the folder of a copier the staff roles may be the copier's own, and so would be the medium.
    """
    fields = IProtectedMedia(copy, None)
    if fields is None or _may_have_medium(_original_of(copy, event)):
        return
    fields.object_key = None
    fields.poster = None


def _may_have_medium(original) -> bool:
    if original is None:
        return False
    # Who manages it reads its object key anyway, and must not lose it because its dates are over.
    manages = api.user.has_permission(MANAGE, obj=original)
    return manages or grant(original, action="stream", now=int(time.time())).allowed


def _original_of(copy, event):
    """What ``copy`` was copied from; the event names only the outermost object."""
    names = []
    while copy is not None and aq_base(copy) is not aq_base(event.object):
        names.insert(0, copy.getId())
        copy = aq_parent(aq_inner(copy))
    return event.original.unrestrictedTraverse(names, None) if copy is not None else None
