"""Dates as visitors read them: in the time zone of the site."""

from collective.cfprivate.playback.dates import localized
from DateTime import DateTime
from plone import api

import pytest
import transaction


# 2026-12-01T10:00:00Z: 20,788 days and ten hours after 1970-01-01.
TEN_IN_UTC = 20_788 * 86_400 + 10 * 3_600


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("UTC", "Dec 01, 2026 10:00 AM"),
        ("Asia/Tokyo", "Dec 01, 2026 07:00 PM"),
        ("America/New_York", "Dec 01, 2026 05:00 AM"),
    ],
)
def test_the_zone_is_that_of_the_site(portal, zone, written):
    api.portal.set_registry_record("plone.portal_timezone", zone)
    assert localized(TEN_IN_UTC) == written


@pytest.fixture(params=["Atlantis/Capital", "Europe", "/etc/passwd", "../../etc/passwd"])
def unknown_zone(request, monkeypatch):
    """A zone that this machine does not know, as an older or a newer list of zones may name it."""
    known = api.portal.get_registry_record

    def get(name=None, *args, **options):
        return request.param if name == "plone.portal_timezone" else known(name, *args, **options)

    monkeypatch.setattr(api.portal, "get_registry_record", get)


def test_an_unknown_zone_is_read_as_utc(portal, unknown_zone):
    assert localized(TEN_IN_UTC) == "Dec 01, 2026 10:00 AM"


def test_an_unknown_zone_does_not_take_the_page_down(served, unknown_zone):
    served.item.effective_date = DateTime() + 10
    transaction.commit()
    answer = served.get("talk", "viewer", headers={"Accept": "text/html"})
    assert (answer.status_code, "This can be watched from" in answer.text) == (200, True)
