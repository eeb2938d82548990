"""Where browsers get the script and the styles of the player, which are built into ``static/``."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from plone import api
from typing import NamedTuple


STATIC = Path(__file__).parent / "static"


class PlayerResources(NamedTuple):
    """The addresses of what the player's element needs."""

    style: str
    script: str


def resource_url(name: str) -> str:
    """The address of a file of ``static/``; it changes with the file, for browsers and caches keep it.

    A bundle of Plone's resource registry would have the same address, but Plone hashes such a bundle for each page: that
    takes longer than to sign the medium (docs/player.rst).
    """
    return f"{api.portal.get().absolute_url()}/++plone++collective.cfprivate/{name}?{_digest(name)}"


@cache
def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
