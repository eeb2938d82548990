"""Who may upload which file from which place of the site, and where in the bucket it will lie."""

from .. import settings
from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.object_key import check_object_key
from ..exceptions import UploadRefused
from ..i18n import _
from ..interfaces import IProtectedItem
from ..permissions import MANAGE
from ..storage.keys import new_key
from .behavior import BEHAVIOR_NAMES
from .prefixes import is_outside
from .prefixes import prefixes_of_user
from AccessControl import Unauthorized
from Acquisition import aq_inner
from Acquisition import aq_parent
from plone import api
from plone.dexterity.interfaces import IDexterityContainer
from zExceptions import NotFound

import re


MEGABYTE = 1_000_000

# RFC 6838, section 4.2.
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


def check_place(place) -> None:
    """Raise ``UploadRefused`` unless the current user manages media at ``place``: an item, or a container for one."""
    if not api.user.has_permission(MANAGE, obj=place) or not _takes_media(place):
        status = 401 if api.user.is_anonymous() else 403
        sentence = _("upload_not_permitted", default="You may not upload media here.")
        raise UploadRefused(sentence, status=status, kind="not-permitted")


def place_at(site, path: str):
    """What lies at a path of the site, as far as the current user may see it; raises ``UploadRefused``."""
    try:
        return site.restrictedTraverse(path.strip("/")) if path.strip("/") else site
    except (AttributeError, KeyError, NotFound, Unauthorized):
        sentence = _("upload_no_place", default="There is nothing at ${path} that you may see.", mapping={"path": path})
        raise UploadRefused(sentence, status=404, kind="no-place") from None


def check_file(*, size: int, content_type: str) -> None:
    """Raise ``UploadRefused`` for what the settings do not take; ``content_type`` as ``media_type`` gives it."""
    current = settings.bucket()
    if size > current.upload_maximum * MEGABYTE:
        sentence = _(
            "upload_too_large",
            default="The file is too large: ${maximum} megabytes may be uploaded at most.",
            mapping={"maximum": current.upload_maximum},
        )
        raise UploadRefused(sentence, status=413, kind="too-large")
    if not any(_is_of(content_type, allowed) for allowed in current.upload_types):
        sentence = _(
            "upload_type_refused",
            default="Files of this type may not be uploaded here; allowed are ${types}.",
            mapping={"types": ", ".join(current.upload_types)},
        )
        raise UploadRefused(sentence, status=415, kind="type-not-allowed")


def media_type(text: str) -> str:
    """A media type without parameters, in lower case; empty where the text is none."""
    bare = text.partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) else ""


def key_of_upload(place, filename: str) -> str:
    """A new key for a file that the current user uploads at ``place``; raises ``UploadRefused``."""
    key = new_key(_folder(place), filename)
    check_key(place, key)
    try:
        return check_object_key(key)
    except InvalidObjectKey as error:
        raise UploadRefused(str(error), status=403, kind="no-folder") from None


def check_key(place, key: str) -> None:
    """Raise ``UploadRefused`` where the current user may (no longer) use a file with this key at ``place``."""
    if is_outside([key], prefixes_of_user(container_of(place))):
        sentence = _(
            "error_no_prefix",
            default="You may attach no file here: ask who configures protected media for a folder of the bucket.",
        )
        raise UploadRefused(sentence, status=403, kind="no-folder")


def container_of(place):
    """The container whose folders of the bucket count: that of an item, or the place itself."""
    return aq_parent(aq_inner(place)) if IProtectedItem.providedBy(place) else place


def _folder(place) -> str:
    preferred = settings.bucket().upload_prefix.lstrip("/")
    prefixes = prefixes_of_user(container_of(place))
    if prefixes and not any(each.holds(f"{preferred}x") for each in prefixes):
        return prefixes[0].prefix
    return preferred


def _takes_media(place) -> bool:
    if IProtectedItem.providedBy(place):
        return True
    if not IDexterityContainer.providedBy(place):
        return False
    return any(BEHAVIOR_NAMES.intersection(getattr(fti, "behaviors", ())) for fti in place.allowedContentTypes())


def _is_of(content_type: str, allowed: str) -> bool:
    kind, _slash, subtype = allowed.partition("/")
    return content_type == allowed or (subtype == "*" and content_type.startswith(f"{kind}/"))
