"""What access decided, in sentences."""

from ..i18n import _
from .lifetime import Lifetime
from .lifetime import Source
from .state import State
from plone import api
from zope.i18nmessageid import Message
from zope.i18nmessageid import MessageFactory


_plone = MessageFactory("plone")


def title_of_state(state: State) -> Message:
    """The title of a state, as Plone's menus translate it; its id where the workflow knows no such state."""
    tool = api.portal.get_tool("portal_workflow")
    known = getattr(tool.get(state.workflow), "states", {})
    title = known[state.state].title if state.state in known else ""
    return _plone(title or state.state)


def sentences_of_lifetime(lifetime: Lifetime) -> list[Message]:
    """Who decided how long a signature lives, and what became of it."""
    sentences = [_source(lifetime)]
    if lifetime.seconds > lifetime.chosen:
        sentences.append(
            _(
                "lifetime_raised",
                default="The length of the video makes it ${seconds} seconds.",
                mapping={"seconds": lifetime.seconds},
            )
        )
    if lifetime.seconds < lifetime.chosen:
        sentences.append(
            _(
                "lifetime_capped",
                default="The longest lifetime of this site makes it ${seconds} seconds.",
                mapping={"seconds": lifetime.seconds},
            )
        )
    return sentences


def _source(lifetime: Lifetime) -> Message:
    mapping = {"seconds": lifetime.chosen}
    if lifetime.source is Source.ITEM:
        return _(
            "lifetime_of_item", default="A signed URL lives ${seconds} seconds: this item asks for it.", mapping=mapping
        )
    if lifetime.source is Source.STATE:
        mapping["state"] = title_of_state(lifetime.state)
        return _(
            "lifetime_of_state",
            default='A signed URL lives ${seconds} seconds: the rule of the workflow state "${state}".',
            mapping=mapping,
        )
    return _(
        "lifetime_of_site", default="A signed URL lives ${seconds} seconds: the default of this site.", mapping=mapping
    )
