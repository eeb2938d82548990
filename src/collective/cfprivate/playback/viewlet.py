"""The player on an item's page, or the reason why there is none."""

from ..access.grant import grant
from ..caching.mark import keep_out_of_caches
from ..media.medium import medium_of
from .markup import PlayerMarkup
from .playback import playback_of
from functools import partial
from plone.app.layout.viewlets import ViewletBase
from plone.app.layout.viewlets.httpheaders import HeaderViewlet
from Products.CMFPlone.resources import add_bundle_on_request

import time


BUNDLE = "collective-cfprivate-player"

# What the player plays; the rest needs no script.
PLAYED = {"video", "audio"}


class PlayerResources(HeaderViewlet):
    """Asks for the player's script and style while the head of the page is not yet rendered."""

    def getHeaders(self):
        medium = medium_of(self.context)
        if medium is not None and medium.kind in PLAYED and self._granted():
            add_bundle_on_request(self.request, BUNDLE)
        return []

    def _granted(self) -> bool:
        address = self.request.getClientAddr()
        return grant(self.context, action="stream", now=int(time.time()), address=address).allowed


class PlayerViewlet(PlayerMarkup, ViewletBase):
    """The player for who may watch, else why not; nothing for an item without a medium."""

    def update(self):
        super().update()
        if medium_of(self.context) is None:
            return
        asked = {"now": int(time.time()), "address": self.request.getClientAddr(), "asked": False}
        self.show(partial(playback_of, self.context, **asked))
        if self.playback is not None or not self.refusal.timeless:
            keep_out_of_caches(self.request)

    @property
    def renewal_url(self) -> str:
        return f"{self.context.absolute_url()}/@playback"
