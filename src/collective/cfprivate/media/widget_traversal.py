"""Keeps the behavior's fields out of ``++widget++``, which publishes a form's widgets before anybody knows who asks.

plone.autoform leaves the permissions of fields aside there and trusts the widget to check; text fields do not.
"""

from ..interfaces import IBrowserLayer
from .behavior import IProtectedMedia
from plone.z3cform.interfaces import IFormWrapper
from plone.z3cform.traversal import FormWidgetTraversal
from plone.z3cform.traversal import WrapperWidgetTraversal
from z3c.form.interfaces import IForm
from zope.component import adapter
from zope.traversing.interfaces import TraversalError


def _unless_kept(widget, name: str):
    if getattr(widget.field, "interface", None) is IProtectedMedia:
        raise TraversalError(name)
    return widget


@adapter(IForm, IBrowserLayer)
class WidgetUnlessKept(FormWidgetTraversal):
    """The widgets of a form, but for those of protected media."""

    def traverse(self, name, ignored):
        return _unless_kept(super().traverse(name, ignored), name)


@adapter(IFormWrapper, IBrowserLayer)
class WrappedWidgetUnlessKept(WrapperWidgetTraversal):
    """The same for a form in a layout wrapper."""

    def traverse(self, name, ignored):
        return _unless_kept(super().traverse(name, ignored), name)
