"""The names of CloudFront's signed cookies, which say what the parameters of a signed URL say."""

from .web_address import RESERVED
from collections.abc import Mapping


PREFIX = "CloudFront-"
LONGEST_COOKIE = 4096
# Case-sensitive (CloudFront Developer Guide, "Set signed cookies using a custom policy").
NAMES = frozenset(f"{PREFIX}{name}" for name in RESERVED)


def from_query(query: str) -> dict[str, str]:
    """The cookies, {name: value}, that say what CloudFront's parameters in a URL's `query` say."""
    return {f"{PREFIX}{name}": value for name, _, value in (piece.partition("=") for piece in query.split("&"))}


def to_parameters(cookies: Mapping[str, str]) -> dict[str, str]:
    """The parameters that `cookies` stand for; cookies of other names are left out."""
    return {name.removeprefix(PREFIX): value for name, value in cookies.items() if name in NAMES}
