"""Moments as the visitors of the site read them."""

from ..access.window import site_zone
from ..access.window import UnknownZone
from DateTime import DateTime
from datetime import datetime
from datetime import timezone
from plone import api


def localized(seconds: int) -> str:
    """The day and time of ``seconds`` (since the epoch) in the format and time zone of the site; UTC where unknown."""
    try:
        zone = site_zone()
    except UnknownZone:
        zone = timezone.utc
    clock = datetime.fromtimestamp(seconds, zone)
    # Plone would write it in the time zone of the server, which is the one that this DateTime takes.
    return api.portal.get_localized_time(DateTime(*clock.timetuple()[:6]), long_format=True)
