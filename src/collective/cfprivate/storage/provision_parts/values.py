"""CloudFormation's functions and shapes, turned into values and into the shapes of the API."""

from collections.abc import Iterator
from collections.abc import Mapping

import re


# What the API calls otherwise.
_OTHER_NAMES = {
    "IPV6Enabled": "IsIPV6Enabled",
    "AcmCertificateArn": "ACMCertificateArn",
    "SslSupportMethod": "SSLSupportMethod",
}
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")


class Unknown(str):
    """What a resource that is not made yet will give: equal to nothing that is there."""

    __slots__ = ()


def resolved(value: object, known: Mapping[str, Mapping[str, str]]) -> object:
    """``value`` without functions; ``known`` are the attributes of each resource, with the id as ``Ref``."""
    if isinstance(value, list):
        return [resolved(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return _attribute(value["Ref"], "Ref", known)
    if "Fn::GetAtt" in value:
        return _attribute(*value["Fn::GetAtt"], known)
    if "Fn::Sub" in value:
        return _substituted(value["Fn::Sub"], known)
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return separator.join(resolved(parts, known))
    return {name: resolved(each, known) for name, each in value.items()}


def _attribute(resource: str, name: str, known: Mapping[str, Mapping[str, str]]) -> str:
    return known[resource][name] if resource in known else Unknown(f"(new {resource})")


def _substituted(text: str, known: Mapping[str, Mapping[str, str]]) -> str:
    def value(found: re.Match) -> str:
        resource, _dot, name = found[1].partition(".")
        return _attribute(resource, name or "Ref", known)

    return _VARIABLE.sub(value, text)


def named_in(value: object) -> Iterator[str]:
    """The resources to which the functions in ``value`` refer."""
    if isinstance(value, dict):
        if isinstance(value.get("Ref"), str):
            yield value["Ref"]
        if isinstance(value.get("Fn::GetAtt"), list):
            yield value["Fn::GetAtt"][0]
        if isinstance(value.get("Fn::Sub"), str):
            yield from (found.partition(".")[0] for found in _VARIABLE.findall(value["Fn::Sub"]))
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from named_in(each)


def as_api(value: object, shape) -> object:
    """A value of CloudFormation in a shape of botocore's model of CloudFront."""
    if isinstance(value, list) and shape.type_name == "structure":
        value = {"Items": value}
    if shape.type_name == "list":
        return [as_api(each, shape.member) for each in value]
    if shape.type_name != "structure":
        return value
    named = {_OTHER_NAMES.get(name, name): each for name, each in value.items()}
    if "AllowedMethods" in named:
        named["AllowedMethods"] = {"Items": named["AllowedMethods"], "CachedMethods": named.pop("CachedMethods")}
    if "Quantity" in shape.members:
        named["Quantity"] = len(named["Items"])
    if shape.name in {"TrustedKeyGroups", "LoggingConfig"}:
        named["Enabled"] = True
    return {name: as_api(each, shape.members[name]) for name, each in named.items()}


def includes(current: object, wanted: object) -> bool:
    """Whether all that is wanted is so; AWS adds what it takes for granted, and keeps no order of words."""
    if isinstance(wanted, dict):
        return isinstance(current, Mapping) and all(
            name in current and includes(current[name], each) for name, each in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(current, list) and len(current) == len(wanted) and _all_included(current, wanted)
    return not isinstance(wanted, Unknown) and current == wanted


def _all_included(current: list, wanted: list) -> bool:
    if all(isinstance(each, str) for each in (*current, *wanted)):
        return sorted(current) == sorted(wanted) and not any(isinstance(each, Unknown) for each in wanted)
    return all(map(includes, current, wanted))


def merged(current: object, wanted: object) -> object:
    """``current`` with all that is wanted: CloudFront takes a whole configuration or none."""
    if isinstance(current, Mapping) and isinstance(wanted, dict):
        return {**current, **{name: merged(current.get(name), each) for name, each in wanted.items()}}
    if isinstance(current, list) and isinstance(wanted, list) and len(current) == len(wanted):
        return [merged(*pair) for pair in zip(current, wanted, strict=True)]
    return wanted
