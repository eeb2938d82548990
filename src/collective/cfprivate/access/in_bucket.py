"""Whether the bucket has the files that an item is to refer to."""

from .. import settings
from ..exceptions import sentence_of
from ..exceptions import StorageError
from ..i18n import _
from ..media.by_key import newly_attached
from ..media.formats import ending_of
from ..media.formats import HLS_TYPE
from ..media.formats import KINDS
from ..storage.bucket import Bucket
from ..storage.site_bucket import bucket_of_site
from collections.abc import Collection
from zope.annotation.interfaces import IAnnotations
from zope.i18nmessageid import Message


_FOUND = "collective.cfprivate.found_in_bucket"

# What a bucket says of files whose type nobody told it.
_UNKNOWN = frozenset({"", "application/octet-stream", "binary/octet-stream"})

# The main types that a file may be stored with, by the kind that its ending tells: some stores take MP4 for audio.
_PLAUSIBLE = {
    "video": frozenset({"video", "audio"}),
    "audio": frozenset({"audio", "video"}),
    "image": frozenset({"image"}),
    "document": frozenset({"application", "text"}),
}
_KIND_OF_TYPE = {ending: kind for kind, types in KINDS.items() for ending in types if types[ending] != HLS_TYPE}


def refusal_of_bucket(object_keys: Collection[str], *, item, request) -> Message | None:
    """Why ``item`` (None: it is to be made) cannot refer to these files; None where the bucket has them, or none is set.

    Only those are asked for that it does not have yet, each once in a request: who changes its title needs no bucket.
    Ask it after ``refusal_to_attach``, so that nobody learns of files that he may not attach.
    """
    if not settings.bucket().s3_bucket:
        return None
    found = IAnnotations(request).setdefault(_FOUND, set())
    try:
        for key in dict.fromkeys(newly_attached(object_keys, item=item)):
            if key not in found:
                refusal = _refusal(bucket_of_site(), key)
                if refusal is not None:
                    return refusal
                found.add(key)
    except StorageError as error:
        return sentence_of(error)
    return None


def _refusal(bucket: Bucket, key: str) -> Message | None:
    stored = bucket.head(key)
    if stored.size < 1:
        return _("error_empty_file", default="The file ${key} in the bucket is empty.", mapping={"key": key})
    bare = stored.content_type.partition(";")[0].strip().lower()
    if _is_plausible(bare, _KIND_OF_TYPE.get(ending_of(key))):
        return None
    return _(
        "error_other_type",
        default="The file ${key} is stored in the bucket as ${type}, which browsers would not take for what its ending says: "
        "store it with the right type.",
        mapping={"key": key, "type": bare},
    )


def _is_plausible(content_type: str, kind: str | None) -> bool:
    return kind is None or content_type in _UNKNOWN or content_type.partition("/")[0] in _PLAUSIBLE[kind]
