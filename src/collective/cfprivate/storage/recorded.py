"""Tells Plone that the file of an item was moved, which nobody edited."""

from .file_field import FileField
from zope.event import notify
from zope.lifecycleevent import Attributes
from zope.lifecycleevent import ObjectModifiedEvent


def record_change(field: FileField) -> None:
    """Have the item indexed and its pages purged; its date of modification stays.

    The event names the field of the file only: translations, which have files of their own, get no medium by it.
    """
    item = field.item
    modified = item.modification_date
    notify(ObjectModifiedEvent(item, Attributes(field.field.interface, field.name)))
    item.modification_date = modified
    item.reindexObject(idxs=["modified", "Date"])
