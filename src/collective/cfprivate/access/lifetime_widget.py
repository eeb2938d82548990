"""The field of an item's own lifetime, which tells what counts now."""

from ..interfaces import IBrowserLayer
from ..interfaces import IProtectedItem
from ..media.behavior import ILifetimeField
from .lifetime import lifetime_of
from .words import sentences_of_lifetime
from html import escape
from plone.app.z3cform.widgets.text import TextWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.widget import FieldWidget
from zope.component import adapter
from zope.i18n import translate
from zope.interface import implementer


class LifetimeWidget(TextWidget):
    """Adds who decides the lifetime of an existing item to the help."""

    @property
    def description(self) -> str:
        sentences = [self.field.description]
        # The context of an add form is the container, which may be protected, too.
        if not self.ignoreContext and IProtectedItem.providedBy(self.context):
            sentences += sentences_of_lifetime(lifetime_of(self.context))
        # Plone's template writes descriptions as they are, and a title of a state is anybody's text.
        return " ".join(escape(translate(sentence, context=self.request), quote=False) for sentence in sentences)


@adapter(ILifetimeField, IBrowserLayer)
@implementer(IFieldWidget)
def LifetimeFieldWidget(field, request):
    """The widget, bound to a field."""
    return FieldWidget(field, LifetimeWidget(request))
