"""The stable link of a medium."""

from ..caching.mark import keep_out_of_caches
from ..cloudfront.errors import CFPrivateError
from .playback import playback_of
from .refusal import login_url
from .refusal import Refusal
from .refusal import refusal_of
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18n import translate

import time


class MediaView(BrowserView):
    """Redirects who may watch to a freshly signed URL; safe to store in pages, for it holds no signature."""

    refusal_page = ViewPageTemplateFile("refusal.pt")
    refusal = None

    def __call__(self):
        try:
            playback = playback_of(self.context, now=int(time.time()))
        except CFPrivateError as error:
            return self._refuse(refusal_of(error, self.context))
        keep_out_of_caches(self.request)
        self.request.response.redirect(playback.sources[0].src, status=302)
        return ""

    def HEAD(self):
        """Answer like GET, without a body."""
        self()
        return ""

    def _refuse(self, refusal: Refusal) -> str:
        if not refusal.timeless:
            keep_out_of_caches(self.request)
        if "text/html" in self.request.getHeader("Accept", ""):
            return self._refuse_in_html(refusal)
        return self._refuse_in_text(refusal)

    def _refuse_in_html(self, refusal: Refusal) -> str:
        response = self.request.response
        if refusal.may_log_in:
            response.redirect(login_url(f"{self.context.absolute_url()}/@@media"), status=302)
            return ""
        response.setStatus(refusal.status, lock=True)
        self.refusal = refusal
        return self.refusal_page()

    def _refuse_in_text(self, refusal: Refusal) -> str:
        response = self.request.response
        response.setStatus(refusal.status, lock=True)
        response.setHeader("Content-Type", "text/plain; charset=utf-8")
        return f"{translate(refusal.message, context=self.request)}\n"
