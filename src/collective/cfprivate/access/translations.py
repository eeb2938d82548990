"""What a translation takes along of a medium (plone.app.multilingual)."""

from ..media.behavior import empty_fields
from ..media.behavior import IProtectedMedia
from .possession import may_have_medium


def leave_medium_behind(original, event) -> None:
    """Empty the fields of a new translation that shows the original's medium, unless the translator may have it."""
    theirs, its_own = IProtectedMedia(event.target, None), IProtectedMedia(original, None)
    if theirs is not None and its_own is not None and _shares(theirs, its_own) and not may_have_medium(original):
        empty_fields(event.target)


def _shares(one: IProtectedMedia, other: IProtectedMedia) -> bool:
    keys = {one.object_key, one.poster} & {other.object_key, other.poster}
    return bool(keys - {None, ""})
