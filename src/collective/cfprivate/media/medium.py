"""The medium of an item, read through the behavior."""

from .behavior import FIELDS
from .behavior import fields_of
from .formats import kind_of
from .noted import values_before
from .renditions import Rendition
from .renditions import renditions_of
from .tracks import Track
from .tracks import tracks_of
from dataclasses import dataclass
from types import SimpleNamespace


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One medium: its kind (``video``, ``audio``, ``image``, ``document``) and its files, the main one first.

    ``poster_key`` and ``duration`` (seconds) are None where not given.
    """

    kind: str
    files: tuple[Rendition, ...]
    poster_key: str | None = None
    duration: int | None = None
    tracks: tuple[Track, ...] = ()

    @property
    def object_key(self) -> str:
        """The key of the main file."""
        return self.files[0].object_key

    @property
    def hls(self) -> Rendition | None:
        """The master playlist; None for a medium without HLS."""
        return next((file for file in self.files if file.is_hls), None)

    @property
    def download(self) -> Rendition | None:
        """The file that a download gives; None where there are playlists only."""
        return next((file for file in self.files if not file.is_hls), None)

    @property
    def object_keys(self) -> tuple[str, ...]:
        """Those of all its files."""
        posters = (self.poster_key,) if self.poster_key else ()
        tracks = (track.object_key for track in self.tracks if track.object_key)
        return (*(file.object_key for file in self.files), *posters, *tracks)


def medium_of(item) -> Medium | None:
    """The item's own medium; None where its type has no such behavior or no key was given."""
    fields = fields_of(item)
    return None if fields is None else medium_in(fields)


def medium_before(item) -> Medium | None:
    """``medium_of`` an item as it was before what was changed in this transaction and is not told yet."""
    fields = fields_of(item)
    if fields is None:
        return None
    now = {name: getattr(fields, name) for name in FIELDS}
    return medium_in(SimpleNamespace(**{**now, **values_before(item)}))


def medium_in(fields) -> Medium | None:
    """The medium that the behavior's fields say, also those of a form; None without a key of a medium."""
    if not fields.object_key:
        return None
    main = Rendition.read(fields.object_key)
    kind = kind_of(main.object_key)
    if kind is None:
        return None
    return Medium(
        kind=kind,
        files=(main, *renditions_of(fields.renditions)),
        poster_key=fields.poster or None,
        duration=fields.duration or None,
        tracks=tracks_of(fields.tracks),
    )
