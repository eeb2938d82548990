"""What a URL must look like to arrive at CloudFront as it was signed."""

from .errors import InvalidURL
from .host import is_authority
from urllib.parse import unquote

import re


RESERVED = frozenset({"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"})
LONGEST = 8192

# RFC 3986: unreserved, gen-delims, sub-delims and the sign of an escape.
_FOREIGN = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SHAPE = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?]*)/")
# Browsers take these out before they send the URL (WHATWG URL Standard, "double-dot path segment").
_DOT_SEGMENT = re.compile(r"/(\.|%2[Ee]){1,2}(?![^/?])")
# All of the above at once, with a host that needs no further look: what nearly every URL is, so that the reason is looked
# for only where there is one.
_LABEL = r"[a-z0-9]+(?:-+[a-z0-9]+)*"
_PART = r"[A-Za-z0-9\-._~:@!$&'()*+,;=]*"
_PLAIN = re.compile(
    rf"https?://(?=[^/]{{1,63}}/)(?:{_LABEL}\.)*(?![0-9]){_LABEL}(?:/(?!\.|%2[Ee]){_PART}(?:%[0-9A-Fa-f]{{2}}{_PART})*)+"
)


def check_url(url: str) -> str:
    """`url` itself; InvalidURL unless it can be signed as it stands.

    It is http or https with a host and a path, spelled as browsers send it: in the characters of RFC 3986 with whole
    escapes, without a default port, ``.`` and ``..`` segments, an apostrophe in the query, an empty query, or a
    fragment. It has no parameter that CloudFront keeps for itself, in whatever escapes. Nothing is repaired: the
    signature covers the spelling on the wire (CloudFront Developer Guide, "Create a signed URL"; WHATWG URL Standard).
    """
    if not isinstance(url, str):
        raise InvalidURL(f"Found {type(url).__name__} in place of a URL. Give a text.")
    if not _PLAIN.fullmatch(url):
        _check_characters(url)
        _check_shape(url)
        _check_query(url)
    return url


def is_reserved(name: str) -> bool:
    """Whether the raw parameter `name` is one of CloudFront's own five, also when spelled with escapes."""
    return unquote(name) in RESERVED


def _check_characters(url: str) -> None:
    foreign = _FOREIGN.search(url)
    if foreign:
        raise InvalidURL(f"The URL holds {foreign[0]!a} at position {foreign.start() + 1}. Percent-encode it (UTF-8).")
    stray = _STRAY_PERCENT.search(url)
    if stray:
        raise InvalidURL(f"The URL has a stray % at position {stray.start() + 1}. Write a literal % as %25.")
    if "#" in url:
        raise InvalidURL("The URL has a fragment (#…), which is never sent. Sign it without, and add it afterwards.")


def _check_shape(url: str) -> None:
    match = _SHAPE.match(url)
    if not match:
        raise InvalidURL("The URL is not http://host/path or https://host/path. Give the whole URL of one file.")
    if not is_authority(match["authority"], scheme=match["scheme"]):
        raise InvalidURL(
            "The host of the URL is none, or not spelled as browsers send it: in lower case, an address like 192.0.2.1, "
            "without a default port. Write it so."
        )
    if _DOT_SEGMENT.search(url.partition("?")[0]):
        raise InvalidURL("The URL has a . or .. segment, which browsers take out. Give the path without it.")


def _check_query(url: str) -> None:
    _, mark, query = url.partition("?")
    if mark and not query:
        raise InvalidURL("The URL ends in ?, an empty query, which is spelled in two ways. Leave the ? out.")
    if "'" in query:
        raise InvalidURL("The query of the URL has an apostrophe, which browsers escape. Write it as %27.")
    _check_parameters(query)


def _check_parameters(query: str) -> None:
    for piece in query.split("&"):
        name = unquote(piece.partition("=")[0])
        if name in RESERVED:
            raise InvalidURL(f"The URL has the parameter {name}, which CloudFront keeps for itself. Take it out.")
