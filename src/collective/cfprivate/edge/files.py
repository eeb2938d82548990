"""The files under the root, served as S3 serves objects."""

from .conditions import plain_conditions
from .conditions import Representation
from collective.cfprivate.cloudfront import check_object_key
from collective.cfprivate.cloudfront import InvalidObjectKey
from pathlib import Path
from urllib.parse import unquote_to_bytes
from webob import Request
from webob import Response
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

    A path names no file if it is no object key, if a symbolic link leads it out of the root, or if it leads to
    something else, like a folder or a fifo.
    """
    try:
        key = check_object_key(unquote_to_bytes(path.removeprefix("/")).decode("utf-8"))
        found = (root / key).resolve()
        readable = found.is_relative_to(root) and found.is_file() and os.access(found, os.R_OK)
    except (InvalidObjectKey, ValueError, OSError, RuntimeError):
        return None
    return found if readable else None


def send_file(environ: dict, path: Path, disposition: str | None) -> Response | None:
    """The answer with the file at `path`, with Range, HEAD and conditional requests; None if it has vanished."""
    try:
        current = Representation.of(path)
    except OSError:
        return None
    app = FileApp(
        str(path),
        content_type=content_type(path.name),
        content_encoding=None,
        content_disposition=disposition,
        etag=current.etag.strip('"'),
    )
    plain = plain_conditions(environ, current)
    # With the server's own wrapper, `webob` reads a file up to the range instead of seeking, and waitress never ends an
    # answer whose file has become shorter.
    plain.pop("wsgi.file_wrapper", None)
    answer = Request(plain).get_response(app)
    return None if answer.status_code in {403, 404} else answer


def content_type(name: str) -> str:
    """The media type of a file by its suffix, else ``application/octet-stream``."""
    suffix = Path(name).suffix.lower()
    return _CONTENT_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
