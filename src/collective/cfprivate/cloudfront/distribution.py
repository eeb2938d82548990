"""The host from which CloudFront, or the edge on a developer's machine, delivers."""

from .errors import InvalidDistribution
from .errors import shown
from .host import ends_in_a_number
from .host import is_authority
from .host import is_host
from .host import is_port
from .host import is_within
from .object_key import check_object_key
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address
from urllib.parse import quote


_ADVICE = "enter d111111abcdef8.cloudfront.net only, the host of your distribution"


@dataclass(frozen=True)
class Distribution:
    """A distribution named by its `host`: ``host`` or ``host:port`` in lower case, with a DNS name or IPv4 address.

    InvalidDistribution for all else, also for the port that is the scheme's default: browsers drop it from the URL,
    and the signature would no longer fit.
    """

    host: str

    def __post_init__(self) -> None:
        name, colon, port = self.host.partition(":") if isinstance(self.host, str) else ("", "", "")
        if not is_host(name) or (colon and not is_port(port)):
            raise InvalidDistribution(_reason(self.host))
        if not is_authority(self.host, scheme=self.scheme):
            raise InvalidDistribution(f"Port {port} is the default of {self.scheme}. Leave it out.")

    @classmethod
    def parse(cls, text: str) -> "Distribution":
        """The distribution that somebody typed: blanks around it and upper case are forgiven, a pasted URL is not."""
        return cls(text.strip().lower() if isinstance(text, str) else text)

    @cached_property
    def local(self) -> bool:
        """Whether the host is this machine: localhost, a name under it (RFC 6761, 6.3), or 127.0.0.0/8."""
        if ends_in_a_number(self.name):
            return IPv4Address(self.name).is_loopback
        return is_within(self.name, "localhost")

    @property
    def name(self) -> str:
        """The host without its port."""
        return self.host.partition(":")[0]

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


def _reason(host: object) -> str:
    if not isinstance(host, str) or not host:
        return f"The distribution is empty; {_ADVICE}."
    if "://" in host:
        return f"Found a URL in place of a host; {_ADVICE}."
    if host != host.lower():
        return f"The distribution {shown(host)} has upper case; {_ADVICE}, in lower case."
    name, _, port = host.partition(":")
    if port and is_host(name):
        return f"Port {shown(port)} is not one from 1 to 65535; {_ADVICE}."
    return f"The distribution {shown(host)} is not a host or host:port; {_ADVICE}."
