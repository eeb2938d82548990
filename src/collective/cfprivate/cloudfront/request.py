"""What a request claims: its URL without CloudFront's parameters, and these, from the URL or from cookies."""

from .cookies import to_parameters
from .encoding import decode
from .errors import EdgeError
from .errors import require
from .policy import canned_statement
from .policy import LATEST
from .policy import Policy
from .statement import as_policy
from .statement import read_statement
from .web_address import is_reserved
from .web_address import LONGEST
from .web_address import RESERVED
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

import re


_INTEGER = re.compile(r"[1-9][0-9]{0,9}")
_URL = re.compile(r"[a-z]+://[!\"$-~]+")
_GARBLED = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True)
class Request:
    """A request as it came: `resource` is its URL without CloudFront's parameters, `parameters` are these, raw.

    With `by_cookies` the parameters came as cookies. Nothing is verified yet.
    """

    resource: str
    parameters: Mapping[str, str] = field(repr=False)
    by_cookies: bool = False

    @classmethod
    def read(cls, url: str, cookies: Mapping[str, str] | None = None) -> "Request":
        """The request for `url` (as on the wire) with `cookies` (name to raw value).

        One reserved parameter in the URL, and the cookies do not count. EdgeError AccessDenied for a text that is no
        URL, and for a reserved parameter that is doubled or spelled with escapes.
        """
        require(isinstance(url, str) and len(url) <= LONGEST, "the URL is too long or no text")
        require(_URL.fullmatch(url) is not None, "the URL has a character that is not sent, or no scheme")
        base, mark, query = url.partition("?")
        pieces = [(piece, *piece.partition("=")[::2]) for piece in query.split("&")] if mark else []
        own = [piece for piece, name, _ in pieces if not is_reserved(name)]
        reserved = [(name, value) for _, name, value in pieces if is_reserved(name)]
        resource = f"{base}?{'&'.join(own)}" if own else base
        if not reserved:
            return cls(resource, _read_cookies(cookies or {}), by_cookies=True)
        return cls(resource, _read_reserved(reserved))

    @property
    def key_id(self) -> str:
        """The key pair id; EdgeError MissingKey if there is none or it is garbled."""
        key_id = self.parameters.get("Key-Pair-Id", "")
        if not key_id or _GARBLED.search(key_id):
            raise EdgeError.of("MissingKey", "there is no key pair id of letters and digits")
        return key_id

    @property
    def hash_algorithm(self) -> str:
        """The hash of the signature: "SHA1" where none is named; AccessDenied for names that CloudFront has not."""
        name = self.parameters.get("Hash-Algorithm", "SHA1")
        require(name in {"SHA1", "SHA256"}, "the hash algorithm is neither SHA1 nor SHA256")
        return name

    @property
    def signature(self) -> bytes:
        """The decoded signature; EdgeError MalformedSignature if it is none in CloudFront's base64."""
        return _decode(self.parameters.get("Signature", ""), "MalformedSignature", "the signature")

    def claim(self) -> tuple[bytes, Policy]:
        """The bytes that should be signed, and what they say; EdgeError MalformedPolicy if they say nothing clear."""
        if ("Policy" in self.parameters) == ("Expires" in self.parameters):
            raise EdgeError.of("MalformedPolicy", "there has to be Policy or Expires, and not both")
        if self.canned:
            expires = _read_expires(self.parameters["Expires"])
            return canned_statement(self.resource, expires), as_policy(self.resource, expires)
        statement = _decode(self.parameters["Policy"], "MalformedPolicy", "the policy")
        return statement, read_statement(statement)

    @property
    def canned(self) -> bool:
        """Whether the policy is to be rebuilt from the request."""
        return "Expires" in self.parameters


def _read_reserved(pairs: list[tuple[str, str]]) -> dict[str, str]:
    parameters = dict(pairs)
    require(len(parameters) == len(pairs), "a parameter of CloudFront's is doubled")
    require(parameters.keys() <= RESERVED, "a parameter of CloudFront's is spelled with escapes")
    return parameters


def _read_cookies(cookies: Mapping[str, str]) -> dict[str, str]:
    parameters = to_parameters(cookies)
    require(all(isinstance(value, str) for value in parameters.values()), "a cookie is no text")
    return parameters


def _decode(text: str, code: str, name: str) -> bytes:
    try:
        data = decode(text)
    except ValueError:
        data = b""
    if not data:
        raise EdgeError.of(code, f"{name} is absent, or not written in CloudFront's base64")
    return data


def _read_expires(text: str) -> int:
    if not _INTEGER.fullmatch(text) or int(text) > LATEST:
        raise EdgeError.of("MalformedPolicy", f"Expires is no whole number of epoch seconds from 1 to {LATEST}")
    return int(text)
