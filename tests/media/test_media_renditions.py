"""Further renditions: what a line says, and which lines fit the medium."""

from Acquisition import aq_base
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.behavior import valid_rendition
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.renditions import Rendition
from collective.cfprivate.media.renditions import renditions_of
from types import SimpleNamespace
from zope.interface import Invalid

import pytest


def refusals(object_key, *renditions):
    """What the schema says of these fields."""
    errors = []
    data = SimpleNamespace(object_key=object_key, renditions=renditions)
    try:
        IProtectedMedia.validateInvariants(data, errors)
    except Invalid:
        return [error.args[0] for error in errors]
    return []


class TestLine:
    @pytest.mark.parametrize(
        ("line", "object_key", "width"),
        [
            ("talks/a.mp4", "talks/a.mp4", None),
            ("photos/lake.jpg", "photos/lake.jpg", None),
            ("photos/lake.jpg 800w", "photos/lake.jpg", 800),
            ("photos/a lake.webp   1600w", "photos/a lake.webp", 1600),
            ("photos/lake.jpg\t320w", "photos/lake.jpg", 320),
        ],
    )
    def test_is_a_key_and_perhaps_a_width(self, line, object_key, width):
        assert Rendition.read(line) == Rendition(object_key=object_key, width=width)

    @pytest.mark.parametrize(
        "line", ["talks/a.mp4 800w", "lake.jpg 0w", "lake.jpg 800", "lake.jpg 100000w", "lake 800w"]
    )
    def test_with_anything_else_behind_it_is_a_key_as_a_whole(self, line):
        assert Rendition.read(line) == Rendition(object_key=line)

    @pytest.mark.parametrize("line", ["talks/a.mp4", "lake.jpg 800w", "", "a.pdf"])
    def test_is_taken(self, line):
        assert valid_rendition(line)

    @pytest.mark.parametrize(
        "line", ["talks/a.mp4 800w", "lake.jpg 0w", "../lake.jpg 800w", "https://example.org/a.mp4", "a*.mp4", "a.exe"]
    )
    def test_is_refused_where_it_is_no_key(self, line):
        with pytest.raises(Invalid):
            valid_rendition(line)

    @pytest.mark.parametrize("lines", [None, (), ("",), ("  ", "")])
    def test_that_is_empty_says_nothing(self, lines):
        assert renditions_of(lines) == ()


class TestOfOneMedium:
    @pytest.mark.parametrize(
        ("object_key", "renditions"),
        [
            ("a.mp4", ("a.webm", "a-small.mp4")),
            ("a.jpg", ("a.webp 800w", "a.avif")),
            ("a.jpg 2400w", ("a.webp 800w",)),
            ("a.mp3", ("a.ogg",)),
            ("a.mp4", ()),
            ("a.mp4", ("",)),
            (None, ()),
        ],
    )
    def test_renditions_of_its_kind_are_taken(self, object_key, renditions):
        assert refusals(object_key, *renditions) == []

    @pytest.mark.parametrize(
        ("object_key", "renditions"),
        [
            ("a.mp4", ("a.webm", "a.jpg")),
            ("a.mp3", ("a.mp4",)),
            ("a.pdf", ("a.jpg 800w",)),
            (None, ("a.mp4",)),
            ("", ("a.mp4",)),
        ],
    )
    def test_others_are_refused(self, object_key, renditions):
        assert refusals(object_key, *renditions) == ["error_renditions_kind"]

    def test_the_medium_has_the_main_file_first(self, create):
        video = create("Protected Video", object_key="a.mp4", renditions=("a.webm", "b.mp4"))
        assert [file.object_key for file in medium_of(video).files] == ["a.mp4", "a.webm", "b.mp4"]

    def test_the_width_of_the_main_image_is_no_part_of_its_key(self, create):
        (file,) = medium_of(create("Protected Video", object_key="a.jpg 2400w")).files
        assert (file.object_key, file.width) == ("a.jpg", 2400)

    def test_an_item_of_before_has_none(self, create):
        video = create("Protected Video", object_key="a.mp4")
        vars(aq_base(video)).pop("renditions", None)
        assert [file.object_key for file in medium_of(video).files] == ["a.mp4"]
