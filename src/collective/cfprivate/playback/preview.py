"""What an editor has entered in the form and not saved yet, played under the grant of the item."""

from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.object_key import check_object_key
from ..exceptions import NoMedium
from ..media.formats import HLS_TYPE
from ..media.formats import kind_of
from ..media.formats import media_type_of
from ..media.medium import Medium
from ..media.renditions import Rendition
from ..media.tracks import Track
from .hls import is_master
from .hls import NO_PLAYLIST
from .hls import playlist_from
from .playback import Addresses
from .playback import audited
from .playback import Playback
from .playback import playback_from
from base64 import b64encode
from functools import partial
from urllib.parse import quote
from urllib.parse import urlencode


def preview_of(item, medium: Medium | None, *, now: int, address: str | None) -> Playback:
    """The playback of ``medium``, or else of the item's own; asked, refused and audited like ``playback_of``."""
    make = partial(playback_from, item, now=now, may_download=False, addresses=ADDRESSES)
    return audited(item, "stream", make, now=now, address=address, entered=medium)


def preview_playlist_of(item, path: str, *, master: str, now: int, address: str | None) -> str:
    """The playlist at ``path`` within the folder of the master playlist with the object key ``master``.

    Raises as ``playlist_of`` does.
    """
    medium = _medium_of_master(master)
    make = partial(playlist_from, path=path, now=now, address_of=partial(_address, item, master))
    grants = is_master(path, medium)
    return audited(item, "stream", make, now=now, address=address, entered=medium, grants=grants)


def _medium_of_master(key: str) -> Medium:
    try:
        check_object_key(key)
    except InvalidObjectKey:
        raise NoMedium(NO_PLAYLIST) from None
    # The signature covers the folder of the master playlist, which must not be the whole bucket.
    if media_type_of(key) != HLS_TYPE or "/" not in key:
        raise NoMedium(NO_PLAYLIST)
    return Medium(kind=kind_of(key), files=(Rendition(object_key=key),))


def _address(item, master: str, path: str) -> str:
    url = f"{item.absolute_url()}/@@cfprivate-preview-playlist"
    return f"{url}/{quote(path, safe='/')}?{urlencode({'master': master})}"


def _master_address(item, medium: Medium) -> str:
    return _address(item, medium.hls.object_key, medium.hls.filename)


def _captions(item, track: Track) -> str:
    """Captions that nothing gives out yet are part of the page (RFC 2397)."""
    return f"data:text/vtt;base64,{b64encode(track.text.encode()).decode()}"


ADDRESSES = Addresses(playlist=_master_address, captions=_captions)
