"""HLS playlists: every URI into the signed directory becomes a signed URL."""

from .errors import PlaylistError
from .reference import Place
from .reference import Refusal
from collections.abc import Callable
from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

import re


Kind = Literal["playlist", "segment", "key", "map", "other"]
Sign = Callable[[str, Kind], str]

LARGEST = 10_000_000

# What the attributes of a tag name: RFC 8216 and draft-pantos-hls-rfc8216bis; EXT-X-IMAGE-STREAM-INF is Roku's.
_TAGS: dict[str, dict[str, Kind]] = {
    "#EXT-X-CONTENT-STEERING": {"SERVER-URI": "other"},
    "#EXT-X-DATERANGE": {"X-ASSET-URI": "playlist", "X-ASSET-LIST": "other"},
    "#EXT-X-I-FRAME-STREAM-INF": {"URI": "playlist"},
    "#EXT-X-IMAGE-STREAM-INF": {"URI": "playlist"},
    "#EXT-X-KEY": {"URI": "key"},
    "#EXT-X-MAP": {"URI": "map"},
    "#EXT-X-MEDIA": {"URI": "playlist"},
    "#EXT-X-PART": {"URI": "segment"},
    "#EXT-X-PRELOAD-HINT": {"URI": "other"},
    "#EXT-X-RENDITION-REPORT": {"URI": "playlist"},
    "#EXT-X-SESSION-DATA": {"URI": "other"},
    "#EXT-X-SESSION-KEY": {"URI": "key"},
}
_HINTS: dict[str, Kind] = {"PART": "segment", "MAP": "map"}
_DEFINE = "#EXT-X-DEFINE"
_FOREIGN_VALUES = {"IMPORT": "comes from another playlist", "QUERYPARAM": "comes from the URL of the playlist"}

# RFC 8216, section 4.1, ends lines in LF or CRLF, old tools in CR. The plainest of names need no look at their parts,
# and are taken together with the EXTINF before them: most of a playlist is such pairs.
_LINE = re.compile(r"[^\r\n]+")
_NAME = r"[A-Za-z0-9_\-]+(?:[./][A-Za-z0-9_\-]+){0,40}(?![^\r\n])"
_NAMED_LINE = re.compile(rf"((?:#EXTINF:[^\r\n]*[\r\n]+)?)({_NAME})|{_LINE.pattern}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"#EXTM3U[ \t]*(?![^\r\n])")
_ATTRIBUTE = re.compile(r'[ \t]*([A-Za-z0-9_.\-]+)=(?:"([^"]*)"[ \t]*|([^",]*))(?:,|\Z)')
_VARIABLE_NAME = re.compile(r"[A-Za-z0-9_\-]+")
_VARIABLE = re.compile(r"\{\$([A-Za-z0-9_\-]+)\}")


def rewrite_playlist(text: str, base_url: str, directory: str, sign: Sign) -> str:
    """The HLS playlist `text` with `sign(url, kind)` in place of each URI that lies in `directory`.

    base_url  -- absolute URL of the playlist on its distribution; its query and fragment are ignored.
    directory -- absolute URL of what the signature covers, like ``https://host/uid/hls/``; the last slash may be left
                 out, or be followed by the ``*`` of the policy's resource. The root is ``https://host/``.
    sign      -- called for each URI, in order, with a URL that `check_url` accepts and its kind: "playlist", "segment",
                 "key", "map" or "other". It returns the URL to write, without quotes and line ends. Its errors pass.

    A URI is a line without ``#``, or an attribute of a tag that is known to hold one. It is resolved as browsers do,
    keeps its fragment, and ``{$NAME}`` in it takes the value of EXT-X-DEFINE. URIs off the distribution and all else
    stay as they are, byte for byte; only a byte order mark is dropped (RFC 8216, section 4.1).

    PlaylistError for what is no playlist, has over 10,000,000 bytes of UTF-8, or takes in as many by variables; for a
    malformed tag; and for a URI that is on the distribution and not in `directory`, that not all players read alike
    (userinfo, backslashes, escaped dots, a host that is not plain ASCII), that is signed already, or that has a
    control character or a stray ``%``. The message names line and tag and not the URI, which may hold a secret.
    """
    place = Place.read(base_url, directory)
    pattern = _NAMED_LINE if place.prefix else _LINE
    return pattern.sub(_Rewriter(place, sign).rewrite, _read(text))


def _read(text: str) -> str:
    if not isinstance(text, str):
        raise PlaylistError(f"Found {type(text).__name__} in place of a playlist. Decode it as UTF-8 first.")
    if len(text) > LARGEST or _count_bytes(text) > LARGEST:
        raise PlaylistError(f"The playlist is over {LARGEST} bytes of UTF-8. Split it into smaller ones.")
    playlist = text.removeprefix("\ufeff")
    if not _HEADER.match(playlist):
        raise PlaylistError("The first line is not #EXTM3U, so this is no HLS playlist. Look which file was read.")
    return playlist


def _count_bytes(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise PlaylistError(f"Character {error.start + 1} is half of a pair. Save the playlist as UTF-8.") from None


@dataclass(frozen=True)
class _URI:
    """A part of a line, what to sign in its place, and the fragment to put behind."""

    start: int
    end: int
    kind: Kind
    url: str
    fragment: str


class _Rewriter:
    """Takes the lines of one playlist, from the first to the last."""

    def __init__(self, place: Place, sign: Sign) -> None:
        self._place = place
        self._prefix = place.prefix
        self._sign = sign
        self._variables = _Variables()
        self._next: Kind = "segment"

    def rewrite(self, match: re.Match[str]) -> str:
        if match.lastindex:
            kind, self._next = self._next, "segment"
            return match[1] + self._sign(self._prefix + match[2], kind)
        line = match[0]
        try:
            uris = self._read_line(line)
        except Refusal as refusal:
            raise PlaylistError(f"{_name_line(match)}: {refusal}") from None
        return self._replace(line, uris) if uris else line

    def _replace(self, line: str, uris: list[_URI]) -> str:
        pieces = []
        done = 0
        for uri in uris:
            pieces += [line[done : uri.start], self._sign(uri.url, uri.kind), uri.fragment]
            done = uri.end
        return "".join([*pieces, line[done:]])

    def _read_line(self, line: str) -> list[_URI]:
        """The URIs to replace, in their order."""
        tag = _read_tag(line)
        if tag in _TAGS:
            return self._read_attributes(line, tag)
        if tag == _DEFINE:
            self._variables.define(_read_attributes(line, {"NAME", "VALUE", *_FOREIGN_VALUES}))
        elif tag == "#EXT-X-STREAM-INF":
            self._next = "playlist"
        elif line[0] != "#" and line.strip(" \t"):
            kind, self._next = self._next, "segment"
            return self._locate(line, (0, len(line)), kind)
        return []

    def _read_attributes(self, line: str, tag: str) -> list[_URI]:
        kinds = _TAGS[tag]
        if tag == "#EXT-X-PRELOAD-HINT":
            kinds = {"URI": _read_hint(line)}
        uris = []
        for name, attribute in _read_attributes(line, kinds.keys()).items():
            _read_quoted(attribute)
            uris += self._locate(line, attribute.span(2), kinds[name])
        return uris

    def _locate(self, line: str, span: tuple[int, int], kind: Kind) -> list[_URI]:
        start, end = span
        located = self._place.locate(self._variables.substitute(line[start:end]))
        return [_URI(start, end, kind, *located)] if located else []


def _read_tag(line: str) -> str:
    return line.partition(":")[0]


def _name_line(match: re.Match[str]) -> str:
    number = sum(1 for _ in _LINE_END.finditer(match.string, 0, match.start())) + 1
    tag = _read_tag(match[0])
    return f"Line {number} ({tag[1:]})" if tag in {*_TAGS, _DEFINE} else f"Line {number}"


def _read_attributes(line: str, names: Set[str]) -> dict[str, re.Match[str]]:
    """Those of `names` that the tag has; all its attributes are read in order (RFC 8216, section 4.2)."""
    found: dict[str, re.Match[str]] = {}
    position = line.find(":") + 1
    while position < len(line):
        match = _ATTRIBUTE.match(line, position)
        if not match or match[1] in found:
            raise Refusal('the attributes are malformed, or one is doubled. Write them as NAME=VALUE,NAME="VALUE".')
        if match[1] in names:
            found[match[1]] = match
        position = match.end()
    return found


def _read_hint(line: str) -> Kind:
    attributes = _read_attributes(line, {"TYPE"})
    return _HINTS.get(attributes["TYPE"][3], "other") if attributes else "other"


def _read_quoted(attribute: re.Match[str]) -> str:
    if attribute[2] is None:
        raise Refusal(f'{attribute[1]} has no quotes. Write {attribute[1]}="VALUE".')
    return attribute[2]


class _Variables:
    """What EXT-X-DEFINE has defined so far (draft-pantos-hls-rfc8216bis, sections 4.3 and 4.4.2.3)."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._room = LARGEST

    def define(self, attributes: dict[str, re.Match[str]]) -> None:
        quoted = {name: _read_quoted(attribute) for name, attribute in attributes.items()}
        value = quoted.pop("VALUE", None)
        if len(quoted) != 1 or (value is None) == ("NAME" in quoted):
            raise Refusal("the tag defines nothing, or two things. Write NAME with VALUE, or IMPORT, or QUERYPARAM.")
        [(form, name)] = quoted.items()
        if not _VARIABLE_NAME.fullmatch(name) or name in self._values or name in self._reasons:
            raise Refusal("the name is malformed or defined before. Write another, of letters, digits, - and _.")
        if value is None:
            self._reasons[name] = _FOREIGN_VALUES[form]
        elif _VARIABLE.search(value):
            self._reasons[name] = "refers to another variable"
        else:
            self._values[name] = value

    def substitute(self, uri: str) -> str:
        return _VARIABLE.sub(self._find_value, uri) if "{$" in uri else uri

    def _find_value(self, match: re.Match[str]) -> str:
        value = self._values.get(match[1])
        if value is None:
            reason = self._reasons.get(match[1], "is not defined in a line before")
            raise Refusal(f"the URI has the variable {match[1][:40]}, which {reason}. Write out what it stands for.")
        self._room -= len(value)
        if self._room < 0:
            raise Refusal(f"variables have put in over {LARGEST} characters. Give them shorter values.")
        return value
