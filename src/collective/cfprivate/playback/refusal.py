"""How each way of being refused is answered: its HTTP status and what the visitor is told."""

from ..access.grant import Grant
from ..access.grant import Reason
from ..cloudfront.errors import CFPrivateError
from ..exceptions import NoMedium
from ..exceptions import NotGranted
from ..exceptions import PlaceTaken
from ..i18n import _
from .dates import localized
from .playlists import PlaylistFailure
from dataclasses import dataclass
from plone import api
from urllib.parse import urlencode
from zope.i18nmessageid import Message

import logging


logger = logging.getLogger(__name__)

ADDRESS_REASONS = {Reason.ADDRESS_NOT_IPV4, Reason.ADDRESS_NOT_PUBLIC}

MESSAGES = {
    Reason.EXPIRED: _("refused_expired", default="This can no longer be watched."),
    Reason.UNREADABLE_DATE: _(
        "refused_unreadable_date", default="This cannot be watched, because its publication dates are not readable."
    ),
    Reason.ADDRESS_NOT_IPV4: _(
        "refused_not_ipv4",
        default="This can be watched over IPv4 only, and your connection does not use it.",
    ),
    Reason.UNKNOWN_LINK: _("refused_unknown_link", default="There is no such link, or it was taken back."),
    Reason.LINK_ENDED: _("refused_link_ended", default="The time of this link is over."),
    Reason.MAKER_MAY_NOT: _(
        "refused_maker_may_not", default="This link no longer works. Ask whoever sent it to you for another."
    ),
    Reason.STATE_CHANGED: _(
        "refused_state_changed",
        default="This link no longer works, because what it leads to was changed. Ask whoever sent it to you for another.",
    ),
    Reason.ADDRESS_NOT_PUBLIC: _(
        "refused_not_public",
        default="This can be watched only from an address of the Internet, and this site does not see yours.",
    ),
}

KINDS = ((NoMedium, "no-medium"), (PlaceTaken, "place-taken"), (PlaylistFailure, "playlist"))


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """``kind`` is stable, for REST clients; ``may_log_in`` says that another account may be answered otherwise.

    ``timeless`` is true where neither a date nor who is logged in had a part in the answer. ``retry_after`` is in seconds.
    """

    status: int
    kind: str
    message: Message
    may_log_in: bool = False
    timeless: bool = False
    retry_after: int | None = None


def kind_of(error: CFPrivateError) -> str:
    """The stable word for what ``playback_of`` raised, for logs and REST clients."""
    if isinstance(error, NotGranted):
        return error.grant.reason.value
    return next((kind for error_class, kind in KINDS if isinstance(error, error_class)), "not-configured")


def refusal_of(error: CFPrivateError, item) -> Refusal:
    """What to answer when ``playback_of`` raised ``error`` for ``item``."""
    if isinstance(error, NotGranted):
        return _not_granted(error)
    if isinstance(error, NoMedium):
        return Refusal(status=404, kind=kind_of(error), message=error.args[0])
    if isinstance(error, PlaylistFailure):
        return Refusal(status=error.status, kind=kind_of(error), message=error.args[0], retry_after=error.retry_after)
    # Editors mend that a place is taken; nobody watches until an administrator mends the rest.
    level = logging.WARNING if isinstance(error, PlaceTaken) else logging.ERROR
    logger.log(level, "The medium of %s cannot be signed: %s", "/".join(item.getPhysicalPath()), error)
    message = _("refused_not_configured", default="This medium cannot be shown at the moment.")
    return Refusal(status=503, kind=kind_of(error), message=message)


def _not_granted(error: NotGranted) -> Refusal:
    reason = error.grant.reason
    # Another account has the same address, so that logging in does not help there.
    may_log_in = api.user.is_anonymous() and reason not in ADDRESS_REASONS
    return Refusal(
        status=401 if may_log_in else 403,
        kind=kind_of(error),
        message=_message(error.grant),
        may_log_in=may_log_in,
        timeless=may_log_in and reason is Reason.NOT_PERMITTED,
    )


def _message(refused: Grant) -> Message:
    if refused.reason is Reason.NOT_YET:
        return _(
            "refused_not_yet", default="This can be watched from ${date}.", mapping={"date": localized(refused.starts)}
        )
    if refused.reason in MESSAGES:
        return MESSAGES[refused.reason]
    if api.user.is_anonymous():
        return _("refused_anonymous", default="Log in to watch this.")
    return _("refused_not_permitted", default="Your account does not include watching this.")


def login_url(target: str) -> str:
    """The log-in form that leads back to ``target``."""
    return f"{api.portal.get().absolute_url()}/login?{urlencode({'came_from': target})}"
