"""Rotating the signing key: every step on one page."""

from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.ring import RetiredKey
from ..keyring.slots import Slot
from .key_input import entered_key
from .key_input import IKeyId
from .key_input import key_fields
from .key_input import SECRETS
from .page import CHANGED_MEANWHILE
from .page import is_as_shown
from .page import KeyPage
from .page import Posted
from .page import PRIMARY_BUTTON
from .page import SECONDARY_BUTTON
from .status import Status
from .status import status_of_site
from collections.abc import Callable
from plone import api
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import button
from z3c.form import field
from z3c.form import form
from z3c.form.browser.radio import RadioFieldWidget
from z3c.form.interfaces import WidgetActionExecutionError
from zope import schema
from zope.component import getMultiAdapter
from zope.component import getUtility
from zope.i18nmessageid import Message
from zope.interface import Interface
from zope.interface import Invalid
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary

import time


ALGORITHMS = SimpleVocabulary([
    SimpleTerm("RSA", "RSA", _("choice_rsa", default="RSA with 2048 bits: every distribution takes it")),
    SimpleTerm("EC", "EC", _("choice_ec", default="EC on P-256: shorter addresses, made faster")),
])


class IKeyPairInput(Interface):
    """Which kind of key pair is made."""

    algorithm = schema.Choice(
        title=_("label_new_algorithm", default="Kind of the key pair"), vocabulary=ALGORITHMS, default="RSA"
    )


class RotationForm(Posted, form.Form):
    """A button for each step; what a step has no use for is not asked."""

    label = _("heading_rotate", default="Rotate the signing key")
    enableCSRFProtection = True
    ignoreContext = True
    secrets = SECRETS
    # Focus would scroll what is said above the form out of sight.
    enable_autofocus = False
    # Whether a click on "activate" was answered by the second question.
    asks_again = False
    # The same for "go back".
    asks_back = False
    # Whether a key was pasted, so that its part of the page is open where it was refused.
    pasted = False

    def updateWidgets(self, prefix=None):
        self.site = status_of_site()
        self.fields = field.Fields(IKeyPairInput) + key_fields() + field.Fields(IKeyId)
        self.fields["algorithm"].widgetFactory = RadioFieldWidget
        super().updateWidgets(prefix)

    def updateActions(self):
        super().updateActions()
        for name, action in self.actions.items():
            action.klass = SECONDARY_BUTTON if name == "back" else PRIMARY_BUTTON

    def render_widget(self, name: str) -> str:
        """A field with its label, help and error."""
        return getMultiAdapter((self.widgets[name], self.request), name="ploneform-render-widget")()

    @property
    def is_sealed_with_previous_secret(self) -> bool:
        """Whether there is something to encrypt anew."""
        return getUtility(IKeyRing).sealed_with_previous_secret()

    @button.buttonAndHandler(_("button_make_key", default="Make a key pair"), name="make")
    def make(self, action):
        algorithm = self._data().get("algorithm")
        self._do(
            lambda ring: ring.generate_next(algorithm),
            _("message_key_made", default="A key pair was made. Its private half stays here, encrypted."),
        )

    @button.buttonAndHandler(_("button_keep_key", default="Keep this key"), name="paste")
    def paste(self, action):
        self.pasted = True
        data = self._data()
        self._do(
            lambda ring: ring.store_next(pem=entered_key(data), passphrase=data.get("passphrase")),
            _("message_key_kept", default="The key is kept as the next one."),
        )

    @button.buttonAndHandler(_("button_keep_id", default="Keep this id"), name="name")
    def name_key(self, action):
        key_id = (self._data().get("key_id") or "").strip()
        self._do(
            lambda ring: ring.rename(key_id, "next"),
            _("message_id_kept", default="The id is kept."),
            shown=("next",),
            field="key_id",
        )

    @button.buttonAndHandler(_("button_activate", default="Activate the next key"), name="activate")
    def activate(self, action):
        untested = self.site.next_key is not None and self.site.next_key.tested is None
        self.asks_again = untested or self.site.activating_drops_needed(time.time())
        if not self.asks_again:
            self._activate()

    @button.buttonAndHandler(_("button_activate_anyway", default="Activate it all the same"), name="activate_anyway")
    def activate_anyway(self, action):
        self._activate()

    @button.buttonAndHandler(_("button_go_back", default="Go back to the previous key"), name="back")
    def go_back(self, action):
        self.asks_back = self.site.previous_key is not None and not self.site.previous_is_needed(time.time())
        if not self.asks_back:
            self._go_back()

    @button.buttonAndHandler(_("button_back_anyway", default="Go back all the same"), name="back_anyway")
    def go_back_anyway(self, action):
        self._go_back()

    def _go_back(self):
        self._do(
            lambda ring: ring.go_back(int(time.time())),
            _("message_went_back", default="The previous key signs again."),
            shown=("previous",),
        )

    @button.buttonAndHandler(_("button_seal_anew", default="Encrypt the keys anew"), name="seal")
    def seal_anew(self, action):
        self._do(
            lambda ring: ring.seal_anew(),
            _("message_sealed_anew", default="All keys are encrypted with the secret in force."),
        )

    def _activate(self):
        self._do(
            lambda ring: ring.activate(int(time.time())),
            _("message_activated", default="The new key signs now. The old one is kept, so that you can go back."),
            shown=("next", "previous"),
        )

    def _data(self) -> dict:
        # Errors in fields that the button does not use are none.
        return self.extractData(setErrors=False)[0]

    def _do(
        self,
        step: Callable[[object], None],
        message: Message,
        *,
        shown: tuple[Slot, ...] = (),
        field: str | None = None,
    ) -> None:
        """Take a step, and one for the slots ``shown`` only where they hold what the page showed.

        What is wrong is told at the ``field``, or above all.
        """
        if not all(is_as_shown(self.request, slot) for slot in shown):
            self.status = CHANGED_MEANWHILE
            return
        try:
            step(getUtility(IKeyRing))
        except CFPrivateError as error:
            if field is not None:
                raise WidgetActionExecutionError(field, Invalid(sentence_of(error))) from None
            self.status = sentence_of(error)
            return
        api.portal.show_message(message, self.request)
        self.request.response.redirect(f"{self.context.absolute_url()}/@@cfprivate-rotate")


class RotationPage(KeyPage):
    """The steps of a rotation, each with its reason."""

    index = ViewPageTemplateFile("rotation.pt")

    @property
    def site(self) -> Status:
        """The status from which the page was made."""
        return self.form_instance.site

    @property
    def public_pem(self) -> str | None:
        """The public half of the next key; None where it cannot be opened."""
        try:
            return getUtility(IKeyRing).public_pem("next")
        except CFPrivateError:
            return None

    def may_leave(self, key: RetiredKey) -> bool:
        """Whether nothing that a retired key signed is valid any more."""
        return key.leaves <= time.time()

    @property
    def previous_is_needed(self) -> bool:
        """Whether going back to the previous key may make sense still."""
        return self.site.previous_is_needed(time.time())

    @property
    def activating_drops_needed(self) -> bool:
        """Whether activating forgets a key that may be needed still."""
        return self.site.activating_drops_needed(time.time())


Rotation = layout.wrap_form(RotationForm, RotationPage)
