"""Grant, medium and signer put together: what a player needs."""

from .. import settings
from ..access.grant import grant
from ..cloudfront.distribution import Distribution
from ..cloudfront.keys import SigningKey
from ..cloudfront.policy import Policy
from ..cloudfront.signer import Signer
from ..exceptions import NoMedium
from ..exceptions import NotGranted
from ..i18n import _
from ..interfaces import IKeyRing
from ..media.medium import medium_of
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from zope.component import getUtility


@dataclass(frozen=True, kw_only=True)
class Source:
    """One signed URL and its media type."""

    src: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Playback:
    """All that a player needs; ``expires`` is in epoch seconds, the other times in seconds from now.

    Holds signatures: a response made of it must not be cached (``caching.keep_out_of_caches``).
    """

    kind: str
    title: str
    sources: tuple[Source, ...]
    poster: str | None
    expires: int
    expires_in: int
    renew_in: int


def playback_of(item, *, now: int) -> Playback:
    """What the current user needs to watch the item's medium, asked at ``now`` (epoch seconds).

    Raises, in this order, ``NotGranted``, ``NoMedium``, and ``NotConfigured`` or ``KeyLocked``.
    """
    granted = grant(item, action="stream", now=now)
    if not granted.allowed:
        raise NotGranted(granted)
    medium = medium_of(item)
    if medium is None:
        raise NoMedium(_("problem_no_medium", default="Nothing is attached to this item yet."))
    signed = _signed_urls(settings.current().distribution, granted.expires)
    expires_in = granted.expires - now
    return Playback(
        kind=medium.kind,
        title=item.Title(),
        sources=(Source(src=signed(medium.object_key), media_type=medium.media_type),),
        poster=signed(medium.poster_key) if medium.poster_key else lead_image(item),
        expires=granted.expires,
        expires_in=expires_in,
        renew_in=expires_in * 5 // 6,
    )


def _signed_urls(distribution: Distribution, expires: int) -> Callable[[str], str]:
    signer = _signer(getUtility(IKeyRing).signing_key())

    def signed(object_key: str) -> str:
        url = distribution.url(object_key)
        return signer.sign_url(url, Policy.for_url(url, expires))

    return signed


@lru_cache(maxsize=16)
def _signer(key: SigningKey) -> Signer:
    # The signer remembers signatures, so one is kept for each key rather than made for each request.
    return Signer(key)


def lead_image(item) -> str | None:
    """The address of the item's lead image: part of the page, not of the medium."""
    image = getattr(item.aq_base, "image", None)
    return f"{item.absolute_url()}/@@images/image/large" if image else None
