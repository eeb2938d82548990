"""Under which name a file of Plone goes into the bucket: its ending says there what it is."""

from ..media.formats import kind_of
from ..media.formats import KINDS
from plone.namedfile.utils import extract_media_type


_ENDINGS = {media_type: ending for types in KINDS.values() for ending, media_type in reversed(types.items())}


def name_of(file) -> str | None:
    """The name of a file, with an ending of its content type where its own says another kind; None for no medium."""
    name, ending = file.filename or "file", _ENDINGS.get(extract_media_type(file.contentType or ""))
    if ending is None:
        return name if kind_of(name) else None
    return name if kind_of(name) == kind_of(f"file{ending}") else f"{name}{ending}"
