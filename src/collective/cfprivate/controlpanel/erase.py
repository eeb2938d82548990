"""Erasing a key, asked twice."""

from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.ring import KeyDescription
from ..keyring.slots import SLOTS
from .page import CHANGED_MEANWHILE
from .page import is_as_shown
from .page import KeyPage
from .page import Posted
from plone import api
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import button
from z3c.form import form
from zExceptions import NotFound
from zope.component import getUtility


DESCRIPTIONS = {
    "active": _(
        "help_erase_key",
        default="The private key is removed from this site and cannot be recovered from here. "
        "Until another key is saved nothing protected can be watched.",
    ),
    "next": _(
        "help_erase_next",
        default="The next key is removed from this site and cannot be recovered from here. If it was made here, there is "
        "no copy of it. The key that signs stays as it is.",
    ),
    "previous": _(
        "help_erase_previous",
        default="The previous key is removed from this site and cannot be recovered from here. Going back to it is not "
        "possible then. The key that signs stays as it is.",
    ),
}


class EraseKeyForm(Posted, form.Form):
    """A page of its own, so that nobody erases a key by a slip."""

    ignoreContext = True
    # plone.protect alone lets this pass: it takes the site's annotations for a tree that may be written on any request.
    enableCSRFProtection = True

    @property
    def slot(self) -> str:
        """Which key is meant; the active one unless another is named. Raises ``NotFound`` for what is no slot."""
        asked = self.request.form.get("slot", "active")
        if asked not in SLOTS:
            raise NotFound(asked)
        return asked

    @property
    def label(self):
        """The question."""
        if self.slot == "active":
            return _("heading_erase_key", default="Erase the signing key")
        if self.slot == "next":
            return _("heading_erase_next", default="Discard the next key")
        return _("heading_erase_previous", default="Erase the previous key")

    @property
    def description(self):
        """What follows from it."""
        return DESCRIPTIONS[self.slot]

    def updateActions(self):
        super().updateActions()
        self.actions["erase"].addClass("btn btn-danger")
        self.actions["cancel"].addClass("btn btn-secondary")

    @button.buttonAndHandler(_("button_erase_key", default="Erase the key"), name="erase")
    def erase(self, action):
        if not is_as_shown(self.request, self.slot) or getUtility(IKeyRing).describe(self.slot) is None:
            self.status = CHANGED_MEANWHILE
            return
        try:
            getUtility(IKeyRing).erase(self.slot)
        except CFPrivateError as error:
            self.status = sentence_of(error)
            return
        api.portal.show_message(_("message_key_erased", default="The key was erased."), self.request)
        self._back()

    @button.buttonAndHandler(_("button_cancel", default="Cancel"), name="cancel")
    def cancel(self, action):
        self._back()

    def _back(self):
        page = "cfprivate-controlpanel" if self.slot == "active" else "cfprivate-rotate"
        self.request.response.redirect(f"{self.context.absolute_url()}/@@{page}")


class EraseKeyPage(KeyPage):
    """The question, above the key that is meant."""

    index = ViewPageTemplateFile("erase.pt")

    @property
    def key(self) -> KeyDescription | None:
        """The key that is meant; None where there is none."""
        return getUtility(IKeyRing).describe(self.form_instance.slot)


EraseKey = layout.wrap_form(EraseKeyForm, EraseKeyPage)
