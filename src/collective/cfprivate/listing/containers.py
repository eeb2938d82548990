"""What lies in a container may have no workflow, and be as protected as the container is."""

from ..interfaces import IProtectedItem
from ..media.catalogued import object_of
from .columns import is_protected
from .columns import PROTECTED
from plone import api


def follow_state(container, event) -> None:
    """Bring the column of all below a container up to date, whose state has changed.

    Plone indexes there who may see the items, but leaves the columns as they are.
    """
    catalog = api.portal.get_tool("portal_catalog")
    if event.transition is None or PROTECTED not in catalog.schema():
        return
    below = {"path": "/".join(container.getPhysicalPath()), "object_provides": IProtectedItem.__identifier__}
    for brain in catalog.unrestrictedSearchResults(**below):
        item = object_of(brain)
        if item is not None and is_protected(item) != getattr(brain, PROTECTED):
            catalog.reindexObject(item, idxs=["object_provides"], update_metadata=True)
