"""The names of files in the bucket."""

from .errors import InvalidObjectKey

import re
import unicodedata


LONGEST_KEY = 1024

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_WILDCARDS = {"*": "a wildcard of CloudFront", "?": "a wildcard of CloudFront", "\\": "not the same to all systems"}


def check_object_key(key: str) -> str:
    """`key` itself, raw text that is not percent-encoded; InvalidObjectKey if it breaks a rule.

    It is 1 to 1024 bytes of UTF-8 (S3's limit), a relative path without empty, ``.`` and ``..`` segments, without
    control characters, backslash and CloudFront's wildcards, so that its URL names this file and no other.
    """
    if not isinstance(key, str) or not key:
        raise InvalidObjectKey("The object key is empty or no text. Give the S3 key of a file, like videos/talk.mp4.")
    if _SCHEME.match(key):
        raise InvalidObjectKey("Found a URL in place of an object key. Give the part behind the host, like a/b.mp4.")
    _check_characters(key)
    _check_segments(key)
    return key


def _check_characters(key: str) -> None:
    for position, character in enumerate(key, start=1):
        if character in _WILDCARDS:
            why = _WILDCARDS[character]
            raise InvalidObjectKey(f"The object key holds {character} at {position}: {why}. Rename the file.")
        if unicodedata.category(character) in {"Cc", "Cs"}:
            raise InvalidObjectKey(f"The object key holds {character!a} at {position}, no text. Rename the file.")
    size = len(key.encode())
    if size > LONGEST_KEY:
        raise InvalidObjectKey(f"The object key has {size} bytes of UTF-8; S3 takes {LONGEST_KEY}. Shorten it.")


def _check_segments(key: str) -> None:
    if key.startswith("/"):
        raise InvalidObjectKey("The object key starts with a slash. Leave it out: videos/talk.mp4.")
    if key.endswith("/"):
        raise InvalidObjectKey("The object key ends in a slash, which names a folder. Give the key of a file.")
    if {"", ".", ".."} & set(key.split("/")):
        raise InvalidObjectKey("The object key has an empty, . or .. segment. Give the path without them.")
