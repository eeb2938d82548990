"""Whether the bucket has the very bytes of a file."""

from .bucket import Bucket
from .bucket import Stored
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import hashlib


# boto3 sends parts of this size where a file is larger, and S3 makes the ETag of their checksums.
PART = 8 * 1024 * 1024

_CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Digests:
    """Of a file: ``size`` in bytes, ``sha256`` in hexadecimal, and the ETags that S3 may give it."""

    size: int
    sha256: str
    etags: frozenset[str]


def digests_of(path: str | Path) -> Digests:
    """Read the file once, a piece at a time."""
    size, sha256, whole, of_parts = 0, hashlib.sha256(), _md5(), []
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            if size % PART == 0:
                of_parts.append(_md5())
            for digest in (sha256, whole, of_parts[-1]):
                digest.update(chunk)
            size += len(chunk)
    composite = _md5(b"".join(part.digest() for part in of_parts)).hexdigest()
    etags = frozenset({whole.hexdigest(), f"{composite}-{len(of_parts)}"})
    return Digests(size=size, sha256=sha256.hexdigest(), etags=etags)


def is_same(bucket: Bucket, key: str, file: Digests) -> bool:
    """Whether the object is the file. What the bucket tells is believed where it is a checksum of the contents.

    Where it is none, for example because the bucket encrypts with a key of KMS, the object is read back.
    """
    stored = bucket.head(key)
    if stored.size != file.size:
        return False
    if stored.sha256:
        return stored.sha256 == b64encode(bytes.fromhex(file.sha256)).decode()
    return stored.etag in file.etags or _read_back(bucket, stored).sha256 == file.sha256


def _read_back(bucket: Bucket, stored: Stored) -> Digests:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "object"
        bucket.get_file(stored.key, path)
        return digests_of(path)


def _md5(data: bytes = b""):
    # What the protocol has, and no protection against forgers: SHA-256 is that.
    return hashlib.md5(data, usedforsecurity=False)
