"""Playlists of the distribution: few are fetched at a time, and each is remembered for a short while.

A worker thread of Zope that waits for another host is missing to all other visitors. So one URL is fetched by one
thread at a time, few threads of a process fetch at all, and after a failure nobody waits for the same again for a while.
"""

from ..exceptions import SiteError
from ..fetch import Answer
from ..fetch import fetch
from ..fetch import NotFetched
from ..i18n import _
from ..selftest.line import Finding
from ..selftest.refusals import explain
from ..selftest.refusals import explain_unreachable
from ..selftest.verdict import Verdict
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from heapq import heappop
from heapq import heappush
from urllib.parse import unquote
from urllib.parse import urlsplit
from zope.i18n import translate
from zope.i18nmessageid import Message

import logging
import re
import threading
import time


logger = logging.getLogger(__name__)

# Of one fetch: seconds for all of it, and bytes of the playlist.
SECONDS = 3.0
LARGEST = 2_000_000

# Seconds for which a playlist that does not change is remembered, and a failure.
REMEMBERED = 60.0
FAILURE_REMEMBERED = 10.0

# Bytes of all playlists that are remembered, and what each takes beside its text.
ROOM = 16_000_000
OVERHEAD = 1_000

MOST_FAILURES = 1_000

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

_NOT_THERE = "The bucket has no such file, or CloudFront may not read it. Upload it, or look at the bucket policy."

# The URL of a playlist, and who signs: what one key is refused another may be given, and the other way round.
_Name = tuple[str, str]


class PlaylistFailure(SiteError):
    """A playlist could not be had: ``status`` is what to answer, ``retry_after`` seconds, or None where that is no use.

    ``found`` tells the log, in English, what was found and what to change.
    """

    def __init__(self, message: Message, *, status: int, retry_after: int | None = None, found: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.found = found


@dataclass(frozen=True, kw_only=True)
class _Failure:
    """What to raise until a moment of the clock. An exception that is kept would keep the frames that it went through."""

    message: Message
    status: int
    retry_after: int | None
    until: float

    def as_error(self) -> PlaylistFailure:
        return PlaylistFailure(self.message, status=self.status, retry_after=self.retry_after)


class _Failures:
    """The last failures. All are remembered for as long, so that the oldest is over first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Name, _Failure] = OrderedDict()

    def find(self, name: _Name, now: float) -> _Failure | None:
        while self._kept and next(iter(self._kept.values())).until <= now:
            self._kept.popitem(last=False)
        return self._kept.get(name)

    def keep(self, name: _Name, failure: _Failure) -> None:
        self._kept[name] = failure
        self._kept.move_to_end(name)
        if len(self._kept) > MOST_FAILURES:
            self._kept.popitem(last=False)


@dataclass(frozen=True, kw_only=True)
class _Remembered:
    """A playlist, fresh until one moment and better than nothing until another (seconds of the clock)."""

    utf8: bytes = field(repr=False)
    fresh_until: float
    usable_until: float

    @property
    def text(self) -> str:
        return self.utf8.decode()

    @property
    def size(self) -> int:
        return len(self.utf8) + OVERHEAD


class _Texts:
    """Playlists in ``room`` bytes: each until it is of no use any more; the one that nobody asked for longest goes first."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._size = 0
        self._kept: OrderedDict[_Name, _Remembered] = OrderedDict()
        # A heap of when to look which is of no use any more.
        self._ends: list[tuple[float, _Name]] = []

    def find(self, name: _Name, now: float) -> _Remembered | None:
        self._drop_the_ended(now)
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)

    def keep(self, name: _Name, playlist: _Remembered) -> None:
        self._drop(name)
        self._kept[name] = playlist
        self._size += playlist.size
        heappush(self._ends, (playlist.usable_until, name))
        while self._size > self._room:
            self._drop(next(iter(self._kept)))

    def _drop_the_ended(self, now: float) -> None:
        while self._ends and self._ends[0][0] <= now:
            name = heappop(self._ends)[1]
            # It may have been fetched anew since.
            if name in self._kept and self._kept[name].usable_until <= now:
                self._drop(name)

    def _drop(self, name: _Name) -> None:
        if name in self._kept:
            self._size -= self._kept.pop(name).size


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
        self._lock = threading.Lock()
        self._fetching: set[_Name] = set()
        self._texts = _Texts(room)
        self._failures = _Failures()

    def get(self, url: str, sign: Callable[[str], str], signed_by: str) -> str:
        """The playlist at ``url``; ``sign`` makes of it the URL that is fetched, and ``signed_by`` names who signs.

        Raises ``PlaylistFailure``: at once where a fetch failed just now, or where too many threads fetch.
        """
        name = (url, signed_by)
        with self._lock:
            text = self._known(name)
            if text is not None:
                return text
            self._fetching.add(name)
        try:
            return self._keep(name, self._ask(sign(url)))
        except PlaylistFailure as failure:
            self._keep_failure(name, failure)
            return self._instead_of(failure, name)
        finally:
            with self._lock:
                self._fetching.discard(name)

    def _known(self, name: _Name) -> str | None:
        """What need not be fetched; None where this thread is to fetch it."""
        now = self._clock()
        known, failure = self._texts.find(name, now), self._failures.find(name, now)
        if known is not None and now < known.fresh_until:
            return known.text
        if failure is not None:
            return self._usable(known, failure.as_error())
        if name not in self._fetching and len(self._fetching) < self._most_fetching():
            return None
        if known is not None:
            return known.text
        raise PlaylistFailure(BUSY, status=503, retry_after=1)

    def _instead_of(self, failure: PlaylistFailure, name: _Name) -> str:
        with self._lock:
            return self._usable(self._texts.find(name, self._clock()), failure)

    @staticmethod
    def _usable(known: _Remembered | None, failure: PlaylistFailure) -> str:
        """What is known, where nobody answers; raises the failure without it, or where the answer is that it is gone."""
        if known is None or failure.status != 503:
            raise failure
        return known.text

    def _ask(self, signed_url: str) -> str:
        try:
            answer = self._fetch(signed_url, seconds=SECONDS, limit=LARGEST)
        except NotFetched as error:
            found = _in_words(explain_unreachable(error))
            raise PlaylistFailure(UNREACHABLE, status=503, retry_after=int(FAILURE_REMEMBERED), found=found) from None
        verdict = Verdict.of(answer)
        if verdict.missing:
            raise PlaylistFailure(MISSING, status=404, found=_NOT_THERE)
        if not verdict.delivered:
            raise PlaylistFailure(REFUSED, status=502, found=_in_words(explain(verdict)))
        if answer.cut:
            raise PlaylistFailure(TOO_LARGE, status=502, found=f"It has over {LARGEST} bytes. Split it.")
        return _decoded(answer.body)

    def _keep(self, name: _Name, text: str) -> str:
        now, seconds = self._clock(), seconds_fresh(text)
        kept = _Remembered(utf8=text.encode(), fresh_until=now + seconds, usable_until=now + 2 * seconds)
        with self._lock:
            self._texts.keep(name, kept)
        return text

    def _keep_failure(self, name: _Name, error: PlaylistFailure) -> None:
        until = self._clock() + FAILURE_REMEMBERED
        kept = _Failure(message=error.args[0], status=error.status, retry_after=error.retry_after, until=until)
        with self._lock:
            self._failures.keep(name, kept)
        parts = urlsplit(name[0])
        logger.warning(
            "The playlist %s did not come from %s. %s", unquote(parts.path.removeprefix("/")), parts.netloc, error.found
        )


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


def _in_words(finding: Finding) -> str:
    """What was found, and the setting to change, as the self-test tells it."""
    return f"{translate(finding.message)} ({translate(finding.setting)})"


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise PlaylistFailure(NO_TEXT, status=502, found="It is no text in UTF-8. Save it as such.") from None


# Of this process: who signs with the same key has the same.
PLAYLISTS = Playlists(most_fetching=share_of_workers)
