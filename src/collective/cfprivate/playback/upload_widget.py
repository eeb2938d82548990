"""The fields of object keys in the forms, into which files can be uploaded where a bucket is set."""

from .. import settings
from ..interfaces import IBrowserLayer
from ..media.behavior import IPosterField
from ..media.behavior import IRenditionsField
from .resources import resource_path
from .upload_labels import translated_labels
from plone import api
from plone.app.z3cform.widgets.text import TextLinesWidget
from plone.app.z3cform.widgets.text import TextWidget
from plone.base.interfaces import IPloneSiteRoot
from Products.CMFCore.interfaces import IContentish
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import INPUT_MODE
from z3c.form.widget import FieldWidget
from zope.component import adapter
from zope.interface import implementer


class WithUpload:
    """Adds the upload to a widget; without JavaScript the field is what it was."""

    upload = ViewPageTemplateFile("upload_widget.pt")

    def render(self):
        """The field and, where it can be, the upload below it."""
        field = super().render()
        return f"{field}{self.upload()}" if self._may_upload else field

    @property
    def service_url(self) -> str:
        """The service of the item; while one is being added, of the folder in which it will be."""
        return f"{self.context.absolute_url()}/@cfprivate-uploads"

    @property
    def accepted(self) -> str:
        """The types that a file may have."""
        return ",".join(settings.bucket().upload_types)

    @property
    def labels(self) -> str:
        """The words of the element, as JSON."""
        return translated_labels(self.request)

    def resource(self, name: str) -> str:
        """The address of a script or style sheet."""
        return f"{api.portal.get().absolute_url()}/{resource_path(name)}"

    @property
    def _may_upload(self) -> bool:
        # Who may not manage media is not shown the field, and refused by the service.
        is_place = IContentish.providedBy(self.context) or IPloneSiteRoot.providedBy(self.context)
        return is_place and self.mode == INPUT_MODE and bool(settings.bucket().s3_bucket)


class PosterWidget(WithUpload, TextWidget):
    """The key of the poster."""


class RenditionsWidget(WithUpload, TextLinesWidget):
    """The keys of further renditions, one in a line."""


@adapter(IPosterField, IBrowserLayer)
@implementer(IFieldWidget)
def PosterFieldWidget(field, request):
    """The widget, bound to a field."""
    return FieldWidget(field, PosterWidget(request))


@adapter(IRenditionsField, IBrowserLayer)
@implementer(IFieldWidget)
def RenditionsFieldWidget(field, request):
    """The widget, bound to a field."""
    return FieldWidget(field, RenditionsWidget(request))
