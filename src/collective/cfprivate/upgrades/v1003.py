"""From 1002 to 1003."""

from ..interfaces import IProtectedItem
from ..media.types import index_items
from ..playback import editor_format


def fill_columns(setup_tool) -> None:
    """Fill the columns and the index of protected items."""
    index_items(object_provides=IProtectedItem.__identifier__)


def offer_in_editor(setup_tool) -> None:
    """Offer protected media in the editor of texts."""
    editor_format.offer()
