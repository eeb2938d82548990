"""Widgets that take a secret and never give it back."""

from plone.app.z3cform.widgets.password import PasswordWidget
from plone.app.z3cform.widgets.text import TextAreaWidget
from z3c.form.browser.file import FileWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import NO_VALUE
from z3c.form.widget import FieldWidget
from zope.interface import implementer


class Secret:
    """Renders empty, whatever is stored and whatever was just submitted."""

    _submitted = NO_VALUE

    def update(self):
        super().update()
        self.value = ""

    def extract(self, default=NO_VALUE):
        """What was submitted, taken out of the request: Zope keeps the form's values with each error that it logs."""
        self._submitted = self.request.form.pop(self.name, self._submitted)
        return default if self._submitted is NO_VALUE else self._submitted


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
        return {**super().attributes, "autocomplete": "off"}


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
