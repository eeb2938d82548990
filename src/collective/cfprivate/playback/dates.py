"""Moments as the visitors of the site read them."""

from ..access.window import site_zone
from DateTime import DateTime
from plone import api


def localized(seconds: int) -> str:
    """The day and time of ``seconds`` (since the epoch) in the site's time zone and format."""
    return api.portal.get_localized_time(DateTime(seconds, str(site_zone())), long_format=True)
