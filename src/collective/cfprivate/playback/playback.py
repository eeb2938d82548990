"""Grant, medium and signer put together: what a player needs."""

from .. import settings
from ..access.audit import report_granted
from ..access.audit import report_refused
from ..access.grant import Grant
from ..access.grant import grant
from ..cloudfront.errors import CFPrivateError
from ..cloudfront.hashing import HashAlgorithm
from ..cloudfront.keys import SigningKey
from ..cloudfront.policy import Policy
from ..cloudfront.signer import Signer
from ..exceptions import NoMedium
from ..exceptions import NotGranted
from ..i18n import _
from ..interfaces import IKeyRing
from ..media.medium import Medium
from ..media.medium import medium_of
from .refusal import kind_of
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote
from zope.component import getUtility


Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One signed URL and its media type."""

    src: str = field(repr=False)
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Playback:
    """All that a player needs; ``expires`` is in epoch seconds, the other times in seconds, ``..._in`` from now.

    ``may_download`` tells whether ``download_of`` would be granted. Holds signatures: a response made of it must not
    be cached (``caching.keep_out_of_caches``).
    """

    kind: str
    title: str
    sources: tuple[Source, ...]
    poster: str | None = field(repr=False)
    duration: int | None
    expires: int
    expires_in: int
    renew_in: int
    may_download: bool


def playback_of(item, *, now: int, address: str | None, asked: bool = True) -> Playback:
    """What the current user needs to watch the item's medium, asked at ``now`` (epoch seconds) from ``address``.

    Raises, in this order, ``NotGranted``, ``NoMedium``, and ``NotConfigured`` or ``KeyLocked``. Audited; but where
    nobody ``asked``, as for the page of an item, only what is granted.
    """
    may_download = grant(item, action="download", now=now, address=address).allowed

    def make(granted: Grant, medium: Medium) -> Playback:
        return _playback(item, medium, granted, now=now, may_download=may_download)

    return _audited(item, "stream", make, now=now, address=address, refusals=asked)


def download_of(item, *, now: int, address: str | None) -> str:
    """The signed URL under which a browser saves the item's medium; raises and is audited like ``playback_of``."""
    return _audited(item, "download", _download, now=now, address=address)


def _audited(item, action: str, make: Callable[[Grant, Medium], Made], *, now, address, refusals=True) -> Made:
    try:
        granted = grant(item, action=action, now=now, address=address)
        made = make(granted, _medium_for(granted, item))
    except CFPrivateError as error:
        if refusals:
            report_refused(item, action=action, reason=kind_of(error))
        raise
    report_granted(item, action=action, reason=granted.reason.value, expires=granted.expires)
    return made


def _medium_for(granted: Grant, item) -> Medium:
    if not granted.allowed:
        raise NotGranted(granted)
    medium = medium_of(item)
    if medium is None:
        raise NoMedium(_("problem_no_medium", default="Nothing is attached to this item yet."))
    return medium


def _download(granted: Grant, medium: Medium) -> str:
    disposition = f"attachment; filename*=UTF-8''{quote(medium.filename, safe='')}"
    return _signed_urls(granted)(medium.object_key, f"response-content-disposition={quote(disposition, safe='')}")


def _playback(item, medium: Medium, granted: Grant, *, now: int, may_download: bool) -> Playback:
    signed = _signed_urls(granted)
    expires_in = granted.expires - now
    return Playback(
        kind=medium.kind,
        title=item.Title(),
        sources=(Source(src=signed(medium.object_key), media_type=medium.media_type),),
        poster=signed(medium.poster_key) if medium.poster_key else lead_image(item),
        duration=medium.duration,
        expires=granted.expires,
        expires_in=expires_in,
        renew_in=expires_in * 5 // 6,
        may_download=may_download,
    )


def _signed_urls(granted: Grant) -> Callable[[str, str], str]:
    now = settings.current()
    distribution = now.distribution
    signer = _signer(getUtility(IKeyRing).signing_key(), now.hash_algorithm)

    def signed(object_key: str, query: str = "") -> str:
        url = distribution.url(object_key) + (f"?{query}" if query else "")
        return signer.sign_url(url, Policy.for_url(url, granted.expires, ip=granted.ip))

    return signed


@lru_cache(maxsize=16)
def _signer(key: SigningKey, hash_algorithm: HashAlgorithm) -> Signer:
    # The signer remembers signatures, so one is kept for each key rather than made for each request.
    return Signer(key, hash_algorithm)


def lead_image(item) -> str | None:
    """The address of the item's lead image: part of the page, not of the medium."""
    image = getattr(item.aq_base, "image", None)
    return f"{item.absolute_url()}/@@images/image/large" if image else None
