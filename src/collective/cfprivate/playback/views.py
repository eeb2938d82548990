"""The stable link of a medium."""

from ..caching.mark import keep_out_of_caches
from ..cloudfront.errors import CFPrivateError
from .head import without_body_for_head
from .playback import download_of
from .playback import playback_of
from .refusal import login_url
from .refusal import Refusal
from .refusal import refusal_of
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18n import translate

import time


class MediaView(BrowserView):
    """Redirects who may watch to a freshly signed URL; safe to store in pages, for it holds no signature.

    With ``?download=1`` the browser saves the file, where that is allowed.
    """

    refusal_page = ViewPageTemplateFile("refusal.pt")
    refusal = None

    def __call__(self):
        return without_body_for_head(self.request, self._answer())

    def _answer(self) -> str:
        try:
            url = self._signed_url()
        except CFPrivateError as error:
            return self._refuse(refusal_of(error, self.context))
        keep_out_of_caches(self.request)
        self.request.response.redirect(url, status=302)
        return ""

    def _signed_url(self) -> str:
        asked = {"now": int(time.time()), "address": self.request.getClientAddr()}
        if self.request.form.get("download") == "1":
            return download_of(self.context, **asked)
        return playback_of(self.context, **asked).sources[0].src

    def _refuse(self, refusal: Refusal) -> str:
        if not refusal.timeless:
            keep_out_of_caches(self.request)
        if "text/html" in self.request.getHeader("Accept", ""):
            return self._refuse_in_html(refusal)
        return self._refuse_in_text(refusal)

    def _refuse_in_html(self, refusal: Refusal) -> str:
        response = self.request.response
        if refusal.may_log_in:
            query = "?download=1" if self.request.form.get("download") == "1" else ""
            response.redirect(login_url(f"{self.context.absolute_url()}/@@media{query}"), status=302)
            return ""
        response.setStatus(refusal.status, lock=True)
        self.refusal = refusal
        return self.refusal_page()

    def _refuse_in_text(self, refusal: Refusal) -> str:
        response = self.request.response
        response.setStatus(refusal.status, lock=True)
        response.setHeader("Content-Type", "text/plain; charset=utf-8")
        return f"{translate(refusal.message, context=self.request)}\n"
