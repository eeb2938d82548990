"""The items that use a file of the bucket, whoever may see them: for trusted code only."""

from ..interfaces import IProtectedItem
from .catalogued import object_of
from .medium import medium_of
from plone import api


def items_with(object_key: str) -> list:
    """The items of the current site among whose files is the one with this key (raw text)."""
    catalog = api.portal.get_tool("portal_catalog")
    brains = catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__)
    return [item for brain in brains if (item := object_of(brain)) is not None and _uses(item, object_key)]


def _uses(item, object_key: str) -> bool:
    medium = medium_of(item)
    return medium is not None and object_key in medium.object_keys
