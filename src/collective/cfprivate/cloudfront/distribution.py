"""The host from which CloudFront, or the edge on a developer's machine, delivers."""

from .errors import InvalidDistribution
from .object_key import check_object_key
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import quote

import re


_LABEL = r"[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?P<name>{_LABEL}(\.{_LABEL})*)(:(?P<port>[1-9][0-9]{{0,4}}))?")
_ADVICE = "enter d111111abcdef8.cloudfront.net only, the host of your distribution"


@dataclass(frozen=True)
class Distribution:
    """A distribution named by its `host`: ``host`` or ``host:port`` in lower case, with a DNS name or IPv4 address.

    InvalidDistribution for all else, also for the port that is the scheme's default: browsers drop it from the URL,
    and the signature would no longer fit.
    """

    host: str

    def __post_init__(self) -> None:
        match = _HOST.fullmatch(self.host) if isinstance(self.host, str) else None
        if not match or len(match["name"]) > 253 or not _is_name_or_address(match["name"]):
            raise InvalidDistribution(_reason(self.host))
        port = int(match["port"] or 0)
        if port > 65535:
            raise InvalidDistribution(f"Port {port} is over 65535; {_ADVICE}.")
        if port == (80 if self.local else 443):
            raise InvalidDistribution(f"Port {port} is the default of {self.scheme}. Leave it out.")

    @classmethod
    def parse(cls, text: str) -> "Distribution":
        """The distribution that somebody typed: blanks around it and upper case are forgiven, a pasted URL is not."""
        return cls(text.strip().lower() if isinstance(text, str) else text)

    @property
    def local(self) -> bool:
        """Whether the host is this machine: localhost or 127.0.0.0/8."""
        name = self.host.partition(":")[0]
        return name == "localhost" or (_ends_in_digits(name) and IPv4Address(name).is_loopback)

    @property
    def scheme(self) -> str:
        """``https``; ``http`` where `local`, for the edge has no certificate."""
        return "http" if self.local else "https"

    @property
    def origin(self) -> str:
        """Scheme and host, like ``https://d111111abcdef8.cloudfront.net``, without a slash behind."""
        return f"{self.scheme}://{self.host}"

    def url(self, object_key: str) -> str:
        """The unsigned URL of a file. The key is quoted whole: ``%`` becomes ``%25``, ``/`` stays.

        InvalidObjectKey if `check_object_key` refuses it.
        """
        return f"{self.origin}/{quote(check_object_key(object_key), safe='/')}"


def _ends_in_digits(name: str) -> bool:
    return name.rpartition(".")[2].isdigit()


def _is_name_or_address(name: str) -> bool:
    # As browsers do: a name whose last label is a number is an address, or nothing.
    if not _ends_in_digits(name):
        return True
    try:
        return str(IPv4Address(name)) == name
    except ValueError:
        return False


def _reason(host: object) -> str:
    if not isinstance(host, str) or not host:
        return f"The distribution is empty; {_ADVICE}."
    if "://" in host:
        return f"Found a URL in place of a host; {_ADVICE}."
    if host != host.lower():
        return f"The distribution {host[:80]!a} has upper case; {_ADVICE}, in lower case."
    return f"The distribution {host[:80]!a} is not a host or host:port; {_ADVICE}."
