"""What can be entered to make a link."""

from collective.cfprivate.guests.form import as_entered
from collective.cfprivate.guests.form import Entered
from collective.cfprivate.guests.form import latest
from collective.cfprivate.guests.form import read
from collective.cfprivate.guests.form import Refused
from collective.cfprivate.guests.form import usual
from datetime import datetime
from datetime import timezone
from plone import api

import pytest


# 2027-01-15 08:00:30 in UTC.
NOW = int(datetime(2027, 1, 15, 8, 0, 30, tzinfo=timezone.utc).timestamp())
DAY = 86400


@pytest.fixture(autouse=True)
def in_utc(portal):
    api.portal.set_registry_record("plone.portal_timezone", "UTC")


@pytest.fixture
def maximum(portal):
    return lambda days: api.portal.set_registry_record("collective.cfprivate.guest_maximum", days)


def enter(**changes):
    return read({"note": "The jury", "ends": "2027-01-16T08:00", **changes}, now=NOW)


def test_what_is_right_is_taken():
    assert enter() == Entered(note="The jury", ends=NOW - 30 + DAY)


def test_blanks_around_are_dropped():
    assert enter(note="  The jury\n", ends=" 2027-01-16T08:00 ") == enter()


def test_the_end_is_of_the_time_zone_of_the_site():
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Berlin")
    assert enter().ends == NOW - 30 + DAY - 3600


def test_an_unknown_time_zone_counts_as_utc():
    api.portal.get_tool("portal_registry").records["plone.portal_timezone"].field.vocabularyName = None
    utc = enter().ends
    assert utc == NOW - 30 + DAY


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": ""}, "error_guest_no_note"),
        ({"note": "  "}, "error_guest_no_note"),
        ({"note": ["a", "list"]}, "error_guest_no_note"),
        ({"note": "x" * 201}, "error_guest_long_note"),
        ({"ends": ""}, "error_guest_no_end"),
        ({"ends": "tomorrow"}, "error_guest_no_end"),
        ({"ends": "2027-02-30T08:00"}, "error_guest_no_end"),
        ({"ends": "0001-01-01T00:00+14:00"}, "error_guest_past"),
        ({"ends": "2027-01-15T08:00"}, "error_guest_past"),
        ({"ends": "2027-02-14T08:01"}, "error_guest_too_late"),
        ({"ends": "9999-12-31T23:59"}, "error_guest_too_late"),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(changes, sentence):
    with pytest.raises(Refused) as refused:
        enter(**changes)
    assert str(refused.value.args[0]) == sentence


@pytest.mark.parametrize("ends", ["2027-01-15T08:01", "2027-02-14T08:00"])
def test_an_end_may_be_the_next_minute_or_thirty_days_away(ends):
    assert enter(ends=ends).note == "The jury"


def test_a_note_may_have_200_characters():
    assert enter(note="x" * 200).note == "x" * 200


@pytest.mark.parametrize(("days", "seconds"), [(1, DAY), (30, 30 * DAY), (365, 365 * DAY)])
def test_the_latest_end_is_the_maximum_of_the_site(maximum, days, seconds):
    maximum(days)
    assert latest(NOW) == NOW - 30 + seconds


@pytest.mark.parametrize(("days", "offered"), [(30, 7), (2, 2)])
def test_a_week_is_offered_unless_that_is_too_long(maximum, days, offered):
    maximum(days)
    assert usual(NOW) == NOW - 30 + offered * DAY


def test_what_is_offered_can_be_entered():
    assert enter(ends=as_entered(latest(NOW))).ends == latest(NOW)
