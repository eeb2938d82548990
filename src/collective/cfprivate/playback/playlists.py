"""Playlists of the distribution: few are fetched at a time, and each is remembered for a short while.

A worker thread of Zope that waits for another host is missing to all other visitors. So one URL is fetched by one
thread at a time, few threads of a process fetch at all, and after a failure nobody waits for the same again for a while.
"""

from ..exceptions import SiteError
from ..fetch import Answer
from ..fetch import fetch
from ..fetch import NotFetched
from ..i18n import _
from ..selftest.verdict import Verdict
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from zope.i18nmessageid import Message

import re
import threading
import time


# Of one fetch: seconds for all of it, and bytes of the playlist.
SECONDS = 3.0
LARGEST = 2_000_000

# Seconds for which a playlist that does not change is remembered, and a failure.
REMEMBERED = 60.0
FAILURE_REMEMBERED = 10.0

# Bytes of all playlists that are remembered.
ROOM = 16_000_000

# Of so many worker threads one may fetch.
WORKERS = 4

_TARGET = re.compile(r"^#EXT-X-TARGETDURATION:[ \t]*(\d{1,6})", re.MULTILINE)
# A playlist of renditions does not change either.
_FINAL = re.compile(r"^#EXT-X-(?:ENDLIST|STREAM-INF)", re.MULTILINE)

BUSY = _("playlist_busy", default="Too many playlists are being fetched: ask again in a second.")
UNREACHABLE = _("playlist_unreachable", default="The distribution does not answer: ask again later.")
MISSING = _("playlist_missing", default="The distribution has no such playlist.")
REFUSED = _("playlist_refused", default="The distribution did not give out the playlist.")
TOO_LARGE = _("playlist_too_large", default="The playlist is too large.")
NO_TEXT = _("playlist_no_text", default="The playlist is no text in UTF-8.")


class PlaylistFailure(SiteError):
    """A playlist could not be had: ``status`` is what to answer, ``retry_after`` seconds, or None where that is no use."""

    def __init__(self, message: Message, *, status: int, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class _Remembered:
    """A playlist, fresh until one moment and better than nothing until another (seconds of the clock)."""

    text: str = field(repr=False)
    fresh_until: float
    usable_until: float


class Playlists:
    """The playlists that this process fetched; safe for threads.

    ``most_fetching`` tells how many threads may fetch at a time; ``clock`` counts seconds; ``room`` is in bytes.
    """

    def __init__(
        self,
        *,
        fetch: Callable[..., Answer] = fetch,
        clock: Callable[[], float] = time.monotonic,
        most_fetching: Callable[[], int] = lambda: 1,
        room: int = ROOM,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._most_fetching = most_fetching
        self._room = room
        self._lock = threading.Lock()
        self._fetching: set[str] = set()
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self._failures: dict[str, tuple[float, PlaylistFailure]] = {}

    def get(self, url: str, sign: Callable[[str], str]) -> str:
        """The playlist at ``url``; ``sign`` makes of it the URL that is fetched.

        Raises ``PlaylistFailure``: at once where a fetch failed just now, or where too many threads fetch.
        """
        with self._lock:
            text = self._known(url)
            if text is not None:
                return text
            self._fetching.add(url)
        try:
            return self._keep(url, self._ask(sign(url)))
        except PlaylistFailure as failure:
            self._keep_failure(url, failure)
            raise
        finally:
            with self._lock:
                self._fetching.discard(url)

    def _known(self, url: str) -> str | None:
        """What need not be fetched; None where this thread is to fetch it."""
        now, known = self._clock(), self._remembered.get(url)
        if known is not None and now < known.fresh_until:
            self._remembered.move_to_end(url)
            return known.text
        until, failure = self._failures.get(url, (now, None))
        if now < until:
            raise PlaylistFailure(failure.args[0], status=failure.status, retry_after=failure.retry_after)
        if url not in self._fetching and len(self._fetching) < self._most_fetching():
            return None
        if known is not None and now < known.usable_until:
            return known.text
        raise PlaylistFailure(BUSY, status=503, retry_after=1)

    def _ask(self, signed_url: str) -> str:
        try:
            answer = self._fetch(signed_url, seconds=SECONDS, limit=LARGEST)
        except NotFetched:
            raise PlaylistFailure(UNREACHABLE, status=503, retry_after=int(FAILURE_REMEMBERED)) from None
        verdict = Verdict.of(answer)
        if verdict.missing:
            raise PlaylistFailure(MISSING, status=404)
        if not verdict.delivered:
            raise PlaylistFailure(REFUSED, status=502)
        if answer.cut:
            raise PlaylistFailure(TOO_LARGE, status=502)
        return _decoded(answer.body)

    def _keep(self, url: str, text: str) -> str:
        now, seconds = self._clock(), seconds_fresh(text)
        with self._lock:
            self._failures.pop(url, None)
            self._remembered[url] = _Remembered(text=text, fresh_until=now + seconds, usable_until=now + 2 * seconds)
            self._remembered.move_to_end(url)
            # Characters are counted, of which a playlist has little more bytes.
            while sum(len(each.text) for each in self._remembered.values()) > self._room:
                self._remembered.popitem(last=False)
        return text

    def _keep_failure(self, url: str, failure: PlaylistFailure) -> None:
        now = self._clock()
        with self._lock:
            # Those whose time is over would otherwise be kept for ever.
            self._failures = {each: kept for each, kept in self._failures.items() if kept[0] > now}
            self._failures[url] = (now + FAILURE_REMEMBERED, failure)


def seconds_fresh(text: str) -> float:
    """How long a playlist may be remembered: one that still grows, half of its target duration (RFC 8216, 6.3.4)."""
    if _FINAL.search(text):
        return REMEMBERED
    target = _TARGET.search(text)
    return min(int(target[1]) / 2, REMEMBERED) if target else 1.0


def share_of_workers() -> int:
    """How many of the worker threads of this process (waitress's) may fetch at a time: a quarter, and at least one."""
    workers = sum(thread.name.startswith("waitress") for thread in threading.enumerate())
    return max(1, workers // WORKERS)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise PlaylistFailure(NO_TEXT, status=502) from None


# Of this process: what is fetched is the same for all sites and viewers.
PLAYLISTS = Playlists(most_fetching=share_of_workers)
