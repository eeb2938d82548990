"""From 1002 to 1003."""

from ..interfaces import IProtectedItem
from ..media.types import index_items


def fill_columns(setup_tool) -> None:
    """Fill the columns of protected items."""
    index_items(object_provides=IProtectedItem.__identifier__)
