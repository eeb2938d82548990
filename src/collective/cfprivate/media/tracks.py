"""The caption tracks of a medium: kept as builtin types, read as ``Track``."""

from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.object_key import check_object_key
from ..exceptions import SiteError
from ..i18n import _
from .webvtt import InvalidCaptions
from .webvtt import read_captions
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType
from zope.globalrequest import getRequest
from zope.i18n import translate


# What the ``kind`` of HTML's <track> may be, without "metadata", which nobody sees.
KINDS = ("captions", "subtitles", "descriptions", "chapters")

# As JSON Schema: each track has a WebVTT (or SRT) text of its own, or the object key of a WebVTT file.
TRACKS = MappingProxyType({
    "type": "array",
    "maxItems": 100,
    "items": {
        "type": "object",
        "properties": {
            "language": {"type": "string", "minLength": 1, "maxLength": 35},
            "kind": {"enum": list(KINDS)},
            "label": {"type": "string", "maxLength": 200},
            "default": {"type": "boolean"},
            "text": {"type": "string"},
            "object_key": {"type": "string"},
        },
        "required": ["language"],
        "additionalProperties": False,
    },
})


class InvalidTrack(SiteError):
    """A caption track that is none; ``number`` counts from 1. The first argument is a sentence without it."""

    def __init__(self, number: int, sentence) -> None:
        super().__init__(sentence)
        self.number = number


@dataclass(frozen=True, kw_only=True)
class Track:
    """Captions in one language (BCP 47): either ``text``, which is WebVTT, or an ``object_key`` is given.

    ``kind`` is one of ``KINDS``; ``label`` is what a menu shows.
    """

    language: str
    kind: str = "captions"
    label: str = ""
    default: bool = False
    text: str | None = field(default=None, repr=False)
    object_key: str | None = None

    @property
    def name(self) -> str:
        """The name of the track's file, which no other track of the item has."""
        return f"{self.language}.vtt" if self.kind == "captions" else f"{self.language}.{self.kind}.vtt"


def tracks_of(stored: Sequence[Mapping] | None) -> tuple[Track, ...]:
    """The tracks that an item keeps. A script may have left out words, or kept others, which are not read."""
    return tuple(
        _track(track) for track in stored or () if track.get("language") and track.get("kind", KINDS[0]) in KINDS
    )


def kept_as(track: Track) -> dict:
    """A track as an item keeps it."""
    return {name: value for name, value in vars(track).items() if value is not None}


def _track(stored: Mapping) -> Track:
    known = {name: stored[name] for name in Track.__dataclass_fields__ if name in stored}
    # A menu needs a name for it.
    return Track(**{**known, "label": stored.get("label") or stored["language"]})


def checked_tracks(entered: Sequence[Mapping], languages: Mapping[str, str]) -> list[dict]:
    """What to keep of tracks that fit ``TRACKS``; raises ``InvalidTrack``.

    ``languages`` are the titles of the languages that tracks may have, by their tags.
    """
    for number, track in enumerate(entered, 1):
        _check_language(number, track["language"], languages)
    tracks = completed_tracks(entered, languages)
    for number, track in enumerate(tracks, 1):
        before = tracks[: number - 1]
        if any((other["language"], other["kind"]) == (track["language"], track["kind"]) for other in before):
            raise InvalidTrack(
                number, _("error_track_twice", default="There is a track of this language and kind already.")
            )
        if track["default"] and any(other["default"] for other in before):
            raise InvalidTrack(
                number, _("error_track_defaults", default="Only one track can be the one that is shown at first.")
            )
    return tracks


def completed_tracks(entered: Sequence[Mapping], languages: Mapping[str, str]) -> list[dict]:
    """Tracks with every word filled in, and WebVTT for a text; raises ``InvalidTrack`` for a text that is none.

    The site may have lost a language since they were entered.
    """
    return [_completed(number, track, languages) for number, track in enumerate(entered, 1)]


def _check_language(number: int, language: str, languages: Mapping[str, str]) -> None:
    if language not in languages:
        raise InvalidTrack(
            number,
            _(
                "error_track_language",
                default="This site has no language ${language}: choose one of its languages.",
                mapping={"language": language},
            ),
        )


def _completed(number: int, track: Mapping, languages: Mapping[str, str]) -> dict:
    language = track["language"]
    return {
        "language": language,
        "kind": track.get("kind", "captions"),
        "label": track.get("label", "").strip() or languages.get(language, language),
        "default": track.get("default", False),
        **_checked_source(number, track),
    }


def _checked_source(number: int, track: Mapping) -> dict[str, str]:
    text, object_key = track.get("text", ""), track.get("object_key", "").strip()
    if bool(text.strip()) == bool(object_key):
        raise InvalidTrack(
            number, _("error_track_source", default="Give a caption file or the object key of one, and not both.")
        )
    return {"object_key": _checked_key(number, object_key)} if object_key else {"text": _checked_text(number, text)}


def _checked_text(number: int, text: str) -> str:
    try:
        return read_captions(_bytes(text))
    except InvalidCaptions as error:
        raise InvalidTrack(
            number,
            _(
                "error_track_captions",
                default="The caption file cannot be used. Line ${line}: ${reason}",
                # Translated here, because a message within a message is told by its id where nobody translates.
                mapping={"line": error.line, "reason": translate(error.reason, context=getRequest())},
            ),
        ) from None


def _bytes(text: str) -> bytes:
    """What was uploaded, also where it was no UTF-8: that stands in ``text`` as surrogates (PEP 383)."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def _checked_key(number: int, object_key: str) -> str:
    try:
        check_object_key(object_key)
    except InvalidObjectKey as error:
        raise InvalidTrack(
            number,
            _(
                "error_track_key",
                default="This is not an object key of the bucket, such as talks/2026/opening.de.vtt. ${reason}",
                mapping={"reason": str(error)},
            ),
        ) from None
    if not object_key.lower().endswith(".vtt"):
        raise InvalidTrack(
            number,
            _("error_track_key_format", default="Captions in the bucket have to be WebVTT: the key must end in .vtt."),
        )
    return object_key
