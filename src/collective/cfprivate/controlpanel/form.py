"""The control panel: settings go to the registry, the private key to the key ring."""

from .. import settings
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..interfaces import ISettings
from ..settings import PREFIX
from .key_input import IKeyId
from .key_input import key_fields
from .key_input import SECRETS
from .page import KeyPage
from .page import Posted
from .refused import FieldRefused
from .saving import key_of
from .saving import save
from .status import status_of_site
from plone import api
from plone.app.registry.browser.controlpanel import RegistryEditForm
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import field
from z3c.form.interfaces import ActionExecutionError
from z3c.form.interfaces import WidgetActionExecutionError
from zope.component import getUtility
from zope.interface import Invalid


# The settings of this form, but for the first, which stands above the key; the rules of states have a page of their own.
BELOW_THE_KEY = (
    "hash_algorithm",
    "lifetime",
    "maximum_lifetime",
    "bind_ip",
    "view_on_parents",
    "delivery",
    "cookie_domain",
    "embed_ancestors",
)


class ControlPanelForm(Posted, RegistryEditForm):
    """Saves both or, when one is refused, nothing."""

    schema = ISettings
    schema_prefix = PREFIX
    enableCSRFProtection = True
    secrets = SECRETS
    label = _("heading_control_panel", default="Protected media")
    # Focus would scroll the summary above the form out of sight.
    enable_autofocus = False

    def getContent(self):
        key = getUtility(IKeyRing).describe()
        unshown = dict.fromkeys(SECRETS)
        return {**settings.stored(), **unshown, "key_id": key.key_id if key else ""}

    def updateFields(self):
        super().updateFields()
        asked = self.fields.select("distribution")
        if not status_of_site().outside:
            asked += field.Fields(IKeyId) + key_fields()
        self.fields = asked + self.fields.select(*BELOW_THE_KEY)

    def applyChanges(self, data):
        changes = {name: data[name] for name in ("distribution", *BELOW_THE_KEY)}
        try:
            waits = save(changes, key_of(self._without_known_id(data)))
        except FieldRefused as error:
            invalid = Invalid(sentence_of(error))
            raise (
                WidgetActionExecutionError(error.field, invalid) if error.field else ActionExecutionError(invalid)
            ) from None
        if waits:
            api.portal.show_message(
                _(
                    "message_key_waits",
                    default="The new key waits as the next one: test and activate it under “Rotate the signing key”.",
                ),
                self.request,
            )

    def _without_known_id(self, data):
        # The id of the active key is filled in, and whoever pastes another key may leave it so.
        return {**data, "key_id": None} if data.get("key_id") == self.getContent()["key_id"] else data


class ControlPanelPage(KeyPage):
    """The form, under a summary of what is set up and what is missing."""

    index = ViewPageTemplateFile("controlpanel.pt")

    def update(self):
        super().update()
        self.status = status_of_site()


ControlPanel = layout.wrap_form(ControlPanelForm, ControlPanelPage)
