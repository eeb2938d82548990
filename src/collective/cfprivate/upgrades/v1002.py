"""From 1001 to 1002."""

from ..interfaces import IProtectedItem
from ..media.types import index_items


def index_protected_items(setup_tool) -> None:
    """Fill the indexes of protected items."""
    index_items(object_provides=IProtectedItem.__identifier__)
