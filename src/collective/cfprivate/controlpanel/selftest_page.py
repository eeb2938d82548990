"""The page of the self-test."""

from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..keyring.slots import SLOTS
from ..selftest.line import Line
from ..selftest.taken import key_was_taken
from .page import KeyPage
from .page import Posted
from .page import PRIMARY_BUTTON
from .selftest import Asked
from .selftest import newest_object_key
from .selftest import selftest
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import button
from z3c.form import field
from z3c.form import form
from z3c.form.browser.radio import RadioFieldWidget
from zope import schema
from zope.interface import Interface
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


TITLES = {
    "active": _("choice_active_key", default="The key that signs"),
    "next": _("choice_next_key", default="The next key"),
    "previous": _("choice_previous_key", default="The previous key"),
}
KEYS = SimpleVocabulary([SimpleTerm(slot, slot, TITLES[slot]) for slot in ("active", "next", "previous")])


class ISelftestInput(Interface):
    """What is tested."""

    slot = schema.Choice(
        title=_("label_tested_key", default="Key"),
        vocabulary=KEYS,
    )
    object_key = schema.TextLine(
        title=_("label_tested_object", default="Object key"),
        description=_(
            "help_tested_object",
            default="A file in the bucket. The site's newest medium is filled in; only its first byte is asked for.",
        ),
    )
    bucket_url = schema.TextLine(
        title=_("label_bucket_url", default="Address of the bucket"),
        description=_(
            "help_bucket_url",
            default="Only to find out whether S3 refuses who comes past the distribution, such as "
            "https://my-bucket.s3.eu-west-1.amazonaws.com.",
        ),
        required=False,
    )


class SelftestForm(Posted, form.Form):
    """Asks the distribution when the button is pressed; ``lines`` are what came of it."""

    label = _("heading_selftest", default="Test the distribution")
    enableCSRFProtection = True
    fields = field.Fields(ISelftestInput)
    fields["slot"].widgetFactory = RadioFieldWidget
    # Focus would scroll the report out of sight.
    enable_autofocus = False
    lines: tuple[Line, ...] = ()
    tested: str | None = None

    def getContent(self):
        """What the form comes with: the key that a link names, and the newest medium."""
        asked = self.request.form.get("key")
        return {"slot": asked if asked in SLOTS else "active", "object_key": _newest(), "bucket_url": ""}

    def updateActions(self):
        super().updateActions()
        self.actions["test"].klass = PRIMARY_BUTTON

    @button.buttonAndHandler(_("button_test", default="Test now"), name="test")
    def test(self, action):
        data, errors = self.extractData()
        if errors:
            self.status = self.formErrorsMessage
            return
        asked = Asked(
            site_url=self.context.absolute_url(),
            slot=data["slot"],
            object_key=data["object_key"].strip(),
            bucket_url=(data["bucket_url"] or "").strip(),
        )
        try:
            self.lines, self.tested = selftest(asked), asked.slot
        except CFPrivateError as error:
            self.status = sentence_of(error)


def _newest() -> str:
    try:
        return newest_object_key()
    except CFPrivateError:
        return ""


class SelftestPage(KeyPage):
    """The form, under what came of the last press of its button."""

    index = ViewPageTemplateFile("selftest.pt")

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines to show; none before the test."""
        return self.form_instance.lines

    @property
    def may_be_activated(self) -> bool:
        """Whether the next key was tested just now, and was taken."""
        return self.form_instance.tested == "next" and key_was_taken(self.form_instance.lines)


Selftest = layout.wrap_form(SelftestForm, SelftestPage)
