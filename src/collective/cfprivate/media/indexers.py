"""What the catalog knows of media: never an object key, for it tells everybody what it holds."""

from ..interfaces import IProtectedItem
from .medium import Medium
from .medium import medium_of
from .tested import last_test
from plone.indexer import indexer


NO_MEDIUM = "no-medium"
OBJECT_MISSING = "object-missing"
NO_CAPTIONS = "no-captions"

# With these, nobody sees anything; with the others, some do not understand it.
BREAKING = (NO_MEDIUM, OBJECT_MISSING)
PROBLEMS = (*BREAKING, NO_CAPTIONS)


def problems_of(item) -> list[str]:
    """What is broken or missing at an item, in words of ``PROBLEMS``; an empty list where nothing is known to be."""
    medium = medium_of(item)
    if medium is None:
        return [NO_MEDIUM]
    tested = last_test(item)
    missing = [OBJECT_MISSING] if tested is not None and not tested.found else []
    return [*missing, NO_CAPTIONS] if _lacks_captions(medium) else missing


def _lacks_captions(medium: Medium) -> bool:
    """Whether it is a video of which nothing can be read that is said; in a sound nobody expects it."""
    return medium.kind == "video" and not {"captions", "subtitles"}.intersection(track.kind for track in medium.tracks)


@indexer(IProtectedItem)
def cfprivate_problems(item) -> list[str]:
    """The value of the index of the same name."""
    return problems_of(item)
