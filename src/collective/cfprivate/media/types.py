"""Types that get the behavior, or lose it, when there are items of them already."""

from . import by_key
from . import indexers
from . import places
from . import tested
from .behavior import BEHAVIOR_NAMES
from .catalogued import object_of
from plone import api
from Products.CMFCore.utils import getToolByName
from zope.component.hooks import getSite

import logging
import transaction


logger = logging.getLogger(__name__)

# Items that are held in memory at a time.
BATCH = 1000

# The indexes that a change of the behavior fills or empties; those that a site of an older profile lacks are passed over.
INDEXES = (
    "object_provides",
    tested.INDEX,
    places.INDEX,
    by_key.INDEX,
    indexers.KIND,
    indexers.CAPTIONS_MISSING,
    "cfprivate_protected",
)


def behaviors_changed(fti, event) -> None:
    """Index the items of the type: else the catalog knew nothing of the files that they hold."""
    before = [each.oldValue for each in event.descriptions if getattr(each, "attribute", None) == "behaviors"]
    if before and _is_protected(before[0]) != _is_protected(fti.behaviors) and _is_installed():
        index_items(portal_type=fti.getId())


def index_items(**query) -> None:
    """Fill the indexes and columns of protected items for what is found; of other content nothing is touched."""
    catalog = api.portal.get_tool("portal_catalog")
    for number, brain in enumerate(catalog.unrestrictedSearchResults(**query), 1):
        item = object_of(brain)
        if item is not None:
            catalog.reindexObject(item, idxs=list(INDEXES))
        if number % BATCH == 0:
            logger.info("Indexed %d items.", number)
            transaction.savepoint(optimistic=True)
            catalog._p_jar.cacheGC()


def _is_installed() -> bool:
    site = getSite()
    catalog = None if site is None else getToolByName(site, "portal_catalog", None)
    return catalog is not None and places.INDEX in catalog.indexes()


def _is_protected(behaviors) -> bool:
    return bool(BEHAVIOR_NAMES.intersection(behaviors or ()))
