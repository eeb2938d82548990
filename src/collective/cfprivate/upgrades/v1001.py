"""From 1000 to 1001."""

from .. import settings
from plone import api


def keep_lifetime(setup_tool) -> None:
    """Let a site go on with its lifetime, where that is longer than the new maximum."""
    site = settings.current()
    if site.lifetime > site.maximum_lifetime:
        api.portal.set_registry_record(f"{settings.PREFIX}.maximum_lifetime", site.lifetime)
