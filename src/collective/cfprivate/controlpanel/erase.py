"""Erasing a key, asked twice."""

from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.slots import SLOTS
from plone import api
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from plone.z3cform import layout
from z3c.form import button
from z3c.form import form
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


class EraseKeyForm(form.Form):
    """A page of its own, so that nobody erases a key by a slip."""

    ignoreContext = True
    # plone.protect alone lets this pass: it takes the site's annotations for a tree that may be written on any request.
    enableCSRFProtection = True

    @property
    def slot(self) -> str:
        """Which key is meant; the active one unless another is named."""
        asked = self.request.form.get("slot")
        return asked if asked in SLOTS else "active"

    @property
    def action(self) -> str:
        """Back to this page, for the same key."""
        return f"{self.context.absolute_url()}/@@cfprivate-erase-key?slot={self.slot}"

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
        getUtility(IKeyRing).erase(self.slot)
        api.portal.show_message(_("message_key_erased", default="The key was erased."), self.request)
        self._back()

    @button.buttonAndHandler(_("button_cancel", default="Cancel"), name="cancel")
    def cancel(self, action):
        self._back()

    def _back(self):
        page = "cfprivate-controlpanel" if self.slot == "active" else "cfprivate-rotate"
        self.request.response.redirect(f"{self.context.absolute_url()}/@@{page}")


EraseKey = layout.wrap_form(EraseKeyForm, ControlPanelFormWrapper)
