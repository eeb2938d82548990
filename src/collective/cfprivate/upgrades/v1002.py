"""From 1001 to 1002."""

from ..interfaces import IProtectedItem
from plone import api


def index_protected_items(setup_tool) -> None:
    """Fill the index of the overview; of all the other content nothing is touched."""
    catalog = api.portal.get_tool("portal_catalog")
    for brain in catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__):
        catalog.reindexObject(brain._unrestrictedGetObject(), idxs=["cfprivate_problems"], update_metadata=False)
