"""What a translation takes along of a medium (plone.app.multilingual)."""

from ..media.behavior import empty_fields
from ..media.behavior import IProtectedMedia
from ..media.renditions import renditions_of
from ..media.same_work import translations_of
from ..media.tracks import tracks_of
from .possession import may_have_medium
from .shared_medium import share_medium
from plone.uuid.interfaces import IUUID


def take_medium_along(original, event) -> None:
    """Give a translation the medium of the original, where the translator may share that and has entered no other."""
    # The form of a translation tells of an object that is nowhere.
    uid = IUUID(event.target)
    for target in translations_of(original):
        if IUUID(target) == uid:
            share_medium(original, target)


def leave_medium_behind(original, event) -> None:
    """Empty the fields of a new translation that shows the original's medium, unless the translator may have it."""
    theirs, its_own = IProtectedMedia(event.target, None), IProtectedMedia(original, None)
    if theirs is not None and its_own is not None and _shares(theirs, its_own) and not may_have_medium(original):
        empty_fields(event.target)


def _shares(one: IProtectedMedia, other: IProtectedMedia) -> bool:
    return bool(_files(one) & _files(other))


def _files(fields: IProtectedMedia) -> set[str]:
    """The object keys of all files, and the captions that Plone keeps."""
    files = renditions_of((fields.object_key or "", *(fields.renditions or ())))
    captions = (track.object_key or track.text for track in tracks_of(fields.tracks))
    return {fields.poster, *(file.object_key for file in files), *captions} - {None, ""}
