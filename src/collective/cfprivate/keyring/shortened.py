"""Remembers for how long signatures of a longer lifetime are still valid, after the longest lifetime was shortened."""

from ..interfaces import IKeyRing
from ..settings import PREFIX
from plone.registry.interfaces import IRecordModifiedEvent
from zope.component import adapter
from zope.component import getUtility

import time


@adapter(IRecordModifiedEvent)
def note_longer_signatures(event) -> None:
    """Keep the date from which an old key may leave the key group as late as it was."""
    shorter = event.oldValue and event.newValue and event.newValue < event.oldValue
    if event.record.__name__ == f"{PREFIX}.maximum_lifetime" and shorter:
        getUtility(IKeyRing).note_signed_until(int(time.time()) + event.oldValue)
