"""What the reader of the overview chose, as the query string tells it."""

from ..interfaces import IProtectedItem
from ..media.indexers import BREAKING
from ..media.indexers import PROBLEMS
from ..media.tested import INDEX
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import urlencode


BROKEN = "broken"

# What can be sorted by, and the index of the catalog for it.
SORTS = {
    "title": "sortable_title",
    "state": "review_state",
    "published": "effective",
    "expires": "expires",
    "modified": "modified",
}
DIRECTIONS = ("ascending", "descending")
LONGEST_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class Choice:
    """``start`` counts the items before the page; empty filters let everything through."""

    text: str = ""
    state: str = ""
    problem: str = ""
    sort: str = "title"
    direction: str = "ascending"
    b_start: int = 0

    @property
    def parameters(self) -> dict[str, str | int]:
        """The parameters that say the same, without those that are as they are anyway."""
        return {name: value for name, value in vars(self).items() if value != getattr(Choice, name)}

    @property
    def query_string(self) -> str:
        """The parameters with their question mark; empty where all is as it is anyway."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    @property
    def criteria(self) -> dict:
        """What the catalog is asked, but for text and order; whatever its dates, an item is in the overview."""
        criteria = {"object_provides": IProtectedItem.__identifier__, "show_inactive": True}
        if self.state:
            criteria["review_state"] = self.state
        if self.problem:
            criteria[INDEX] = list(BREAKING) if self.problem == BROKEN else [self.problem]
        return criteria

    @property
    def order(self) -> dict:
        """How the catalog sorts; equal items by their titles."""
        return {
            "sort_on": list(dict.fromkeys([SORTS[self.sort], "sortable_title"])),
            "sort_order": self.direction,
        }

    def sorted_by(self, sort: str) -> "Choice":
        """The first page sorted by ``sort``; where it is already, the other way round."""
        turned = sort == self.sort and self.direction == "ascending"
        return replace(self, sort=sort, direction="descending" if turned else "ascending", b_start=0)


def choice_of(form: Mapping, *, states: Collection[str]) -> Choice:
    """The choice in a submitted ``form``, which may hold anything: what makes no sense there is not chosen."""
    return Choice(
        text=_text(form.get("text")),
        state=_one_of(states, form.get("state"), ""),
        problem=_one_of((BROKEN, *PROBLEMS), form.get("problem"), ""),
        sort=_one_of(SORTS, form.get("sort"), Choice.sort),
        direction=_one_of(DIRECTIONS, form.get("direction"), Choice.direction),
        b_start=_start(form.get("b_start")),
    )


def _text(entered) -> str:
    return " ".join(entered.split())[:LONGEST_TEXT] if isinstance(entered, str) else ""


def _one_of(known: Collection[str], entered, default: str) -> str:
    return entered if isinstance(entered, str) and entered in known else default


def _start(entered) -> int:
    # Plone's links say b_start:int, so that Zope has made a number of it.
    try:
        start = int(entered) if isinstance(entered, (int, str)) and len(str(entered)) < 10 else 0
    except ValueError:
        return 0
    return max(start, 0)
