"""What ``prepare`` makes of films, judged by RFC 8216, ffprobe and what is to be seen in its pictures."""

from collective.cfprivate.cloudfront.playlist import rewrite_playlist
from collective.cfprivate.storage import prepare as module
from collective.cfprivate.storage.ffmpeg import MediaFailed
from collective.cfprivate.storage.ffmpeg import ProgramMissing
from collective.cfprivate.storage.prepare import FolderExists
from collective.cfprivate.storage.prepare import NoSpace
from collective.cfprivate.storage.prepare import plain_name
from collective.cfprivate.storage.prepare import prepare
from films import FILMS
from films import need_ffmpeg
from fractions import Fraction
from functools import cache
from hls_set import ffprobe
from hls_set import progressive
from hls_set import sps
from hls_set import variants
from pathlib import Path
from PIL import Image
from PIL import ImageStat
from types import SimpleNamespace

import itertools
import os
import pytest
import shutil
import webvtt


# Of sound the last frame is filled up, and its encoder begins with a little silence.
FRAME_OF_SOUND = 3 * 1024 / 48000
ORIGIN = "https://d111111abcdef8.cloudfront.net/talk/hls/"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A function: the film of this file name, drawn once."""
    need_ffmpeg()
    folder = tmp_path_factory.mktemp("films")

    @cache
    def draw(name):
        FILMS[name][0](folder / name)
        return folder / name

    return draw


@pytest.fixture(scope="module")
def made(source, tmp_path_factory):
    """A function: what ``prepare`` made of the film of this file name, once."""
    folder = tmp_path_factory.mktemp("made")
    return cache(lambda name: prepare(source(name), folder / plain_name(Path(name)), preset="ultrafast"))


@pytest.fixture(params=FILMS)
def each(request, made):
    """Each film in turn: what was ``made`` of it, its ``variants``, and what is known of it."""
    _, seconds, size, rate, sound = FILMS[request.param]
    one = made(request.param)
    known = {"seconds": seconds, "size": size, "rate": rate, "sound": sound}
    return SimpleNamespace(made=one, variants=variants(one.master), **known)


def untouched(folder, *names):
    """Whether nothing but these files lies there, hidden ones counted."""
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


class TestPlaylists:
    def test_the_segments_last_as_long_as_the_film(self, each):
        lasts = [sum(seconds for seconds, _ in variant.segments) for variant in each.variants]
        assert lasts == [pytest.approx(each.seconds, abs=max(FRAME_OF_SOUND, 1 / 20))] * len(lasts)

    def test_no_segment_is_longer_than_the_target_duration(self, each):
        assert all(round(seconds) <= variant.target for variant in each.variants for seconds, _ in variant.segments)

    def test_a_segment_lasts_six_seconds_at_the_most(self, each):
        assert all(variant.target <= 6 for variant in each.variants)

    def test_all_renditions_are_cut_at_the_same_times(self, each):
        assert len({tuple(seconds for seconds, _ in variant.segments) for variant in each.variants}) == 1

    def test_they_name_files_that_are_there_and_leave_none_out(self, each):
        named = {
            file for variant in each.variants for file in (variant.playlist, *(file for _, file in variant.segments))
        }
        assert named == {path for path in each.made.files if path.parent.parent == each.made.master.parent}

    def test_they_are_complete(self, each):
        assert all(
            variant.text.startswith("#EXTM3U\n") and variant.text.endswith("#EXT-X-ENDLIST\n")
            for variant in each.variants
        )

    def test_the_bandwidth_is_that_of_the_measured_peak(self, each):
        for variant in each.variants:
            rates = [*variant.rates(0.5 * variant.target, 1.5 * variant.target)]
            assert int(variant.attributes["BANDWIDTH"]) == pytest.approx(max(rates), abs=2)

    def test_the_average_bandwidth_is_that_of_all_segments(self, each):
        for variant in each.variants:
            size = sum(file.stat().st_size for _, file in variant.segments)
            rate = 8 * size / sum(seconds for seconds, _ in variant.segments)
            assert int(variant.attributes["AVERAGE-BANDWIDTH"]) == pytest.approx(rate, abs=2)

    def test_our_own_signing_takes_them(self, each):
        urls = []
        for playlist in (each.made.master, *(variant.playlist for variant in each.variants)):
            base = ORIGIN + playlist.relative_to(each.made.master.parent).as_posix()
            rewrite_playlist(playlist.read_text(), base, ORIGIN, lambda url, kind: urls.append((url, kind)) or url)
        pictures = [(f"{ORIGIN}thumbnails.vtt", "other")] if each.made.thumbnails else []
        assert [url for url in urls if url[1] == "other"] == pictures
        assert len(urls) - len(pictures) == sum(1 + len(variant.segments) for variant in each.variants)


class TestPictures:
    """Of the renditions."""

    def test_are_as_large_as_those_of_the_film(self, each):
        assert (each.made.width, each.made.height) == each.size

    def test_are_told_as_ffprobe_sees_them(self, each):
        for variant in each.variants:
            seen = variant.streams.get("video")
            told = variant.attributes.get("RESOLUTION"), variant.attributes.get("FRAME-RATE")
            rate = seen and f"{float(Fraction(seen['r_frame_rate'])):.3f}"
            assert told == ((f"{seen['width']}x{seen['height']}", rate) if seen else (None, None))

    def test_come_at_an_even_rate(self, each):
        for variant in each.variants:
            rate = variant.attributes.get("FRAME-RATE")
            assert rate is None if each.rate is None else float(rate) == pytest.approx(each.rate, abs=0.001)

    def test_are_square_and_progressive(self, each):
        seen = [variant.streams["video"] for variant in each.variants if "video" in variant.streams]
        assert {(one["sample_aspect_ratio"], one["field_order"]) for one in seen} <= {("1:1", "progressive")}

    def test_have_the_colours_that_all_screens_show(self, made):
        [variant] = variants(made("brilliant.mp4").master)
        seen = variant.streams["video"]
        assert [seen[name] for name in ("pix_fmt", "color_transfer", "color_space", "color_primaries")] == [
            "yuv420p",
            "bt709",
            "bt709",
            "bt709",
        ]

    def test_begin_in_each_segment_with_a_key_frame(self, made):
        segments = [file for variant in variants(made("film.mp4").master) for _, file in variant.segments]
        first = [
            ffprobe(file, "-select_streams", "v", "-show_entries", "packet=flags")["packets"][0] for file in segments
        ]
        assert all(packet["flags"].startswith("K") for packet in first)

    def test_are_no_half_ones(self, made):
        [variant] = variants(made("interlaced.mpg").master)
        whole, half = progressive(variant.playlist)
        assert whole > 10 * half

    def test_of_a_rate_that_varies_come_evenly(self, made):
        [variant] = variants(made("varying.mkv").master)
        packets = ffprobe(variant.segments[0][1], "-show_entries", "packet=pts")["packets"]
        times = sorted(packet["pts"] for packet in packets)
        # The clock of a transport stream ticks 90,000 times in a second.
        assert {later - earlier for earlier, later in itertools.pairwise(times)} == {90_000 // 30}

    def test_have_a_key_frame_every_two_seconds(self, made):
        packets = ffprobe(made("film.mp4").download, "-select_streams", "v", "-show_entries", "packet=flags,pts_time")
        times = [float(packet["pts_time"]) for packet in packets["packets"] if packet["flags"].startswith("K")]
        assert [round(time - times[0]) for time in times] == [0, 2, 4, 6, 8, 10, 12]

    def test_are_turned_as_the_phone_was_held(self, made):
        with Image.open(made("upright.mp4").poster) as poster:
            above, below = poster.getpixel((90, 40)), poster.getpixel((90, 280))
        assert (above[0] > 200 > 50 > above[2], below[2] > 200 > 50 > below[0]) == (True, True)


class TestCodecs:
    def test_are_those_of_the_stream_itself(self, each):
        for variant in each.variants:
            codecs = [f"avc1.{sps(variant.segments[0][1])}"] if each.rate else []
            assert variant.attributes["CODECS"].split(",") == codecs + ["mp4a.40.2"] * each.sound

    def test_are_told_of_the_profile_that_is_usually_made(self, source, tmp_path):
        [variant] = variants(prepare(source("brilliant.mp4"), tmp_path / "made", preset="veryfast").master)
        assert (variant.streams["video"]["profile"], variant.attributes["CODECS"]) == (
            "High",
            f"avc1.{sps(variant.segments[0][1])}",
        )

    def test_are_h264_and_aac(self, each):
        seen = {kind: stream["codec_name"] for kind, stream in each.variants[0].streams.items()}
        expected = {"video": "h264"} if each.rate else {}
        assert seen == (expected | {"audio": "aac"} if each.sound else expected)


class TestSingleFile:
    def test_lies_outside_of_the_folder_that_one_signature_covers(self, each):
        assert each.made.download.parent == each.made.master.parent.parent

    def test_lasts_as_long_as_the_film(self, each):
        told = float(ffprobe(each.made.download, "-show_format")["format"]["duration"])
        assert told == pytest.approx(each.seconds, abs=0.1)

    def test_tells_at_its_beginning_where_all_is(self, each):
        data = each.made.download.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")


class TestPoster:
    @pytest.mark.parametrize("name", ["film.mp4", "fades-in.mp4", "covered.mp3"])
    def test_shows_something(self, made, name):
        with Image.open(made(name).poster) as poster:
            assert ImageStat.Stat(poster.convert("L")).mean[0] > 60

    def test_is_as_large_as_the_largest_rendition(self, made):
        with Image.open(made("oblong.mp4").poster) as poster:
            assert poster.size == (258, 144)

    def test_is_none_of_sound(self, made):
        assert made("tone.mp3").poster is None


class TestThumbnails:
    @pytest.fixture
    def cues(self, made):
        """A function: the cues of a film, with what is to be seen at them."""

        def read(name):
            track = made(name).thumbnails
            for cue in webvtt.read(track):
                file, _, where = cue.text.partition("#xywh=")
                left, top, width, height = map(int, where.split(","))
                with Image.open(track.parent / file) as sprite:
                    seen = sprite.crop((left, top, left + width, top + height)).convert("L")
                    inside = left + width <= sprite.width and top + height <= sprite.height
                    yield SimpleNamespace(cue=cue, inside=inside, light=ImageStat.Stat(seen).mean[0], size=seen.size)

        return read

    def test_follow_each_other_to_the_end(self, cues):
        times = [(one.cue.start_in_seconds, one.cue.end_in_seconds) for one in cues("film.mp4")]
        assert times == [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 13)]

    def test_lie_within_their_sprite(self, cues):
        assert {(one.inside, one.size) for one in cues("film.mp4")} == {(True, (160, 90))}

    def test_of_an_upright_film_stand(self, cues):
        assert {one.size for one in cues("upright.mp4")} == {(90, 160)}

    def test_show_their_own_time(self, cues):
        assert [one.light > 60 for one in cues("fades-in.mp4")] == [False, False, True]

    def test_are_named_in_the_master_playlist(self, made):
        expected = '#EXT-X-SESSION-DATA:DATA-ID="org.plone.cfprivate.thumbnails",URI="thumbnails.vtt",FORMAT=RAW'
        assert expected in made("film.mp4").master.read_text().splitlines()

    def test_are_none_of_sound(self, made):
        assert (made("tone.mp3").thumbnails, "SESSION-DATA" in made("tone.mp3").master.read_text()) == (None, False)


class TestFolder:
    def test_holds_nothing_but_what_is_told(self, made):
        one = made("film.mp4")
        assert {path for path in one.into.rglob("*") if path.is_file()} == set(one.files)

    def test_is_not_overwritten(self, source, tmp_path):
        (tmp_path / "film").mkdir()
        with pytest.raises(FolderExists):
            prepare(source("film.mp4"), tmp_path / "film")
        assert untouched(tmp_path, "film")

    def test_is_replaced_where_that_is_forced(self, source, tmp_path):
        for name in ("tone.mp3", "covered.mp3"):
            made = prepare(source(name), tmp_path / "sound", force=True)
        assert (made.download.name, [*tmp_path.rglob("*.m4a")]) == ("covered.m4a", [made.download])

    def test_of_something_else_is_never_replaced(self, source, tmp_path):
        (tmp_path / "letters").write_text("dear")
        with pytest.raises(FolderExists):
            prepare(source("tone.mp3"), tmp_path, force=True)
        assert untouched(tmp_path, "letters")

    def test_that_holds_the_film_itself_is_never_replaced(self, source, tmp_path):
        made = prepare(source("tone.mp3"), tmp_path / "tone")
        film = shutil.copy(source("covered.mp3"), made.into / "film.mp3")
        with pytest.raises(FolderExists):
            prepare(film, made.into, force=True)
        assert film.exists()

    def test_comes_back_where_the_new_one_cannot_take_its_place(self, tmp_path):
        (tmp_path / "tone").mkdir()
        with pytest.raises(OSError):
            module._put(tmp_path / "none", tmp_path / "tone", tmp_path / "old")
        assert untouched(tmp_path, "tone")

    @pytest.mark.parametrize("error", [KeyboardInterrupt, MediaFailed])
    def test_does_not_come_to_be_where_it_is_broken_off(self, source, tmp_path, error):
        def break_off(done):
            raise error

        with pytest.raises(error):
            prepare(source("film.mp4"), tmp_path / "film", progress=break_off)
        assert untouched(tmp_path)

    def test_stays_as_it_was_where_its_replacement_is_broken_off(self, source, tmp_path):
        before = prepare(source("tone.mp3"), tmp_path / "sound")
        with pytest.raises(MediaFailed):
            prepare(source("covered.mp3"), tmp_path / "sound", force=True, preset="none", progress=refuse)
        assert (untouched(tmp_path, "sound"), before.download.exists()) == (True, True)


def refuse(done):
    raise MediaFailed("Broken off.")


class TestProgress:
    def test_grows_from_nothing_to_all(self, source, tmp_path):
        told = []
        prepare(source("tone.mp3"), tmp_path / "tone", progress=told.append)
        assert (told == sorted(told), told[-1], len(told) > 1) == (True, 1, True)


class TestRefusals:
    """Each says what to do, and leaves nothing behind."""

    def refused(self, kind, path, folder, **options):
        with pytest.raises(kind) as caught:
            prepare(path, folder / "result", **options)
        assert not (folder / "result").exists()
        return str(caught.value)

    def test_without_ffmpeg(self, source, tmp_path, monkeypatch):
        path = source("tone.mp3")
        monkeypatch.setenv("PATH", str(tmp_path))
        told = self.refused(ProgramMissing, path, tmp_path)
        assert told.startswith(
            "There is no ffmpeg and no ffprobe on the PATH. On Debian and Ubuntu: apt-get install ffmpeg"
        )

    def test_with_an_ffmpeg_that_lacks_an_encoder(self, source, tmp_path, monkeypatch):
        path = source("tone.mp3")
        program = tmp_path / "ffmpeg"
        program.write_text("#!/bin/sh\necho ' A....D aac AAC'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        assert "no encoder libx264" in self.refused(ProgramMissing, path, tmp_path)

    def test_with_an_ffmpeg_that_lacks_the_filter_for_a_high_range(self, source, tmp_path, monkeypatch):
        path = source("brilliant.mp4")
        program = tmp_path / "ffmpeg"
        program.write_text("#!/bin/sh\necho ' V....D libx264 A....D aac ... scale'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        assert "has the filter zscale" in self.refused(ProgramMissing, path, tmp_path)

    def test_on_a_full_disk(self, source, tmp_path, monkeypatch):
        path = source("tone.mp3")
        monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
        assert "of which 1 MB are free" in self.refused(NoSpace, path, tmp_path)

    @pytest.mark.parametrize("content", [b"", b"no film", b"\x00\x00\x00\x18ftypmp42"])
    def test_of_what_is_no_film(self, tmp_path, content):
        need_ffmpeg()
        path = tmp_path / "film.mp4"
        path.write_bytes(content)
        assert "Invalid data found" in self.refused(MediaFailed, path, tmp_path)

    def test_of_a_still_picture(self, made, tmp_path):
        assert "neither a film nor a sound" in self.refused(MediaFailed, made("film.mp4").poster, tmp_path)

    def test_with_the_last_words_of_ffmpeg(self, source, tmp_path):
        assert "invalid preset 'none'" in self.refused(MediaFailed, source("upright.mp4"), tmp_path, preset="none")
        assert untouched(tmp_path)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Opening Talk (final).mov", "opening-talk-final"),
        ("Größe & Maß.mp4", "groe-ma"),
        ("空.mp4", "medium"),
        ("..mp4", "medium"),
    ],
)
def test_the_folder_is_named_after_the_film(name, plain):
    assert plain_name(Path(name)) == plain
