"""From 1001 to 1002."""

from ..interfaces import IProtectedItem
from ..media import places
from ..media import tested
from plone import api
from zExceptions import NotFound


def index_protected_items(setup_tool) -> None:
    """Fill the indexes of protected items; of all the other content nothing is touched."""
    catalog = api.portal.get_tool("portal_catalog")
    for brain in catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__):
        try:
            item = brain._unrestrictedGetObject()
        except (AttributeError, KeyError, NotFound):
            continue  # the catalog lists what is gone
        catalog.reindexObject(item, idxs=[tested.INDEX, places.INDEX], update_metadata=False)
