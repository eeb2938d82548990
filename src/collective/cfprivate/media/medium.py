"""The medium of an item, read through the behavior."""

from .behavior import IProtectedMedia
from .formats import VIDEO_TYPES
from dataclasses import dataclass

import os.path


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One medium: its kind (``video``), object key (raw text) and media type.

    ``poster_key`` and ``duration`` (seconds) are None where not given.
    """

    kind: str
    object_key: str
    media_type: str
    poster_key: str | None = None
    duration: int | None = None

    @property
    def filename(self) -> str:
        """The name under which the file is saved."""
        return self.object_key.rpartition("/")[2]


def medium_of(item) -> Medium | None:
    """The item's own medium; None where its type has no such behavior or no key was given."""
    fields = IProtectedMedia(item, None)
    if fields is None or not fields.object_key:
        return None
    ending = os.path.splitext(fields.object_key.lower())[1]
    if ending not in VIDEO_TYPES:
        return None
    return Medium(
        kind="video",
        object_key=fields.object_key,
        media_type=VIDEO_TYPES[ending],
        poster_key=fields.poster or None,
        duration=fields.duration or None,
    )
