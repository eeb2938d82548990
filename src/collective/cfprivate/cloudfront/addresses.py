"""Addresses of a distribution within a text that somebody wrote: which file they name, and how they are unsigned."""

from .distribution import Distribution
from .web_address import is_reserved
from functools import lru_cache
from urllib.parse import unquote

import re


# What CloudFront writes into its parameters; what stands behind it, such as a bracket, is the text's.
_VALUE = re.compile(r"[\w.\-~%=]*[\w\-~%=]|")
_AND = re.compile(r"&(?:amp;)*")


def names_host(text: str, distribution: Distribution) -> bool:
    """Whether the host of the distribution stands somewhere in the text: else there is no address of it."""
    return distribution.host in text.lower()


def key_of(address: str, distribution: Distribution) -> str | None:
    """The object key (raw text) that an address names, signed or not; None if it is none of this distribution."""
    match = _pattern(distribution.host).fullmatch(address.strip())
    if match is None or not match["path"]:
        return None
    try:
        return unquote(match["path"], errors="strict")
    except UnicodeDecodeError:
        return None


def without_signatures(text: str, distribution: Distribution) -> str:
    """The text with its addresses of the distribution as they are without the parameters that CloudFront keeps for itself.

    The rest of each address stays as it is, and so does all else.
    """
    return _pattern(distribution.host).sub(_unsigned, text)


def _unsigned(match: re.Match) -> str:
    pieces = _AND.split(match["query"] or "")
    kept = [piece for piece in pieces if not _is_signature(piece)]
    if kept == pieces:
        return match[0]
    behind = _behind(pieces[-1]) if _is_signature(pieces[-1]) else ""
    return f"{match['file']}{'?' if kept else ''}{'&'.join(kept)}{behind}{match['fragment']}"


def _is_signature(piece: str) -> bool:
    return is_reserved(piece.partition("=")[0])


def _behind(piece: str) -> str:
    return piece[_VALUE.match(piece).end() :]


@lru_cache(maxsize=16)
def _pattern(host: str) -> re.Pattern:
    return re.compile(
        rf"(?P<file>(?:https?:)?//(?:[^\s/?#\"'<>@]*@)?{re.escape(host)}(?::443|:80)?"
        r"(?:/(?P<path>[^\s?#\"<>]*))?)(?![\w.:\-])"
        r"(?:\?(?P<query>[^\s#\"<>]*))?(?P<fragment>(?:#[^\s\"<>]*)?)",
        re.IGNORECASE,
    )
