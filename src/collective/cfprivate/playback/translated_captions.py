"""The captions of an item's translations, offered together with its own (plone.app.multilingual)."""

from ..access.grant import Grant
from ..access.grant import grant
from ..interfaces import IMoreCaptions
from ..media.medium import Medium
from ..media.medium import medium_of
from ..media.same_work import translations_of
from ..media.tracks import Track
from .playback import ADDRESSES
from .playback import lasting
from .playback import Playback
from .playback import text_track
from .playback import TextTrack
from .signing import Signing
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from plone.browserlayer.interfaces import ILocalBrowserLayerType
from zope.component import queryUtility
from zope.interface import provider


# The media that captions go with.
HEARD = {"video", "audio"}

# The name under which a site has the layer of plone.app.multilingual while that is installed.
MULTILINGUAL = "plone.app.multilingual"


@provider(IMoreCaptions)
def captions_of_translations(item, playback: Playback, medium: Medium, *, now: int, address: str | None) -> Playback:
    """Those of translations that show the same medium, and that the current user may stream, in languages not yet there."""
    # Each page of an item asks, and most sites have one language.
    if medium.kind not in HEARD or queryUtility(ILocalBrowserLayerType, name=MULTILINGUAL) is None:
        return playback
    for translation in translations_of(item):
        shown = medium_of(translation)
        if shown is None or not shown.tracks or shown.object_key != medium.object_key:
            continue
        granted = grant(translation, action="stream", now=now, address=address)
        if granted.allowed:
            playback = _with_tracks(playback, translation, shown.tracks, granted, now)
    return playback


def _with_tracks(playback: Playback, item, tracks: tuple[Track, ...], granted: Grant, now: int) -> Playback:
    there = {_use(track) for track in playback.tracks}
    missing = [track for track in tracks if _use(track) not in there]
    # The player renews all at once, before the first signature ends.
    signed_until = [granted.expires for track in missing if track.object_key]
    expires = min([playback.expires, *signed_until])
    added = _text_tracks(item, missing, replace(granted, expires=expires))
    return replace(playback, tracks=(*playback.tracks, *added), **lasting(expires, now))


def _text_tracks(item, tracks: list[Track], granted: Grant) -> Iterator[TextTrack]:
    signed, captions = Signing.of_site().urls(granted), partial(ADDRESSES.captions, item)
    # Which one is shown from the beginning is for the item itself to say.
    return (text_track(replace(track, default=False), signed, captions) for track in tracks)


def _use(track: Track | TextTrack) -> tuple[str, str]:
    """The language, and what it is for: captions and subtitles are both read with the film."""
    return track.language, "captions" if track.kind == "subtitles" else track.kind
