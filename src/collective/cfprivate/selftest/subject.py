"""What the self-test is about."""

from ..cloudfront import check_object_key
from ..cloudfront import Distribution
from ..cloudfront import Policy
from ..cloudfront import Signer
from ..cloudfront import SigningKey
from ..cloudfront.hashing import HashAlgorithm
from .addresses import address_families
from .line import Line
from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from socket import AddressFamily
from typing import Literal

import time


LIFETIME = 60
# Further back than a wrong clock reaches, so that the clock has a line of its own.
_LONG_AGO = 86400


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A distribution with the key that signs for it, one object, and the site whose pages play it.

    InvalidObjectKey for an `object_key` that is none; InvalidKey for a `key` without an id and for an unknown hash.

    site_origin   -- of the pages with the player, like ``https://www.example.org``; empty where it is not known.
    bucket_url    -- of the S3 bucket, or empty: then it is not asked.
    cookie_domain -- for which signed cookies are set, or empty for the host alone.
    bind_ip       -- whether signatures may be bound to the viewer's address.
    now           -- gives epoch seconds.
    seconds       -- for one request; the whole run takes no more than four of them, and one for the name.
    resolve       -- gives the address families of a host; NotFetched where it has none, or not in time.
    page_cache    -- lines about this Plone's bucket and page cache, which end the report.
    """

    distribution: Distribution
    key: SigningKey = field(repr=False)
    hash_algorithm: HashAlgorithm
    object_key: str
    site_origin: str
    bucket_url: str = ""
    cookie_domain: str = ""
    delivery: Literal["playlist", "cookies"]
    bind_ip: bool
    now: Callable[[], float] = time.time
    seconds: float = 5.0
    resolve: Callable[[str], Collection[AddressFamily]] = address_families
    page_cache: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        check_object_key(self.object_key)
        Signer(self.key, self.hash_algorithm)

    @property
    def url(self) -> str:
        """The unsigned URL of the object."""
        return self.distribution.url(self.object_key)

    @property
    def host(self) -> str:
        """The name of the distribution's host, without a port."""
        return self.distribution.host.partition(":")[0]

    def signed_url(self, query: str = "") -> str:
        """The object's URL with `query` (like ``?a=b``), signed under a canned policy for a minute."""
        return self._sign(self.url + query, int(self.now()) + LIFETIME)

    def expired_url(self) -> str:
        """The signed URL of a day ago."""
        return self._sign(self.url, int(self.now()) - _LONG_AGO)

    def signed_cookies(self) -> dict[str, str]:
        """Signed cookies for the object's directory, valid for a minute."""
        directory = self.url.rpartition("/")[0]
        return self._signer.sign_cookies(Policy(f"{directory}/*", int(self.now()) + LIFETIME))

    def _sign(self, url: str, expires: int) -> str:
        return self._signer.sign_url(url, Policy.for_url(url, expires))

    @cached_property
    def _signer(self) -> Signer:
        return Signer(self.key, self.hash_algorithm)
