"""The HTML of a player, remembered while the signatures in it are."""

from .playback import Playback
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple


class Shown(NamedTuple):
    """All that the HTML depends on: who has another ``playback``, words or addresses never gets it.

    ``layers`` are the interfaces of the request, for which a template may be replaced.
    """

    playback: Playback
    language: str | None
    item_url: str
    site_url: str
    view: type
    layers: tuple[object, ...]


def remembered(shown: Shown, render: Callable[[], str]) -> str:
    """What ``render`` returned the last time for the same, or returns now."""
    place = _place_of(shown)
    if not place:
        place.append(render())
    return place[0]


@lru_cache(maxsize=256)
def _place_of(shown: Shown) -> list[str]:
    # Not what is rendered, for that needs a view, whose request and item must not be kept.
    return []
