"""The stable link of a medium, the playlists of an HLS set, and captions."""

from ..caching.mark import keep_out_of_caches
from ..cloudfront.errors import CFPrivateError
from ..media.formats import HLS_TYPE
from .browser_cookies import take_back
from .head import without_body_for_head
from .hls import playlist_of
from .playback import captions_of
from .playback import download_of
from .playback import source_of
from .refusal import login_url
from .refusal import Refusal
from .refusal import refusal_of
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from urllib.parse import quote
from zope.i18n import translate
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse

import time


class Refusing(BrowserView):
    """A view that answers with what ``_answer`` gives, or refuses as what it raises tells."""

    refusal_page = ViewPageTemplateFile("refusal.pt")
    refusal = None
    # Whether a refusal says that the medium may not be watched.
    _streams = True

    def __call__(self):
        try:
            answer = self._answer()
        except CFPrivateError as error:
            if self._streams:
                take_back(self.request, self.context, error)
            return without_body_for_head(self.request, self._refuse(refusal_of(error, self.context)))
        keep_out_of_caches(self.request)
        return without_body_for_head(self.request, answer)

    @property
    def _asked(self) -> dict:
        return {"now": int(time.time()), "address": self.request.getClientAddr()}

    @property
    def _own_address(self) -> str:
        """Where the visitor comes back to after logging in."""
        return f"{self.context.absolute_url()}/@@{self.__name__}"

    def _refuse(self, refusal: Refusal) -> str:
        if not refusal.timeless:
            keep_out_of_caches(self.request)
        if refusal.retry_after is not None:
            self.request.response.setHeader("Retry-After", str(refusal.retry_after))
        if "text/html" in self.request.getHeader("Accept", ""):
            return self._refuse_in_html(refusal)
        return self._refuse_in_text(refusal)

    def _refuse_in_html(self, refusal: Refusal) -> str:
        response = self.request.response
        if refusal.may_log_in:
            response.redirect(login_url(self._own_address), status=302)
            return ""
        response.setStatus(refusal.status, lock=True)
        self.refusal = refusal
        return self.refusal_page()

    def _refuse_in_text(self, refusal: Refusal) -> str:
        response = self.request.response
        response.setStatus(refusal.status, lock=True)
        response.setHeader("Content-Type", "text/plain; charset=utf-8")
        return f"{translate(refusal.message, context=self.request)}\n"


class MediaView(Refusing):
    """Redirects who may watch to a freshly signed URL; safe to store in pages, for it holds no signature.

    With ``?download=1`` the browser saves the file, where that is allowed.
    """

    def _answer(self) -> str:
        url_of = download_of if self._is_download else source_of
        self.request.response.redirect(url_of(self.context, **self._asked), status=302)
        return ""

    @property
    def _is_download(self) -> bool:
        return self.request.form.get("download") == "1"

    @property
    def _streams(self) -> bool:
        return not self._is_download

    @property
    def _own_address(self) -> str:
        return f"{super()._own_address}{'?download=1' if self._is_download else ''}"


@implementer(IPublishTraverse)
class OfPath(Refusing):
    """A view with a path behind its name."""

    def __init__(self, context, request):
        super().__init__(context, request)
        self._path = []

    def publishTraverse(self, request, name):
        """Take each part of the path for what it is: a name within the HLS folder."""
        self._path.append(name)
        return self

    @property
    def _own_address(self) -> str:
        return f"{super()._own_address}/{quote('/'.join(self._path))}"


class PlaylistView(OfPath):
    """``@@playlist/PATH``: a playlist of the item's HLS set, with all that is in it signed."""

    def _answer(self) -> str:
        playlist = self._playlist("/".join(self._path))
        self.request.response.setHeader("Content-Type", HLS_TYPE)
        return playlist

    def _playlist(self, path: str) -> str:
        return playlist_of(self.context, path, **self._asked)


class CaptionsView(OfPath):
    """``@@captions/LANGUAGE.vtt``: captions that Plone keeps, for those who may watch."""

    def _answer(self) -> str:
        captions = captions_of(self.context, "/".join(self._path), **self._asked)
        self.request.response.setHeader("Content-Type", "text/vtt; charset=utf-8")
        return captions
