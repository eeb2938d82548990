"""How the commands show times and what others wrote."""

from collective.cfprivate.cloudfront.commands.output import escaped
from collective.cfprivate.cloudfront.commands.output import moment
from collective.cfprivate.cloudfront.commands.output import utc

import pytest


MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 365 * 86400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (1, "in 1 second"),
        (-1, "1 second ago"),
        (2, "in 2 seconds"),
        (2 * MINUTE - 1, "in 119 seconds"),
        (2 * MINUTE, "in 2 minutes"),
        (HOUR - 1, "in 59 minutes"),
        (2 * HOUR - 1, "in 119 minutes"),
        (2 * HOUR, "in 2 hours"),
        (-3 * HOUR, "3 hours ago"),
        (2 * DAY - 1, "in 47 hours"),
        (2 * DAY, "in 2 days"),
        (2 * YEAR - 1, "in 729 days"),
        (-2 * YEAR, "2 years ago"),
    ],
)
def test_distances(seconds, words):
    assert moment(1900000000, 1900000000 - seconds) == f"2030-03-17T17:46:40Z (1900000000), {words}"


@pytest.mark.parametrize(
    ("epoch", "text"),
    [(0, "1970-01-01T00:00:00Z"), (2147483647, "2038-01-19T03:14:07Z"), (951782400, "2000-02-29T00:00:00Z")],
)
def test_utc(epoch, text):
    assert utc(epoch) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://h/a\\?b=~*", "https://h/a\\?b=~*"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\n\t\x00", "\\n\\t\\x00"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("\u202e動\U0001f600", "\\u202e\\u52d5\\U0001f600"),
        ("\udcff", "\\udcff"),
    ],
)
def test_escaped(text, shown):
    assert escaped(text) == shown
