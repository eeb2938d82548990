"""What a URL must look like to arrive at CloudFront as it was signed."""

from .errors import InvalidURL
from urllib.parse import unquote

import re


RESERVED = frozenset({"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"})
LONGEST = 8192

# RFC 3986: unreserved, gen-delims, sub-delims and the sign of an escape.
_FOREIGN = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SHAPE = re.compile(r"https?://(?P<host>[A-Za-z0-9.\-]+(:[0-9]+)?)/")
# Browsers take these out before they send the URL (WHATWG URL Standard, "double-dot path segment").
_DOT_SEGMENT = re.compile(r"/(\.|%2[Ee]){1,2}(?![^/?])")
# All of the above at once: what nearly every URL is, so that the reason is looked for only where there is one.
_PART = r"[A-Za-z0-9\-._~:@!$&'()*+,;=]*"
_PLAIN = re.compile(rf"https?://[a-z0-9.\-]+(?::[0-9]+)?(?:/(?!\.|%2[Ee]){_PART}(?:%[0-9A-Fa-f]{{2}}{_PART})*)+")


def check_url(url: str) -> str:
    """`url` itself; InvalidURL unless it can be signed as it stands.

    It is http or https with a host in lower case and a path, spelled in the characters of RFC 3986 with whole escapes,
    without ``.`` and ``..`` segments, a fragment, or a parameter that CloudFront keeps for itself, in whatever
    escapes. Nothing is repaired: the signature covers the spelling on the wire (CloudFront Developer Guide, "Create a
    signed URL").
    """
    if not isinstance(url, str):
        raise InvalidURL(f"Found {type(url).__name__} in place of a URL. Give a text.")
    if not _PLAIN.fullmatch(url):
        _check_characters(url)
        _check_shape(url)
        _check_parameters(url)
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
    if match["host"] != match["host"].lower():
        raise InvalidURL("The host of the URL has upper case, which browsers send as lower case. Write it so.")
    if _DOT_SEGMENT.search(url.partition("?")[0]):
        raise InvalidURL("The URL has a . or .. segment, which browsers take out. Give the path without it.")


def _check_parameters(url: str) -> None:
    for piece in url.partition("?")[2].split("&"):
        name = unquote(piece.partition("=")[0])
        if name in RESERVED:
            raise InvalidURL(f"The URL has the parameter {name}, which CloudFront keeps for itself. Take it out.")
