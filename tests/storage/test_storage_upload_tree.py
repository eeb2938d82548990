"""A folder of files in a bucket: complete, in an order in which nothing names what is not there, and gone on with."""

from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.storage.bucket import Stored
from collective.cfprivate.storage.upload_tree import is_same
from collective.cfprivate.storage.upload_tree import name_of_content
from collective.cfprivate.storage.upload_tree import upload_tree
from threading import Lock

import hashlib
import pytest
import re


FILES = {
    "hls/240p/00000.ts": b"G" * 1880,
    "hls/240p/00001.ts": b"G" * 376,
    "hls/240p/index.m3u8": b"#EXTM3U\n",
    "hls/480p/00000.ts": b"G" * 3760,
    "hls/480p/index.m3u8": b"#EXTM3U\n#480\n",
    "hls/index.m3u8": b"#EXTM3U\n#MASTER\n",
    "hls/thumbnails-001.jpg": b"\xff\xd8",
    "hls/thumbnails.vtt": b"WEBVTT\n",
    "poster.jpg": b"\xff\xd8\xff",
    "talk.mp4": b"ftyp",
}
TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
    ".mp4": "video/mp4",
}


@pytest.fixture
def folder(tmp_path):
    """A folder with ``FILES``."""
    for name, data in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


@pytest.fixture
def prefix(request):
    """One of each test's own."""
    return re.sub(r"\W+", "-", request.node.name) + "/"


class Noting:
    """A bucket that notes what it is sent, and refuses one key."""

    def __init__(self, refused=None):
        self.keys, self.refused, self._lock = [], refused, Lock()

    def objects(self, prefix):
        return iter(())

    def put_file(self, path, key, **options):
        if key == self.refused:
            raise StorageUnavailable("The bucket is away.")
        with self._lock:
            self.keys.append(key)


class TestUpload:
    def test_stores_every_file(self, bucket, folder, prefix):
        upload_tree(bucket, folder, prefix)
        assert {each.key: each.size for each in bucket.objects(prefix)} == {
            prefix + name: len(data) for name, data in FILES.items()
        }

    def test_tells_what_it_sent(self, bucket, folder, prefix):
        assert sorted(upload_tree(bucket, folder, prefix)) == sorted(prefix + name for name in FILES)

    @pytest.mark.parametrize(
        "name", ["hls/index.m3u8", "hls/240p/00000.ts", "poster.jpg", "hls/thumbnails.vtt", "talk.mp4"]
    )
    def test_gives_the_type_and_how_long_to_keep_it(self, bucket, folder, prefix, name):
        upload_tree(bucket, folder, prefix)
        answer = bucket.client.head_object(Bucket=bucket.name, Key=prefix + name)
        assert answer["ContentType"] == TYPES["." + name.rpartition(".")[2]]

    def test_tells_caches_that_a_key_never_changes(self, folder):
        told = []
        bucket = Noting()
        bucket.put_file = lambda path, key, **options: told.append(options["cache_control"])
        upload_tree(bucket, folder, "")
        assert set(told) == {"max-age=31536000, immutable"}

    def test_tells_how_much_is_done(self, bucket, folder, prefix):
        told = []
        upload_tree(bucket, folder, prefix, told.append)
        assert (told == sorted(told), told[-1]) == (True, 1)

    def test_of_an_empty_folder_is_done(self, bucket, tmp_path, prefix):
        told = []
        assert (upload_tree(bucket, tmp_path, prefix, told.append), told) == ((), [1])


class TestOrder:
    def test_the_master_playlist_comes_last(self, folder):
        bucket = Noting()
        upload_tree(bucket, folder, "")
        assert bucket.keys[-1] == "hls/index.m3u8"

    def test_playlists_come_after_all_others(self, folder):
        bucket = Noting()
        upload_tree(bucket, folder, "")
        assert [key.endswith(".m3u8") for key in bucket.keys] == [False] * 7 + [True] * 3

    @pytest.mark.parametrize("refused", [name for name in FILES if not name.endswith(".m3u8")])
    def test_no_playlist_is_sent_where_a_file_failed(self, folder, refused):
        bucket = Noting(refused)
        with pytest.raises(StorageUnavailable):
            upload_tree(bucket, folder, "")
        assert not [key for key in bucket.keys if key.endswith(".m3u8")]

    def test_no_master_playlist_is_sent_where_another_failed(self, folder):
        bucket = Noting("hls/480p/index.m3u8")
        with pytest.raises(StorageUnavailable):
            upload_tree(bucket, folder, "")
        assert "hls/index.m3u8" not in bucket.keys


class TestAgain:
    def test_nothing_is_sent_that_is_there(self, bucket, folder, prefix):
        upload_tree(bucket, folder, prefix)
        assert upload_tree(bucket, folder, prefix) == ()

    def test_what_is_missing_is_sent(self, bucket, folder, prefix):
        upload_tree(bucket, folder, prefix)
        bucket.delete(f"{prefix}hls/240p/00001.ts")
        assert upload_tree(bucket, folder, prefix) == (f"{prefix}hls/240p/00001.ts",)

    @pytest.mark.parametrize("data", [b"ftyq", b"longer"])
    def test_what_is_not_the_same_is_sent(self, bucket, folder, prefix, data):
        upload_tree(bucket, folder, prefix)
        (folder / "talk.mp4").write_bytes(data)
        assert upload_tree(bucket, folder, prefix) == (f"{prefix}talk.mp4",)

    def test_a_file_that_was_sent_in_parts_is_known_again(self, bucket, folder, prefix):
        (folder / "talk.mp4").write_bytes(bytes(9_000_000))
        upload_tree(bucket, folder, prefix)
        assert upload_tree(bucket, folder, prefix) == ()

    def test_a_file_that_was_sent_in_parts_is_sent_when_it_changed(self, bucket, folder, prefix):
        (folder / "talk.mp4").write_bytes(bytes(9_000_000))
        upload_tree(bucket, folder, prefix)
        (folder / "talk.mp4").write_bytes(bytes(8_999_999) + b"1")
        assert upload_tree(bucket, folder, prefix) == (f"{prefix}talk.mp4",)


class TestSame:
    """By the ETag: the MD5, or of what AWS took in parts the MD5 of theirs and their number."""

    DATA = bytes(8 * 1024 * 1024) + b"the second part"
    WHOLE = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    PARTS = b"".join(
        hashlib.md5(part, usedforsecurity=False).digest()
        for part in (DATA[: -len(b"the second part")], b"the second part")
    )
    OF_PARTS = hashlib.md5(PARTS, usedforsecurity=False).hexdigest() + "-2"

    @pytest.mark.parametrize(
        ("etag", "size", "same"),
        [
            (WHOLE, len(DATA), True),
            (OF_PARTS, len(DATA), True),
            (OF_PARTS.replace("-2", "-3"), len(DATA), False),
            (WHOLE, len(DATA) + 1, False),
            ("an encrypted object's", len(DATA), False),
        ],
    )
    def test_is_what_has_the_same_size_and_checksum(self, tmp_path, etag, size, same):
        path = tmp_path / "talk.mp4"
        path.write_bytes(self.DATA)
        assert is_same(path, Stored(key="talk.mp4", size=size, modified=0, etag=etag)) == same


class TestName:
    def test_is_the_same_for_the_same_files(self, folder):
        assert name_of_content(folder) == name_of_content(folder)

    def test_can_be_part_of_a_key(self, folder):
        assert re.fullmatch(r"[A-Za-z0-9_-]{22}", name_of_content(folder))

    def test_is_another_for_other_content(self, folder):
        before = name_of_content(folder)
        (folder / "talk.mp4").write_bytes(b"ftyq")
        assert name_of_content(folder) != before

    def test_is_another_for_another_place(self, folder):
        before = name_of_content(folder)
        (folder / "talk.mp4").rename(folder / "walk.mp4")
        assert name_of_content(folder) != before
