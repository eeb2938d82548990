"""The site's distribution and its signer: what makes a URL one that plays."""

from .. import settings
from ..access.grant import Grant
from ..cloudfront.distribution import Distribution
from ..cloudfront.hashing import HashAlgorithm
from ..cloudfront.keys import SigningKey
from ..cloudfront.policy import Policy
from ..cloudfront.signer import Signer
from ..interfaces import IKeyRing
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from functools import partial
from zope.component import getUtility


@dataclass(frozen=True)
class Signing:
    """What signs for ``distribution``."""

    distribution: Distribution
    signer: Signer

    @classmethod
    def of_site(cls) -> "Signing":
        """That of the current site; raises ``NotConfigured`` and ``KeyLocked``."""
        now = settings.current()
        return cls(now.distribution, _signer(getUtility(IKeyRing).signing_key(), now.hash_algorithm))

    def urls(self, granted: Grant) -> Callable[..., str]:
        """A function that signs the URL of an object key, and of a query behind it, for as long as it is granted."""
        return partial(_signed_url, self.distribution, self.signer, granted.expires, granted.ip)

    @property
    def signed_by(self) -> str:
        """Who signs: another text for every key, id and hash algorithm."""
        key = self.signer.key
        return f"{key.key_id} {key.fingerprint} {self.signer.hash_algorithm}"

    def within(self, directory: str, granted: Grant) -> Callable[[str], str]:
        """A function that signs any URL within the URL ``directory`` (with a slash behind it): all have one signature."""
        return self.signer.directory(Policy(f"{directory}*", granted.expires, ip=granted.ip))

    def folder(self, directory: str) -> str:
        """The URL of a folder of the bucket, with a slash behind it like ``directory``."""
        return self.distribution.url(f"{directory}x").removesuffix("x")

    def cookies(self, directory: str, granted: Grant) -> dict[str, str]:
        """The cookies, {name: value}, that do what ``within`` does, where a browser sends them."""
        return self.signer.sign_cookies(Policy(f"{directory}*", granted.expires, ip=granted.ip))

    def shortly(self, url: str, *, now: int, seconds: int) -> str:
        """``url``, signed for this server itself."""
        return self.signer.sign_url(url, Policy.for_url(url, now + seconds))


@lru_cache(maxsize=1024)
def _signed_url(
    distribution: Distribution, signer: Signer, expires: int, ip: str | None, object_key: str, query: str = ""
) -> str:
    # Neither the check of a key nor the policy depends on more than what is given here, so they are remembered, too.
    url = distribution.url(object_key) + (f"?{query}" if query else "")
    return signer.sign_url(url, Policy.for_url(url, expires, ip=ip))


@lru_cache(maxsize=16)
def _signer(key: SigningKey, hash_algorithm: HashAlgorithm) -> Signer:
    # The signer remembers signatures, so one is kept for each key rather than made for each request.
    return Signer(key, hash_algorithm)
