"""The rungs of the ladder, and what of a file decides on them."""

from collective.cfprivate.storage import probe as module
from collective.cfprivate.storage.ffmpeg import MediaFailed
from collective.cfprivate.storage.ladder import file_rung
from collective.cfprivate.storage.ladder import ladder_for
from collective.cfprivate.storage.master import peak_of
from collective.cfprivate.storage.master import Segment
from collective.cfprivate.storage.probe import Picture
from collective.cfprivate.storage.probe import probe
from collective.cfprivate.storage.probe import Sound
from collective.cfprivate.storage.thumbnails import best_of
from collective.cfprivate.storage.thumbnails import Moment
from collective.cfprivate.storage.thumbnails import track_of
from fractions import Fraction
from hypothesis import given
from hypothesis import strategies
from pathlib import Path

import itertools
import pytest
import webvtt


SOUND = Sound(index=1, channels=2, ends=10)
SIDES = strategies.integers(2, 5000)


def picture(width, height, rate=25):
    return Picture(index=0, width=width, height=height, rate=Fraction(rate), interlaced=False, ends=10)


def sizes(width, height):
    return [(rung.width, rung.height) for rung in ladder_for(picture(width, height), SOUND)]


class TestSizes:
    @pytest.mark.parametrize(
        ("size", "expected"),
        [
            ((3840, 2160), [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
            ((1920, 1080), [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
            ((1080, 1920), [(1080, 1920), (720, 1280), (480, 854), (360, 640), (240, 426)]),
            ((1920, 800), [(1920, 800), (1280, 534), (854, 356), (640, 266), (426, 178)]),
            ((720, 576), [(720, 576), (600, 480), (450, 360), (300, 240)]),
            ((640, 360), [(640, 360), (426, 240)]),
            ((1300, 730), [(1300, 730), (854, 480), (640, 360), (426, 240)]),
            ((161, 121), [(160, 120)]),
        ],
    )
    def test_are_made_for_the_film(self, size, expected):
        assert sizes(*size) == expected

    @given(SIDES, SIDES)
    def test_are_never_larger_than_the_film(self, width, height):
        assert all(one[0] <= max(2, width) and one[1] <= max(2, height) for one in sizes(width, height))

    @given(SIDES, SIDES)
    def test_are_even(self, width, height):
        assert not any(side % 2 for one in sizes(width, height) for side in one)

    @given(SIDES, SIDES)
    def test_fit_into_full_hd_lying_or_standing(self, width, height):
        assert all(min(one) <= 1080 and max(one) <= 1920 for one in sizes(width, height))

    @given(SIDES, SIDES)
    def test_get_smaller_by_a_fifth_at_least(self, width, height):
        areas = [one[0] * one[1] for one in sizes(width, height)]
        assert all(next_one <= 0.8 * one for one, next_one in itertools.pairwise(areas))


class TestRates:
    def test_of_a_fast_film_are_higher(self):
        slow, fast = (ladder_for(picture(640, 360, rate), None)[0].picture_rate for rate in (30, 60))
        assert 2 * fast == 3 * slow

    def test_of_a_film_without_sound_have_none_for_it(self):
        assert {rung.sound_rate for rung in ladder_for(picture(640, 360), None)} == {0}

    def test_of_sound_alone(self):
        assert [rung.sound_rate for rung in ladder_for(None, SOUND)] == [128_000, 64_000]


def test_the_single_file_is_made_of_720_lines_at_the_most():
    assert [file_rung(ladder_for(picture(*size), SOUND)).lines for size in ((1920, 1080), (320, 240))] == [720, 240]


@pytest.mark.parametrize(
    ("durations", "sizes", "expected"),
    [
        ([6, 6, 6], [600, 900, 300], 1200),
        # By itself the last would have 8000 bits in a second, but it lasts less than half of 6 seconds.
        ([6, 1], [600, 1000], 1829),
        ([6, 3], [600, 1500], 4000),
        # Of a film that is shorter than that, the whole.
        ([2], [500], 2000),
    ],
)
def test_the_peak_is_that_of_half_a_target_duration_at_least(durations, sizes, expected):
    assert peak_of([Segment(*each) for each in zip(durations, sizes, strict=True)], 6) == expected


class TestProbe:
    """Of what ffprobe tells."""

    @pytest.fixture
    def seen(self, monkeypatch):
        """A function: what we see in a film of which ffprobe tells this."""

        def see(*others, **told):
            stream = {"index": 0, "codec_type": "video", "width": 640, "height": 360, "avg_frame_rate": "25/1", **told}
            told = {"format": {"duration": "10.0"}, "streams": [stream, *others]}
            monkeypatch.setattr(module, "ask", lambda path: told)
            return probe(Path("film.mp4"))

        return see

    @pytest.mark.parametrize(
        ("mean", "least", "expected"),
        [
            ("25/1", "25/1", Fraction(25)),
            ("30000/1001", "30000/1001", Fraction(30000, 1001)),
            ("2997/100", "30/1", Fraction(30000, 1001)),
            ("120/1", "120/1", Fraction(60)),
            ("240000/1001", "240000/1001", Fraction(60000, 1001)),
            ("15/1", "15/1", Fraction(15)),
            # Phones vary the rate.
            ("71400/2387", "90000/1", Fraction(30000, 1001)),
            ("0/0", "0/0", Fraction(25)),
        ],
    )
    def test_the_rate_is_one_that_films_have(self, seen, mean, least, expected):
        assert seen(avg_frame_rate=mean, r_frame_rate=least).picture.rate == expected

    @pytest.mark.parametrize(
        ("told", "size"),
        [
            ({"side_data_list": [{"rotation": -90}]}, (360, 640)),
            ({"side_data_list": [{"rotation": 180}]}, (640, 360)),
            ({"tags": {"rotate": "270"}}, (360, 640)),
            ({"sample_aspect_ratio": "4:3"}, (853, 360)),
            ({"sample_aspect_ratio": "0:1"}, (640, 360)),
        ],
    )
    def test_the_size_is_that_of_what_is_to_be_seen(self, seen, told, size):
        found = seen(**told).picture
        assert (found.width, found.height) == size

    @pytest.mark.parametrize(
        ("order", "interlaced"), [("tt", True), ("bb", True), ("tb", True), ("progressive", False), ("unknown", False)]
    )
    def test_half_pictures_are_known(self, seen, order, interlaced):
        assert seen(field_order=order).picture.interlaced == interlaced

    def test_the_sound_that_is_meant_to_be_heard_is_taken(self, seen):
        sounds = [
            {"index": 1, "codec_type": "audio", "channels": 2, "disposition": {"default": 0}},
            {"index": 2, "codec_type": "audio", "channels": 6, "disposition": {"default": 1}},
        ]
        assert seen(*sounds).sound.index == 2

    def test_the_picture_of_an_album_is_no_film(self, seen):
        with pytest.raises(MediaFailed):
            seen(disposition={"attached_pic": 1})

    @pytest.mark.parametrize(
        ("told", "ends"),
        [
            ({"duration": "3.5"}, 3.5),
            ({"tags": {"DURATION": "00:00:03.500000000"}}, 3.5),
            ({}, 10),
            ({"duration": "3.5", "start_time": "1.0"}, 4.5),
        ],
    )
    def test_the_end_of_the_picture(self, seen, told, ends):
        assert seen(**told).picture.ends == ends


class TestMoments:
    """Of which one becomes the poster."""

    BLACK = Moment(at=5, brightness=16, contrast=0)
    GREY = Moment(at=6, brightness=30, contrast=8)
    TITLE = Moment(at=0, brightness=90, contrast=80)
    SCENE = Moment(at=7, brightness=100, contrast=90)

    @pytest.mark.parametrize(
        ("moments", "expected"),
        [
            ([TITLE, BLACK, GREY, SCENE], SCENE),
            ([TITLE, BLACK, GREY], TITLE),
            ([BLACK, GREY], GREY),
        ],
    )
    def test_the_first_after_the_opening_in_which_something_is_to_be_seen(self, moments, expected):
        assert best_of(moments, 10) == expected


def test_thumbnails_of_many_hours_are_told_in_order(tmp_path):
    path = tmp_path / "thumbnails.vtt"
    path.write_text(track_of(300, 60, 17999.5, (160, 90)))
    cues = webvtt.read(path)
    last = cues[-1]
    assert (len(cues), last.end, last.text, cues[26].text) == (
        300,
        "04:59:59.500",
        "thumbnails-012.jpg#xywh=640,360,160,90",
        "thumbnails-002.jpg#xywh=160,0,160,90",
    )
