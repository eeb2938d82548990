"""The two hash algorithms of CloudFront's signatures."""

from .errors import InvalidKey
from .errors import shown
from cryptography.hazmat.primitives import hashes
from typing import Literal


HashAlgorithm = Literal["SHA1", "SHA256"]

# CloudFront defines SHA-1 as the default of its signatures; the choice is not ours.
_HASHES: dict[str, hashes.HashAlgorithm] = {"SHA1": hashes.SHA1(), "SHA256": hashes.SHA256()}  # ruff: ignore[suspicious-insecure-hash-usage]


def find_hash(name: str) -> hashes.HashAlgorithm:
    """The hash named "SHA1" or "SHA256"; InvalidKey for any other name.

    SHA-256 came on 2026-04-01 with ``Hash-Algorithm=SHA256``; without that parameter CloudFront reads SHA-1.
    """
    if not isinstance(name, str) or name not in _HASHES:
        raise InvalidKey(f"Hash algorithm {shown(name)}: CloudFront knows SHA1 and SHA256. Choose one of them.")
    return _HASHES[name]
