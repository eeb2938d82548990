"""What is fetched of playlists, by how many threads, and for how long it is remembered."""

from collections.abc import Callable
from collective.cfprivate.fetch import Answer
from collective.cfprivate.fetch import NotFetched
from collective.cfprivate.playback.playlists import PlaylistFailure
from collective.cfprivate.playback.playlists import Playlists
from collective.cfprivate.playback.playlists import seconds_fresh
from collective.cfprivate.playback.playlists import share_of_workers
from requests.structures import CaseInsensitiveDict

import pytest
import threading


VOD = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n"
LIVE = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n"
MASTER = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n"
URL = "https://d111111abcdef8.cloudfront.net/talk/index.m3u8"
OTHER = "https://d111111abcdef8.cloudfront.net/other/index.m3u8"


class World:
    """A distribution that answers with ``answer``, or does what that does; a clock; and what was asked."""

    def __init__(self, **options):
        self.now = 1000.0
        self.answer = VOD
        self.asked = []
        self.playlists = Playlists(fetch=self.fetch, clock=lambda: self.now, **options)

    def fetch(self, url, *, seconds, limit):
        self.asked.append((url, seconds, limit))
        answer = self.answer(url) if isinstance(self.answer, Callable) else self.answer
        if isinstance(answer, Answer):
            return answer
        return Answer(status=200, headers=CaseInsensitiveDict(), body=answer.encode(), cut=False)

    def get(self, url=URL):
        return self.playlists.get(url, lambda url: f"{url}?signed")


@pytest.fixture
def world():
    return World()


def failure_of(world, url=URL):
    with pytest.raises(PlaylistFailure) as caught:
        world.get(url)
    return caught.value


def unreachable(url):
    raise NotFetched("timeout", "d111111abcdef8.cloudfront.net")


class TestFetch:
    def test_gives_the_playlist(self, world):
        assert world.get() == VOD

    def test_asks_for_the_signed_url_within_three_seconds_and_two_megabytes(self, world):
        world.get()
        assert world.asked == [(f"{URL}?signed", 3.0, 2_000_000)]

    @pytest.mark.parametrize(
        ("status", "body", "cut", "told"),
        [
            (200, b"#EXTM3U", True, 502),
            (200, b"#EXTM3U\xff", False, 502),
            (404, b"", False, 404),
            (403, b"<Error><Code>AccessDenied</Code><RequestId>1</RequestId></Error>", False, 404),
            (403, b"<Error><Code>AccessDenied</Code></Error>", False, 502),
            (403, b"<Error><Code>InvalidKey</Code></Error>", False, 502),
            (301, b"", False, 502),
            (500, b"", False, 502),
        ],
    )
    def test_of_anything_else_fails(self, world, status, body, cut, told):
        world.answer = Answer(status=status, headers=CaseInsensitiveDict(), body=body, cut=cut)
        assert failure_of(world).status == told

    def test_without_an_answer_tells_when_to_ask_again(self, world):
        world.answer = unreachable
        failure = failure_of(world)
        assert (failure.status, failure.retry_after) == (503, 10)

    def test_that_breaks_keeps_nobody_from_the_next(self, world):
        world.answer = lambda url: 1 / 0
        with pytest.raises(ZeroDivisionError):
            world.get()
        world.answer = VOD
        assert world.get() == VOD


class TestRemembered:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            (VOD, 60),
            (MASTER, 60),
            (LIVE, 3),
            ("#EXTM3U\n#EXT-X-TARGETDURATION:600\n", 60),
            ("#EXTM3U\n#EXT-X-TARGETDURATION:x\n", 1),
            ("#EXTM3U\n", 1),
            ("#EXTM3U\n## EXT-X-ENDLIST\n#EXT-X-TARGETDURATION:8\n", 4),
        ],
    )
    def test_for_as_long_as_it_may_stay_the_same(self, text, seconds):
        assert seconds_fresh(text) == seconds

    @pytest.mark.parametrize(("text", "seconds"), [(VOD, 60), (LIVE, 3)])
    def test_until_then_nothing_is_asked(self, world, text, seconds):
        world.answer = text
        world.get()
        world.now += seconds - 0.1
        assert (world.get(), len(world.asked)) == (text, 1)

    @pytest.mark.parametrize(("text", "seconds"), [(VOD, 60), (LIVE, 3)])
    def test_from_then_on_it_is_asked_for_anew(self, world, text, seconds):
        world.answer = text
        world.get()
        world.now += seconds
        world.get()
        assert len(world.asked) == 2

    def test_another_one_is_another(self, world):
        world.answer = lambda url: MASTER if "other" in url else VOD
        assert (world.get(), world.get(OTHER)) == (VOD, MASTER)

    def test_in_so_much_room_and_the_oldest_goes_first(self):
        world = World(room=2 * len(VOD))
        for url in (URL, OTHER, f"{OTHER}2", OTHER, URL):
            world.get(url)
        assert [url.removesuffix("?signed") for url, *_ in world.asked] == [URL, OTHER, f"{OTHER}2", URL]


class TestAfterAFailure:
    @pytest.fixture
    def failed(self, world):
        world.answer = unreachable
        failure_of(world)
        return world

    def test_nobody_waits_for_the_same(self, failed):
        failed.now += 9.9
        assert (failure_of(failed).status, len(failed.asked)) == (503, 1)

    def test_another_playlist_is_asked_for(self, failed):
        failed.answer = VOD
        assert failed.get(OTHER) == VOD

    def test_after_a_while_it_is_asked_for_again(self, failed):
        failed.answer = VOD
        failed.now += 10
        assert failed.get() == VOD

    def test_that_is_over_nothing_is_left_of_it(self, failed):
        failed.now += 10
        failed.answer = VOD
        failed.get()
        failed.now += 60
        failed.answer = unreachable
        failure_of(failed)
        assert len(failed.asked) == 3


class TestSeveralThreads:
    """One thread fetches and does not come to an end before ``go_on`` is set."""

    @pytest.fixture
    def busy(self):
        worlds = []

        def make(**options):
            world = World(**options)
            world.begun, world.go_on = threading.Event(), threading.Event()

            def answer(url):
                world.begun.set()
                world.go_on.wait(60)
                return VOD

            world.answer = answer
            world.thread = threading.Thread(target=world.get)
            world.thread.start()
            world.begun.wait(60)
            worlds.append(world)
            return world

        yield make
        for world in worlds:
            world.go_on.set()
            world.thread.join(60)

    @pytest.mark.parametrize("url", [URL, OTHER])
    def test_the_others_are_told_to_come_back_at_once(self, busy, url):
        failure = failure_of(busy(), url)
        assert (failure.status, failure.retry_after) == (503, 1)

    def test_one_url_is_fetched_by_one_thread(self, busy):
        assert failure_of(busy(most_fetching=lambda: 5)).status == 503

    def test_others_are_fetched_as_far_as_threads_may(self, busy):
        world = busy(most_fetching=lambda: 2)
        world.answer = VOD
        assert world.get(OTHER) == VOD

    def test_that_it_was_busy_is_no_failure_to_remember(self, busy):
        world = busy()
        failure_of(world, OTHER)
        world.go_on.set()
        world.thread.join(60)
        world.answer = VOD
        assert world.get(OTHER) == VOD

    def test_while_one_thread_fetches_anew_the_others_have_what_was_known(self, world):
        world.answer = LIVE
        world.get()
        world.now += 4
        begun, go_on = threading.Event(), threading.Event()

        def answer(url):
            begun.set()
            go_on.wait(60)
            return VOD

        world.answer = answer
        thread = threading.Thread(target=world.get)
        thread.start()
        begun.wait(60)
        assert world.get() == LIVE
        go_on.set()
        thread.join(60)
        assert world.get() == VOD


@pytest.mark.parametrize(("workers", "share"), [(0, 1), (1, 1), (4, 1), (7, 1), (8, 2), (16, 4)])
def test_a_quarter_of_the_workers_may_fetch(monkeypatch, workers, share):
    names = ["MainThread", *(f"waitress-{number}" for number in range(workers)), "cfprivate-fetch"]
    monkeypatch.setattr(threading, "enumerate", lambda: [threading.Thread(name=name) for name in names])
    assert share_of_workers() == share
