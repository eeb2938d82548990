"""Object keys of uploads, and how files are cut."""

from collective.cfprivate.cloudfront.object_key import check_object_key
from collective.cfprivate.storage.keys import cleaned
from collective.cfprivate.storage.keys import LONGEST_NAME
from collective.cfprivate.storage.keys import new_key
from collective.cfprivate.storage.parts import Parts
from hypothesis import given
from hypothesis import strategies as st

import pytest
import re


MIB = 2**20
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
LARGEST_OBJECT = 5 * 10**12


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("talk.mp4", "talk.mp4"),
            ("A talk (final).MP4", "A-talk-final.mp4"),
            ("Straße Überblick.mov", "Strasse-Uberblick.mov"),
            ("/home/me/talk.mp4", "talk.mp4"),
            ("C:\\films\\talk.mp4", "talk.mp4"),
            ("../../etc/passwd", "passwd"),
            (".htaccess", "file.htaccess"),
            ("...", "file"),
            ("..", "file"),
            ("a/", "file"),
            ("a\x00b\nc.mp4", "ab-c.mp4"),
            ("\ud800.mp4", "file.mp4"),
            ("100%?*.pdf", "100.pdf"),
        ],
    )
    def test_are_cleaned(self, given, kept):
        assert cleaned(given) == kept

    def test_of_japanese_stay_readable(self):
        assert re.fullmatch(r"[A-Za-z][A-Za-z-]+\.mp4", cleaned("映画.mp4"))

    def test_that_are_long_keep_their_ending(self):
        assert (len(cleaned("x" * 300 + ".webm")), cleaned("x" * 300 + ".webm")[-6:]) == (LONGEST_NAME, "x.webm")

    @given(st.text())
    def test_are_never_empty_and_never_hidden(self, text):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", cleaned(text))

    @given(st.text())
    def test_of_any_kind_make_object_keys(self, text):
        key = new_key("uploads/", text)
        assert check_object_key(key) == key


class TestKeys:
    def test_are_folder_id_and_name(self):
        assert re.fullmatch(r"uploads/[A-Za-z0-9_-]{22}/talk\.mp4", new_key("uploads/", "talk.mp4"))

    def test_are_never_the_same(self):
        assert len({new_key("uploads/", "talk.mp4") for _each in range(100)}) == 100

    @pytest.mark.parametrize("folder", ["", "/"])
    def test_may_lie_in_the_bucket_itself(self, folder):
        assert re.fullmatch(r"[A-Za-z0-9_-]{22}/talk\.mp4", new_key(folder, "talk.mp4"))


class TestParts:
    @pytest.mark.parametrize(
        ("size", "part_size", "count"),
        [
            (1, 8 * MIB, 1),
            (8 * MIB, 8 * MIB, 1),
            (8 * MIB + 1, 8 * MIB, 2),
            (80_000 * MIB, 8 * MIB, 10_000),
            (80_000 * MIB + 1, 9 * MIB, 8889),
        ],
    )
    def test_are_as_few_as_need_be(self, size, part_size, count):
        assert (Parts(size).part_size, Parts(size).count) == (part_size, count)

    @given(st.integers(1, LARGEST_OBJECT))
    def test_are_within_the_limits_of_s3(self, size):
        parts = Parts(size)
        assert (5 * MIB <= parts.part_size <= 5 * 2**30, 1 <= parts.count <= 10_000) == (True, True)

    @given(st.integers(1, LARGEST_OBJECT))
    def test_make_up_the_file(self, size):
        parts = Parts(size)
        last = parts.size_of(parts.count)
        assert ((parts.count - 1) * parts.part_size + last, 0 < last <= parts.part_size) == (size, True)

    @pytest.mark.parametrize("number", [-1, 0, 3])
    def test_that_there_are_not_have_no_size(self, number):
        assert Parts(8 * MIB + 1).size_of(number) == 0
