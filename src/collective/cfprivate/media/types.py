"""Types that get the behavior, or lose it, when there are items of them already."""

from . import places
from . import tested
from .behavior import BEHAVIOR_NAMES
from .catalogued import object_of
from plone import api


def behaviors_changed(fti, event) -> None:
    """Index the items of the type: else the catalog knew nothing of the files that they hold."""
    if places.INDEX not in api.portal.get_tool("portal_catalog").indexes():
        return  # the add-on is not installed here
    before = [each.oldValue for each in event.descriptions if getattr(each, "attribute", None) == "behaviors"]
    if before and _is_protected(before[0]) != _is_protected(fti.behaviors):
        index_items(portal_type=fti.getId())


def index_items(**query) -> None:
    """Fill the indexes of protected items for what is found; of other content nothing is touched."""
    catalog = api.portal.get_tool("portal_catalog")
    for brain in catalog.unrestrictedSearchResults(**query):
        item = object_of(brain)
        if item is not None:
            catalog.reindexObject(item, idxs=["object_provides", tested.INDEX, places.INDEX], update_metadata=False)


def _is_protected(behaviors) -> bool:
    return bool(BEHAVIOR_NAMES.intersection(behaviors or ()))
