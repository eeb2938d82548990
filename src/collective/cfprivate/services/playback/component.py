"""What an item's JSON says of its playback."""

from ...interfaces import IBrowserLayer
from ...interfaces import IProtectedItem
from ...media.medium import medium_of
from plone.restapi.interfaces import IExpandableElement
from zope.component import adapter
from zope.interface import implementer


@implementer(IExpandableElement)
@adapter(IProtectedItem, IBrowserLayer)
class PlaybackComponent:
    """The component ``playback``: where to ask, and what all know who see the item; absent without a medium.

    Caches keep the JSON of content, so that it is the same for all, expanded or not: no decision, no signature, no key.
    """

    def __init__(self, context, request):
        self.context = context

    def __call__(self, expand=False):
        medium = medium_of(self.context)
        if medium is None:
            return {}
        address = f"{self.context.absolute_url()}/@playback"
        return {"playback": {"@id": address, "kind": medium.kind, "duration": medium.duration}}
