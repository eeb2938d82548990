"""Grant, medium and signer put together: what a player needs."""

from ..access.attaching import refusal_to_attach
from ..access.audit import NamedLink
from ..access.audit import report_granted
from ..access.audit import report_refused
from ..access.grant import downloadable
from ..access.grant import Grant
from ..access.grant import grant
from ..cloudfront.errors import CFPrivateError
from ..exceptions import NoMedium
from ..exceptions import NotGranted
from ..exceptions import PlaceTaken
from ..i18n import _
from ..interfaces import IMoreCaptions
from ..media.medium import Medium
from ..media.medium import medium_of
from ..media.places import conflicts_with
from ..media.renditions import Rendition
from ..media.tracks import Track
from .folder_cookies import folder_cookies
from .folder_cookies import FolderCookies
from .refusal import kind_of
from .signing import Signing
from Acquisition import aq_inner
from Acquisition import aq_parent
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from typing import Any
from typing import TypeVar
from urllib.parse import quote
from zope.component import queryUtility


Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One URL, signed unless cookies do, its media type and, of an image where it is known, its width in pixels."""

    src: str = field(repr=False)
    media_type: str
    width: int | None = None


@dataclass(frozen=True, kw_only=True)
class TextTrack:
    """Captions: their address, which Plone or a signature protects, and what HTML's <track> says of them."""

    src: str = field(repr=False)
    kind: str
    language: str
    label: str
    default: bool


@dataclass(frozen=True, kw_only=True)
class Playback:
    """All that a player needs; ``expires`` is in epoch seconds, the other times in seconds, ``..._in`` from now.

    ``may_download`` tells whether ``download_of`` would be granted. With ``cookies``, which a browser then needs to have,
    the HLS source has no signature. Holds signatures: a response made of it must not be cached
    (``caching.keep_out_of_caches``).
    """

    kind: str
    title: str
    sources: tuple[Source, ...]
    poster: str | None = field(repr=False)
    tracks: tuple[TextTrack, ...]
    duration: int | None
    expires: int
    expires_in: int
    renew_in: int
    may_download: bool
    cookies: FolderCookies | None = None


@dataclass(frozen=True)
class Addresses:
    """Where Plone gives out what it keeps or signs on the way: of a medium's HLS set the master playlist, and captions."""

    playlist: Callable[[Any, Medium], str]
    captions: Callable[[Any, Track], str]


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks: the current user, or a guest, to whom another ``grant`` answers, and of whom the audit tells the ``link``."""

    grant: Callable[..., Grant] = grant
    link: NamedLink | None = None

    def told(self, action: str) -> str:
        """What the audit calls the ``action``."""
        return "guest" if self.link else action


CURRENT_USER = Asker()


def playback_of(
    item, *, now: int, address: str | None, asked: bool = True, cookie_domain: str | None = None
) -> Playback:
    """What the current user needs to watch the item's medium, asked at ``now`` (epoch seconds) from ``address``.

    Raises, in this order, ``NotGranted``, ``NoMedium``, and ``NotConfigured`` or ``KeyLocked``. Audited; but where
    nobody ``asked``, as for the page of an item, only what is granted. HLS is signed in its playlists, unless the
    caller can set cookies for a ``cookie_domain`` (``folder_cookies.shared_domain``).
    """

    def make(medium: Medium, granted: Grant) -> Playback:
        may_download = medium.download is not None and downloadable(item)
        playback = playback_from(item, medium, granted, now=now, may_download=may_download, cookie_domain=cookie_domain)
        more = queryUtility(IMoreCaptions)
        return playback if more is None else more(item, playback, medium, now=now, address=address)

    return audited(item, "stream", make, now=now, address=address, refusals=asked)


def source_of(item, *, now: int, address: str | None) -> str:
    """The URL of the medium's main file for who may watch it; raises and is audited like ``playback_of``."""

    return audited(item, "stream", partial(source_from, item), now=now, address=address)


def source_from(item, medium: Medium, granted: Grant, *, addresses: Addresses | None = None) -> str:
    """The URL of the medium's main file, as it was granted for the item; of an HLS set the address of its playlist."""
    addresses = addresses or ADDRESSES
    signed = Signing.of_site().urls(granted)
    return addresses.playlist(item, medium) if medium.files[0].is_hls else signed(medium.files[0].object_key)


def download_of(item, *, now: int, address: str | None) -> str:
    """The signed URL under which a browser saves the item's medium; raises and is audited like ``playback_of``."""
    return audited(item, "download", partial(_download, item), now=now, address=address)


def audited(
    item,
    action: str,
    make: Callable[[Medium, Grant], Made],
    *,
    now,
    address,
    entered: Medium | None = None,
    asker: Asker = CURRENT_USER,
    refusals=True,
    grants=True,
) -> Made:
    """What ``make`` makes of medium and grant, where the ``asker`` may do ``action``; raises as ``playback_of`` does.

    The medium is the item's own, unless another is ``entered``: then it is a preview to the audit. Refusals and grants
    are written into that, unless it is not wanted.
    """
    told = "preview" if entered else asker.told(action)
    try:
        granted = asker.grant(item, action=action, now=now, address=address)
        made = make(_medium_for(granted, item, entered), granted)
    except CFPrivateError as error:
        if refusals:
            report_refused(item, action=told, reason=kind_of(error), link=asker.link)
        raise
    if grants:
        report_granted(item, action=told, reason=granted.reason.value, expires=granted.expires, link=asker.link)
    return made


def _medium_for(granted: Grant, item, entered: Medium | None) -> Medium:
    if not granted.allowed:
        raise NotGranted(granted)
    medium = entered or medium_of(item)
    if medium is None:
        raise NoMedium(_("refused_no_medium", default="There is nothing to watch here yet."))
    if entered is not None:
        _check_attachable(item, entered)
    if medium.hls is not None:
        _check_place(item, medium, entered=entered is not None)
    return medium


def _check_attachable(item, medium: Medium) -> None:
    """Raise ``PlaceTaken`` where the form would not take the files: to look at them is not to have them either."""
    refusal = refusal_to_attach(medium.object_keys, item=item, container=aq_parent(aq_inner(item)))
    if refusal is not None:
        raise PlaceTaken(refusal)


def _check_place(item, medium: Medium, *, entered: bool) -> None:
    """Raise ``PlaceTaken`` unless a signature for the folder of the HLS set covers nothing else."""
    if not medium.hls.directory:
        # The form refuses it, but scripts and imports do not pass there.
        raise PlaceTaken(
            _(
                "problem_hls_in_root",
                default="One signature covers the whole folder of an HLS set, which here is the whole bucket: put the set "
                "into a folder of its own.",
            )
        )
    if conflicts_with(item, medium, entered=entered):
        raise PlaceTaken(
            _(
                "problem_place_taken",
                default="One signature covers the whole folder of an HLS set, and in this one lies a file of another item, or "
                "around it another HLS set: put each into a folder of its own.",
            )
        )


def _download(item, medium: Medium, granted: Grant) -> str:
    file = medium.download
    if file is None:
        raise NoMedium(
            _("problem_no_download", default="This medium has no file that could be saved: it is an HLS set alone.")
        )
    disposition = f"attachment; filename*=UTF-8''{quote(file.filename, safe='')}"
    return Signing.of_site().urls(granted)(
        file.object_key, f"response-content-disposition={quote(disposition, safe='')}"
    )


def playback_from(
    item,
    medium: Medium,
    granted: Grant,
    *,
    now: int,
    may_download: bool,
    addresses: Addresses | None = None,
    cookie_domain: str | None = None,
) -> Playback:
    """The playback of a medium at ``now`` (epoch seconds), as it was granted for the item."""
    addresses = addresses or ADDRESSES
    signing = Signing.of_site()
    signed = signing.urls(granted)
    cookies = folder_cookies(medium, signing, granted, cookie_domain)
    playlist = (
        partial(signing.distribution.url, medium.hls.object_key)
        if cookies
        else partial(addresses.playlist, item, medium)
    )
    return Playback(
        kind=medium.kind,
        title=item.Title(),
        sources=tuple(_source(file, signed, playlist) for file in medium.files),
        poster=signed(medium.poster_key) if medium.poster_key else lead_image(item),
        tracks=tuple(text_track(track, signed, partial(addresses.captions, item)) for track in medium.tracks),
        duration=medium.duration,
        **lasting(granted.expires, now),
        may_download=may_download,
        cookies=cookies,
    )


def _source(file: Rendition, signed: Callable[[str], str], playlist: Callable[[], str]) -> Source:
    src = playlist() if file.is_hls else signed(file.object_key)
    return Source(src=src, media_type=file.media_type, width=file.width)


def lasting(expires: int, now: int) -> dict[str, int]:
    """What a playback that ends at ``expires`` says of time."""
    expires_in = expires - now
    # Players never ask again that are told 0, and so would play on after the end of a window or of a guest link.
    return {"expires": expires, "expires_in": expires_in, "renew_in": max(1, expires_in * 5 // 6)}


def text_track(track: Track, signed: Callable[[str], str], captions: Callable[[Track], str]) -> TextTrack:
    """A track at the address that ``signed`` makes of its object key, or ``captions`` of a text that Plone keeps."""
    return TextTrack(
        src=signed(track.object_key) if track.object_key else captions(track),
        kind=track.kind,
        language=track.language,
        label=track.label,
        default=track.default,
    )


def captions_of(item, name: str, *, now: int, address: str | None) -> str:
    """The WebVTT of the track with this ``name`` that Plone keeps, for who may watch; raises as ``playback_of`` does."""
    return audited(item, "stream", partial(captions_from, name=name), now=now, address=address, grants=False)


def captions_from(medium: Medium, granted: Grant, *, name: str) -> str:
    """The WebVTT of the medium's track with this ``name`` that Plone keeps; raises ``NoMedium``."""
    text = next((track.text for track in medium.tracks if track.name == name and track.text), None)
    if text is None:
        raise NoMedium(_("problem_no_captions", default="There are no such captions."))
    return text


def playlist_address(item, path: str) -> str:
    """Where Plone gives out the HLS playlist at ``path`` (raw text), relative to the folder of the item's HLS set."""
    return f"{item.absolute_url()}/@@playlist/{quote(path, safe='/')}"


ADDRESSES = Addresses(
    playlist=lambda item, medium: playlist_address(item, medium.hls.filename),
    captions=lambda item, track: f"{item.absolute_url()}/@@captions/{track.name}",
)


def lead_image(item) -> str | None:
    """The address of the item's lead image: part of the page, not of the medium."""
    image = getattr(item.aq_base, "image", None)
    return f"{item.absolute_url()}/@@images/image/large" if image else None
