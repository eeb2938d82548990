"""What the catalog knows of media: never an object key, for it tells everybody what it holds."""

from ..interfaces import IProtectedItem
from .medium import medium_of
from .tested import last_test
from plone.indexer import indexer


NO_MEDIUM = "no-medium"
OBJECT_MISSING = "object-missing"
PROBLEMS = (NO_MEDIUM, OBJECT_MISSING)


def problems_of(item) -> list[str]:
    """What is broken at an item, in words of ``PROBLEMS``; an empty list where nothing is known to be."""
    if medium_of(item) is None:
        return [NO_MEDIUM]
    tested = last_test(item)
    return [OBJECT_MISSING] if tested is not None and not tested.found else []


@indexer(IProtectedItem)
def cfprivate_problems(item) -> list[str]:
    """The value of the index of the same name."""
    return problems_of(item)
