"""Plone's answer for the current user, one item, one action, now."""

from .. import settings
from ..permissions import STREAM
from .lifetime import expiry
from .window import publication_window
from dataclasses import dataclass
from enum import Enum
from plone import api


VIEW = "View"
ACCESS_INACTIVE = "Access inactive portal content"
ACTIONS = {"stream": STREAM}


class Reason(Enum):
    """Why a grant was given or refused; the values are stable, for logs and REST clients."""

    GRANTED = "granted"
    NOT_PERMITTED = "not-permitted"
    NOT_YET = "not-yet-published"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """``expires`` (epoch seconds) ends what is signed; ``starts`` tells a refused viewer when to come back."""

    allowed: bool
    reason: Reason
    starts: int | None = None
    expires: int | None = None


def grant(item, *, action: str, now: int) -> Grant:
    """Decide whether the current user may do ``action`` (``stream``) with the item's medium at ``now``.

    ``now`` is in epoch seconds. Asks Plone's security machinery each time and reads no request.
    """
    if not _permitted(item, VIEW, ACTIONS[action]):
        return Grant(allowed=False, reason=Reason.NOT_PERMITTED)
    window = publication_window(item)
    inactive_too = _permitted(item, ACCESS_INACTIVE)
    if not inactive_too and window.starts is not None and now < window.starts:
        return Grant(allowed=False, reason=Reason.NOT_YET, starts=window.starts)
    if not inactive_too and window.expires is not None and now >= window.expires:
        return Grant(allowed=False, reason=Reason.EXPIRED)
    cap = None if inactive_too else window.expires
    return Grant(allowed=True, reason=Reason.GRANTED, expires=expiry(now, settings.current().lifetime, cap))


def _permitted(item, *permissions: str) -> bool:
    return all(api.user.has_permission(permission, obj=item) for permission in permissions)
