"""Widgets that take a secret and never give it back."""

from collections.abc import Iterable
from plone.app.z3cform.widgets.password import PasswordWidget
from plone.app.z3cform.widgets.text import TextAreaWidget
from z3c.form.browser.file import FileWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import NO_VALUE
from z3c.form.widget import FieldWidget
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer


SECRETS = "collective.cfprivate.secrets"


def take_secrets(request, names: Iterable[str]) -> dict[str, object]:
    """Take fields out of the form that was submitted, and all that were taken so far.

    Zope keeps the values of the form with each error that it logs, so that this is done before anything can fail.
    """
    taken = IAnnotations(request).setdefault(SECRETS, {})
    taken.update({name: request.form.pop(name) for name in names if name in request.form})
    return taken


class Secret:
    """Renders empty, whatever is stored and whatever was just submitted."""

    def update(self):
        super().update()
        self.value = ""

    def extract(self, default=NO_VALUE):
        """What was submitted."""
        return take_secrets(self.request, [self.name]).get(self.name, default)


class SecretTextAreaWidget(Secret, TextAreaWidget):
    """A text area for a PEM text."""

    rows = 8

    def update(self):
        super().update()
        self.addClass("font-monospace")

    @property
    def attributes(self) -> dict:
        return {**super().attributes, "autocomplete": "off", "spellcheck": "false"}


class SecretFileWidget(Secret, FileWidget):
    """An upload of a PEM file."""

    klass = "form-control"


class SecretPasswordWidget(Secret, PasswordWidget):
    """A line whose text is hidden."""

    klass = "form-control"

    @property
    def attributes(self) -> dict:
        # Browsers fill in a password that they remember in spite of "off".
        return {**super().attributes, "autocomplete": "new-password"}


@implementer(IFieldWidget)
def SecretTextAreaFieldWidget(field, request):
    """The text area, bound to a field."""
    return FieldWidget(field, SecretTextAreaWidget(request))


@implementer(IFieldWidget)
def SecretFileFieldWidget(field, request):
    """The upload, bound to a field."""
    return FieldWidget(field, SecretFileWidget(request))


@implementer(IFieldWidget)
def SecretPasswordFieldWidget(field, request):
    """The hidden line, bound to a field."""
    return FieldWidget(field, SecretPasswordWidget(request))
