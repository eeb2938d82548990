"""The requests of one run, and what they told so far."""

from ..fetch import Answer
from ..fetch import fetch
from ..fetch import NotFetched
from .subject import Subject
from .verdict import seconds_ahead
from .verdict import Verdict
from collections.abc import Callable
from collections.abc import Mapping

import time


Fetch = Callable[..., Answer]

# Bytes: enough for the longest error document; of an object nothing is needed.
_LIMIT = 16384
# Requests that may take their whole time before no more are made.
_PATIENCE = 4


class Inquiry:
    """Asks for a `subject`, in a time for the whole run: the one of four requests.

    unreachable   -- the error after which the distribution is asked no more.
    signed        -- the answer to the signed request with a range, once it was asked.
    seconds_ahead -- by how much our clock is ahead of the distribution's, once it told.
    """

    def __init__(self, subject: Subject, fetch: Fetch = fetch) -> None:
        self.subject = subject
        self.unreachable: NotFetched | None = None
        self.signed: Answer | None = None
        self.seconds_ahead: float | None = None
        self._fetch = fetch
        self._until = time.monotonic() + _PATIENCE * subject.seconds

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of the signed request."""
        return None if self.signed is None else Verdict.of(self.signed)

    def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The distribution's answer; NotFetched, after which it counts as unreachable."""
        try:
            answer = self.ask_other(url, headers)
        except NotFetched as error:
            self.unreachable = error
            raise
        if self.seconds_ahead is None:
            self.seconds_ahead = seconds_ahead(answer, self.subject.now())
        return answer

    def ask_other(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer of another address than the distribution's own; NotFetched where there is none."""
        remaining = self._until - time.monotonic()
        if remaining <= 0:
            raise NotFetched("timeout", self.subject.distribution.host)
        return self._fetch(url, headers=headers, seconds=min(self.subject.seconds, remaining), limit=_LIMIT)
