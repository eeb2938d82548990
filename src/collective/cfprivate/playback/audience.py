"""Who may watch, told to those who manage an item."""

from ..access.audience import Audience
from ..access.audience import audience_of
from ..access.audience import Holder
from ..access.audience import Reach
from ..access.window import Phase
from ..access.words import sentences_of_lifetime
from ..access.words import title_of_state
from ..i18n import _
from ..media.medium import medium_of
from ..permissions import DELEGATE
from .dates import localized
from Acquisition import aq_base
from plone import api
from plone.app.layout.viewlets import ViewletBase
from plone.base.interfaces import IPloneSiteRoot
from zope.i18nmessageid import Message
from zope.i18nmessageid import MessageFactory

import time


_plone = MessageFactory("plone")

NO_WORKFLOW = _("audience_no_workflow", default="This item has no workflow.")
UNREADABLE_DATES = _(
    "audience_unreadable_dates", default="Its publication dates cannot be read, so they let nobody watch."
)
ONLY_WITH_FOLDERS = _("audience_parents", default="Only who may see every folder above, too, may watch.")


class AudienceViewlet(ViewletBase):
    """``audience`` of an item that has a medium, in words; None without one."""

    audience: Audience | None = None

    def update(self):
        super().update()
        if medium_of(self.context) is not None:
            self.audience = audience_of(self.context, now=int(time.time()))

    @property
    def state(self) -> Message:
        """In which workflow state the item is."""
        if self.audience.state is None:
            return NO_WORKFLOW
        mapping = {"state": title_of_state(self.audience.state)}
        return _("audience_state", default="Workflow state: ${state}.", mapping=mapping)

    @property
    def dates(self) -> Message | None:
        """What the publication window says, if it says anything."""
        return sentence_of_window(self.audience)

    @property
    def who(self) -> Message:
        """Whom the roles amount to."""
        if self.audience.holders and not self.audience.roles:
            return _("audience_combined", default="No role suffices by itself; by several together these may watch:")
        return sentence_of_all(self.audience) or _(
            "audience_roles", default="Whoever holds one of these roles may watch:"
        )

    @property
    def roles(self) -> list[Message]:
        """The names of the roles, where they are worth telling."""
        return names_of_roles(self.audience)

    def role_of(self, holder: Holder) -> Message:
        """The name of a holder's role."""
        return _plone(holder.role)

    def place_of(self, holder: Holder) -> Message | str:
        """Where a holder's role was given."""
        if holder.place is None or IPloneSiteRoot.providedBy(holder.place):
            return _("place_site", default="the whole site")
        if aq_base(holder.place) is aq_base(self.context):
            return _("place_item", default="this item")
        return holder.place.title_or_id()

    @property
    def conditions(self) -> list[Message]:
        """What else counts, and how long what is signed lives."""
        sentences = sentences_of_lifetime(self.audience.lifetime)
        if self.audience.parents_count:
            sentences.append(ONLY_WITH_FOLDERS)
        if self.audience.bound_to_address:
            sentences.append(
                _("audience_address", default="A signed URL plays only from the address to which it was given.")
            )
        return sentences

    @property
    def sharing_url(self) -> str | None:
        """Where to change who may watch, for those who may."""
        may_delegate = api.user.has_permission(DELEGATE, obj=self.context)
        return f"{self.context.absolute_url()}/@@sharing" if may_delegate else None


def sentence_of_all(reach: Reach) -> Message | None:
    """Whom the roles amount to; None where that is to name them."""
    if "Anonymous" in reach.roles:
        return _("audience_everyone", default="Everyone may watch.")
    if "Authenticated" in reach.roles:
        return _("audience_members", default="Whoever is logged in may watch.")
    return None if reach.roles else _("audience_nobody", default="Nobody may watch now.")


def names_of_roles(reach: Reach) -> list[Message]:
    """The names of the roles, where they are worth telling."""
    if {"Anonymous", "Authenticated"}.intersection(reach.roles):
        return []
    return [_plone(role) for role in reach.roles]


def sentence_of_window(reach: Reach) -> Message | None:
    """What the publication window says, if it says anything."""
    if reach.phase is None:
        return UNREADABLE_DATES
    if reach.phase is Phase.BEFORE:
        mapping = {"date": localized(reach.window.starts)}
        return _("audience_before", default="Its publishing date has not come: it begins at ${date}.", mapping=mapping)
    if reach.window.expires is None:
        return None
    mapping = {"date": localized(reach.window.expires)}
    if reach.phase is Phase.AFTER:
        return _("audience_after", default="It expired at ${date}.", mapping=mapping)
    return _("audience_until", default="It can be watched until ${date}.", mapping=mapping)
