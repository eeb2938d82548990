"""How each way of being refused is answered: its HTTP status and what the visitor is told."""

from ..access.grant import Grant
from ..access.grant import Reason
from ..cloudfront.errors import CFPrivateError
from ..exceptions import NoMedium
from ..exceptions import NotGranted
from ..i18n import _
from dataclasses import dataclass
from DateTime import DateTime
from plone import api
from urllib.parse import urlencode
from zope.i18nmessageid import Message

import logging


logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """``kind`` is stable, for REST clients; ``may_log_in`` says that another account may be answered otherwise.

    ``timeless`` is true where neither a date nor who is logged in had a part in the answer.
    """

    status: int
    kind: str
    message: Message
    may_log_in: bool = False
    timeless: bool = False


def refusal_of(error: CFPrivateError, item) -> Refusal:
    """What to answer when ``playback_of`` raised ``error`` for ``item``."""
    if isinstance(error, NotGranted):
        return _not_granted(error.grant)
    if isinstance(error, NoMedium):
        return Refusal(
            status=404, kind="no-medium", message=_("refused_no_medium", default="There is nothing to watch here yet.")
        )
    logger.error("The medium of %s cannot be signed: %s", "/".join(item.getPhysicalPath()), error)
    return Refusal(
        status=503,
        kind="not-configured",
        message=_("refused_not_configured", default="This medium cannot be shown at the moment."),
    )


def _not_granted(refused: Grant) -> Refusal:
    anonymous = api.user.is_anonymous()
    return Refusal(
        status=401 if anonymous else 403,
        kind=refused.reason.value,
        message=_message(refused, anonymous),
        may_log_in=anonymous,
        timeless=anonymous and refused.reason is Reason.NOT_PERMITTED,
    )


def _message(refused: Grant, anonymous: bool) -> Message:
    if refused.reason is Reason.NOT_YET:
        return _(
            "refused_not_yet",
            default="This can be watched from ${date}.",
            mapping={"date": api.portal.get_localized_time(DateTime(refused.starts), long_format=True)},
        )
    if refused.reason is Reason.EXPIRED:
        return _("refused_expired", default="This can no longer be watched.")
    if anonymous:
        return _("refused_anonymous", default="Log in to watch this.")
    return _("refused_not_permitted", default="Your account does not include watching this.")


def login_url(target: str) -> str:
    """The log-in form that leads back to ``target``."""
    return f"{api.portal.get().absolute_url()}/login?{urlencode({'came_from': target})}"
