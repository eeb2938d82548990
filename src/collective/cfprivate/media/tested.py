"""Whether the object of a medium was there when the distribution was last asked for it."""

from .medium import medium_of
from Acquisition import aq_base
from dataclasses import dataclass
from hashlib import sha256
from plone import api


# Nothing in a site acquires a name with a leading underscore.
ATTRIBUTE = "_cfprivate_tested"
INDEX = "cfprivate_problems"


@dataclass(frozen=True, kw_only=True)
class LastTest:
    """Whether the object was ``found``, and ``when`` (epoch seconds)."""

    found: bool
    when: int


def note_tested(item, *, found: bool, when: int) -> None:
    """Remember on ``item``, which has a medium, whether its object was there at ``when`` (epoch seconds)."""
    noted = {"key": _digest(medium_of(item).object_key), "found": found, "when": when}
    setattr(aq_base(item), ATTRIBUTE, noted)
    api.portal.get_tool("portal_catalog").reindexObject(item, idxs=[INDEX], update_metadata=False)


def last_test(item) -> LastTest | None:
    """The last test of the medium that ``item`` has now; None where that was never tested."""
    noted = getattr(aq_base(item), ATTRIBUTE, None)
    medium = medium_of(item)
    if noted is None or medium is None or noted["key"] != _digest(medium.object_key):
        return None
    return LastTest(found=noted["found"], when=noted["when"])


def _digest(object_key: str) -> str:
    # The key itself is confidential, and plain attributes are copied, exported and versioned with the item.
    return sha256(object_key.encode(errors="surrogatepass")).hexdigest()
