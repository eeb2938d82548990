"""The files under the root, served as S3 serves objects."""

from collective.cfprivate.cloudfront import check_object_key
from collective.cfprivate.cloudfront import InvalidObjectKey
from pathlib import Path
from urllib.parse import unquote_to_bytes
from webob.static import FileApp

import mimetypes
import os


# The types of media do not depend on what the machine happens to know (.ts is often a translation of Qt).
_CONTENT_TYPES = {
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4a": "audio/mp4",
    ".m4s": "video/iso.segment",
    ".m4v": "video/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".mpd": "application/dash+xml",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ts": "video/mp2t",
    ".vtt": "text/vtt",
    ".webm": "video/webm",
}


def find_file(root: Path, path: str) -> Path | None:
    """The readable file that the raw request `path` names under `root` (resolved), or None.

    A path that is no object key, or that a symbolic link leads out of the root, names no file.
    """
    try:
        key = check_object_key(unquote_to_bytes(path.removeprefix("/")).decode("utf-8"))
        found = (root / key).resolve()
        readable = found.is_relative_to(root) and found.is_file() and os.access(found, os.R_OK)
    except (InvalidObjectKey, UnicodeDecodeError, OSError, RuntimeError):
        return None
    return found if readable else None


def file_app(path: Path, disposition: str | None) -> FileApp:
    """The WSGI application that sends the file, with Range, HEAD and conditional requests."""
    stat = path.stat()
    return FileApp(
        str(path),
        content_type=content_type(path.name),
        content_encoding=None,
        content_disposition=disposition,
        etag=f"{stat.st_mtime_ns:x}-{stat.st_size:x}",
    )


def content_type(name: str) -> str:
    """The media type of a file by its suffix, else ``application/octet-stream``."""
    suffix = Path(name).suffix.lower()
    return _CONTENT_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
