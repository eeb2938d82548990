"""The conditions and the range of a request, read as RFC 9110 says.

`webob` answers them well and reads them loosely: of several ranges it takes the first, ``bytes=-`` breaks it, a suffix
longer than the file is out of range to it, ``If-None-Match: *`` is nothing, and a later date holds for If-Range. So they
are read here, and told to it in the one spelling that both understand.
"""

from dataclasses import dataclass
from datetime import datetime
from datetime import timezone
from pathlib import Path
from webob.datetime_utils import parse_date
from webob.datetime_utils import serialize_date

import re


_CONDITIONS = {"HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_IF_RANGE", "HTTP_RANGE"}
# 18 digits are more than any file has; thousands of them would cost time.
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


@dataclass(frozen=True)
class Representation:
    """The file as it is now: its strong `etag` in quotes, when it was `modified` (UTC, whole seconds), bytes of `size`."""

    etag: str
    modified: datetime
    size: int

    @classmethod
    def of(cls, path: Path) -> "Representation":
        """That of the file at `path`; OSError where there is none."""
        status = path.stat()
        modified = datetime.fromtimestamp(int(status.st_mtime), timezone.utc)
        return cls(f'"{status.st_mtime_ns:x}-{status.st_size:x}"', modified, status.st_size)


def plain_conditions(environ: dict, current: Representation) -> dict:
    """`environ` of a GET or HEAD with at most one of If-None-Match and Range, as `webob` reads them.

    The order is that of RFC 9110, section 13.2.2. A Range counts for GET only (section 14.2), and only if it is one
    range: several get the whole file with status 200, as that section permits, for S3 takes one range per request (API
    reference, GetObject). CloudFront itself answers several with 206 where they ascend without overlap (Developer
    Guide, "Range GETs"); players ask for one.
    """
    plain = {name: value for name, value in environ.items() if name not in _CONDITIONS}
    if _is_known(environ, current):
        return plain | {"HTTP_IF_NONE_MATCH": current.etag}
    part = _read_range(environ, current)
    return plain | {"HTTP_RANGE": part} if part else plain


def _is_known(environ: dict, current: Representation) -> bool:
    """Whether the client has the file (sections 13.1.2 and 13.1.3); tags are compared weakly, and win over the date."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        known = {tag.strip(" \t").removeprefix("W/") for tag in tags.split(",")}
        return tags.strip(" \t") == "*" or current.etag in known
    since = _parse_date(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and current.modified <= since


def _read_range(environ: dict, current: Representation) -> str | None:
    # Section 13.1.5: tags are compared strongly, and a date is the same or another.
    is_same = environ.get("HTTP_IF_RANGE") in {None, current.etag, serialize_date(current.modified)}
    match = _RANGE.fullmatch(environ.get("HTTP_RANGE", ""))
    if environ["REQUEST_METHOD"] != "GET" or not is_same or not match:
        return None
    first, last, suffix = match.groups()
    return f"bytes={first}-{last}" if suffix is None else _from_end(int(suffix), current.size)


def _from_end(suffix: int, size: int) -> str | None:
    """The last `suffix` bytes, or all there are (section 14.1.2). None of them is out of range, but all of nothing is not."""
    if suffix and not size:
        return None
    return f"bytes={max(size - suffix, 0)}-"


def _parse_date(text: str) -> datetime | None:
    try:
        return parse_date(text)
    except (ValueError, OverflowError):
        return None
