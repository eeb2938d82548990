"""What is remembered of a file of an item that was moved to the bucket."""

from ..access.revisions import OFFLOADED
from ..interfaces import IProtectedItem
from ..media.medium import medium_of
from dataclasses import asdict
from dataclasses import dataclass
from zope.annotation.interfaces import IAnnotations


@dataclass(frozen=True, kw_only=True)
class Moved:
    """The file as it was: ``field`` is where it lay, ``size`` is in bytes, ``sha256`` in hexadecimal."""

    field: str
    object_key: str
    filename: str | None
    content_type: str
    size: int
    sha256: str


def note_move(item, moved: Moved) -> None:
    """Remember it on the item, in builtin types only: it may outlive the add-on."""
    IAnnotations(item)[OFFLOADED] = asdict(moved)


def forget_move(item) -> None:
    """The file is back."""
    IAnnotations(item).pop(OFFLOADED, None)


def moved_of(item) -> Moved | None:
    """The file whose object is the item's medium still; None where it never had one, or has another medium now."""
    medium = medium_of(item)
    annotations = IAnnotations(item, None)
    note = annotations.get(OFFLOADED) if medium is not None and annotations is not None else None
    return Moved(**note) if note is not None and note["object_key"] == medium.object_key else None


def is_in_bucket(item, field: str, value: object) -> bool:
    """Whether the medium stands for the file ``value`` of ``field``: that was moved, or it is empty beside a medium.

    True also where going back to a version, which keeps the medium of today, brought the bytes back: they had been
    taken from those who may view the item but not watch it.
    """
    if not IProtectedItem.providedBy(item) or medium_of(item) is None:
        return False
    moved = moved_of(item)
    return (moved is not None and moved.field == field) or (hasattr(value, "getSize") and value.getSize() == 0)
