"""The duration of a medium, as people read it."""

from collective.cfprivate.media.duration import Duration
from zope.i18n import interpolate

import pytest


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (1, "0:01"),
        (59, "0:59"),
        (60, "1:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3723, "1:02:03"),
        (604800, "168:00:00"),
    ],
)
def test_is_shown_as_on_a_player(seconds, shown):
    assert str(Duration(seconds)) == shown


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (12, "Duration: 12 s"),
        (60, "Duration: 1 min 0 s"),
        (123, "Duration: 2 min 3 s"),
        (3723, "Duration: 1 h 2 min 3 s"),
    ],
)
def test_is_spoken_with_units(seconds, spoken):
    message = Duration(seconds).spoken
    assert interpolate(message.default, message.mapping) == spoken


# HTML, "valid duration string": P, T and seconds.
@pytest.mark.parametrize(("seconds", "iso"), [(12, "PT12S"), (3723, "PT3723S")])
def test_is_read_by_programs(seconds, iso):
    assert Duration(seconds).iso == iso
