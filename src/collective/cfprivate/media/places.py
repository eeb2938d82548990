"""Which items' files lie within the HLS folder of another item, or around it.

One signature covers the whole folder of an HLS set, so that it would give out whatever else lies there. The catalog
finds such files by digests of folders.
"""

from ..exceptions import NotConfigured
from ..i18n import _
from ..interfaces import IProtectedItem
from ..permissions import STREAM
from .catalogued import object_of
from .digests import digests_to_find
from .digests import digests_to_index
from .medium import Medium
from .medium import medium_of
from .same_work import same_work
from AccessControl import getSecurityManager
from collections.abc import Iterator
from plone import api
from plone.indexer import indexer
from plone.uuid.interfaces import IUUID
from zope.annotation.interfaces import IAnnotations


INDEX = "cfprivate_places"
COPIED = "collective.cfprivate.copied"

# What an item does with a folder: a file of it lies there, or its signatures cover it.
CONTAINED = "contained"
COVERED = "covered"


@indexer(IProtectedItem)
def cfprivate_places(item) -> list[str]:
    """The value of the index of the same name."""
    medium = medium_of(item)
    if medium is None:
        return []
    return digests_to_index(_places(medium, above=CONTAINED, hls=COVERED))


def conflicts_of(medium: Medium, *, own: frozenset[str]) -> list:
    """The items that must not lie where they do, whoever may see them; but for those with the UIDs ``own``.

    They have a file in the HLS folder of ``medium``, or an HLS folder around one of its files.
    """
    places = digests_to_find(_places(medium, above=COVERED, hls=CONTAINED))
    if not places:
        return []
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(**{INDEX: places})
    objects = (object_of(brain) for brain in found if brain.UID not in own)
    return [item for item in objects if item is not None]


def conflicts_of_entered(medium: Medium, *, own: frozenset[str], versions: frozenset[str]) -> list:
    """``conflicts_of`` what somebody enters; the items with the UIDs ``versions`` are none for who may stream them.

    To make another version of an item is no way to its medium.
    """
    may = getSecurityManager().checkPermission
    found = conflicts_of(medium, own=own)
    return [item for item in found if IUUID(item, None) not in versions or not may(STREAM, item)]


def conflicts_with(item, medium: Medium, *, entered: bool = False) -> list:
    """``conflicts_of`` an item's own medium: its translations and working copies are none.

    Of a medium that is only ``entered`` for it, ``conflicts_of_entered``.

    Raises ``NotConfigured`` where the site's profile is older than the index: then nobody knows.
    """
    if INDEX not in api.portal.get_tool("portal_catalog").indexes():
        raise NotConfigured(
            _(
                "problem_no_places",
                default="The catalog of this site does not know which files lie in one folder: upgrade Protected media in "
                "Site Setup, Add-ons.",
            )
        )
    own = frozenset({IUUID(item, None)} - {None})
    if entered:
        return conflicts_of_entered(medium, own=own, versions=same_work(item))
    # The other versions are looked for only where something was found.
    found = conflicts_of(medium, own=own) and conflicts_of(medium, own=same_work(item))
    return [other for other in found if not _gives_way(other, item, medium)]


def note_copy(copy, original) -> None:
    """Have ``copy`` give way to what it was copied from, for as long as it shows the very same HLS set."""
    medium = medium_of(copy)
    if medium is not None and medium.hls is not None:
        originals = [*_copied(original, medium.hls.directory), IUUID(original)]
        IAnnotations(copy)[COPIED] = {"directory": medium.hls.directory, "originals": originals}


def keep_note_of(item, copy) -> None:
    """Give another version of an item the note of it: a working copy, which gives it back, or a translation."""
    note = IAnnotations(item).get(COPIED)
    IAnnotations(copy).pop(COPIED, None)
    if note is not None:
        IAnnotations(copy)[COPIED] = note


def _gives_way(other, item, medium: Medium) -> bool:
    """Whether it is the other item that is refused: a copy of this one, so that no copy stops an original.

    Of two copies of one original, which is gone, one plays.
    """
    shown = medium_of(other)
    if medium.hls is None or shown is None or shown.hls is None or shown.hls.directory != medium.hls.directory:
        return False
    theirs, own = _copied(other, medium.hls.directory), _copied(item, medium.hls.directory)
    if IUUID(item) in theirs or IUUID(other) in own:
        return IUUID(item) in theirs
    return not set(theirs).isdisjoint(own) and IUUID(item) < IUUID(other)


def _copied(item, directory: str) -> list[str]:
    """The UIDs of what the item was copied from together with this HLS folder, the first one first."""
    note = (IAnnotations(item, None) or {}).get(COPIED, {})
    return note["originals"] if note.get("directory") == directory else []


def _places(medium: Medium, *, above: str, hls: str) -> Iterator[tuple[str, str]]:
    """The word ``above`` with each folder above a file of the medium, and the word ``hls`` with its HLS folder."""
    yield from {(above, folder) for key in medium.object_keys for folder in _folders(key)}
    if medium.hls is not None:
        yield hls, medium.hls.directory


def _folders(key: str) -> list[str]:
    """All folders above a file, with a slash behind each."""
    return [key[: position + 1] for position, character in enumerate(key) if character == "/"]
