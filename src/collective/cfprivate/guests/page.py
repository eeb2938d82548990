"""The page on which editors make, see and revoke the guest links of an item, and the way to it."""

from ..access.grant import Reason
from ..caching.mark import keep_out_of_caches
from ..i18n import _
from ..media.medium import medium_of
from ..playback.dates import localized
from . import store
from .form import as_entered
from .form import latest
from .form import LONGEST_NOTE
from .form import read
from .form import Refused
from .form import usual
from .grant import guest_entitlement
from .links import hand_out
from .links import hindrance_of
from .links import take_back
from .store import GuestLink
from plone import api
from plone.app.layout.viewlets import ViewletBase
from plone.protect import CheckAuthenticator
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18nmessageid import Message

import time


WORKS = _("guest_link_works", default="works")
# What the list says of a link by which nobody watches now.
STATES = {
    Reason.LINK_ENDED: _("guest_link_ended", default="ended"),
    Reason.MAKER_MAY_NOT: _("guest_link_maker", default="refused: its maker may not watch any more"),
    Reason.STATE_CHANGED: _("guest_link_state", default="refused: the workflow state is another one since"),
    Reason.NOT_YET: _("guest_link_not_yet", default="refused: the publishing date has not come"),
    Reason.EXPIRED: _("guest_link_expired", default="refused: the item has expired"),
    Reason.UNREADABLE_DATE: _("guest_link_unreadable", default="refused: the publication dates cannot be read"),
}


class GuestsPage(BrowserView):
    """``@@cfprivate-guests``; a token is shown once, in the answer to the request that made it."""

    template = ViewPageTemplateFile("page.pt")
    longest_note = LONGEST_NOTE
    problem: Message | None = None
    address: str | None = None

    def __call__(self):
        self.now = int(time.time())
        # The buttons have to work on what is so now; and an answer may hold a token.
        keep_out_of_caches(self.request)
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            if self.request.form.get("revoke"):
                return self._revoke()
            self._make()
        return self.template()

    def _make(self) -> None:
        try:
            if self.hindrance is not None:
                raise Refused(self.hindrance)
            self.address, _link = hand_out(self.context, read(self.request.form, now=self.now), now=self.now)
        except Refused as error:
            self.problem = error.args[0]

    def _revoke(self) -> str:
        if take_back(self.context, str(self.request.form["revoke"])) is not None:
            api.portal.show_message(_("message_guest_revoked", default="The link was taken back."), self.request)
        self.request.response.redirect(f"{self.context.absolute_url()}/@@cfprivate-guests")
        return ""

    @property
    def hindrance(self) -> Message | None:
        """Why the current user cannot make a link now; None where he can."""
        found = hindrance_of(self.context, now=self.now)
        return None if found is None else found.message

    @property
    def links(self) -> list[GuestLink]:
        """The newest first."""
        return store.links_of(self.context)[::-1]

    def maker_of(self, link: GuestLink) -> str:
        """The name of who made the link; the id where there is no such account any more."""
        user = api.user.get(userid=link.maker)
        return link.maker if user is None else user.getProperty("fullname") or user.getUserName()

    def state_of(self, link: GuestLink) -> Message:
        """Whether a guest would watch now, and if not, why."""
        reason = guest_entitlement(self.context, link, now=self.now).reason
        return STATES.get(reason, WORKS)

    def when(self, seconds: int) -> str:
        """Epoch seconds in the site's format."""
        return localized(seconds)

    @property
    def note(self) -> str:
        """What the field says: what was entered, if that was refused."""
        return self._refused_or("note", "")

    @property
    def ends(self) -> str:
        """As ``note``."""
        return self._refused_or("ends", as_entered(usual(self.now)))

    def _refused_or(self, name: str, default: str) -> str:
        entered = self.request.form.get(name)
        return entered if self.problem is not None and isinstance(entered, str) else default

    @property
    def earliest_end(self) -> str:
        return as_entered(self.now)

    @property
    def latest_end(self) -> str:
        return as_entered(latest(self.now))


class GuestsViewlet(ViewletBase):
    """Leads who may delegate the right to watch an item to its guest links."""

    has_medium = False

    def update(self):
        super().update()
        self.has_medium = medium_of(self.context) is not None
