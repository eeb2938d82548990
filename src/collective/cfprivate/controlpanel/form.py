"""The control panel: settings go to the registry, the private key to the key ring."""

from .. import settings
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..interfaces import ISettings
from ..settings import PREFIX
from .key_input import IKeyId
from .key_input import IShownKeyId
from .key_input import key_fields
from .key_input import SECRETS
from .page import CHANGED_MEANWHILE
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
from z3c.form.interfaces import HIDDEN_MODE
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
    "key_prefixes",
    "guest_maximum",
    "s3_bucket",
    "s3_region",
    "s3_endpoint",
    "upload_prefix",
    "upload_types",
    "upload_maximum",
    "mediaconvert_role",
    "events_queue",
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
        key_id = key.key_id if key else ""
        return {**settings.stored(), **unshown, "key_id": key_id, "shown_key_id": key_id}

    def updateFields(self):
        super().updateFields()
        asked = self.fields.select("distribution")
        if not status_of_site().outside:
            asked += field.Fields(IKeyId) + field.Fields(IShownKeyId, mode=HIDDEN_MODE) + key_fields()
        self.fields = asked + self.fields.select(*BELOW_THE_KEY)

    def applyChanges(self, data):
        changes = {name: data[name] for name in ("distribution", *BELOW_THE_KEY)}
        try:
            waits = save(changes, key_of(self._as_entered(data)))
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

    def _as_entered(self, data):
        """``data`` without the id that was filled in and left so, for that is no wish.

        Raises ``FieldRefused`` for a new id of a key that does not sign any more, because somebody rotated meanwhile.
        """
        shown = data.get("shown_key_id")
        if data.get("key_id") == shown:
            return {**data, "key_id": None}
        if shown != (self.getContent()["key_id"] or None):
            raise FieldRefused("key_id", CHANGED_MEANWHILE)
        return data


class ControlPanelPage(KeyPage):
    """The form, under a summary of what is set up and what is missing."""

    index = ViewPageTemplateFile("controlpanel.pt")

    def update(self):
        super().update()
        self.status = status_of_site()


ControlPanel = layout.wrap_form(ControlPanelForm, ControlPanelPage)
