"""What a guest's player needs: as ``playback.playback`` gives it to users, by addresses with the token of the link."""

from ..access.audit import NamedLink
from ..access.grant import Grant
from ..media.medium import Medium
from ..media.medium import medium_of
from ..playback.hls import is_master
from ..playback.hls import playlist_from
from ..playback.playback import Addresses
from ..playback.playback import Asker
from ..playback.playback import audited
from ..playback.playback import captions_from
from ..playback.playback import Playback
from ..playback.playback import playback_from
from ..playback.playback import source_from
from .grant import guest_grant
from .store import digest_of
from .store import DIGITS
from .store import find
from dataclasses import replace
from functools import partial
from urllib.parse import quote


def guest_playback_of(item, token: str, *, now: int, address: str | None) -> Playback:
    """What the guest with ``token`` needs to watch the item's medium; raises and is audited as ``playback_of``."""

    def make(medium: Medium, granted: Grant) -> Playback:
        made = playback_from(item, medium, granted, now=now, may_download=False, addresses=_addresses(token))
        # The lead image is a part of the page, which a guest may not see.
        return made if medium.poster_key else replace(made, poster=None)

    return audited(item, "stream", make, now=now, address=address, asker=_guest(item, token))


def guest_source_of(item, token: str, *, now: int, address: str | None) -> str:
    """The signed URL of the medium's main file, or the address of its playlist; raises and is audited as ``source_of``."""
    make = partial(source_from, item, addresses=_addresses(token))
    return audited(item, "stream", make, now=now, address=address, asker=_guest(item, token))


def guest_playlist_of(item, token: str, path: str, *, now: int, address: str | None) -> str:
    """The playlist at ``path`` within the item's HLS folder; raises and is audited as ``playlist_of``."""
    make = partial(playlist_from, path=path, now=now, address_of=partial(_playlist_address, item, token))
    grants = is_master(path, medium_of(item))
    return audited(item, "stream", make, now=now, address=address, asker=_guest(item, token), grants=grants)


def guest_captions_of(item, token: str, name: str, *, now: int, address: str | None) -> str:
    """The captions that Plone keeps under this ``name``; raises and is audited as ``captions_of``."""
    make = partial(captions_from, name=name)
    return audited(item, "stream", make, now=now, address=address, asker=_guest(item, token), grants=False)


def address_of(item, token: str, view: str = "guest", path: str = "") -> str:
    """Where ``view`` answers who has the ``token``; ``path`` is raw text."""
    return "/".join(filter(None, (item.absolute_url(), f"@@{view}", token, quote(path, safe="/"))))


def _addresses(token: str) -> Addresses:
    return Addresses(
        playlist=lambda item, medium: _playlist_address(item, token, medium.hls.filename),
        captions=lambda item, track: address_of(item, token, "guest-captions", track.name),
    )


def _playlist_address(item, token: str, path: str) -> str:
    return address_of(item, token, "guest-playlist", path)


def _guest(item, token: str) -> Asker:
    digest = digest_of(token)
    link = find(item, digest)
    name = link.name if link is not None else NamedLink(digest[:DIGITS], None)

    def grant(item, **asked) -> Grant:
        return guest_grant(item, link, **asked)

    return Asker(grant=grant, link=name)
