"""Tells subscribers and content rules that an item got another medium."""

from ..interfaces import IMediumChanged
from .noted import take
from zope.event import notify
from zope.interface import implementer
from zope.interface.interfaces import ObjectEvent


@implementer(IMediumChanged)
class MediumChanged(ObjectEvent):
    """The fields ``fields`` of ``item`` have other values."""

    def __init__(self, item, fields: tuple[str, ...]) -> None:
        super().__init__(item)
        self.fields = fields


def tell_change(item, event) -> None:
    """Tell once what was changed since the last time."""
    fields = take(item)
    if fields:
        notify(MediumChanged(item, fields))


def forget_change(item, event) -> None:
    """What an item was given before it was added is part of it: Plone tells that it was added."""
    take(item)
