"""What a player needs, as JSON."""

from ...caching.mark import keep_out_of_caches
from ...cloudfront.errors import CFPrivateError
from ...playback.browser_cookies import hand_over
from ...playback.browser_cookies import take_back
from ...playback.folder_cookies import shared_domain
from ...playback.head import without_body_for_head
from ...playback.playback import Playback
from ...playback.playback import playback_of
from ...playback.playback import Source
from ...playback.playback import TextTrack
from ...playback.refusal import refusal_of
from datetime import datetime
from datetime import timezone
from plone.restapi.services import Service
from zope.i18n import translate

import time


class PlaybackGet(Service):
    """The playback of the current user, or ``{"type", "message"}`` with the status of the refusal.

    Who asks with ``?delivery=playlist`` needs no cookies, wherever the site delivers with them.
    """

    def render(self):
        return without_body_for_head(self.request, super().render())

    def reply(self):
        keep_out_of_caches(self.request)
        try:
            playback = self._playback()
        except CFPrivateError as error:
            return self._refuse(error)
        hand_over(self.request, playback)
        return as_json(playback, self.context.absolute_url())

    def _playback(self) -> Playback:
        wants_playlist = self.request.form.get("delivery") == "playlist"
        domain = None if wants_playlist else shared_domain(self.request["SERVER_URL"])
        now, address = int(time.time()), self.request.getClientAddr()
        return playback_of(self.context, now=now, address=address, cookie_domain=domain)

    def _refuse(self, error: CFPrivateError) -> dict:
        take_back(self.request, self.context, error)
        refusal = refusal_of(error, self.context)
        self.request.response.setStatus(refusal.status)
        return {"type": refusal.kind, "message": translate(refusal.message, context=self.request)}


def as_json(playback: Playback, url: str) -> dict:
    """The playback of the item at ``url`` in builtin types: ``expires`` in UTC (RFC 3339), other times in seconds."""
    return {
        "@id": f"{url}/@playback",
        "kind": playback.kind,
        "title": playback.title,
        "duration": playback.duration,
        "expires": datetime.fromtimestamp(playback.expires, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "expires_in": playback.expires_in,
        "renew_in": playback.renew_in,
        "credentials": playback.cookies is not None,
        "sources": [_source(source) for source in playback.sources],
        "poster": playback.poster,
        "tracks": [_track(track) for track in playback.tracks],
        "download": f"{url}/@@media?download=1" if playback.may_download else None,
    }


def _track(track: TextTrack) -> dict:
    return {
        "src": track.src,
        "kind": track.kind,
        "srclang": track.language,
        "label": track.label,
        "default": track.default,
    }


def _source(source: Source) -> dict:
    told = {"src": source.src, "type": source.media_type}
    return told if source.width is None else {**told, "width": source.width}
