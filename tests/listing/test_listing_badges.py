"""The badges of cards: HTML that is made of numbers and translations alone."""

from collective.cfprivate.listing import badges
from collective.cfprivate.listing.badges import Badges
from lxml import html

import pytest


@pytest.fixture
def made(portal, http_request):
    """The badges of a page."""
    return Badges(http_request)


def spoken(text):
    """What is told to who does not see the first badge."""
    return html.fragment_fromstring(text, create_parent=True).xpath("string(.//*[@class='visually-hidden'])")


def test_each_duration_has_its_own_words(made):
    assert [spoken(made.of(seconds, True)) for seconds in (62, 125, 3723, 62)] == [
        "Duration: 1 min 2 s",
        "Duration: 2 min 5 s",
        "Duration: 1 h 2 min 3 s",
        "Duration: 1 min 2 s",
    ]


@pytest.mark.parametrize(
    ("duration", "protected", "count"),
    [(62, True, 2), (62, False, 1), (None, True, 1), (None, False, 0), (None, None, 0), (0, None, 1)],
)
def test_there_are_as_many_as_there_is_to_tell(made, duration, protected, count):
    assert made.of(duration, protected).count("badge ") == count


@pytest.mark.parametrize("value", ["62", "<b>", 1.5, (62,)])
def test_a_column_of_another_type_is_no_duration(made, value):
    assert made.of(value, None) == ""


@pytest.mark.parametrize("value", [1, "True", "<b>", object()])
def test_nothing_but_true_is_protected(made, value):
    assert made.of(None, value) == ""


def test_they_are_in_the_language_of_who_asks(made, http_request, monkeypatch):
    asked = []
    monkeypatch.setattr(badges, "translate", lambda *_given, context, **_options: asked.append(context) or "")
    made.of(62, True)
    assert asked == [http_request] * 2


def test_a_translation_is_no_html(made, monkeypatch):
    monkeypatch.setattr(badges, "translate", lambda *_given, **_options: "<b>&")
    assert "&lt;b&gt;&amp;" in made.of(None, True)
