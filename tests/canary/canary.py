"""Finds private keys and secrets in what was exported, stored, shown or logged, however they are written there."""

from base64 import b64encode
from collections.abc import Iterator
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from io import BytesIO
from zipfile import is_zipfile
from zipfile import ZipFile

import base64
import gzip
import hmac
import re
import tarfile
import zlib


# Every run of 24 bytes of a number holds one of its pieces, which begin twelve bytes apart.
PIECE = 12
# In letters of base64, hex or decimal digits: 64 bits by chance are nowhere.
WINDOW = 16

_LETTERS = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % WINDOW)
_BREAKS = re.compile(rb"\s|\\+[nrt]|&#(?:10|13|x0?[aAdD]);|%0[aAdD]|\"|'")
_SPELLINGS = (
    (re.compile(rb"%2[bB]|&#43;|&#x2[bB];|\\u002[bB]|\\x2[bB]"), b"+"),
    (re.compile(rb"%2[fF]|&#47;|&#x2[fF];|\\u002[fF]|\\x2[fF]|\\/"), b"/"),
)


class Canaries:
    """What must be nowhere: by their names, private keys (PEM texts), secret texts and secret bytes.

    Only the numbers of a key that are not in its public half tell of it; every format of keys holds them as they are.
    """

    def __init__(self, *, keys: dict[str, str], texts: dict[str, str], sealed: dict[str, bytes] | None = None):
        self._raw = {}
        self._windows = {}
        self._texts = {text.encode(): name for name, text in texts.items()}
        for name, pem in keys.items():
            for number in secret_numbers(pem):
                self._add(name, number)
        for name, secret in {**{name: text.encode() for name, text in texts.items()}, **(sealed or {})}.items():
            self._add(name, secret)

    def _add(self, name: str, secret: bytes) -> None:
        self._raw.update(dict.fromkeys(pieces(secret), name))
        for text in spellings(secret):
            self._windows.update(dict.fromkeys(windows(text), name))

    def found_in(self, data: bytes | str) -> set[str]:
        """The names of those that ``data`` tells of, in the open or within zip, tar, gzip and zlib."""
        return {name for part in unpacked(as_bytes(data)) for name in self._found(part)}

    def found_in_each(self, named: dict[str, bytes | str]) -> dict[str, set[str]]:
        """What ``found_in`` finds, by the names of the data in which something is found."""
        found = {place: self.found_in(data) for place, data in named.items()}
        return {place: names for place, names in found.items() if names}

    def _found(self, data: bytes) -> Iterator[str]:
        yield from (name for text, name in self._texts.items() if text in data)
        yield from (name for piece, name in self._raw.items() if piece in data)
        for text in {*readings(data)}:
            for letters in set(_LETTERS.findall(text)):
                yield from (self._windows[window] for window in windows(letters) if window in self._windows)


def secret_numbers(pem: str) -> list[bytes]:
    """The numbers of a private key that its public half does not have, in bytes as they stand in DER."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    numbers = key.private_numbers()
    if not isinstance(key, rsa.RSAPrivateKey):
        return [numbers.private_value.to_bytes(32, "big")]
    chosen = (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
    return [number.to_bytes((number.bit_length() + 7) // 8, "big") for number in chosen]


def pieces(secret: bytes) -> set[bytes]:
    """Twelve bytes each; of less there is one, which is all."""
    starts = [*range(0, max(len(secret) - PIECE, 0), PIECE), max(len(secret) - PIECE, 0)]
    return {secret[start : start + PIECE] for start in starts}


def spellings(secret: bytes) -> set[bytes]:
    """Base64 at every offset within a longer text, that of addresses too, hexadecimal and decimal digits."""
    plain = {in_base64(secret, offset) for offset in (0, 1, 2)}
    urlsafe = {text.translate(bytes.maketrans(b"+/", b"-_")) for text in plain}
    digits = {secret.hex().encode(), secret.hex().upper().encode(), str(int.from_bytes(secret, "big")).encode()}
    return plain | urlsafe | digits


def in_base64(secret: bytes, offset: int) -> bytes:
    """The letters that depend on ``secret`` alone where ``offset`` bytes stand before it."""
    text = b64encode(bytes(offset) + secret).rstrip(b"=")
    before = -(-offset * 8 // 6)
    return text[before : (offset + len(secret)) * 8 // 6]


def windows(text: bytes) -> Iterator[bytes]:
    return (text[start : start + WINDOW] for start in range(len(text) - WINDOW + 1))


def readings(data: bytes) -> Iterator[bytes]:
    """The data as they are, and without the breaks and escapes that a text gets in PEM, JSON, HTML and addresses."""
    yield data
    joined = _BREAKS.sub(b"", data)
    for pattern, letter in _SPELLINGS:
        joined = pattern.sub(letter, joined)
    yield joined
    yield joined.replace(b":", b"")


def as_bytes(data: bytes | str) -> bytes:
    """The data as a file would hold them."""
    return data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data


def unpacked(data: bytes) -> Iterator[bytes]:
    """The data, and what is within them, however deep."""
    yield data
    for member in _members(data):
        yield from unpacked(member)


def _members(data: bytes) -> list[bytes]:
    if data.startswith(b"\x1f\x8b"):
        return [gzip.decompress(data)]
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=BytesIO(data)) as archive:
            return [archive.extractfile(member).read() for member in archive if member.isfile()]
    if data.startswith(b"PK") and is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as archive:
            return [archive.read(name) for name in archive.namelist()]
    return _inflated(data)


def _inflated(data: bytes) -> list[bytes]:
    """What zlib made smaller; zc.zlibstorage writes ``.z`` before it."""
    if data[:2] != b".z" and data[:1] != b"\x78":
        return []
    try:
        return [zlib.decompress(data.removeprefix(b".z"))]
    except zlib.error:
        return []


def der_of(pem: str) -> bytes:
    """The bytes of a PEM text."""
    return base64.b64decode("".join(pem.splitlines()[1:-1]))


def derived(secret: str) -> bytes:
    """What encrypts the ring (RFC 5869, by hand: one block of HKDF-SHA256 without a salt)."""
    extracted = hmac.digest(bytes(32), secret.encode(), "sha256")
    return hmac.digest(extracted, b"collective.cfprivate.keyring\x01", "sha256")
