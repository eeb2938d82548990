"""Dates of an item as moments; the expected seconds are arithmetic on UTC offsets."""

from collective.cfprivate.access.grant import grant
from collective.cfprivate.access.grant import Reason
from collective.cfprivate.access.window import publication_window
from collective.cfprivate.access.window import UnreadableDate
from DateTime import DateTime
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from plone import api
from Products.CMFCore.indexing import processQueue

import pytest


# 2026-12-01T10:00:00Z: 20,788 days and ten hours after 1970-01-01.
TEN_IN_UTC = 20_788 * 86_400 + 10 * 3_600
HOUR = 3_600


@pytest.fixture
def item(portal, make_video):
    return make_video(portal, state="public")


@pytest.fixture
def starts(item):
    """A function that sets the publishing date and tells which moment it is."""

    def set_date(date):
        item.effective_date = date
        return publication_window(item).starts

    return set_date


@pytest.fixture
def zone(portal):
    """A function that sets the time zone of the site."""
    return lambda name: api.portal.set_registry_record("plone.portal_timezone", name)


def test_without_dates_there_is_no_window(item):
    item.effective_date = item.expiration_date = None
    assert publication_window(item) == (None, None)


@pytest.mark.parametrize("site_zone", ["UTC", "Asia/Tokyo", "America/New_York"])
class TestWithItsZone:
    """The zone of the site has no part in a date that names its own."""

    @pytest.mark.parametrize(
        "date",
        [
            DateTime("2026/12/01 10:00:00 UTC"),
            DateTime("2026/12/01 19:00:00 GMT+9"),
            DateTime("2026-12-01T12:00:00+02:00"),
            DateTime("2026/12/01 05:00:00 US/Eastern"),
            datetime(2026, 12, 1, 10, tzinfo=timezone.utc),
            datetime(2026, 12, 1, 19, tzinfo=timezone(timedelta(hours=9))),
        ],
    )
    def test_a_date_is_a_moment(self, zone, starts, site_zone, date):
        zone(site_zone)
        assert starts(date) == TEN_IN_UTC


@pytest.mark.parametrize("date", [DateTime("2026-12-01T10:00:00"), datetime(2026, 12, 1, 10)])
@pytest.mark.parametrize(
    ("site_zone", "offset"), [("UTC", 0), ("Asia/Tokyo", 9 * HOUR), ("America/New_York", -5 * HOUR)]
)
def test_a_naive_date_is_one_of_the_site(zone, starts, date, site_zone, offset):
    zone(site_zone)
    assert starts(date) == TEN_IN_UTC - offset


@pytest.mark.parametrize(
    ("month", "offset"),
    [(1, 1), (7, 2)],  # Berlin: one hour before UTC in winter, two in summer
)
def test_summer_time_counts(zone, starts, month, offset):
    zone("Europe/Berlin")
    naive = datetime(2026, month, 1, 12)
    assert starts(naive) == datetime(2026, month, 1, 12 - offset, tzinfo=timezone.utc).timestamp()


class TestFractions:
    """A window begins with the second in which its start lies, and never ends after what was entered."""

    def test_of_a_start_are_rounded_down(self, starts):
        assert starts(datetime(2026, 12, 1, 10, 0, 0, 999999, tzinfo=timezone.utc)) == TEN_IN_UTC

    def test_of_an_end_are_rounded_down(self, item):
        item.expiration_date = datetime(2026, 12, 1, 10, 0, 0, 999_999, tzinfo=timezone.utc)
        assert publication_window(item).expires == TEN_IN_UTC


@pytest.mark.parametrize("date", ["2026-12-01", 1_796_119_200, True, object()])
class TestUnreadable:
    def test_dates_are_refused(self, starts, date):
        with pytest.raises(UnreadableDate):
            starts(date)

    @pytest.mark.parametrize("name", ["effective_date", "expiration_date"])
    def test_dates_let_nobody_watch(self, item, date, name):
        setattr(item, name, date)
        with api.env.adopt_roles(["Anonymous"]):
            assert grant(item, action="stream", now=TEN_IN_UTC, address="8.8.8.8").reason is Reason.UNREADABLE_DATE


def test_a_date_beyond_the_calendar_lets_nobody_watch(starts):
    with pytest.raises(UnreadableDate):
        starts(DateTime("10000/01/01 00:00"))


def test_a_zone_that_nobody_knows_lets_nobody_watch(item, monkeypatch):
    monkeypatch.setattr(api.portal, "get_registry_record", lambda *_args, **_options: "Atlantis/Capital")
    item.effective_date = datetime(2026, 12, 1, 10)
    with pytest.raises(UnreadableDate):
        publication_window(item)


def test_the_window_of_a_form_is_that_of_the_catalog(portal, item):
    """What an editor enters opens the medium at the moment at which Plone's own listings show the item."""
    item.effective_date = DateTime(2026, 12, 1, 10, 0)
    item.reindexObject()
    processQueue()
    indexed = portal.portal_catalog.getIndexDataForUID("/".join(item.getPhysicalPath()))["effectiveRange"]
    assert publication_window(item).starts == indexed[0] * 60
