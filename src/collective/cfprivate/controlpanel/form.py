"""The control panel: settings go to the registry, the private key to the key ring."""

from .. import settings
from ..cloudfront.distribution import Distribution
from ..cloudfront.errors import CFPrivateError
from ..cloudfront.errors import InvalidDistribution
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..interfaces import ISettings
from ..settings import PREFIX
from .status import status_of_site
from .status import UPGRADE_FIRST
from .widgets import SecretTextAreaFieldWidget
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from plone.app.registry.browser.controlpanel import RegistryEditForm
from plone.registry.interfaces import IRegistry
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import field
from z3c.form.interfaces import ActionExecutionError
from z3c.form.interfaces import WidgetActionExecutionError
from zope import schema
from zope.component import getUtility
from zope.interface import Interface
from zope.interface import Invalid


# Settings that are shown and saved as they are.
PLAIN = ("lifetime", "maximum_lifetime", "bind_ip", "view_on_parents")


class ISigningKeyInput(Interface):
    """What the form asks about the signing key; none of it is kept in the registry."""

    key_id = schema.TextLine(
        title=_("label_key_id", default="Key pair id"),
        description=_(
            "help_key_id",
            default="The id that CloudFront gave to the public key, such as K2JCJMDEHXQW5F.",
        ),
        required=False,
    )

    private_key = schema.Text(
        title=_("label_private_key", default="Private key"),
        description=_(
            "help_private_key",
            default="Paste the PEM file (RSA 2048 or EC P-256). It is encrypted and never shown again; "
            "leave this empty to keep the key that is stored.",
        ),
        required=False,
    )


class ControlPanelForm(RegistryEditForm):
    """Saves both or, when the key is refused, nothing."""

    schema = ISettings
    schema_prefix = PREFIX
    enableCSRFProtection = True
    label = _("heading_control_panel", default="Protected media")
    # Focus would scroll the summary above the form out of sight.
    enable_autofocus = False

    def getContent(self):
        now = settings.current()
        key = getUtility(IKeyRing).describe()
        return {
            "distribution": now.distribution_host,
            **{name: getattr(now, name) for name in PLAIN},
            "key_id": key.key_id if key else "",
            "private_key": "",
        }

    def updateFields(self):
        super().updateFields()
        key_fields = field.Fields(ISigningKeyInput)
        key_fields["private_key"].widgetFactory = SecretTextAreaFieldWidget
        self.fields = self.fields.select("distribution") + key_fields + self.fields.select(*PLAIN)

    def applyChanges(self, data):
        if settings.upgrade_needed():
            raise ActionExecutionError(Invalid(UPGRADE_FIRST))
        distribution = self._valid_distribution(data["distribution"] or "")
        self._check_lifetimes(data)
        self._keep_key((data["key_id"] or "").strip(), (data["private_key"] or "").strip())
        records = self._records()
        records.distribution = distribution
        for name in PLAIN:
            setattr(records, name, data[name])

    def _records(self):
        return getUtility(IRegistry).forInterface(ISettings, prefix=PREFIX)

    def _valid_distribution(self, entered: str) -> str:
        try:
            return Distribution.parse(entered).host if entered else ""
        except InvalidDistribution as error:
            raise WidgetActionExecutionError("distribution", Invalid(str(error))) from None

    def _check_lifetimes(self, data: dict) -> None:
        if data["lifetime"] > data["maximum_lifetime"]:
            message = _(
                "error_lifetime_above_maximum",
                default="This is more than the longest lifetime, ${maximum} seconds: make this shorter or that longer.",
                mapping={"maximum": data["maximum_lifetime"]},
            )
            raise WidgetActionExecutionError("lifetime", Invalid(message))

    def _keep_key(self, key_id: str, pem: str) -> None:
        ring = getUtility(IKeyRing)
        known = ring.describe()
        try:
            if pem:
                ring.store(pem=pem, key_id=key_id)
            elif key_id and (known is None or known.key_id != key_id):
                ring.rename(key_id)
        except CFPrivateError as error:
            raise WidgetActionExecutionError("private_key" if pem else "key_id", Invalid(sentence_of(error))) from None


class ControlPanelPage(ControlPanelFormWrapper):
    """The form, under a summary of what is set up and what is missing."""

    index = ViewPageTemplateFile("controlpanel.pt")

    def update(self):
        super().update()
        self.status = status_of_site()


ControlPanel = layout.wrap_form(ControlPanelForm, ControlPanelPage)
