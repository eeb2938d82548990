"""Eight people who watch: what that costs Plone, and what it does to others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextlib import contextmanager
from contextlib import nullcontext
from http.client import HTTPConnection
from measured_plone import SECONDS
from measured_plone import VIDEO_SIZE
from measured_plone import Visitor
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import threading


PEOPLE = 8
# Bytes a second: a video of 20 Mbit/s.
PACE = 2_500_000
PIECE = 65_536
RANGE = 1_000_000
# Of one look at how long others wait.
LOOK = 2.0


@contextmanager
def film_in_blob(plone):
    """A function that opens the video in Plone, or a range of it."""
    with closing(Visitor(plone, "viewer")) as visitor:
        yield lambda **headers: visitor.open("/Plone/demo/blob/@@download/file", **headers)


@contextmanager
def film_at_edge(plone):
    """The same for a video of which Plone signs the URL, once."""
    with closing(Visitor(plone, "viewer")) as visitor:
        url = urlsplit(visitor.get("demo/ours/@@media", [302]).getheader("Location"))
    with closing(HTTPConnection(url.netloc, timeout=SECONDS)) as edge:

        def opened(**headers):
            edge.request("GET", f"{url.path}?{url.query}", headers=headers)
            return edge.getresponse()

        yield opened


def whole(opened):
    """Read all of a film, as fast as it comes; its bytes are counted."""
    return len(opened().read())


def in_ranges(opened):
    """Read a film piece after piece."""
    ranges = (f"bytes={start}-{start + RANGE - 1}" for start in range(0, VIDEO_SIZE, RANGE))
    return sum(len(opened(Range=each).read()) for each in ranges)


def gigabytes(plone, film, read):
    """The `rate` of the gigabytes that eight people get, by the CPU seconds of Zope."""

    def watch(_number):
        with film(plone) as opened:
            return read(opened)

    def rate(_seconds):
        with closing(Visitor(plone)) as visitor, ThreadPoolExecutor(PEOPLE) as people:
            began = visitor.cpu_seconds()
            sizes = list(people.map(watch, range(PEOPLE)))
            used = visitor.cpu_seconds() - began
        if sizes != [VIDEO_SIZE] * PEOPLE:
            raise ValueError("somebody did not get the whole video")
        return sum(sizes) / 1e9 / used

    return rate


class Others:
    """The `rate` at which one visitor gets an ordinary page, one after the other, by the clock.

    Meanwhile eight people do `watch`, which gets the number of each and an event that tells when to end; without it
    nobody watches. `around` is a context for all of it. `seconds` are the waiting times, without those of the first look.
    """

    def __init__(self, plone, watch: Callable | None = None, around=nullcontext):
        self._plone = plone
        self._watch = watch
        self._around = around
        self._looks = []

    @property
    def seconds(self):
        return [each for look in self._looks[1:] for each in look]

    def __call__(self, _seconds):
        with self._around(), self._people():
            self._looks.append(self._look())
        return 1 / median(self._looks[-1])

    @contextmanager
    def _people(self):
        over = threading.Event()
        with ThreadPoolExecutor(PEOPLE) as people:
            watching = [people.submit(self._watch, number, over) for number in range(PEOPLE if self._watch else 0)]
            try:
                yield
            finally:
                over.set()
        for each in watching:
            each.result()

    def _look(self):
        end, seconds = perf_counter() + LOOK, []
        with closing(Visitor(self._plone)) as visitor:
            while perf_counter() < end:
                began = perf_counter()
                visitor.get("", [200])
                seconds.append(perf_counter() - began)
        return seconds


def at_its_pace(plone, film):
    """Watch a film as fast as it plays."""

    def watch(_number, over):
        with film(plone) as opened:
            answer, began, size = opened(), perf_counter(), 0
            while not over.wait(max(0, began + size / PACE - perf_counter())):
                piece = answer.read(PIECE)
                if not piece:
                    raise ValueError("the video ended too early")
                size += len(piece)

    return watch


def playlists(plone, path, *statuses):
    """Ask for a playlist, and a second later again; `path` may have the number of who asks in it."""

    def watch(number, over):
        with closing(Visitor(plone, "viewer")) as visitor:
            while not over.wait(1):
                visitor.get(path.format(number=number), statuses)

    return watch
