"""What the catalog knows of media: never an object key, for it tells everybody what it holds."""

from ..interfaces import IProtectedItem
from .medium import Medium
from .medium import medium_of
from .tested import last_test
from plone import api
from plone.indexer import indexer


NO_MEDIUM = "no-medium"
OBJECT_MISSING = "object-missing"
NO_CAPTIONS = "no-captions"

# With these, nobody sees anything; with the others, some do not understand it.
BREAKING = (NO_MEDIUM, OBJECT_MISSING)
PROBLEMS = (*BREAKING, NO_CAPTIONS)

KIND = "cfprivate_kind"
CAPTIONS_MISSING = "cfprivate_captions_missing"

# What is said can be read in them.
_READ = {"captions", "subtitles"}


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
    return medium.kind == "video" and not _READ.intersection(track.kind for track in medium.tracks)


def captions_missing(medium: Medium | None) -> list[str]:
    """The languages of the site in which nothing can be read that is said in a video; none for everything else."""
    if medium is None or medium.kind != "video":
        return []
    offered = [track.language for track in medium.tracks if track.kind in _READ]
    wanted = api.portal.get_registry_record("plone.available_languages", default=None) or ()
    return [language for language in wanted if not any(_serves(each, language) for each in offered)]


def _serves(offered: str, wanted: str) -> bool:
    """Whether one is the other or a variant of it: who reads en reads en-gb, and who reads pt-br reads pt."""
    offered, wanted = f"{offered.lower()}-", f"{wanted.lower()}-"
    return offered.startswith(wanted) or wanted.startswith(offered)


@indexer(IProtectedItem)
def cfprivate_problems(item) -> list[str]:
    """The value of the index of the same name."""
    return problems_of(item)


@indexer(IProtectedItem)
def cfprivate_kind(item) -> str:
    """The value of the index of the same name."""
    medium = medium_of(item)
    if medium is None:
        # The catalog's word for "not in this index".
        raise AttributeError(KIND)
    return medium.kind


@indexer(IProtectedItem)
def cfprivate_captions_missing(item) -> list[str]:
    """The value of the index of the same name."""
    return captions_missing(medium_of(item))
