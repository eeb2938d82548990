"""How the commands show times, policies and what others wrote."""

from ..policy import Policy
from datetime import datetime
from datetime import timezone

import click
import json
import re


_NOT_ASCII = re.compile(r"[^ -~]")
_UNITS = {"years": 365 * 86400, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def escaped(text: str) -> str:
    """`text` with all but printable ASCII as escapes.

    It cannot move the cursor of a terminal, and no letter of it passes for another.
    """
    return _NOT_ASCII.sub(lambda match: ascii(match[0])[1:-1], text)


def utc(epoch: int) -> str:
    """ISO 8601 for epoch seconds, like ``2030-03-17T17:46:40Z``."""
    return datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(epoch: int, now: float) -> str:
    """A time for people, like ``2030-03-17T17:46:40Z (1900000000), in 59 minutes``."""
    return f"{utc(epoch)} ({epoch}), {_distance(epoch - int(now))}"


def _distance(seconds: int) -> str:
    if seconds == 0:
        return "now"
    # The largest unit of which there are two at least: 119 minutes say more than 1 hour.
    length = abs(seconds)
    unit = next((unit for unit, size in _UNITS.items() if length >= 2 * size), "second")
    words = f"{length // _UNITS.get(unit, 1)} {unit}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def policy_data(policy: Policy) -> dict[str, int | str | None]:
    """A policy for JSON: resource, expires and starts (epoch seconds), the same as ISO 8601, ip."""
    starts_at = None if policy.starts is None else utc(policy.starts)
    return {
        "resource": policy.resource,
        "expires": policy.expires,
        "expires_at": utc(policy.expires),
        "starts": policy.starts,
        "starts_at": starts_at,
        "ip": policy.ip,
    }


def echo_json(data: dict[str, object]) -> None:
    """Print `data` as one JSON object on one line of printable ASCII."""
    click.echo(json.dumps(data))
