"""One protected item in the overview, in words."""

from ..access.audience import Reach
from ..access.audience import reach_of
from ..access.state import states_of
from ..access.window import Phase
from ..access.words import title_of_state
from ..i18n import _
from ..media.indexers import BREAKING
from ..media.indexers import NO_CAPTIONS
from ..media.indexers import OBJECT_MISSING
from ..media.indexers import problems_of
from ..media.tested import last_test
from ..permissions import VIEW
from ..playback.audience import names_of_roles
from ..playback.audience import NO_WORKFLOW
from ..playback.audience import sentence_of_all
from ..playback.audience import UNREADABLE_DATES
from ..playback.dates import localized
from AccessControl import Unauthorized
from dataclasses import dataclass
from plone import api
from plone.uuid.interfaces import IUUID
from zExceptions import NotFound
from zope.i18nmessageid import Message


PHASES = {
    Phase.BEFORE: _("phase_before", default="Not yet"),
    Phase.WITHIN: _("phase_within", default="Now"),
    Phase.AFTER: _("phase_after", default="Over"),
}
COLOURS = {Phase.BEFORE: "text-bg-info", Phase.WITHIN: "text-bg-success", Phase.AFTER: "text-bg-secondary"}


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The publication window: its phase, and its dates in the site's format; None where the item sets no date."""

    phase: Message
    colour: str
    starts: str | None
    expires: str | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """``watchers`` is a sentence where ``roles`` say nothing; ``publication`` is None where its dates are unreadable.

    ``problems`` and ``lacks`` are sentences: of what is broken, and of what some need. ``uid`` is None where there is nothing to test.
    """

    title: str
    url: str
    type_title: Message | str
    state: Message
    watchers: Message | None
    roles: list[Message]
    publication: Publication | None
    modified: str
    problems: list[Message]
    lacks: list[Message]
    uid: str | None


def item_of(brain):
    """What the catalog lists; None where that is gone, or may not be seen by the current user."""
    try:
        item = brain.getObject()
    except (AttributeError, KeyError, NotFound, Unauthorized):
        return None
    return item if api.user.has_permission(VIEW, obj=item) else None


def row_of(item, *, now: int) -> Row:
    """The row of a protected item as it is at ``now`` (epoch seconds), read from the item itself."""
    reach = reach_of(item, now=now)
    found = problems_of(item)
    state = next(iter(states_of(item)), None)
    return Row(
        title=item.title_or_id(),
        url=_url(item),
        type_title=_title_of_type(item.portal_type),
        state=NO_WORKFLOW if state is None else title_of_state(state),
        watchers=_watchers(reach),
        roles=names_of_roles(reach),
        publication=_publication(reach),
        modified=localized(int(item.modified().timeTime())),
        problems=[*_unreadable(reach), *(_sentence(each, item) for each in found if each in BREAKING)],
        lacks=[_sentence(each, item) for each in found if each not in BREAKING],
        uid=IUUID(item, None),
    )


def _url(item) -> str:
    by_view = api.portal.get_registry_record("plone.types_use_view_action_in_listings", default=None) or ()
    return f"{item.absolute_url()}/view" if item.portal_type in by_view else item.absolute_url()


def _title_of_type(portal_type: str) -> Message | str:
    fti = api.portal.get_tool("portal_types").get(portal_type)
    return portal_type if fti is None else fti.Title()


def _watchers(reach: Reach) -> Message | None:
    if reach.by_several:
        return _("overview_by_several", default="No role suffices by itself; several together may.")
    return sentence_of_all(reach)


def _publication(reach: Reach) -> Publication | None:
    if reach.phase is None:
        return None
    starts, expires = reach.window
    return Publication(
        phase=PHASES[reach.phase],
        colour=COLOURS[reach.phase],
        starts=None if starts is None else localized(starts),
        expires=None if expires is None else localized(expires),
    )


def _unreadable(reach: Reach) -> list[Message]:
    return [UNREADABLE_DATES] if reach.phase is None else []


def _sentence(problem: str, item) -> Message:
    if problem == OBJECT_MISSING:
        return _(
            "overview_object_missing",
            default="The distribution did not give out the object when it was last tested, at ${date}: it is missing "
            "in the bucket, or CloudFront may not read it.",
            mapping={"date": localized(last_test(item).when)},
        )
    if problem == NO_CAPTIONS:
        return _(
            "overview_no_captions",
            default="No captions or subtitles are attached to this video. An HLS set may have its own.",
        )
    return _("overview_no_medium", default="No medium is attached: the object key is empty.")
