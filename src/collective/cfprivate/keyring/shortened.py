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
    # Records of all packages come by here, with values of any kind.
    if event.record.__name__ != f"{PREFIX}.maximum_lifetime" or not event.oldValue:
        return
    if event.newValue is None or event.newValue < event.oldValue:
        getUtility(IKeyRing).note_signed_until(int(time.time()) + event.oldValue)
