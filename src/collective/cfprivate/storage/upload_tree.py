"""Uploads a folder of files so that nothing in the bucket ever names what is not there yet."""

from ..media.formats import HLS_TYPE
from ..media.formats import media_type_of
from .bucket import Bucket
from .bucket import Stored
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from pathlib import Path
from threading import Lock

import base64
import hashlib
import itertools


# Files that are sent at a time.
AT_A_TIME = 4

# A key is never written twice with other bytes, so that caches may keep what is there for as long as they like.
CACHE_CONTROL = "max-age=31536000, immutable"

# What lies beside the media.
OTHER_TYPES = {".ts": "video/mp2t", ".vtt": "text/vtt"}
UNKNOWN = "application/octet-stream"

# Bytes of a part, of which boto3 sends a larger file in several.
PART = 8 * 1024 * 1024

# Of a digest, in base64: 128 bits are more than chance can meet.
NAME_LENGTH = 22


def upload_tree(
    bucket: Bucket, folder: Path, key_prefix: str, progress: Callable[[float], object] = lambda done: None
) -> tuple[str, ...]:
    """Store each file of ``folder`` under ``key_prefix`` and its path; the keys that were sent.

    What the bucket has already, with the same size and MD5, is left out: the same call goes on after a failure. Playlists
    come after what they name, and of those the one nearest to the top last. ``progress`` is called with the part that is
    done, from 0 to 1. Raises a ``StorageError``; then some files may be there and no playlist that names others.
    """
    files = files_of(folder)
    stored = {each.key: each for each in bucket.objects(key_prefix)}
    count = _Count(sum(path.stat().st_size for path in files), progress)
    sent: list[str] = []
    for _stage, paths in itertools.groupby(sorted(files, key=_stage_of), key=_stage_of):
        sent += _all_sent(bucket, folder, key_prefix, list(paths), stored, count)
    count.add(0)
    return tuple(sent)


def files_of(folder: Path) -> list[Path]:
    """All files below, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def name_of_content(folder: Path) -> str:
    """A name for the folder of the keys, made of all that is in it: 22 characters of URL-safe base64.

    The same files get the same name, so that an upload can be gone on with, and no others ever do.
    """
    digest = hashlib.sha256()
    for path in files_of(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{_digest_of(path, hashlib.sha256)}\0".encode())
    return base64.urlsafe_b64encode(digest.digest()).decode()[:NAME_LENGTH]


def type_of(path: Path) -> str:
    """The media type, by the ending."""
    return OTHER_TYPES.get(path.suffix) or media_type_of(path.name) or UNKNOWN


def _stage_of(path: Path) -> int:
    """The deeper a playlist lies the sooner it is sent."""
    return 0 if type_of(path) != HLS_TYPE else 1000 - len(path.parts)


class _Count:
    """Bytes that are done, counted by several threads."""

    def __init__(self, total: int, progress: Callable[[float], object]) -> None:
        self._total, self._progress = total, progress
        self._done, self._lock = 0, Lock()

    def add(self, size: int) -> None:
        with self._lock:
            self._done += size
            # A part that is sent twice is counted twice.
            self._progress(min(1.0, self._done / self._total) if self._total else 1.0)


def _all_sent(
    bucket: Bucket, folder: Path, key_prefix: str, paths: list[Path], stored: dict[str, Stored], count: _Count
) -> list[str]:
    def send(path: Path) -> str | None:
        key = key_prefix + path.relative_to(folder).as_posix()
        if key in stored and is_same(path, stored[key]):
            count.add(path.stat().st_size)
            return None
        bucket.put_file(path, key, content_type=type_of(path), cache_control=CACHE_CONTROL, progress=count.add)
        return key

    threads = ThreadPoolExecutor(AT_A_TIME)
    try:
        waiting = [threads.submit(send, path) for path in paths]
        wait(waiting, return_when=FIRST_EXCEPTION)
    finally:
        # After a failure, or Ctrl-C, what has not begun does not begin.
        threads.shutdown(cancel_futures=True)
    # They begin in order: what failed comes before what did not begin.
    return [key for key in (each.result() for each in waiting) if key]


def is_same(path: Path, stored: Stored) -> bool:
    """Whether the bucket has this very file, as far as its size and its MD5 tell; of unknown checksums it has not."""
    if stored.size != path.stat().st_size:
        return False
    return stored.etag == (_md5_of_parts(path) if "-" in stored.etag else _digest_of(path, hashlib.md5))


def _digest_of(path: Path, digest: Callable) -> str:
    found = digest(usedforsecurity=False)
    for block in _blocks(path):
        found.update(block)
    return found.hexdigest()


def _md5_of_parts(path: Path) -> str:
    """The ETag of S3 for what was sent in parts."""
    parts = [hashlib.md5(block, usedforsecurity=False).digest() for block in _blocks(path)]
    return f"{hashlib.md5(b''.join(parts), usedforsecurity=False).hexdigest()}-{len(parts)}"


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(PART):
            yield block
