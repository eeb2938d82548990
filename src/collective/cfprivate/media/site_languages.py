"""Other languages of the site make other captions missing."""

from ..interfaces import IProtectedItem
from .catalogued import object_of
from .indexers import CAPTIONS_MISSING
from Products.CMFCore.utils import getToolByName
from zope.component.hooks import getSite


RECORD = "plone.available_languages"


def languages_changed(event) -> None:
    """Index anew which captions are missing, of protected items only."""
    site = getSite() if event.record.__name__ == RECORD else None
    catalog = None if site is None else getToolByName(site, "portal_catalog", None)
    if catalog is None or CAPTIONS_MISSING not in catalog.indexes():
        return
    for brain in catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__):
        item = object_of(brain)
        if item is not None:
            catalog.reindexObject(item, idxs=[CAPTIONS_MISSING], update_metadata=False)
