"""A copy is no way to a medium: who may not have that of the original copies the page alone."""

from ..media.behavior import empty_fields
from ..media.behavior import IProtectedMedia
from ..media.places import note_copy
from .possession import may_have_medium
from Acquisition import aq_base
from Acquisition import aq_inner
from Acquisition import aq_parent


def leave_medium_behind(copy, event) -> None:
    """Empty the fields of a copy, also of one inside a copied folder, unless the copier may have the medium.

    Otherwise it gives way where both cannot play.
    """
    if IProtectedMedia(copy, None) is None:
        return
    original = _original_of(copy, event)
    if original is None or not may_have_medium(original):
        empty_fields(copy)
    else:
        note_copy(copy, original)


def _original_of(copy, event):
    """What ``copy`` was copied from; the event names only the outermost object."""
    names = []
    while copy is not None and aq_base(copy) is not aq_base(event.object):
        names.insert(0, copy.getId())
        copy = aq_parent(aq_inner(copy))
    return event.original.unrestrictedTraverse(names, None) if copy is not None else None
