"""Where the URI of a playlist leads: into the signed directory, or off the distribution."""

from .errors import InvalidURL
from .errors import PlaylistError
from .host import ends_in_a_number
from .host import is_host
from .host import PORTS
from .web_address import check_url
from .web_address import is_reserved
from dataclasses import dataclass
from urllib.parse import quote

import re


# RFC 3986, appendix B, without the fragment.
_REFERENCE = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):)?(?://(?P<authority>[^/?]*))?(?P<path>[^?]*)(?P<query>\?.*)?", re.DOTALL
)
_AUTHORITY = re.compile(r"(?P<user>[^@\\]*@)?(?P<host>[A-Za-z0-9_.\-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{0,5}))?")
_PLACE = re.compile(r"(?P<origin>(?P<scheme>https?)://(?P<host>[^/]*))(?P<path>/[^?*]*)")
_BEHIND_PATH = re.compile(r"[?#].*", re.DOTALL)
_WILDCARD = re.compile(r"(?<=/)\*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# However often a server on the way takes the escapes off.
_ESCAPED_DOT = re.compile(r"%(?:25)*2[Ee]")
_ESCAPED_SLASH = re.compile(r"%(?:25)*(?:2[Ff]|5[Cc])")
# The characters of RFC 3986 that browsers leave alone; in a query they escape the apostrophe.
_QUERY_SAFE = "%/?:@!$&()*+,;=[]"
_PATH_SAFE = "%/:@!$&'()*+,;=[]"
_FRAGMENT_SAFE = "%/?#:@!$&'()*+,;=[]"


class Refusal(PlaylistError):
    """Why a line cannot be rewritten, not yet with its number."""


@dataclass(frozen=True)
class Place:
    """The distribution that a playlist is on, the path of the playlist, and the path of the signed directory."""

    scheme: str
    name: str
    port: int
    origin: str
    path: str
    directory: str

    @classmethod
    def read(cls, base_url: str, directory: str) -> "Place":
        base = _read_place("base_url", base_url, _BEHIND_PATH)
        signed = _read_place("directory", directory, _WILDCARD)
        if base["origin"] != signed["origin"]:
            raise PlaylistError("base_url and directory differ in scheme or host. Give the two of one distribution.")
        name, _, port = base["host"].partition(":")
        covered = signed["path"].removesuffix("/") + "/"
        return cls(base["scheme"], name, int(port or PORTS[base["scheme"]]), base["origin"], base["path"], covered)

    @property
    def folder(self) -> str:
        return self.path[: self.path.rindex("/") + 1]

    @property
    def prefix(self) -> str:
        """What stands before the plainest of names to sign it; empty where that is outside the directory."""
        return self.origin + self.folder if self.folder.startswith(self.directory) else ""

    def locate(self, uri: str) -> tuple[str, str] | None:
        """The URL to sign, and the fragment with its ``#``; None off the distribution."""
        if _CONTROL.search(uri):
            raise Refusal("the URI has a control character. Percent-encode it, or take it out.")
        address, mark, fragment = uri.strip(" ").partition("#")
        reference = _REFERENCE.fullmatch(address)
        if self._is_elsewhere(reference["scheme"], reference["authority"]):
            return None
        return self._resolve(reference), mark + quote(fragment, safe=_FRAGMENT_SAFE)

    def _is_elsewhere(self, scheme: str | None, authority: str | None) -> bool:
        if scheme is not None and scheme.lower() not in PORTS:
            return True
        if scheme is None and authority is None:
            return False
        match = _AUTHORITY.fullmatch(authority or "")
        if not match:
            raise Refusal("the URI has no host, or one that players read differently. Write https://host/path, ASCII.")
        return self._is_other((scheme or self.scheme).lower(), match)

    def _is_other(self, scheme: str, authority: re.Match[str]) -> bool:
        name = _read_name(authority["host"])
        port = int(authority["port"] or PORTS[scheme])
        if name.removesuffix(".") != self.name or not self._listens_on(port):
            return True
        if (scheme, name, port) != (self.scheme, self.name, self.port) or authority["user"]:
            raise Refusal(f"the URI spells the distribution in another way. Let it begin with {self.origin}/.")
        return False

    def _listens_on(self, port: int) -> bool:
        return port == self.port or {port, self.port} == set(PORTS.values())

    def _resolve(self, reference: re.Match[str]) -> str:
        path = self._merge(reference)
        query = "" if reference["query"] == "?" else reference["query"] or ""
        _check_spelling(path, query)
        resolved = _remove_dots(quote(path, safe=_PATH_SAFE))
        if not resolved.startswith(self.directory):
            raise Refusal("the URI is outside the signed directory. Move the file into it, or sign a wider one.")
        return self.origin + resolved + quote(query, safe=_QUERY_SAFE)

    def _merge(self, reference: re.Match[str]) -> str:
        path = reference["path"]
        if reference["authority"] is not None or path.startswith("/"):
            return path
        if not path and reference["query"] is None:
            raise Refusal("the URI is empty. Name a file.")
        return self.folder + path if path else self.path


def _read_place(argument: str, url: str, ignored: re.Pattern[str]) -> re.Match[str]:
    """The parts of a URL in the one spelling that browsers send, without what is `ignored`."""
    try:
        match = _PLACE.fullmatch(check_url(ignored.sub("", url) if isinstance(url, str) else url))
        if not match:
            raise PlaylistError(f"{argument} has a query or a wildcard. Give https://host/path without them.")
        _check_spelling(match["path"], "")
    except (InvalidURL, Refusal) as error:
        raise PlaylistError(f"{argument}: {error}") from None
    return match


def _read_name(host: str) -> str:
    name = host.lower()
    if ends_in_a_number(name) and not is_host(name):
        raise Refusal("the host of the URI is an unusual spelling of an IP address. Write it like 192.0.2.1.")
    return name


def _check_spelling(path: str, query: str) -> None:
    if "\\" in path:
        raise Refusal("the URI has a backslash, which browsers read as a slash. Write / or %5C.")
    if _STRAY_PERCENT.search(path + query):
        raise Refusal("the URI has a stray %. Write a literal % as %25.")
    if _count_dots(_ESCAPED_SLASH.sub("/", _ESCAPED_DOT.sub(".", path))) > _count_dots(path):
        raise Refusal("the URI has an escaped . or .. segment. Write it out, or take it out.")
    if any(is_reserved(piece.partition("=")[0]) for piece in query[1:].split("&")):
        raise Refusal("the URI has a parameter of CloudFront's, so it may be signed already. Take it out.")


def _count_dots(path: str) -> int:
    return sum(segment in {".", ".."} for segment in path.split("/"))


def _remove_dots(path: str) -> str:
    """`path` without its ``.`` and ``..`` segments (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/" + "/".join(kept)
