"""A text area that takes a secret and never gives it back."""

from z3c.form.browser.textarea import TextAreaWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.widget import FieldWidget
from zope.interface import implementer


class SecretTextAreaWidget(TextAreaWidget):
    """Renders empty, whatever is stored and whatever was just submitted."""

    rows = 8
    autocomplete = "off"
    spellcheck = "false"

    def update(self):
        super().update()
        self.value = ""


@implementer(IFieldWidget)
def SecretTextAreaFieldWidget(field, request):
    """The widget, bound to a field."""
    return FieldWidget(field, SecretTextAreaWidget(request))
