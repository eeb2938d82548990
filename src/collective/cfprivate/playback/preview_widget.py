"""The field of the medium's object key, below which the medium plays."""

from ..interfaces import IBrowserLayer
from ..interfaces import IProtectedItem
from ..media.behavior import IObjectKeyField
from .upload_widget import WithUpload
from plone.app.z3cform.widgets.text import TextWidget
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import INPUT_MODE
from z3c.form.widget import FieldWidget
from zope.component import adapter
from zope.interface import implementer


class PreviewedKeyWidget(WithUpload, TextWidget):
    """The text field, the upload and, of an item that exists, the preview, which is loaded when it is opened."""

    preview = ViewPageTemplateFile("preview_widget.pt")

    def render(self):
        field = super().render()
        return f"{field}{self.preview()}" if self._has_preview else field

    @property
    def preview_url(self) -> str:
        return f"{self.context.absolute_url()}/@@cfprivate-preview"

    @property
    def _has_preview(self) -> bool:
        # The context of an add form is the container, which may be protected, too.
        is_item = not self.ignoreContext and IProtectedItem.providedBy(self.context)
        return is_item and self.mode == INPUT_MODE


@adapter(IObjectKeyField, IBrowserLayer)
@implementer(IFieldWidget)
def PreviewedKeyFieldWidget(field, request):
    """The widget, bound to a field."""
    return FieldWidget(field, PreviewedKeyWidget(request))
