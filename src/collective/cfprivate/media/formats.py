"""The formats that browsers play or show, by the ending of an object key."""

from functools import lru_cache
from types import MappingProxyType

import os.path


HLS_TYPE = "application/vnd.apple.mpegurl"

VIDEO_TYPES = MappingProxyType({
    ".m3u8": HLS_TYPE,
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
})

AUDIO_TYPES = MappingProxyType({
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
})

IMAGE_TYPES = MappingProxyType({
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
})

DOCUMENT_TYPES = MappingProxyType({
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip",
})

KINDS = MappingProxyType({"video": VIDEO_TYPES, "audio": AUDIO_TYPES, "image": IMAGE_TYPES, "document": DOCUMENT_TYPES})


def ending_of(object_key: str) -> str:
    """The ending in lower case, with its dot; empty where there is none."""
    return os.path.splitext(object_key.lower())[1]


_KIND_OF_ENDING = {ending: kind for kind, types in KINDS.items() for ending in types}


@lru_cache(maxsize=1024)
def kind_of(object_key: str) -> str | None:
    """``video``, ``audio``, ``image`` or ``document``; None for a file that is none of them."""
    return _KIND_OF_ENDING.get(ending_of(object_key))


@lru_cache(maxsize=1024)
def media_type_of(object_key: str) -> str | None:
    """The media type of a file; None for one that is no medium."""
    kind = kind_of(object_key)
    return None if kind is None else KINDS[kind][ending_of(object_key)]
