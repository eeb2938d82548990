"""The playlists of an HLS set, for players that send nothing but the log-in of the visitor.

Everything in them is signed, and leads to the distribution; playlists lead back to Plone, which signs what is in those.
So a set plays also where the player can neither add a query to a segment nor take cookies of another site.
"""

from ..access.grant import Grant
from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.errors import InvalidURL
from ..cloudfront.errors import PlaylistError
from ..cloudfront.object_key import check_object_key
from ..cloudfront.playlist import rewrite_playlist
from ..exceptions import NoMedium
from ..i18n import _
from ..media.formats import HLS_TYPE
from ..media.formats import media_type_of
from ..media.medium import Medium
from ..media.medium import medium_of
from ..media.renditions import Rendition
from .playback import audited
from .playback import playlist_address
from .playlists import PlaylistFailure
from .playlists import PLAYLISTS
from .playlists import TOO_LARGE
from .signing import Signing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from functools import partial
from urllib.parse import unquote

import logging


logger = logging.getLogger(__name__)

# Seconds for which this server's own request is signed.
FETCHING = 60

# Bytes of all signed addresses in a playlist: with those of RSA about 20,000 segments.
ROOM = 16_000_000

NO_PLAYLIST = _("problem_no_playlist", default="There is no such playlist.")
MALFORMED = _("playlist_malformed", default="The playlist cannot be read, or leads out of its folder.")


def playlist_of(item, path: str, *, now: int, address: str | None) -> str:
    """The playlist at ``path`` (raw text) within the item's HLS folder, at ``now`` (epoch seconds), for ``address``.

    Raises as ``playback_of`` does, and ``PlaylistFailure``. Of what is granted the master playlist alone is audited:
    players ask for the others again and again.
    """
    make = partial(playlist_from, path=path, now=now, address_of=partial(playlist_address, item))
    return audited(item, "stream", make, now=now, address=address, grants=is_master(path, medium_of(item)))


def is_master(path: str, medium: Medium | None) -> bool:
    """Whether ``path`` is that of the medium's master playlist, within its folder."""
    return medium is not None and medium.hls is not None and medium.hls.filename == path


def playlist_from(medium: Medium, granted: Grant, *, path: str, now: int, address_of: Callable[[str], str]) -> str:
    """The playlist at ``path`` within the medium's HLS folder; ``address_of`` tells where others, by path, are given out.

    Besides the master playlist it is one that the master names: what nobody names is not asked of the distribution.
    """
    signing = Signing.of_site()
    _check(path, medium)
    folder = _Folder(medium.hls, signing, now)
    if not is_master(path, medium) and path not in folder.named_by_master():
        raise NoMedium(NO_PLAYLIST)
    within = signing.within(folder.url, granted)

    def write(url: str, kind: str) -> str:
        return address_of(folder.path_of(url)) if kind == "playlist" else within(url)

    return folder.rewritten(path, _bounded(write))


def _bounded(write: Callable[[str, str], str]) -> Callable[[str, str], str]:
    """``write``, until it has written ``ROOM`` bytes: before the playlist is put together."""
    room = ROOM

    def written(url: str, kind: str) -> str:
        nonlocal room
        address = write(url, kind)
        room -= len(address)
        if room < 0:
            raise _TooLarge(f"Its addresses would have over {ROOM} bytes with signatures. Make the segments longer.")
        return address

    return written


class _TooLarge(PlaylistError):
    """A playlist that has so many addresses that it would become too large."""


@dataclass(frozen=True)
class _Folder:
    """The folder of an HLS set with the playlist ``master``; its playlists are fetched at ``now`` (epoch seconds)."""

    master: Rendition
    signing: Signing
    now: int

    @cached_property
    def url(self) -> str:
        return self.signing.folder(self.master.directory)

    def path_of(self, url: str) -> str:
        """The raw text of the path, within the folder, of the file at ``url``."""
        return unquote(url.partition("?")[0].removeprefix(self.url))

    def named_by_master(self) -> set[str]:
        """The paths of all playlists that the master playlist names."""
        found = set()

        def note(url: str, kind: str) -> str:
            if kind == "playlist":
                found.add(self.path_of(url))
            return url

        self.rewritten(self.master.filename, note)
        return found

    def rewritten(self, path: str, sign: Callable[[str, str], str]) -> str:
        """The playlist at ``path`` with what ``sign`` makes of each URI."""
        object_key = f"{self.master.directory}{path}"
        url = self.signing.distribution.url(object_key)
        text = PLAYLISTS.get(url, partial(self.signing.shortly, now=self.now, seconds=FETCHING), self.signing.signed_by)
        try:
            return rewrite_playlist(text, url, self.url, sign)
        except (PlaylistError, InvalidURL) as error:
            # Its words name lines and tags, and no URL.
            logger.warning("The playlist %s cannot be used: %s", object_key, error)
            message = TOO_LARGE if isinstance(error, _TooLarge) else MALFORMED
            raise PlaylistFailure(message, status=502) from None


def _check(path: str, medium: Medium) -> None:
    """Raise ``NoMedium`` for a path that no playlist of the medium can have."""
    if medium.hls is None or media_type_of(path) != HLS_TYPE:
        raise NoMedium(NO_PLAYLIST)
    try:
        check_object_key(f"{medium.hls.directory}{path}")
    except InvalidObjectKey:
        raise NoMedium(NO_PLAYLIST) from None
