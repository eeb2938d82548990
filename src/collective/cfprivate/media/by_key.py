"""The items that use a file of the bucket, whoever may see them: for trusted code only."""

from ..interfaces import IProtectedItem
from .catalogued import object_of
from .digests import digests_to_find
from .digests import digests_to_index
from .medium import medium_before
from .medium import medium_of
from collections.abc import Collection
from plone import api
from plone.indexer import indexer


INDEX = "cfprivate_keys"

_USED = "used"


@indexer(IProtectedItem)
def cfprivate_keys(item) -> list[str]:
    """The value of the index of the same name."""
    medium = medium_of(item)
    return [] if medium is None else digests_to_index((_USED, key) for key in medium.object_keys)


def items_with(*object_keys: str) -> list:
    """The items of the current site among whose files is one with these keys (raw text)."""
    objects = (object_of(brain) for brain in _candidates(object_keys))
    return [item for item in objects if item is not None and _uses(item, object_keys)]


def newly_attached(object_keys: Collection[str], *, item) -> list[str]:
    """Those of the files that ``item`` did not have yet: REST asks when it has changed the item already.

    All of them for an item that is None, and is to be made. The catalog would not do: who changes the id of an item
    together with its key has it indexed with the new one.
    """
    medium = None if item is None else medium_before(item)
    return [key for key in object_keys if medium is None or key not in medium.object_keys]


def _candidates(object_keys: tuple[str, ...]) -> list:
    catalog = api.portal.get_tool("portal_catalog")
    if INDEX not in catalog.indexes():
        # A site whose profile is older: it takes longer, and finds the same.
        return catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__)
    digests = digests_to_find((_USED, key) for key in object_keys)
    return catalog.unrestrictedSearchResults(**{INDEX: digests}) if digests else []


def _uses(item, object_keys: tuple[str, ...]) -> bool:
    medium = medium_of(item)
    return medium is not None and not set(object_keys).isdisjoint(medium.object_keys)
