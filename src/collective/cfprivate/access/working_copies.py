"""What a check-out takes along of a medium, and what a check-in brings back (plone.app.iterate)."""

from ..media.behavior import copy_fields
from ..media.behavior import empty_fields
from ..media.behavior import IProtectedMedia
from ..media.noted import note
from ..media.places import keep_note_of
from .possession import may_have_medium
from .possession import may_manage
from plone.base.interfaces import IPloneSiteRoot
from zope.annotation.interfaces import IAnnotations


# On a working copy that came without its medium: one that is empty when it comes back was not emptied by an editor.
LEFT_BEHIND = "collective.cfprivate.medium-left-behind"


def check_out(baseline, event) -> None:
    """Leave the medium with the baseline where the current user may not have it."""
    copy = event.working_copy
    if IProtectedMedia(copy, None) is None:
        return
    keep_note_of(baseline, copy)
    if not may_have_medium(baseline):
        empty_fields(copy)
        IAnnotations(copy)[LEFT_BEHIND] = True


def check_in(copy, event) -> None:
    """Keep the medium of the baseline, unless the current user manages it and its working copy had it."""
    if IProtectedMedia(copy, None) is None or IProtectedMedia(event.baseline, None) is None:
        return
    came_without = IAnnotations(copy).pop(LEFT_BEHIND, False)
    if not may_manage(event.baseline) or (came_without and not IProtectedMedia(copy).object_key):
        copy_fields(event.baseline, copy)
    if IPloneSiteRoot.providedBy(event.baseline):
        _bring_to_site(copy, event.baseline)
    else:
        _note_changes(copy, event.baseline)


def _note_changes(copy, baseline) -> None:
    """What the copy brings: plone.app.iterate sets attributes, and tells without names that the baseline was changed."""
    theirs, its_own = IProtectedMedia(copy), IProtectedMedia(baseline)
    for name in IProtectedMedia:
        before = getattr(its_own, name)
        if getattr(theirs, name) != before:
            note(baseline, name, before)


def _bring_to_site(copy, site) -> None:
    # plone.app.iterate sets the site's own attributes, which all that lies in the site acquires.
    copy_fields(copy, site)
    empty_fields(copy)
