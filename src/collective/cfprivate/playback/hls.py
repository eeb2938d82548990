"""The playlists of an HLS set, for players that send nothing but the log-in of the visitor.

Everything in them is signed, and leads to the distribution; playlists lead back to Plone, which signs what is in those.
So a set plays also where the player can neither add a query to a segment nor take cookies of another site.
"""

from ..access.grant import Grant
from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.errors import PlaylistError
from ..cloudfront.object_key import check_object_key
from ..cloudfront.playlist import rewrite_playlist
from ..exceptions import NoMedium
from ..i18n import _
from ..media.formats import HLS_TYPE
from ..media.formats import media_type_of
from ..media.medium import Medium
from ..media.medium import medium_of
from .playback import audited
from .playback import playlist_address
from .playlists import PlaylistFailure
from .playlists import PLAYLISTS
from .signing import Signing
from collections.abc import Callable
from functools import partial
from urllib.parse import unquote

import logging


logger = logging.getLogger(__name__)

# Seconds for which this server's own request is signed.
FETCHING = 60

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
    """The playlist at ``path`` within the medium's HLS folder; ``address_of`` tells where others, by path, are given out."""
    signing = Signing.of_site()
    object_key = _object_key(path, medium)
    url = signing.distribution.url(object_key)
    text = PLAYLISTS.get(url, partial(signing.shortly, now=now, seconds=FETCHING))
    directory = signing.distribution.url(f"{medium.hls.directory}x").removesuffix("x")
    within = signing.within(directory, granted)

    def signed(found: str, kind: str) -> str:
        if kind == "playlist":
            return address_of(unquote(found.partition("?")[0].removeprefix(directory)))
        return within(found)

    try:
        return rewrite_playlist(text, url, directory, signed)
    except PlaylistError as error:
        # Its words name lines and tags, and no URL.
        logger.warning("The playlist %s cannot be used: %s", object_key, error)
        raise PlaylistFailure(MALFORMED, status=502) from None


def _object_key(path: str, medium: Medium) -> str:
    """The object key of a playlist; raises ``NoMedium`` for a path that is none."""
    if medium.hls is None or media_type_of(path) != HLS_TYPE:
        raise NoMedium(NO_PLAYLIST)
    try:
        return check_object_key(f"{medium.hls.directory}{path}")
    except InvalidObjectKey:
        raise NoMedium(NO_PLAYLIST) from None
