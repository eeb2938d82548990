"""The player on an item's page, or the reason why there is none."""

from ..caching.mark import keep_out_of_caches
from ..cloudfront.errors import CFPrivateError
from ..media.medium import medium_of
from .browser_cookies import hand_over
from .browser_cookies import take_back
from .folder_cookies import shared_domain
from .markup import PlayerMarkup
from .playback import Playback
from .playback import playback_of
from AccessControl import getSecurityManager
from Acquisition import aq_base
from plone.app.layout.viewlets import ViewletBase
from plone.app.layout.viewlets.httpheaders import HeaderViewlet
from Products.CMFPlone.resources import add_bundle_on_request
from zope.annotation.interfaces import IAnnotations

import time


BUNDLE = "collective-cfprivate-player"

# What the player plays; the rest needs no script.
PLAYED = {"video", "audio"}

_SHOWN = "collective.cfprivate.shown"


class PlayerResources(HeaderViewlet):
    """Asks for the player's script and style while the head of the page is not yet rendered."""

    def getHeaders(self):
        medium = medium_of(self.context)
        if medium is not None and medium.kind in PLAYED and isinstance(_outcome(self.context, self.request), Playback):
            add_bundle_on_request(self.request, BUNDLE)
        return []


class PlayerViewlet(PlayerMarkup, ViewletBase):
    """The player for who may watch, else why not; nothing for an item without a medium."""

    def update(self):
        super().update()
        if medium_of(self.context) is None:
            return
        outcome = _outcome(self.context, self.request)
        if isinstance(outcome, CFPrivateError):
            self.refuse(outcome)
            take_back(self.request, self.context, outcome)
        else:
            self.playback = outcome
            hand_over(self.request, outcome)
        if self.playback is not None or not self.refusal.timeless:
            keep_out_of_caches(self.request)

    @property
    def renewal_url(self) -> str:
        return f"{self.context.absolute_url()}/@playback"


def _outcome(item, request) -> Playback | CFPrivateError:
    """What the item's page shows the current user, or why not: asked once for a page, of which two viewlets need it."""
    whose, notes = (aq_base(item), getSecurityManager().getUser().getId()), IAnnotations(request)
    asked = notes.get(_SHOWN)
    if asked is None or asked[0] != whose:
        asked = notes[_SHOWN] = (whose, _ask(item, request))
    return asked[1]


def _ask(item, request) -> Playback | CFPrivateError:
    try:
        asked = {"now": int(time.time()), "address": request.getClientAddr()}
        return playback_of(item, **asked, asked=False, cookie_domain=shared_domain(request["SERVER_URL"]))
    except CFPrivateError as error:
        # It is kept with the request, which what it holds would keep alive.
        error.__context__ = None
        return error.with_traceback(None)
