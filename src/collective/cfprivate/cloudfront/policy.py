"""The statement that CloudFront checks a request against."""

from .errors import InvalidPolicy
from .web_address import check_url
from dataclasses import dataclass
from ipaddress import IPv4Address
from ipaddress import IPv4Network

import json
import re


LATEST = 2147483647

_RESOURCE = re.compile(r"https?://(?P<host>[^/]*)(?P<path>/.*)?", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?")
_QUERY_MARK = re.compile(r"\\?\?")


@dataclass(frozen=True)
class Policy:
    r"""Who may fetch `resource`, until when. InvalidPolicy if a field breaks a rule below.

    resource -- an absolute http or https URL, percent-encoded as on the wire. It is CloudFront's pattern and is used
                as it stands: ``*`` is any text, ``?`` any one character, ``\?`` the mark before a query. A host has no
                wildcard, and a path that ends in one ends in ``/*``: ``/ab*`` would open ``/abc/`` too.
    expires  -- epoch seconds, 1 to 2147483647 (the last that CloudFront reads): not valid from then on.
    starts   -- epoch seconds before `expires`, or None: not valid before then.
    ip       -- an IPv4 address or CIDR network without host bits, or None. CloudFront has no IPv6 here.

    Rules: CloudFront Developer Guide, "Create a signed URL using a custom policy".
    """

    resource: str
    expires: int
    starts: int | None = None
    ip: str | None = None

    def __post_init__(self) -> None:
        _check_resource(self.resource)
        _check_seconds("expires", self.expires, 1)
        if self.starts is not None:
            _check_starts(self.starts, self.expires)
        if self.ip is not None:
            _check_ip(self.ip)

    @classmethod
    def for_url(cls, url: str, expires: int, starts: int | None = None, ip: str | None = None) -> "Policy":
        r"""The policy of exactly the one `url`, canned where it can be.

        With `starts` or `ip` the policy is custom and its resource a pattern: then each ``?`` of the URL is written
        ``\?``, lest it mean any character. A ``*`` cannot be told from a wildcard and is refused; InvalidURL if
        `check_url` refuses the URL.
        """
        if "*" in check_url(url):
            raise InvalidPolicy("The URL holds *, which a policy reads as a wildcard. Write a literal * as %2A.")
        canned = starts is None and ip is None
        return cls(url if canned else url.replace("?", "\\?"), expires, starts, ip)

    @property
    def canned(self) -> bool:
        """Whether CloudFront can rebuild the statement from the request: no start, no address, no wildcard.

        A raw ``?`` is the mark before the query here; it is a wildcard only in a custom policy.
        """
        return self.starts is None and self.ip is None and not {"*", "\\"} & set(self.resource)

    @property
    def statement(self) -> bytes:
        """The JSON that is signed, ASCII without blanks; the order of its keys is part of the signature."""
        condition: dict[str, dict[str, int | str]] = {"DateLessThan": {"AWS:EpochTime": self.expires}}
        if self.starts is not None:
            condition["DateGreaterThan"] = {"AWS:EpochTime": self.starts}
        if self.ip is not None:
            condition["IpAddress"] = {"AWS:SourceIp": self.ip if "/" in self.ip else f"{self.ip}/32"}
        return _statement(self.resource, condition)


def canned_statement(resource: str, expires: int) -> bytes:
    """The canned statement, as an edge rebuilds it from the request; checks nothing."""
    return _statement(resource, {"DateLessThan": {"AWS:EpochTime": expires}})


def _statement(resource: str, condition: dict[str, dict[str, int | str]]) -> bytes:
    statement = {"Statement": [{"Resource": resource, "Condition": condition}]}
    return json.dumps(statement, separators=(",", ":")).encode("ascii")


def _check_resource(resource: str) -> None:
    match = _RESOURCE.fullmatch(resource) if isinstance(resource, str) else None
    if not match or not match["path"]:
        raise InvalidPolicy("The resource is not http://host/path or https://host/path. Give a whole URL.")
    if not resource.isascii() or not resource.isprintable() or " " in resource:
        raise InvalidPolicy("The resource holds a blank, a control or a non-ASCII character. Percent-encode it.")
    if not _HOST.fullmatch(match["host"]):
        raise InvalidPolicy("The host of the resource has a wildcard or is no host. Name one distribution.")
    if re.search(r"[^/]\*\Z", _QUERY_MARK.split(match["path"], maxsplit=1)[0]):
        raise InvalidPolicy("The path of the resource ends in * without a slash before it. End it in /*.")


def _check_seconds(name: str, value: int, earliest: int) -> None:
    if type(value) is not int:
        raise InvalidPolicy(f"{name} is {type(value).__name__}, wanted whole epoch seconds. Give an int.")
    if not earliest <= value <= LATEST:
        raise InvalidPolicy(f"{name} is {value}, wanted {earliest} to {LATEST}. Give epoch seconds (not milliseconds).")


def _check_starts(starts: int, expires: int) -> None:
    _check_seconds("starts", starts, 0)
    if starts >= expires:
        raise InvalidPolicy(f"starts {starts} is not before expires {expires}. Such a policy is never valid.")


def _check_ip(ip: str) -> None:
    if not isinstance(ip, str) or not _is_ipv4(ip):
        raise InvalidPolicy(f"ip {ip!a} is no IPv4 address and no IPv4 network, like 192.0.2.10 or 192.0.2.0/24.")


def _is_ipv4(text: str) -> bool:
    try:
        return str(IPv4Network(text) if "/" in text else IPv4Address(text)) == text
    except ValueError:
        return False
