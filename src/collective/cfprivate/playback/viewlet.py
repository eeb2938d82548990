"""The player on an item's page, or the reason why there is none."""

from ..caching.mark import keep_out_of_caches
from ..cloudfront.errors import CFPrivateError
from ..media.medium import medium_of
from .browser_cookies import hand_over
from .browser_cookies import take_back
from .folder_cookies import shared_domain
from .labels import language_of
from .markup import PlayerMarkup
from .playback import Playback
from .playback import playback_of
from .remembered import remembered
from .remembered import Shown
from .resources import PlayerResources
from .resources import resource_path
from dataclasses import replace
from plone import api
from plone.app.layout.viewlets import ViewletBase
from zope.interface import providedBy

import time


# What the player plays; the rest needs no script.
PLAYED = {"video", "audio"}


class PlayerViewlet(PlayerMarkup, ViewletBase):
    """The player for who may watch, else why not; nothing for an item without a medium."""

    def update(self):
        super().update()
        if medium_of(self.context) is None:
            return
        self.show(self._asked)
        if self.playback is not None:
            hand_over(self.request, self.playback)
        if self.playback is not None or not self.refusal.timeless:
            keep_out_of_caches(self.request)

    def render(self):
        if self.playback is None or api.env.debug_mode():
            return super().render()
        playback = self.playback
        # The rest is the same until other URLs are signed.
        self.playback = replace(playback, expires_in=0, renew_in=0)
        try:
            html = remembered(self._shown(), super().render)
        finally:
            self.playback = playback
        return html.replace(' data-renew-in="0"', f' data-renew-in="{playback.renew_in}"', 1)

    def refuse(self, error: CFPrivateError) -> None:
        super().refuse(error)
        take_back(self.request, self.context, error)

    def _shown(self) -> Shown:
        return Shown(
            playback=self.playback,
            language=language_of(self.request),
            item_url=self.context.absolute_url(),
            site_url=self.site_url,
            view=type(self),
            layers=providedBy(self.request).__bases__,
        )

    def _asked(self) -> Playback:
        asked = {"now": int(time.time()), "address": self.request.getClientAddr()}
        return playback_of(self.context, **asked, asked=False, cookie_domain=shared_domain(self.request["SERVER_URL"]))

    @property
    def renewal_url(self) -> str:
        return f"{self.context.absolute_url()}/@playback"

    @property
    def resources(self) -> PlayerResources | None:
        if self.playback is None or self.playback.kind not in PLAYED:
            return None
        style, script = (f"{self.site_url}/{resource_path(name)}" for name in ("player.css", "player.js"))
        return PlayerResources(style=style, script=script)
