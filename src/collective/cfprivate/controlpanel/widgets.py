"""A text area that takes a secret and never gives it back."""

from plone.app.z3cform.widgets.text import TextAreaWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import NO_VALUE
from z3c.form.widget import FieldWidget
from zope.interface import implementer


class SecretTextAreaWidget(TextAreaWidget):
    """Renders empty, whatever is stored and whatever was just submitted."""

    rows = 8
    _submitted = NO_VALUE

    def update(self):
        super().update()
        self.value = ""
        self.addClass("font-monospace")

    @property
    def attributes(self) -> dict:
        return {**super().attributes, "autocomplete": "off", "spellcheck": "false"}

    def extract(self, default=NO_VALUE):
        """What was submitted, taken out of the request: Zope keeps the form's values with each error that it logs."""
        self._submitted = self.request.form.pop(self.name, self._submitted)
        return default if self._submitted is NO_VALUE else self._submitted


@implementer(IFieldWidget)
def SecretTextAreaFieldWidget(field, request):
    """The widget, bound to a field."""
    return FieldWidget(field, SecretTextAreaWidget(request))
