"""What is fetched of playlists, by how many threads, and for how long it is remembered."""

from collections.abc import Callable
from collective.cfprivate.fetch import Answer
from collective.cfprivate.fetch import NotFetched
from collective.cfprivate.playback import playlists
from collective.cfprivate.playback.playlists import PlaylistFailure
from collective.cfprivate.playback.playlists import Playlists
from collective.cfprivate.playback.playlists import seconds_fresh
from collective.cfprivate.playback.playlists import share_of_workers
from contextlib import suppress
from requests.structures import CaseInsensitiveDict

import gc
import logging
import pytest
import threading
import tracemalloc
import weakref


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

    def get(self, url=URL, signed_by="one"):
        return self.playlists.get(url, lambda url: f"{url}?signed", signed_by)


@pytest.fixture
def world():
    return World()


def failure_of(world, url=URL):
    with pytest.raises(PlaylistFailure) as caught:
        world.get(url)
    return caught.value


def unreachable(url):
    raise NotFetched("timeout", "d111111abcdef8.cloudfront.net")


def refusal(code, status=403):
    body = f"<Error><Code>{code}</Code></Error>".encode()
    return Answer(status=status, headers=CaseInsensitiveDict(), body=body, cut=False)


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

    def test_another_one_signs_is_another(self, world):
        world.get()
        world.answer = LIVE
        assert (world.get(signed_by="another"), world.get()) == (LIVE, VOD)

    def test_the_mark_at_its_beginning_stays(self, world):
        world.answer = f"\ufeff{VOD}"
        assert (world.get(), world.get(), len(world.asked)) == (f"\ufeff{VOD}", f"\ufeff{VOD}", 1)


class TestRoom:
    """For 25,000 bytes, in which two playlists of 10,000 have place."""

    @pytest.fixture
    def world(self):
        return World(room=25_000)

    def asked_again(self, world, urls):
        before = len(world.asked)
        for url in urls:
            world.get(url)
        return [url.removesuffix("?signed") for url, *_ in world.asked[before:]]

    @pytest.mark.parametrize("letter", ["a", "ä", "€", "😀"])
    def test_is_counted_in_bytes(self, world, letter):
        text = VOD + letter * (10_000 // len(letter.encode()))
        world.answer = text
        for url in (URL, OTHER, f"{OTHER}2"):
            world.get(url)
        assert self.asked_again(world, [f"{OTHER}2", OTHER, URL]) == [URL]

    def test_who_was_asked_for_longest_ago_goes_first(self, world):
        world.answer = VOD + "a" * 10_000
        for url in (URL, OTHER, URL, f"{OTHER}2"):
            world.get(url)
        assert self.asked_again(world, [f"{OTHER}2", URL, OTHER]) == [OTHER]

    def test_is_not_taken_by_what_was_fetched_anew(self, world):
        world.answer = VOD + "a" * 10_000
        world.get(OTHER)
        for _ in range(3):
            world.now += 61
            world.get()
        assert self.asked_again(world, [OTHER, URL]) == [OTHER]

    def test_many_small_ones_have_no_more(self, world):
        urls = [f"{URL}?{number}" for number in range(100)]
        for url in urls:
            world.get(url)
        assert len(self.asked_again(world, reversed(urls))) >= 75

    def test_what_is_too_large_for_it_is_given_and_not_kept(self, world):
        world.answer = VOD + "a" * 30_000
        assert [len(world.get()), len(world.get()), len(world.asked)] == [len(VOD) + 30_000, len(VOD) + 30_000, 2]

    def test_of_letters_of_four_bytes_is_not_exceeded(self):
        """Python takes four bytes for each letter of a text in which one needs them."""
        world = World(room=1_000_000)
        text = VOD + "a" * 200_000 + "😀"
        world.answer = text
        assert kept_after(lambda: [world.get(f"{URL}{number}") for number in range(8)]) < 1_500_000

    @pytest.mark.parametrize(("text", "seconds", "kept"), [(VOD, 119, True), (VOD, 120, False), (LIVE, 6, False)])
    def test_is_left_when_the_time_is_over(self, world, text, seconds, kept):
        world.answer = text
        name = name_of_one_who_asks(world)
        world.now += seconds
        world.get(OTHER)
        assert (name() is not None) == kept


class Name(str):
    """One of which can be told whether it is still held on to."""


def name_of_one_who_asks(world):
    """A weak reference to the name of one who signs and has asked once."""
    name = Name("another")
    with suppress(PlaylistFailure):
        world.get(signed_by=name)
    reference = weakref.ref(name)
    del name
    gc.collect()
    return reference


def kept_after(act):
    """Bytes that are held on to when ``act`` has returned."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        act()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


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
        failed.now += 120
        failed.answer = unreachable
        failure_of(failed)
        assert len(failed.asked) == 3

    def test_what_is_known_is_better_than_nothing_for_as_long_again(self, failed):
        failed.now += 10
        failed.answer = VOD
        failed.get()
        failed.now += 119
        failed.answer = unreachable
        # Asked once, and then not again while the failure is remembered.
        assert ([failed.get(), failed.get()], len(failed.asked)) == ([VOD, VOD], 3)

    def test_what_is_gone_is_not_given_out_any_more(self, failed):
        failed.now += 10
        failed.answer = VOD
        failed.get()
        failed.now += 60
        failed.answer = refusal("NoSuchKey", 404)
        assert failure_of(failed).status == 404

    def test_of_one_who_signs_another_is_asked_for(self, failed):
        failed.answer = VOD
        assert (failed.get(signed_by="another"), failure_of(failed).status) == (VOD, 503)

    def test_the_same_is_told_each_time(self, failed):
        told = [(each.args, each.status, each.retry_after) for each in (failure_of(failed), failure_of(failed))]
        assert told == [((playlists.UNREACHABLE,), 503, 10)] * 2

    def test_nobody_who_asked_is_held_on_to(self, world):
        world.answer = unreachable

        class Asker:
            def sign(self, url):
                return url

        def ask():
            asker = Asker()
            with suppress(PlaylistFailure):
                world.playlists.get(URL, asker.sign, "one")
            return weakref.ref(asker)

        asker = ask()
        gc.collect()
        assert asker() is None

    def test_nothing_of_the_answer_is_held_on_to(self, world):
        world.answer = lambda url: Answer(status=500, headers={}, body=bytes(1_000_000), cut=False)
        assert kept_after(lambda: failure_of(world).status) < 500_000

    def test_the_next_thousand_are_remembered_and_no_more(self, failed):
        for number in range(1000):
            failure_of(failed, f"{OTHER}{number}")
        failure_of(failed, OTHER + "0")
        failure_of(failed, URL)
        assert len(failed.asked) == 1 + 1000 + 1

    def test_that_is_over_it_is_dropped_when_another_is_asked_for(self, world):
        world.get()
        world.answer = unreachable
        name = name_of_one_who_asks(world)
        world.now += 10
        world.get()
        assert name() is None


class TestLog:
    """Who administers the site is told once of each failure that is remembered."""

    @pytest.fixture
    def lines(self, caplog):
        return lambda: [(each.levelno, each.getMessage()) for each in caplog.records if each.name == playlists.__name__]

    @pytest.mark.parametrize(
        ("answer", "found", "setting"),
        [
            (refusal("InvalidKey"), "InvalidKey", "Key groups"),
            (refusal("AccessDenied"), "AccessDenied", "Public keys"),
            (refusal("NoSuchKey", 404), "no such file", "bucket policy"),
            (Answer(status=302, headers={}, body=b"", cut=False), "status 302", "Function associations"),
            (Answer(status=200, headers={}, body=b"#EXTM3U", cut=True), "2000000 bytes", "Split it"),
            (Answer(status=200, headers={}, body=b"\xff", cut=False), "no text in UTF-8", "Save it as such"),
            (unreachable, "no whole answer", "firewall"),
        ],
    )
    def test_tells_what_was_found_and_what_to_change(self, world, lines, answer, found, setting):
        world.answer = answer
        failure_of(world)
        ((level, line),) = lines()
        assert (level, found in line, setting in line) == (logging.WARNING, True, True)

    def test_names_host_and_object_key_and_not_what_signs(self, world, lines):
        world.answer = unreachable
        failure_of(world, "https://d111111abcdef8.cloudfront.net/a%20b/index.m3u8")
        ((_, line),) = lines()
        begin = "The playlist a b/index.m3u8 did not come from d111111abcdef8.cloudfront.net. "
        assert (line.startswith(begin), "signed" in line, "one" in line.split()) == (True, False, False)

    def test_is_not_written_again_from_memory(self, world, lines):
        world.answer = unreachable
        for _ in range(3):
            failure_of(world)
        assert len(lines()) == 1

    def test_is_written_again_when_it_fails_anew(self, world, lines):
        world.answer = unreachable
        failure_of(world)
        world.now += 10
        failure_of(world)
        assert len(lines()) == 2

    def test_has_nothing_where_nothing_failed(self, world, lines):
        world.get()
        assert lines() == []


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
