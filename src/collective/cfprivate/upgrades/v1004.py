"""From 1003 to 1004."""

from ..interfaces import IProtectedItem
from ..media.types import index_items


def fill_indexes(setup_tool) -> None:
    """Fill the indexes of protected items."""
    index_items(object_provides=IProtectedItem.__identifier__)
