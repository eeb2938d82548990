"""Every protected item with its state, who may watch, its publication window and what is broken.

Filters and order are the catalog's work; only the items of the page that is shown are loaded, so that what is said of
them is what is decided of them.
"""

from .. import settings
from ..i18n import _
from ..media.indexers import NO_CAPTIONS
from ..media.indexers import NO_MEDIUM
from ..media.indexers import OBJECT_MISSING
from ..playback.audience import ONLY_WITH_FOLDERS
from .overview_choice import BROKEN
from .overview_choice import Choice
from .overview_choice import choice_of
from .overview_row import item_of
from .overview_row import Row
from .overview_row import row_of
from .states import states_to_rule
from .status import UPGRADE_FIRST
from collections.abc import Sequence
from dataclasses import dataclass
from plone import api
from plone.batching import Batch
from Products.Five import BrowserView
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.i18nmessageid import MessageFactory

import time


PAGE_SIZE = 25
NAME = "@@cfprivate-overview"

_plone = MessageFactory("plone")

PROBLEM_OPTIONS = (
    ("", _("choice_all_items", default="All")),
    (BROKEN, _("choice_broken", default="Broken only")),
    (NO_MEDIUM, _("choice_no_medium", default="Without an object key")),
    (OBJECT_MISSING, _("choice_object_missing", default="Object missing when last tested")),
    (NO_CAPTIONS, _("choice_no_captions", default="Videos without captions")),
)


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """A link that sorts; ``direction`` is None where the page is not sorted by it."""

    title: Message
    url: str
    direction: str | None


def titles_of_states(request) -> dict[str, str]:
    """The titles of all states that can be filtered by; workflows may have different titles for one id."""
    titles = {}
    for state in states_to_rule():
        titles.setdefault(state.state, {})[translate(_plone(state.state_title), context=request)] = None
    return {state: " / ".join(known) for state, known in titles.items()}


def listed(choice: Choice) -> Sequence:
    """What the catalog lists of ``choice`` for the current user, in order, without loading any item."""
    found = _ordered(choice)
    if not choice.text:
        return found
    wanted = choice.text.casefold()
    return [brain for brain in found if wanted in (brain.Title or brain.getId or "").casefold()]


def _ordered(choice: Choice) -> Sequence:
    catalog = api.portal.get_tool("portal_catalog")
    found, every = catalog(**choice.criteria, **choice.order), catalog(**choice.criteria)
    if len(found) == len(every):
        return found
    # The catalog leaves out what has no value to sort by, as an item without a workflow has no state.
    known = {brain.getRID() for brain in found}
    return [*found, *(brain for brain in every if brain.getRID() not in known)]


class Overview(BrowserView):
    """The table, one page of it; all that the reader chose is in the address."""

    # The title of a column, and what it can be sorted by; where that is one thing, its link is the title.
    columns = (
        (None, (("title", _("label_item_title", default="Title")),)),
        (None, (("state", _("label_state", default="State")),)),
        (_("label_watchers", default="Who may watch now"), ()),
        (
            _("label_publication", default="Publication"),
            (("published", _("label_from", default="From")), ("expires", _("label_until", default="Until"))),
        ),
        (None, (("modified", _("label_modified", default="Modified")),)),
        (_("label_problems", default="What is broken"), ()),
    )
    problems = PROBLEM_OPTIONS

    def __call__(self):
        self.states = titles_of_states(self.request)
        self.choice = choice_of(self.request.form, states=self.states)
        # The links of the batch repeat the form, where nonsense may be.
        self.request.form.update(vars(self.choice))
        self.batch = _page(listed(self.choice), self.choice.b_start)
        return self.index()

    @property
    def url(self) -> str:
        """The address of the overview, without what was chosen."""
        return f"{self.context.absolute_url()}/{NAME}"

    @property
    def notices(self) -> list[Message]:
        """What holds for the whole table."""
        notices = [UPGRADE_FIRST] if settings.upgrade_needed() else []
        return [*notices, ONLY_WITH_FOLDERS] if settings.current().view_on_parents else notices

    @property
    def rows(self) -> list[tuple[str, Row | None]]:
        """The title that the catalog knows, and the row; None where the item is gone since."""
        now = int(time.time())
        items = [(brain.Title or brain.getId, item_of(brain)) for brain in self.batch]
        return [(title, None if item is None else row_of(item, now=now)) for title, item in items]

    def sortings(self, sorts) -> list[Sorting]:
        """The links in the head of a column."""
        return [
            Sorting(
                title=title,
                url=self.url + self.choice.sorted_by(sort).query_string,
                direction=self.choice.direction if sort == self.choice.sort else None,
            )
            for sort, title in sorts
        ]

    def batch_navigation(self) -> str:
        """Plone's links to the other pages, for what was chosen and nothing else."""
        view = api.content.get_view("batchnavigation", self.context, self.request)
        return view(self.batch, batchformkeys=[*vars(self.choice)])


def _page(found: Sequence, start: int) -> Batch:
    last = max(len(found) - 1, 0) // PAGE_SIZE * PAGE_SIZE
    return Batch(found, PAGE_SIZE, min(start, last))
