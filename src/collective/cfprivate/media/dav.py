"""Keeps the behavior's fields out of WebDAV and FTP, which ask neither read nor write permissions of fields."""

from ..interfaces import IProtectedItem
from .behavior import IProtectedMedia
from plone.rfc822.interfaces import IFieldMarshaler
from zope.component import adapter
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.interface import Interface


class IKeptFromMessages(Interface):
    """Marks a field that is neither written into nor read from an RFC 822 message."""


for name in IProtectedMedia:
    alsoProvides(IProtectedMedia[name], IKeptFromMessages)


@implementer(IFieldMarshaler)
@adapter(IProtectedItem, IKeptFromMessages)
class KeptField:
    """Marshals nothing: plone.rfc822 passes over a field that raises ``ValueError``."""

    ascii = True

    def __init__(self, context, field):
        self.field = field

    def marshal(self, charset="utf-8", primary=False):
        raise self._kept()

    def demarshal(self, value, message=None, charset="utf-8", contentType=None, primary=False):
        raise self._kept()

    def _kept(self) -> ValueError:
        return ValueError(f"{self.field.__name__} is read and written by forms and REST only.")
