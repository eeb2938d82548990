"""Why an item is left as it is when files are moved to the bucket or back."""

from ..interfaces import IProtectedItem
from ..media.behavior import IProtectedMedia
from ..media.medium import medium_of
from ..permissions import MANAGE
from ..permissions import STREAM
from ..permissions import VIEW
from .file_field import file_field_of
from .file_name import name_of
from AccessControl.PermissionRole import rolesForPermissionOn
from plone import api
from plone.locking.interfaces import ILockable


try:
    from plone.app.iterate.interfaces import IWorkingCopy
except ImportError:
    IWorkingCopy = None

MODIFY = "Modify portal content"

# By a stable word. Commands speak English.
REASONS = {
    "gone": "It is not there any more.",
    "no-behavior": "Its type lacks the behavior collective.cfprivate.protected_media: enable “Protected media” for the type "
    "in Site Setup, Content Types, Behaviors.",
    "no-field": "Its type has no primary field for a file or an image.",
    "no-file": "It has no file.",
    "empty": "Its file is empty.",
    "has-medium": "It has a medium in the bucket already.",
    "no-format": "No browser plays or shows files of its kind.",
    "playlist": "It is a playlist of an HLS set, which is of no use without the other files of the set.",
    "working-copy": "It is a working copy: check it in first.",
    "locked": "It is locked: somebody edits it, or it is checked out.",
    "not-permitted": "The user may not modify it or not manage its medium.",
    "no-medium": "It has no medium in the bucket.",
    "no-object": "The bucket does not have the file of its medium.",
    "more-files": "Its medium has further renditions, which the field of a file cannot hold.",
    "has-file": "It has a file in Plone already.",
    "too-open": "Plone shows a file to everybody who may view the item, which are more people than may watch it. Give "
    "--accept-view where that is meant.",
}


def skipped_out(item) -> str | None:
    """The word for why the file of ``item`` is not moved to the bucket; None where it is."""
    field = file_field_of(item)
    if not IProtectedItem.providedBy(item):
        return "no-behavior"
    if field is None:
        return "no-field"
    if medium_of(item) is not None or IProtectedMedia(item).object_key:
        return "has-medium"
    return _of_file(field.value) or _of_circumstances(item)


def skipped_back(item, *, accept_view: bool) -> str | None:
    """The word for why the medium of ``item`` is not brought back to Plone; None where it is."""
    medium, field = medium_of(item), file_field_of(item)
    if medium is None:
        return "no-medium" if IProtectedItem.providedBy(item) else "no-behavior"
    if field is None:
        return "no-field"
    if medium.hls is not None:
        return "playlist"
    if len(medium.files) > 1:
        return "more-files"
    if field.value is not None and field.value.getSize() > 0:
        return "has-file"
    return _of_circumstances(item) or ("too-open" if not accept_view and left_out(item) else None)


def left_out(item) -> list[str]:
    """The roles that may view an item, but not watch its medium, in alphabetical order."""
    view, stream = (set(rolesForPermissionOn(permission, item)) for permission in (VIEW, STREAM))
    if "Anonymous" in stream:
        return []
    if "Authenticated" in stream:
        return ["Anonymous"] if "Anonymous" in view else []
    return sorted(view - stream)


def _of_file(file) -> str | None:
    if file is None:
        return "no-file"
    if file.getSize() == 0:
        return "empty"
    name = name_of(file)
    if name is None:
        return "no-format"
    return "playlist" if name.lower().endswith(".m3u8") else None


def _of_circumstances(item) -> str | None:
    if IWorkingCopy is not None and IWorkingCopy.providedBy(item):
        return "working-copy"
    lockable = ILockable(item, None)
    if lockable is not None and lockable.locked():
        return "locked"
    may = all(api.user.has_permission(permission, obj=item) for permission in (MODIFY, MANAGE))
    return None if may else "not-permitted"
