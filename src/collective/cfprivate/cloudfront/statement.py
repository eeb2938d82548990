"""The policy that an edge reads in a request, strictly."""

from .errors import EdgeError
from .errors import InvalidPolicy
from .host import is_ipv4
from .policy import LATEST
from .policy import Policy

import json


_CONDITIONS = {"DateLessThan": "AWS:EpochTime", "DateGreaterThan": "AWS:EpochTime", "IpAddress": "AWS:SourceIp"}


class Statement(Policy):
    """A statement that CloudFront accepts though we would not sign it, so that the rules of `Policy` need not hold."""

    def __post_init__(self) -> None:
        """Accept it."""


def read_statement(data: bytes) -> Policy:
    """The policy in the JSON `data`, a `Statement` where it breaks a rule of `Policy`; ``*`` for an absent resource.

    EdgeError MalformedPolicy, with a reason, unless it is one statement with DateLessThan and nothing unknown, without
    doubled names, with canonical integers and an IPv4 address or network without host bits (CloudFront Developer Guide, "Create a signed URL using
    a custom policy").
    """
    statement = _only_statement(_parse(data))
    resource = statement.get("Resource", "*")
    condition = statement.get("Condition")
    _require(isinstance(resource, str), "its resource is no text")
    _require(isinstance(condition, dict) and "DateLessThan" in condition, "it has no DateLessThan")
    _require(condition.keys() <= _CONDITIONS.keys(), "it has an unknown condition")
    values = {name: _read_condition(name, value) for name, value in condition.items()}
    return as_policy(resource, values["DateLessThan"], values.get("DateGreaterThan"), values.get("IpAddress"))


def as_policy(resource: str, expires: int, starts: int | None = None, ip: str | None = None) -> Policy:
    """A `Policy`, or a `Statement` where that would be refused."""
    try:
        return Policy(resource, expires, starts, ip)
    except InvalidPolicy:
        return Statement(resource, expires, starts, ip)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise EdgeError.of("MalformedPolicy", f"the policy cannot be read: {reason}")


def _parse(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_int=_canonical)
    except (ValueError, RecursionError):
        raise EdgeError.of("MalformedPolicy", "the policy is no JSON with plain integers and unique names") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name is doubled")
    return dict(pairs)


def _canonical(digits: str) -> int:
    if digits.startswith("-") or len(digits) > len(str(LATEST)):
        raise ValueError("not a plain integer")
    return int(digits)


def _only_statement(document: object) -> dict:
    _require(isinstance(document, dict) and document.keys() == {"Statement"}, "it is not one Statement")
    statements = document["Statement"]
    _require(isinstance(statements, list) and len(statements) == 1, "it is not one Statement")
    _require(isinstance(statements[0], dict), "its statement is no object")
    _require(statements[0].keys() <= {"Resource", "Condition"}, "its statement holds something unknown")
    return statements[0]


def _read_condition(name: str, value: object) -> int | str:
    operand = _CONDITIONS[name]
    _require(isinstance(value, dict) and value.keys() == {operand}, f"{name} has not just {operand}")
    stated = value[operand]
    if name == "IpAddress":
        _require(isinstance(stated, str) and is_ipv4(stated), f"{name} is no IPv4 network")
    else:
        _require(type(stated) is int and stated <= LATEST, f"{name} is not in whole epoch seconds")
    return stated
