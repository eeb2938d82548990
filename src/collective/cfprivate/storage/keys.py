"""Object keys of uploads: ``FOLDER/RANDOM ID/FILE NAME``, so that none is ever written twice."""

from plone.i18n.normalizer.base import baseNormalize

import re
import secrets


# Bytes of an id: it has 22 characters, and nobody guesses the key of a file from that of another.
RANDOM_BYTES = 16

LONGEST_NAME = 100
LONGEST_ENDING = 12
NAMELESS = "file"

_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(rf"\.[A-Za-z0-9]{{1,{LONGEST_ENDING}}}\Z")


def new_key(folder: str, filename: str) -> str:
    """A key that there is not yet, in ``folder`` (with its slash behind; "/" or "" for the bucket itself)."""
    return f"{folder.lstrip('/')}{secrets.token_urlsafe(RANDOM_BYTES)}/{cleaned(filename)}"


def cleaned(filename: str) -> str:
    """The last segment of a file's name in 1 to ``LONGEST_NAME`` ASCII characters, readable, with its ending."""
    last = re.split(r"[/\\]", filename)[-1]
    text = _SAFE.sub("-", baseNormalize(last.encode(errors="replace").decode()))
    found = _ENDING.search(text)
    ending = found[0].lower() if found else ""
    stem = text[: len(text) - len(ending)][: LONGEST_NAME - len(ending)]
    return (stem.strip("-._") or NAMELESS) + ending
