"""Reads the outputs of a stack as somebody pasted them: from the console of AWS, or from its command line."""

from ..cloudfront.distribution import Distribution
from ..cloudfront.errors import InvalidDistribution
from ..cloudfront.errors import InvalidKey
from ..cloudfront.keys import check_key_id
from ..exceptions import SiteError
from ..i18n import _
from .template_parts.words import BUCKET
from .template_parts.words import REGION
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import json
import re


# Characters. The description of a stack has some thousands.
LONGEST = 200_000

_ARN = re.compile(r"arn:[a-z-]+:(?P<service>[a-z0-9-]+):[a-z0-9-]*:[0-9]{12}:\S+")
_FINGERPRINT = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}")
_QUEUE_URL = re.compile(r"https://[a-z0-9.-]+/[0-9]{12}/[A-Za-z0-9_.-]+")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# The cells of a table: with tabs from the console or --output text, with bars from --output table.
_BETWEEN_CELLS = re.compile(r"[\t\r\n|]|  +")
# A table that is too wide for the terminal has them in every row.
_HEADINGS = {"OutputKey", "OutputValue", "Description", "ExportName"}


class InvalidOutputs(SiteError):
    """What was pasted are no outputs of a stack that Plone can use."""


@dataclass(frozen=True, kw_only=True)
class PublicKeyOutput:
    """The id that CloudFront gave to a public key. ``fingerprint`` tells which key; it is empty where none was pasted."""

    key_id: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class StackOutputs:
    """What Plone can use of a stack. ``distribution`` is never empty; all else is where it was not pasted."""

    distribution: str
    keys: tuple[PublicKeyOutput, ...] = ()
    bucket: str = ""
    region: str = ""
    cookie_domain: str = ""
    queue_url: str = ""
    mediaconvert_role: str = ""


def read_outputs(text: str) -> StackOutputs:
    """The outputs in ``text``; raises ``InvalidOutputs`` with what is wrong and where to copy.

    It may be the table of the console (with or without its headings), what ``aws cloudformation describe-stacks`` prints
    (as JSON, text or a table, whole or with ``--query``), or a JSON object of names and values.
    """
    if len(text) > LONGEST:
        raise InvalidOutputs(
            _(
                "stack_too_long",
                default="This is more than a stack has: copy the table of the tab “Outputs” only.",
            )
        )
    found = _checked(_collected(text))
    if "DistributionDomain" not in found:
        raise InvalidOutputs(_nothing_found(found))
    return StackOutputs(
        distribution=found["DistributionDomain"],
        keys=tuple(_keys(found)),
        bucket=found.get("Bucket", ""),
        region=found.get("Region", ""),
        cookie_domain=found.get("CookieDomain", ""),
        queue_url=found.get("QueueUrl", ""),
        mediaconvert_role=found.get("MediaConvertRole", ""),
    )


def _collected(text: str) -> dict[str, str]:
    found = {}
    for name, value in _pairs(text.strip()):
        if found.setdefault(name, value) != value:
            raise InvalidOutputs(
                _(
                    "stack_twice",
                    default="${name} is there twice, with different values: paste the outputs of one stack only.",
                    mapping={"name": name},
                )
            )
    return found


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    if text.startswith(("{", "[")):
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            raise InvalidOutputs(
                _(
                    "stack_broken_json",
                    default="This begins like JSON, but is none: copy all of it, from the first bracket to the last.",
                )
            ) from None
        return ((name, value.strip()) for name, value in _pairs_of_json(read) if name in _CHECKS)
    cells = (cell.strip() for cell in _BETWEEN_CELLS.split(text))
    return _pairs_of_cells([cell for cell in cells if cell and cell not in _HEADINGS])


def _pairs_of_json(read: object) -> Iterator[tuple[str, str]]:
    """Names and values, however deep they are within what ``describe-stacks`` prints."""
    if isinstance(read, list):
        for each in read:
            yield from _pairs_of_json(each)
    elif isinstance(read, dict):
        _refuse_unready(read.get("StackStatus"))
        if isinstance(read.get("OutputKey"), str):
            yield read["OutputKey"], str(read.get("OutputValue") or "")
            return
        for name, value in read.items():
            if isinstance(value, str):
                yield name, value
            elif name in {"Stacks", "Outputs"}:
                yield from _pairs_of_json(value)


def _refuse_unready(status: object) -> None:
    if isinstance(status, str) and not status.endswith("_COMPLETE"):
        raise InvalidOutputs(
            _(
                "stack_not_ready",
                default="The stack is in the state ${status}: wait until it is complete, and copy its outputs then.",
                mapping={"status": status[:60]},
            )
        )


def _pairs_of_cells(cells: list[str]) -> Iterator[tuple[str, str]]:
    # In all tables the value stands behind the name, whatever is around both.
    for name, value in zip_longest(cells, cells[1:], fillvalue=""):
        if name in _CHECKS:
            yield name, "" if value in _CHECKS else value


def _checked(found: dict[str, str]) -> dict[str, str]:
    return {name: _CHECKS[name](name, value) for name, value in found.items()}


def _keys(found: dict[str, str]) -> Iterator[PublicKeyOutput]:
    for prefix in KEY_PREFIXES:
        key_id = found.get(f"{prefix}PublicKeyId", "")
        if key_id:
            yield PublicKeyOutput(key_id=key_id, fingerprint=found.get(f"{prefix}PublicKeyFingerprint", ""))


def _nothing_found(found: dict[str, str]):
    if found:
        return _(
            "stack_no_distribution",
            default="There is no output DistributionDomain among these: copy all rows of the tab “Outputs”.",
        )
    return _(
        "stack_no_outputs",
        default="There are no outputs in this: open the stack in the console of AWS, and copy the table of the tab "
        "“Outputs”, or paste what aws cloudformation describe-stacks prints.",
    )


def _wrong(name: str) -> InvalidOutputs:
    # Never the value: nobody knows what was pasted.
    return InvalidOutputs(
        _(
            "stack_wrong_value",
            default="The value of ${name} is not what it should be, ${wanted}: copy the outputs anew.",
            mapping={"name": name, "wanted": _WANTED[name.removeprefix("Second").removeprefix("Third")]},
        )
    )


def _matching(pattern: re.Pattern) -> Callable[[str, str], str]:
    def check(name: str, value: str) -> str:
        if not pattern.fullmatch(value):
            raise _wrong(name)
        return value

    return check


def _host(name: str, value: str) -> str:
    try:
        host = Distribution.parse(value).host
    except InvalidDistribution:
        raise _wrong(name) from None
    return _matching(_HOST)(name, host)


def _key_id(name: str, value: str) -> str:
    try:
        return check_key_id(value)
    except InvalidKey:
        raise _wrong(name) from None


# Of a ring that holds three keys at most.
KEY_PREFIXES = ("", "Second", "Third")

_WANTED = {
    "DistributionDomain": "d111111abcdef8.cloudfront.net",
    "PublicKeyId": "K2JCJMDEHXQW5F",
    "PublicKeyFingerprint": "2F:09:…",
    "Bucket": "my-bucket",
    "Region": "eu-central-1",
    "CookieDomain": "example.org",
    "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/…",
    "MediaConvertRole": "arn:aws:iam::111122223333:role/…",
}

_CHECKS = {
    "DistributionDomain": _host,
    **{f"{prefix}PublicKeyId": _key_id for prefix in KEY_PREFIXES},
    **{f"{prefix}PublicKeyFingerprint": _matching(_FINGERPRINT) for prefix in KEY_PREFIXES},
    "Bucket": _matching(BUCKET),
    "Region": _matching(REGION),
    "CookieDomain": _matching(_HOST),
    "QueueUrl": _matching(_QUEUE_URL),
    "MediaConvertRole": _matching(_ARN),
}
