"""The player for a frame in another page, and the code that puts it there."""

from .. import settings
from ..access.audience import reach_of
from ..access.window import Phase
from ..caching.mark import keep_out_of_caches
from ..i18n import _
from ..media.medium import medium_of
from ..permissions import VIEW
from .bare_page import BarePage
from .head import without_body_for_head
from .playback import playback_of
from functools import partial
from html import escape
from plone import api
from plone.app.layout.viewlets import ViewletBase
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18nmessageid import Message

import time


PROTECTED_MEDIUM = _("label_protected_medium", default="Protected medium")


class EmbedPage(BarePage):
    """``@@embed``: the player, or the reason why there is none with a link to the item's page.

    In a frame of another site nobody is logged in: browsers keep the cookie of the log-in from it (SameSite). Who may
    not view the item reads why, too, and nothing of the item.
    """

    template = ViewPageTemplateFile("embed.pt")

    def __call__(self):
        self.leave_theme_out()
        # It overrules the X-Frame-Options of plone.protect (Content Security Policy Level 3, 6.4.2).
        origins = " ".join(settings.current().embed_ancestors)
        self.request.response.setHeader("Content-Security-Policy", f"frame-ancestors 'self' {origins}".strip())
        self._look()
        return without_body_for_head(self.request, self.template())

    def _look(self) -> None:
        asked = {"now": int(time.time()), "address": self.request.getClientAddr()}
        self.show(partial(playback_of, self.context, **asked))
        if self.playback is not None or not self.refusal.timeless:
            keep_out_of_caches(self.request)
        if self.refusal is not None:
            self.request.response.setStatus(self.refusal.status, lock=True)

    @property
    def title(self) -> str | Message:
        """That of the item, for who may view it."""
        return self.context.Title() if api.user.has_permission(VIEW, obj=self.context) else PROTECTED_MEDIUM

    @property
    def renewal_url(self) -> str:
        # A frame takes no cookies, and its player would not know what to do with an address that needs some.
        query = "?delivery=playlist" if settings.current().delivery == "cookies" else ""
        return f"{self.context.absolute_url()}/@playback{query}"


class EmbedCodeViewlet(ViewletBase):
    """Tells who manages an item how to embed it, and who watches it there."""

    has_medium = False

    def update(self):
        super().update()
        self.has_medium = medium_of(self.context) is not None

    @property
    def code(self) -> str:
        """The HTML to copy; the page that it is pasted into decides how wide it is."""
        url, title = f"{self.context.absolute_url()}/@@embed", escape(self.context.Title())
        return (
            f'<iframe src="{url}" title="{title}" width="640" height="360" style="max-width: 100%; border: 0" '
            'allow="fullscreen; picture-in-picture" loading="lazy"></iframe>'
        )

    @property
    def ancestors(self) -> tuple[str, ...]:
        """The other sites that may."""
        return settings.current().embed_ancestors

    @property
    def who(self) -> Message:
        """Who watches it in a page of another site."""
        reach = reach_of(self.context, now=int(time.time()))
        if reach.phase is Phase.WITHIN and "Anonymous" in reach.roles:
            return _("embed_everyone", default="Everyone may watch this item, so that it plays in other sites, too.")
        return _(
            "embed_nobody",
            default="In a page of another site nobody is logged in to this one. So this item does not play there now: visitors "
            "read why, and find a link to this page.",
        )
