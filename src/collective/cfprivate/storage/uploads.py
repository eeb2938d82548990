"""An upload in parts, from its begin to its end. Who may do it is asked elsewhere."""

from ..exceptions import NoSuchObject
from ..exceptions import NoSuchUpload
from ..exceptions import OtherObject
from ..exceptions import PartsMissing
from ..i18n import _
from .bucket import Bucket
from .bucket import Part
from .bucket import Stored
from .parts import Parts
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What was promised of a file of ``size`` bytes when its upload began at ``begun``, in epoch seconds."""

    key: str
    upload_id: str
    size: int
    content_type: str
    begun: int

    @property
    def parts(self) -> Parts:
        """How it is cut."""
        return Parts(self.size)


def begin(bucket: Bucket, *, key: str, size: int, content_type: str, now: int) -> Upload:
    """Begin to upload; ``now`` in epoch seconds."""
    upload_id = bucket.begin_upload(key, content_type=content_type)
    return Upload(key=key, upload_id=upload_id, size=size, content_type=content_type, begun=now)


def arrived(bucket: Bucket, upload: Upload) -> list[Part]:
    """The parts that are there in the size agreed upon; any other has to be sent again. Raises ``NoSuchUpload``."""
    found = bucket.parts(upload.key, upload.upload_id)
    return [part for part in found if part.size == upload.parts.size_of(part.number)]


def complete(bucket: Bucket, upload: Upload) -> Stored:
    """Make the object of the parts, and ask what it is; of an upload that is complete already, only the latter.

    Raises ``PartsMissing``, ``OtherObject`` where it has not the size and type that were promised, and
    ``NoSuchUpload`` of one that was aborted.
    """
    try:
        _join(bucket, upload)
    except NoSuchUpload as gone:
        stored = stored_of(bucket, upload)
        if stored is None:
            raise gone from None
    else:
        stored = bucket.head(upload.key)
    return _as_promised(stored, upload)


def abort(bucket: Bucket, upload: Upload) -> bool:
    """Forget the upload and its parts; whether it is gone now: not where it was completed before, and the object stays."""
    try:
        bucket.abort_upload(upload.key, upload.upload_id)
    except NoSuchUpload:
        return stored_of(bucket, upload) is None
    return True


def stored_of(bucket: Bucket, upload: Upload) -> Stored | None:
    """The object that a completed upload has become."""
    try:
        return bucket.head(upload.key)
    except NoSuchObject:
        return None


def _join(bucket: Bucket, upload: Upload) -> None:
    parts = arrived(bucket, upload)
    missing = upload.parts.count - len(parts)
    if missing:
        raise PartsMissing(
            _(
                "upload_parts_missing",
                default="${missing} of ${count} parts have not arrived, or not in their size: send them, and complete then.",
                mapping={"missing": missing, "count": upload.parts.count},
            )
        )
    bucket.complete_upload(upload.key, upload.upload_id, parts)


def _as_promised(stored: Stored, upload: Upload) -> Stored:
    type_of_stored = stored.content_type.partition(";")[0].strip().lower()
    if (stored.size, type_of_stored) != (upload.size, upload.content_type):
        raise OtherObject(
            _(
                "upload_not_as_promised",
                default="The bucket has another file than was promised: ${size} bytes of ${type}. Upload it anew.",
                mapping={"size": stored.size, "type": type_of_stored or "?"},
            )
        )
    return stored
