"""Erasing the signing key, asked twice."""

from ..i18n import _
from ..interfaces import IKeyRing
from plone import api
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from plone.z3cform import layout
from z3c.form import button
from z3c.form import form
from zope.component import getUtility


class EraseKeyForm(form.Form):
    """A page of its own, so that nobody erases a key by a slip."""

    ignoreContext = True
    # plone.protect alone lets this pass: it takes the site's annotations for a tree that may be written on any request.
    enableCSRFProtection = True
    label = _("heading_erase_key", default="Erase the signing key")
    description = _(
        "help_erase_key",
        default="The private key is removed from this site and cannot be recovered from here. "
        "Until another key is saved nothing protected can be watched.",
    )

    def updateActions(self):
        super().updateActions()
        self.actions["erase"].addClass("btn btn-danger")
        self.actions["cancel"].addClass("btn btn-secondary")

    @button.buttonAndHandler(_("button_erase_key", default="Erase the key"), name="erase")
    def erase(self, action):
        getUtility(IKeyRing).erase()
        api.portal.show_message(_("message_key_erased", default="The signing key was erased."), self.request)
        self._back()

    @button.buttonAndHandler(_("button_cancel", default="Cancel"), name="cancel")
    def cancel(self, action):
        self._back()

    def _back(self):
        self.request.response.redirect(f"{self.context.absolute_url()}/@@cfprivate-controlpanel")


EraseKey = layout.wrap_form(EraseKeyForm, ControlPanelFormWrapper)
