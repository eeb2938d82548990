"""What the address of a guest link, and the player behind it, are answered: to everyone who has the token."""

from ..caching.mark import keep_out_of_caches
from ..media.formats import HLS_TYPE
from ..playback.bare_page import BarePage
from ..playback.refusal import Refusal
from ..playback.views import OfPath
from ..services.playback.get import as_json
from .playback import address_of
from .playback import guest_captions_of
from .playback import guest_playback_of
from .playback import guest_playlist_of
from .playback import guest_source_of
from dataclasses import replace
from functools import partial
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18n import translate

import json


class OfGuest(OfPath):
    """A view with the token of a guest link behind its name, and perhaps a path behind that."""

    def __call__(self):
        # The address is the right itself: no other site is told it, no search engine keeps it.
        self.request.response.setHeader("Referrer-Policy", "no-referrer")
        self.request.response.setHeader("X-Robots-Tag", "noindex, nofollow")
        keep_out_of_caches(self.request)
        return super().__call__()

    @property
    def token(self) -> str:
        return self._path[0] if self._path else ""

    @property
    def path(self) -> str:
        """What follows the token."""
        return "/".join(self._path[1:])

    def _refuse(self, refusal: Refusal) -> str:
        return super()._refuse(of_guest(refusal))

    def _refuse_in_html(self, refusal: Refusal) -> str:
        # The page with the reason is within the site, which is not for guests.
        return self._refuse_in_text(refusal)


class GuestPage(BarePage, OfGuest):
    """``@@guest/TOKEN``: the player, or the reason why there is none; nothing of the site around it."""

    template = ViewPageTemplateFile("guest.pt")
    # It would remember under the address that it renews from, and so keep the token in the guest's browser.
    resume = "no"
    # The page of the item is not for guests, and the address of this one is no text for paper.
    printed = None

    def _answer(self) -> str:
        self.leave_theme_out()
        self.request.response.setHeader("Content-Security-Policy", "frame-ancestors 'none'")
        self.request.response.setHeader("X-Frame-Options", "DENY")
        self.show(partial(guest_playback_of, self.context, self.token, **self._asked))
        if self.refusal is not None:
            self.refusal = of_guest(self.refusal)
            self.request.response.setStatus(self.refusal.status, lock=True)
        return self.template()

    @property
    def renewal_url(self) -> str:
        return address_of(self.context, self.token, "guest-playback")

    @property
    def document_url(self) -> str:
        return address_of(self.context, self.token, "guest-media")


class GuestPlaybackView(OfGuest):
    """``@@guest-playback/TOKEN``: what ``@playback`` is to users."""

    def _answer(self) -> str:
        playback = guest_playback_of(self.context, self.token, **self._asked)
        url = address_of(self.context, self.token, "guest-playback")
        return self._json({**as_json(playback, self.context.absolute_url()), "@id": url})

    def _refuse_in_text(self, refusal: Refusal) -> str:
        self.request.response.setStatus(refusal.status, lock=True)
        return self._json({"type": refusal.kind, "message": translate(refusal.message, context=self.request)})

    def _json(self, told: dict) -> str:
        self.request.response.setHeader("Content-Type", "application/json")
        return json.dumps(told)


class GuestMediaView(OfGuest):
    """``@@guest-media/TOKEN``: redirects to a freshly signed URL; a document opens there."""

    def _answer(self) -> str:
        self.request.response.redirect(guest_source_of(self.context, self.token, **self._asked), status=302)
        return ""


class GuestPlaylistView(OfGuest):
    """``@@guest-playlist/TOKEN/PATH``: a playlist of the item's HLS set, with all that is in it signed."""

    def _answer(self) -> str:
        playlist = guest_playlist_of(self.context, self.token, self.path, **self._asked)
        self.request.response.setHeader("Content-Type", HLS_TYPE)
        return playlist


class GuestCaptionsView(OfGuest):
    """``@@guest-captions/TOKEN/LANGUAGE.vtt``: captions that Plone keeps."""

    def _answer(self) -> str:
        captions = guest_captions_of(self.context, self.token, self.path, **self._asked)
        self.request.response.setHeader("Content-Type", "text/vtt; charset=utf-8")
        return captions


def of_guest(refusal: Refusal) -> Refusal:
    """The refusal as it is answered to a guest, whom logging in does not help."""
    status = 404 if refusal.kind == "unknown-link" else 403 if refusal.status == 401 else refusal.status
    return replace(refusal, status=status, may_log_in=False, timeless=False)
