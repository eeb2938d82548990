"""Many who play at once, each first through one Zope client and then through the other."""

from clients.zope_client import key_id_of
from clients.zope_client import session
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import itertools
import threading
import time


SECONDS = 120
# Twenty who never pause would only tell how busy the machine is.
PAUSE = 0.5


class Play(NamedTuple):
    """One player's turn: when it asked and was answered, the key that signed, and the edge's statuses.

    The edge is asked for what was just signed, and again for what this player was given first.
    """

    player: int
    client: str
    asked: float
    answered: float
    key_id: str
    statuses: tuple[int, int]


class Audience:
    """A context in which ``size`` players play; ``plays`` is what they have seen until now."""

    def __init__(self, installation, clients, size):
        self.plays = []
        self._installation = installation
        self._clients = clients
        self._size = size
        self._end = threading.Event()
        self._seen = threading.Condition()
        self._pool = ThreadPoolExecutor(size)

    def __enter__(self):
        self._players = [self._pool.submit(self._play, number) for number in range(self._size)]
        return self

    def __exit__(self, *error):
        self._end.set()
        self._pool.shutdown()
        for player in self._players:
            player.result()

    def wait_for_a_play_of_each(self):
        """Wait until every player has had a turn that began after now."""
        now = time.monotonic()
        with self._seen:
            assert self._seen.wait_for(lambda: self._all_played_since(now), timeout=SECONDS), "A player is stuck."

    def _all_played_since(self, began):
        failed = any(player.done() for player in self._players)
        return failed or len({play.player for play in self.plays if play.asked > began}) == self._size

    def _play(self, number):
        asking = session()
        first_url = None
        for client in itertools.islice(itertools.cycle(self._clients), number % 2, None):
            asked = time.monotonic()
            url = client.playback(asking=asking).json()["sources"][0]["src"]
            answered = time.monotonic()
            first_url = first_url or url
            statuses = tuple(self._installation.served(each, asking) for each in (url, first_url))
            self._note(Play(number, client.home.name, asked, answered, key_id_of(url), statuses))
            if self._end.wait(PAUSE):
                return

    def _note(self, play):
        with self._seen:
            self.plays.append(play)
            self._seen.notify_all()
