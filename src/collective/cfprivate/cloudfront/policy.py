"""The statement that CloudFront checks a request against."""

from .errors import InvalidPolicy
from .errors import InvalidURL
from .errors import shown
from .host import is_ipv4
from .web_address import check_url
from dataclasses import dataclass
from dataclasses import replace
from functools import cached_property
from json.encoder import encode_basestring_ascii

import re


LATEST = 2147483647

# Numbers beyond, which Python may refuse to write out, are not shown.
_SHOWN = 10**18

_EVERYTHING = re.compile(r"[*?:/]+|https?\*?://[*?/]+")
_EVERYTHING_OPENS = "The resource opens every file that the key protects. Name a host and a path."
_BOTH_SCHEMES = re.compile(r"\A(?:http)?\*://")
_MARK = re.compile(r"\\?\?")
_WRITTEN_MARK = re.compile(r"\\\?")
_WILD_HOST = re.compile(r"[a-z]*\*?://[^/]*\*")


@dataclass(frozen=True)
class Policy:
    r"""Who may fetch `resource`, until when. InvalidPolicy if a field breaks a rule below.

    resource -- an absolute URL, percent-encoded as on the wire, under ``http://``, ``https://``, or ``http*://`` and
                ``*://`` for both. It is CloudFront's pattern and is used as it stands: ``*`` is any text, ``?`` any
                one character, ``\?`` the mark before a query. A host has no wildcard, and a path that ends in one ends
                in ``/*``: ``/ab*`` would open ``/abc/`` too.
    expires  -- epoch seconds, 1 to 2147483647 (the last that CloudFront reads): not valid from then on.
    starts   -- epoch seconds before `expires`, or None: valid only after then.
    ip       -- an IPv4 address or CIDR network without host bits, or None. CloudFront has no IPv6 here.

    Rules: CloudFront Developer Guide, "Create a signed URL using a custom policy".
    """

    resource: str
    expires: int
    starts: int | None = None
    ip: str | None = None

    def __post_init__(self) -> None:
        self._check_resource()
        _check_seconds("expires", self.expires, 1)
        if self.starts is not None:
            _check_starts(self.starts, self.expires)
        if self.ip is not None:
            _check_ip(self.ip)

    def _check_resource(self) -> None:
        if not isinstance(self.resource, str):
            raise InvalidPolicy(f"The resource is {shown(self.resource)}, wanted a URL or a pattern. Give a text.")
        has_wildcard = "*" in self.resource
        try:
            check_url(_as_url(self.resource) if has_wildcard or "\\" in self.resource else self.resource)
        except InvalidURL as error:
            raise InvalidPolicy(_why_no_resource(self.resource, error)) from None
        if has_wildcard:
            _check_wildcards(self.resource)

    @classmethod
    def for_url(cls, url: str, expires: int, starts: int | None = None, ip: str | None = None) -> "Policy":
        r"""The policy of exactly the one `url`, canned where it can be.

        With `starts` or `ip` the policy is custom and its resource a pattern: then each ``?`` of the URL is written
        ``\?``, lest it mean any character. A ``*`` cannot be told from a wildcard and is refused; InvalidURL if
        `check_url` refuses the URL.
        """
        if "*" in check_url(url):
            raise InvalidPolicy("The URL holds *, which a policy reads as a wildcard. Write a literal * as %2A.")
        return cls(url, expires, starts, ip).meant_for(url)

    @classmethod
    def for_everything(cls, *, expires: int, starts: int | None = None, ip: str | None = None) -> "Policy":
        """The policy of every file of every distribution that trusts the key: resource ``*``.

        A URL under it is a key to the whole house until `expires`. No other call makes such a policy.
        """
        return _Everything("*", expires, starts, ip)

    @cached_property
    def canned(self) -> bool:
        """Whether CloudFront can rebuild the statement from the request: no start, no address, no wildcard.

        A raw ``?`` is the mark before the query here; it is a wildcard only in a custom policy.
        """
        return self.starts is None and self.ip is None and "*" not in self.resource and "\\" not in self.resource

    def meant_for(self, url: str) -> "Policy":
        r"""This policy as it has to be written for `url`.

        A custom policy whose resource is `url` itself means that URL, so that each ``?`` in it is written ``\?``: raw
        it would be any character. Any other policy comes back as it is.
        """
        if "?" not in url or self.resource != url or self.canned:
            return self
        return replace(self, resource=url.replace("?", "\\?"))

    @cached_property
    def statement(self) -> bytes:
        """The JSON that is signed, ASCII without blanks; the order of its keys is part of the signature."""
        if self.starts is None and self.ip is None:
            return canned_statement(self.resource, self.expires)  # the same, sooner
        return _statement(self.resource, ",".join(self._conditions()))

    def _conditions(self) -> list[str]:
        conditions = [f'"DateLessThan":{{"AWS:EpochTime":{self.expires}}}']
        if self.starts is not None:
            conditions.append(f'"DateGreaterThan":{{"AWS:EpochTime":{self.starts}}}')
        if self.ip is not None:
            conditions.append(f'"IpAddress":{{"AWS:SourceIp":"{self.ip if "/" in self.ip else f"{self.ip}/32"}"}}')
        return conditions


class _Everything(Policy):
    """The one policy whose resource names nothing."""

    def _check_resource(self) -> None:
        """Accept ``*``."""


def canned_statement(resource: str, expires: int) -> bytes:
    """The canned statement, as an edge rebuilds it from the request; checks nothing."""
    return _statement(resource, f'"DateLessThan":{{"AWS:EpochTime":{expires}}}')


def _statement(resource: str, conditions: str) -> bytes:
    text = f'{{"Statement":[{{"Resource":{encode_basestring_ascii(resource)},"Condition":{{{conditions}}}}}]}}'
    return text.encode("ascii")


def ends_in_a_prefix(resource: str) -> bool:
    r"""Whether the path of `resource` ends in a wildcard that is not a ``*`` behind a slash: then it opens neighbours too.

    A raw ``?`` may be the mark before the query or any character, and neither reading may end so.
    """
    return any(_is_prefix(mark.split(resource, maxsplit=1)[0]) for mark in (_MARK, _WRITTEN_MARK))


def _is_prefix(path: str) -> bool:
    wildcards = path[len(path.rstrip("*?")) :]
    return "*" in wildcards and not (wildcards == "*" and path.endswith("/*"))


def _as_url(resource: str) -> str:
    """One of the URLs that a pattern covers."""
    return _BOTH_SCHEMES.sub("https://", resource).replace("\\?", "?").replace("*", "a")


def _check_wildcards(resource: str) -> None:
    if _EVERYTHING.fullmatch(resource):
        raise InvalidPolicy(_EVERYTHING_OPENS)
    if _WILD_HOST.match(resource):
        raise InvalidPolicy("The host of the resource has a wildcard. Name one distribution.")
    if ends_in_a_prefix(resource):
        raise InvalidPolicy("The path of the resource ends in * without a slash before it. End it in /* (or \\?*).")


def _why_no_resource(resource: str, error: InvalidURL) -> str:
    if _EVERYTHING.fullmatch(resource):
        return _EVERYTHING_OPENS
    return f"The resource cannot be signed. {error}"


def _check_seconds(name: str, value: int, earliest: int) -> None:
    if type(value) is not int:
        raise InvalidPolicy(f"{name} is {type(value).__name__}, wanted whole epoch seconds. Give an int.")
    if not earliest <= value <= LATEST:
        found = value if abs(value) < _SHOWN else "far away"
        raise InvalidPolicy(f"{name} is {found}, wanted {earliest} to {LATEST}. Give epoch seconds (not milliseconds).")


def _check_starts(starts: int, expires: int) -> None:
    _check_seconds("starts", starts, 0)
    if starts >= expires:
        raise InvalidPolicy(f"starts {starts} is not before expires {expires}. Such a policy is never valid.")


def _check_ip(ip: str) -> None:
    if not isinstance(ip, str) or not is_ipv4(ip):
        raise InvalidPolicy(f"ip {shown(ip)} is no IPv4 address and no IPv4 network, like 192.0.2.10 or 192.0.2.0/24.")
