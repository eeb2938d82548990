"""Testing the media on one page of the overview."""

from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..fetch import NotFetched
from ..i18n import _
from ..media.medium import medium_of
from ..media.tested import note_tested
from .overview import NAME
from .overview import PAGE_SIZE
from .overview import titles_of_states
from .overview_choice import choice_of
from .overview_objects import asking
from .overview_row import item_of
from collections.abc import Callable
from collections.abc import Iterator
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zope.i18n import translate
from zope.i18nmessageid import Message

import time


# Seconds for all media of a page: whoever waits longer takes the site for broken, and a thread of Zope waits with him.
LONGEST = 30

OUT_OF_TIME = _("problem_media_slow", default="The distribution answers slowly, and the time for this test was over.")


class MediaTest(BrowserView):
    """Asks the distribution for each object, notes what became clear, and goes back to the page."""

    def __call__(self):
        if self.request.method != "POST":
            self.request.response.setStatus(405)
            self.request.response.setHeader("Allow", "POST")
            return ""
        CheckAuthenticator(self.request)
        self._test([item for item in self._items() if medium_of(item) is not None])
        choice = choice_of(self.request.form, states=titles_of_states(self.request))
        return self.request.response.redirect(f"{self.context.absolute_url()}/{NAME}{choice.query_string}")

    def _items(self) -> Iterator:
        """The items that the form names, one page at most, as far as the current user may view them."""
        named = self.request.form.get("uids")
        uids = [uid for uid in named if isinstance(uid, str)] if isinstance(named, list) else []
        found = api.portal.get_tool("portal_catalog")(UID=uids[:PAGE_SIZE], show_inactive=True) if uids else []
        return (item for item in map(item_of, found) if item is not None)

    def _test(self, items: list) -> None:
        if not items:
            self._say(_("message_nothing_to_test", default="No item on this page has a medium that could be tested."))
            return
        try:
            is_there = asking()
        except CFPrivateError as error:
            self._say(sentence_of(error), "error")
            return
        self._report(len(items), *_noted(items, is_there))

    def _report(self, asked: int, found: int, missing: int, reason: Message | str | None) -> None:
        mapping = {"asked": asked, "found": found, "missing": missing}
        self._say(
            _(
                "message_media_tested",
                default="Media on this page: ${asked}. Found: ${found}. Missing: ${missing}.",
                mapping=mapping,
            ),
            "warning" if missing else "info",
        )
        if reason is not None:
            # Where the site has no catalog of translations, the reason inside another message would stay an id.
            reason = translate(reason, context=self.request)
            self._say(
                _(
                    "message_media_unclear",
                    default="Of other media nothing is known now: ${number}. ${reason} The self-test tells more.",
                    mapping={"number": asked - found - missing, "reason": reason},
                ),
                "error",
            )

    def _say(self, message: Message | str, kind: str = "info") -> None:
        api.portal.show_message(message, self.request, type=kind)


def _noted(items: list, is_there: Callable[[str], bool]) -> tuple[int, int, Message | str | None]:
    """How many were found and how many are missing, and why the last of the others stayed unclear."""
    found, reason, until = [], None, time.monotonic() + LONGEST
    for item in items:
        if time.monotonic() > until:
            reason = OUT_OF_TIME
            break
        try:
            found.append(is_there(medium_of(item).object_key))
        except CFPrivateError as error:
            reason = sentence_of(error)
            if isinstance(error, NotFetched):
                break
        else:
            note_tested(item, found=found[-1], when=int(time.time()))
    return found.count(True), found.count(False), reason
