"""The decision of a CloudFront edge about one request."""

from .encoding import decode
from .errors import EdgeError
from .errors import InvalidPolicy
from .keys import check_key_id
from .keys import PublicKey
from .policy import canned_statement
from .policy import LATEST
from .policy import Policy
from .web_address import is_reserved
from .web_address import LONGEST
from .web_address import RESERVED
from .wildcard import covers
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from ipaddress import IPv4Network

import json
import re


_INTEGER = re.compile(r"[1-9][0-9]{0,9}")
_URL = re.compile(r"https?://[!-~]+")
_CONDITIONS = {"DateLessThan": "AWS:EpochTime", "DateGreaterThan": "AWS:EpochTime", "IpAddress": "AWS:SourceIp"}


class Verifier:
    """Checks signed URLs as the edges of a distribution do that trusts `public_keys`: {key id: SPKI PEM}.

    InvalidKey if an id or a key is one that CloudFront would not take.
    """

    def __init__(self, public_keys: Mapping[str, str | bytes]) -> None:
        self._keys = {check_key_id(key_id): PublicKey.from_pem(pem) for key_id, pem in public_keys.items()}

    def verify(self, url: str, now: float, ip: str | None = None) -> Policy:
        """The policy under which `url` (as on the wire) may be fetched at `now` (epoch seconds) from `ip`.

        EdgeError, and nothing else, for whatever text is refused. Where the documentation is silent: `now == expires`
        is refused and `now == starts` is not; a doubled parameter, or one spelled with escapes, is AccessDenied;
        Policy with Expires is MalformedPolicy, as is neither; no Signature is MalformedSignature. A resource that we
        would not sign, like ``*`` or none at all, is accepted as CloudFront does, and returned as ``*``.
        """
        request = _Request.read(url)
        key = self._find_key(request)
        statement, policy = request.claim()
        signature = _decode(request.parameters.get("Signature", ""), "MalformedSignature")
        _require(_is_signed(key, signature, statement, request))
        _require("Expires" in request.parameters or covers(policy.resource, request.resource))
        _require(_is_timely(policy, now))
        _require(policy.ip is None or _is_within(policy.ip, ip))
        return policy

    def _find_key(self, request: "_Request") -> PublicKey:
        key_id = request.parameters.get("Key-Pair-Id")
        if not key_id:
            raise EdgeError.of("MissingKey")
        if key_id not in self._keys:
            raise EdgeError.of("InvalidKey")
        return self._keys[key_id]


@dataclass(frozen=True)
class _Statement(Policy):
    """A statement that CloudFront accepts and that we would not sign."""

    def __post_init__(self) -> None:
        """Accept it."""


@dataclass(frozen=True)
class _Request:
    """A request: its URL without CloudFront's parameters, and these, both in their raw spelling."""

    resource: str
    parameters: dict[str, str]

    @classmethod
    def read(cls, url: str) -> "_Request":
        _require(len(url) <= LONGEST and _URL.fullmatch(url) is not None and "#" not in url)
        base, mark, query = url.partition("?")
        pieces = query.split("&") if mark else []
        own = [piece for piece in pieces if not is_reserved(piece.partition("=")[0])]
        reserved = [piece.partition("=") for piece in pieces if is_reserved(piece.partition("=")[0])]
        parameters = {name: value for name, _, value in reserved}
        _require(len(parameters) == len(reserved) and parameters.keys() <= RESERVED)
        return cls(f"{base}?{'&'.join(own)}" if own else base, parameters)

    def claim(self) -> tuple[bytes, Policy]:
        """The bytes that should be signed, and what they say."""
        if ("Policy" in self.parameters) == ("Expires" in self.parameters):
            raise EdgeError.of("MalformedPolicy")
        if "Policy" in self.parameters:
            statement = _decode(self.parameters["Policy"], "MalformedPolicy")
            return statement, _read_statement(statement)
        expires = _read_expires(self.parameters["Expires"])
        return canned_statement(self.resource, expires), _policy(self.resource, expires)


def _require(condition: bool, code: str = "AccessDenied") -> None:
    if not condition:
        raise EdgeError.of(code)


def _decode(text: str, code: str) -> bytes:
    try:
        data = decode(text)
    except ValueError:
        data = b""
    _require(data != b"", code)
    return data


def _read_expires(text: str) -> int:
    _require(_INTEGER.fullmatch(text) is not None and int(text) <= LATEST, "MalformedPolicy")
    return int(text)


def _is_signed(key: PublicKey, signature: bytes, statement: bytes, request: _Request) -> bool:
    hash_algorithm = request.parameters.get("Hash-Algorithm", "SHA1")
    return hash_algorithm in {"SHA1", "SHA256"} and key.verifies(signature, statement, hash_algorithm)


def _is_timely(policy: Policy, now: float) -> bool:
    return now < policy.expires and (policy.starts is None or now >= policy.starts)


def _is_within(network: str, ip: str | None) -> bool:
    try:
        return IPv4Address(ip or "") in IPv4Network(network, strict=False)
    except ValueError:
        return False


def _read_statement(data: bytes) -> Policy:
    statement = _only_statement(_parse(data))
    condition = statement["Condition"]
    resource = statement.get("Resource", "*")
    _require(isinstance(resource, str) and isinstance(condition, dict), "MalformedPolicy")
    _require("DateLessThan" in condition and condition.keys() <= _CONDITIONS.keys(), "MalformedPolicy")
    values = {name: _read_condition(name, value) for name, value in condition.items()}
    return _policy(resource, values["DateLessThan"], values.get("DateGreaterThan"), values.get("IpAddress"))


def _parse(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise EdgeError.of("MalformedPolicy") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key of the policy is doubled")
    return dict(pairs)


def _only_statement(document: object) -> dict:
    _require(isinstance(document, dict) and document.keys() == {"Statement"}, "MalformedPolicy")
    statements = document["Statement"]
    _require(isinstance(statements, list) and len(statements) == 1, "MalformedPolicy")
    statement = statements[0]
    _require(isinstance(statement, dict) and statement.keys() <= {"Resource", "Condition"}, "MalformedPolicy")
    _require("Condition" in statement, "MalformedPolicy")
    return statement


def _read_condition(name: str, value: object) -> int | str:
    operand = _CONDITIONS[name]
    _require(isinstance(value, dict) and value.keys() == {operand}, "MalformedPolicy")
    stated = value[operand]
    accepted = _is_network(stated) if name == "IpAddress" else type(stated) is int and 0 <= stated <= LATEST
    _require(accepted, "MalformedPolicy")
    return stated


def _is_network(stated: object) -> bool:
    try:
        return isinstance(stated, str) and IPv4Network(stated, strict=False) is not None
    except ValueError:
        return False


def _policy(resource: str, expires: int, starts: int | None = None, ip: str | None = None) -> Policy:
    try:
        return Policy(resource, expires, starts, ip)
    except InvalidPolicy:
        return _Statement(resource, expires, starts, ip)
