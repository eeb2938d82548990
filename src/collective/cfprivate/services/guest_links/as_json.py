"""A guest link, as JSON."""

from ...access.grant import Reason
from ...guests.grant import guest_entitlement
from ...guests.store import GuestLink
from datetime import datetime
from datetime import timezone


NAME = "@cfprivate-guest-links"


def link_as_json(item, link: GuestLink, *, now: int) -> dict:
    """What the list says of a link at ``now`` (epoch seconds): times in UTC (RFC 3339), never its address.

    ``reason`` is None where a guest would watch now.
    """
    reason = guest_entitlement(item, link, now=now).reason
    return {
        "@id": f"{item.absolute_url()}/{NAME}/{link.digest}",
        "id": link.digest,
        "note": link.note,
        "maker": link.maker,
        "made": _in_utc(link.made),
        "ends": _in_utc(link.ends),
        "reason": None if reason is Reason.GRANTED else reason.value,
    }


def _in_utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
