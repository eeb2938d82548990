"""Where browsers get the script and the styles of the player, which are built into ``static/``."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple


STATIC = Path(__file__).parent / "static"


class PlayerResources(NamedTuple):
    """The URLs of what the player's element needs."""

    style: str
    script: str


def resource_path(name: str) -> str:
    """Where a file of ``static/`` is below the site; it changes with the file, for browsers and caches keep it.

    A bundle of Plone's resource registry would have the same address, but Plone hashes such a bundle for each page: that
    takes longer than to sign the medium (docs/player.rst).
    """
    return f"++plone++collective.cfprivate/{name}?{_digest(name)}"


@cache
def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
