"""How long a signature lives."""

from .. import settings
from ..media.behavior import fields_of
from ..media.behavior import ProtectedMedia
from .rules import rule_of
from .rules import RuleInForce
from .state import State
from dataclasses import dataclass
from enum import Enum


LONGEST_BUCKET = 300

# For pauses, and for the time between opening a page and pressing play.
SLACK = 600


class Source(Enum):
    """Who chose a lifetime."""

    ITEM = "item"
    STATE = "state"
    SITE = "site"


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """``seconds`` are what counts; ``chosen`` are those of ``source``, before the length and the maximum had a say.

    ``state`` is the state whose rule chose; None for other sources.
    """

    seconds: int
    chosen: int
    source: Source
    state: State | None = None


def lifetime_of(item, in_force: RuleInForce | None = None, site: settings.Settings | None = None) -> Lifetime:
    """The lifetime of what is signed for the item: its own, else that of the rule ``in_force``, else the site's.

    A player that cannot renew a URL needs it until the end of the medium, so the duration plus ``SLACK`` is the
    least; the site's maximum caps them all.
    """
    site = site or settings.current()
    fields = fields_of(item)
    source, chosen, state = _choice(fields, in_force or rule_of(item, site), site)
    needed = fields.duration + SLACK if fields is not None and fields.duration else 0
    seconds = min(max(chosen, needed), site.maximum_lifetime)
    return Lifetime(seconds=seconds, chosen=chosen, source=source, state=state)


def _choice(
    fields: ProtectedMedia | None, in_force: RuleInForce, site: settings.Settings
) -> tuple[Source, int, State | None]:
    if fields is not None and fields.lifetime:
        return Source.ITEM, fields.lifetime, None
    if in_force.rule.lifetime:
        return Source.STATE, in_force.rule.lifetime, in_force.state
    return Source.SITE, site.lifetime, None


def expiry(now: int, lifetime: int, cap: int | None = None) -> int:
    """When a URL signed at ``now`` expires: epoch seconds.

    Rounded down to a bucket of a tenth of the lifetime (1 to 300 s), so that page loads within a
    bucket share one URL, and one signature. ``cap`` is the latest time allowed.
    """
    bucket = max(1, min(lifetime // 10, LONGEST_BUCKET))
    expires = (now + lifetime) // bucket * bucket
    return expires if cap is None else min(expires, cap)
