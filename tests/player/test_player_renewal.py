"""New signatures before the old ones expire, after they did, and none when the right is gone."""

from player_site import AIRPLAY
from player_site import AUDIO
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from playwright.sync_api import expect

import itertools
import pytest


pytestmark = pytest.mark.browser

SERVICE = "/talk/@playback"
MASTER = "/@@playlist/index.m3u8"
READY = "() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA"
PLAYING = "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > 0.2; }"
TIME = "document.querySelector('video').currentTime"
# The position as often as the browser draws, and the sources one after the other.
WATCH = """
window.times = [];
window.sources = [];
function look() {
  const video = document.querySelector("video");
  if (video) times.push(video.currentTime);
  if (video?.currentSrc && video.currentSrc !== sources.at(-1)) sources.push(video.currentSrc);
  requestAnimationFrame(look);
}
look();
"""
ASKED = "performance.getEntriesByType('resource').filter((entry) => entry.name.includes('@playback')).length"
HIDDEN = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.away ?? false });"
CLOCK = "const now = Date.now; Date.now = () => now() + (window.slept ?? 0);"
WAKE = "window.slept = {seconds} * 1000; document.dispatchEvent(new Event('visibilitychange'))"


def attributes(renew_in):
    return f' data-playback="{SERVICE}" data-renew-in="{renew_in}"'


def open_page(page, site, renew_in=3600, **options):
    """Open a page with a signed video that has to be renewed after so many seconds."""
    head = site.script(WATCH + HIDDEN + CLOCK)
    page.goto(site.page(site.signed("/talk.mp4"), attributes(renew_in), head, **options))
    page.wait_for_function(READY)


def open_hls(page, site, renew_in=3600, native=False, src=MASTER):
    """Open a page with an HLS stream, to be renewed likewise."""
    site.playlists()
    csp = f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} blob:; worker-src 'self'"
    head = site.script(WATCH + CLOCK + AIRPLAY * native)
    page.goto(site.page([source(src, HLS_TYPE)], attributes(renew_in), head, medium=HLS_VIDEO, csp=csp))


def play(page):
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(PLAYING)


def seek(page, seconds):
    page.evaluate(f"document.querySelector('video').currentTime = {seconds}")


def wait_for_source(page, signature):
    page.wait_for_function(
        "(end) => document.querySelector('video').currentSrc.endsWith(end)", arg=f"Signature={signature}"
    )


def wait_for_play(page, seconds=0.3):
    """Wait until it has played on from here."""
    moment = page.evaluate(TIME)
    page.wait_for_function(f"() => {TIME} > {moment} + {seconds}")


def furthest_back(page):
    times = page.evaluate("times")
    return max(before - after for before, after in itertools.pairwise(times))


@pytest.fixture
def talk(site):
    """The site, with a service that signs the video anew."""
    site.renew(SERVICE, lambda: [source(site.signed("/talk.mp4"))])
    return site


def test_it_asks_when_it_is_time(page, talk):
    open_page(page, talk, renew_in=1)
    wait_for_source(page, 2)
    assert len(talk.asked("@playback")) == 1


def test_it_asks_again_after_every_answer(page, talk):
    talk.renew(SERVICE, lambda: [source(talk.signed("/talk.mp4"))], renew_in=0.5, expires_in=1)
    open_page(page, talk, renew_in=0.5)
    wait_for_source(page, 4)
    assert [src[-1] for src in page.evaluate("sources")[:4]] == ["1", "2", "3", "4"]


def test_it_asks_as_who_is_logged_in(page, talk):
    page.context.add_cookies([{"name": "login", "value": "secret", "url": talk.url}])
    open_page(page, talk, renew_in=1)
    wait_for_source(page, 2)
    page.context.clear_cookies()
    assert talk.asked("@playback")[0].cookie == "login=secret"


def test_a_playing_video_goes_on_at_the_same_second(page, talk):
    open_page(page, talk, renew_in=3)
    seek(page, 4)
    play(page)
    wait_for_source(page, 2)
    wait_for_play(page)
    assert furthest_back(page) < 1
    assert page.evaluate(TIME) > 4


def test_a_paused_video_stays_where_it_is(page, talk):
    open_page(page, talk, renew_in=1)
    seek(page, 7)
    wait_for_source(page, 2)
    page.wait_for_function(READY)
    assert page.evaluate(
        "(() => { const v = document.querySelector('video'); return [v.currentTime, v.paused]; })()"
    ) == [
        7,
        True,
    ]


def test_the_speed_is_kept(page, talk):
    open_page(page, talk, renew_in=1)
    page.evaluate("document.querySelector('video').playbackRate = 1.5")
    wait_for_source(page, 2)
    page.wait_for_function(READY)
    expect(page.locator("video")).to_have_js_property("playbackRate", 1.5)


def test_the_same_source_is_not_loaded_again(page, talk):
    talk.renew(SERVICE, lambda: [source("/talk.mp4?Signature=1")], renew_in=0.5)
    open_page(page, talk, renew_in=0.5)
    page.evaluate("document.querySelector('video').addEventListener('emptied', () => { window.emptied = true; })")
    page.wait_for_function(f"() => {ASKED} > 2")
    assert not page.evaluate("window.emptied")


def test_a_page_with_an_expired_link_mends_itself(page, talk):
    address = talk.page(talk.signed("/talk.mp4"), attributes(3600), talk.script(WATCH))
    talk.expire()
    page.goto(address)
    page.wait_for_function(READY)
    play(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_browser_that_begins_late_is_not_taken_for_one_that_failed(page, talk):
    """Until it begins, the state of the network is what it is after all sources have failed (HTML, 4.8.11.5)."""
    late = """
    const { get } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "networkState");
    const networkState = { get() { return document.readyState === "complete" ? get.call(this) : this.NETWORK_NO_SOURCE; } };
    Object.defineProperty(HTMLMediaElement.prototype, "networkState", networkState);
    """
    page.goto(talk.page(talk.signed("/talk.mp4"), attributes(3600), talk.script(late)))
    page.wait_for_function(READY)
    assert not talk.asked("@playback")


def test_a_seek_after_the_signature_expired(page, site):
    site.renew(SERVICE, lambda: [source(site.signed("/huge.wav"), "audio/wav")])
    page.goto(site.page([source(site.signed("/huge.wav"), "audio/wav")], attributes(3600), medium=AUDIO))
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    site.expire()
    page.evaluate("document.querySelector('audio').currentTime = 500")
    page.wait_for_function("() => document.querySelector('audio').currentSrc.endsWith('Signature=2')")
    page.wait_for_function("() => document.querySelector('audio').readyState > 1")
    assert page.evaluate("document.querySelector('audio').currentTime") == 500


def test_a_page_that_slept_asks_when_it_wakes(page, talk):
    open_page(page, talk, renew_in=3600)
    seek(page, 5)
    page.evaluate(WAKE.format(seconds=7200))
    wait_for_source(page, 2)
    page.wait_for_function(READY)
    assert page.evaluate(TIME) == 5


def test_a_page_that_wakes_early_does_not_ask(page, talk):
    open_page(page, talk, renew_in=3600)
    page.evaluate(WAKE.format(seconds=60))
    page.wait_for_function(READY)
    assert not talk.asked("@playback")


def test_a_page_that_nobody_sees_waits(page, talk):
    open_page(page, talk, renew_in=3600)
    page.evaluate("window.away = true;" + WAKE.format(seconds=7200) + "; dispatchEvent(new Event('online'))")
    assert not talk.asked("@playback")
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_source(page, 2)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_when_the_right_is_gone_it_stops_and_says_so(page, talk, status):
    talk.answer(SERVICE, status, {"type": "not-permitted", "message": "Your account does not include this."})
    open_page(page, talk, renew_in=3600)
    play(page)
    page.evaluate(WAKE.format(seconds=7200) + "; dispatchEvent(new Event('online'))")
    expect(page.get_by_role("alert")).to_contain_text("Your account does not include this.")
    assert page.evaluate("document.querySelector('video').networkState") == 0
    assert page.evaluate("document.querySelector('video').paused")


def test_after_a_refusal_nothing_is_asked_any_more(page, talk):
    talk.answer(SERVICE, 403, {"type": "not-permitted", "message": "No."})
    open_page(page, talk, renew_in=3600)
    page.evaluate(WAKE.format(seconds=7200) + "; dispatchEvent(new Event('online'))")
    expect(page.get_by_role("alert")).to_contain_text("No.")
    asked = len(talk.requests)
    page.evaluate(WAKE.format(seconds=7200))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))")
    assert len(talk.requests) == asked


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, {"type": "Unauthorized", "message": "You are not authorized to access this resource."}),
        (404, {"type": "NotFound", "message": "Resource not found: http://plone.example/talk"}),
        (403, {"message": "Forbidden"}),
        (403, {"type": "not-permitted"}),
        (403, None),
        (404, b"<html>Not Found</html>"),
    ],
)
def test_a_refusal_without_words_of_ours_shows_the_general_ones(page, talk, status, answer):
    talk.answer(SERVICE, status, answer)
    open_page(page, talk, renew_in=1)
    expect(page.get_by_role("alert").locator("p")).to_have_text("You may no longer watch this.")


def test_the_words_of_a_refusal_can_be_translated(page, talk):
    talk.answer(SERVICE, 401, {"type": "Unauthorized", "message": "You are not authorized."})
    page.goto(talk.page(talk.signed("/talk.mp4"), f'{attributes(1)} data-refused="視聴できません。"'))
    expect(page.get_by_role("alert").locator("p")).to_have_text("視聴できません。")


def test_a_failure_that_new_signatures_do_not_mend_is_explained_once(page, talk):
    talk.renew(SERVICE, lambda: [source("/missing.mp4")])
    page.goto(talk.page("/missing.mp4", attributes(3600)))
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert len(talk.asked("@playback")) == 1
    # Where it failed before the player came, the browser is told to begin once more.
    assert len(talk.asked("/missing.mp4")) in {2, 3}


@pytest.mark.parametrize("failure", [(503, b"", {"Retry_After": "1"}), (500, b"oops", {}), (200, b"<html>", {})])
def test_a_server_in_trouble_is_asked_again(page, talk, failure):
    works = talk.services[SERVICE]
    answers = [failure, failure]
    talk.services[SERVICE] = lambda: answers.pop() if answers else works()
    open_page(page, talk, renew_in=10)
    page.evaluate(WAKE.format(seconds=10))
    wait_for_source(page, 2)
    assert len(talk.asked("@playback")) == 3


def test_a_server_that_does_not_come_back_is_asked_less_and_less_and_then_no_more(browser, talk):
    talk.answer(SERVICE, 500, b"oops")
    page = browser.new_page()
    page.clock.install()
    with page.expect_response("**/@playback"):
        page.goto(talk.page("/missing.mp4", attributes(1)))
    for pause in (1, 2, 4, 8):
        with page.expect_response("**/@playback"):
            page.clock.run_for(1000 * pause)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.clock.run_for(600_000)
    assert len(talk.asked("@playback")) == 5
    page.close()


def test_there_is_one_request_at_a_time(page, talk):
    open_page(page, talk, renew_in=3600)
    with page.expect_request("**/@playback"):
        page.evaluate(WAKE.format(seconds=7200) + ";" + "dispatchEvent(new Event('online'));" * 5)
    wait_for_source(page, 2)
    assert len(talk.asked("@playback")) == 1


def test_no_signature_is_stored(page, talk):
    open_page(page, talk, renew_in=1)
    wait_for_source(page, 2)
    assert "Signature" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_player_taken_from_the_page_does_not_ask(page, talk):
    open_page(page, talk, renew_in=1)
    page.evaluate("document.querySelector('cfprivate-player').remove()")
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))")
    assert not talk.asked("@playback")


def test_the_poster_is_renewed_too(page, talk):
    poster = talk.signed("/poster.jpg")
    talk.renew(SERVICE, lambda: [source(talk.signed("/talk.mp4"))], poster=poster)
    open_page(page, talk, renew_in=1)
    wait_for_source(page, 3)
    expect(page.locator("video")).to_have_attribute("poster", poster)


def test_poster_and_captions_are_renewed_with_the_same_sources(page, site):
    poster, captions = site.signed("/poster.jpg"), site.signed("/captions.en.vtt")
    track = {"src": captions, "kind": "captions", "srclang": "en", "label": "English", "default": False}
    site.renew(SERVICE, lambda: [source("/talk.mp4")], poster=poster, tracks=[track])
    page.goto(site.page(attributes=attributes(1), tracks='<track src="/old.vtt" kind="captions" srclang="en">'))
    expect(page.locator("video")).to_have_attribute("poster", poster)
    expect(page.locator("track")).to_have_attribute("src", captions)


def test_hls_of_the_browser_is_loaded_anew_at_the_same_second(page, site):
    site.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)])
    open_hls(page, site, 3, native=True)
    play(page)
    seek(page, 5)
    fetched = len(site.asked(MASTER))
    page.wait_for_function(f"() => {ASKED} > 0")
    site.expire()
    wait_for_play(page, 1)
    assert len(site.asked(MASTER)) > fetched
    assert furthest_back(page) < 1


def wait_for_fetches(page, name, times):
    """Wait until what has such a name was fetched so often."""
    page.wait_for_function(
        "([part, times]) => performance.getEntriesByType('resource')"
        ".filter(({ name, responseEnd }) => name.includes(part) && responseEnd).length === times",
        arg=[name, times],
    )


@pytest.fixture
def stream(page, site):
    """A paused HLS stream at 6 seconds, whose first signatures have expired and were renewed."""
    site.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)])
    open_hls(page, site, 3)
    page.wait_for_function(READY)
    seek(page, 6)
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    page.evaluate("document.querySelector('video').addEventListener('emptied', () => { window.emptied = true; })")
    site.expire()
    wait_for_fetches(page, "360p/index.m3u8", 2)
    return site


def test_renewed_hls_keeps_what_it_has_loaded(page, stream):
    assert page.evaluate(TIME) == 6
    assert page.evaluate("document.querySelector('video').paused")
    assert not page.evaluate("window.emptied")
    assert len(stream.asked(MASTER)) == 1


def test_renewed_hls_loads_the_rest_with_the_new_signature(page, stream):
    seek(page, 9)
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    assert [request.address for request in stream.asked("002.ts")] == ["/hls/360p/002.ts?Signature=2"]
    assert len(stream.asked("@playback")) == 1


def test_renewed_hls_keeps_the_rest_of_a_query(page, site):
    site.renew(SERVICE, lambda: [source("/one.m3u8", HLS_TYPE)])
    site.services["/one.m3u8"] = lambda: (200, site._playlist("360p").replace(b".ts?", b".ts?v=1&"), {})
    open_hls(page, site, 2, src="/one.m3u8")
    page.wait_for_function(READY)
    wait_for_fetches(page, "/one.m3u8", 2)
    seek(page, 9)
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    assert [request.address for request in site.asked("002.ts")] == ["/hls/360p/002.ts?v=1&Signature=2"]


@pytest.mark.parametrize("answer", [(404, b"", {}), (200, b"#EXTM3U\n#EXTINF:4,\nother.ts\n", {}), (200, b"", {})])
def test_hls_is_loaded_anew_where_its_playlist_is_another(page, site, answer):
    site.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)])
    open_hls(page, site, 2)
    page.wait_for_function(READY)
    seek(page, 6)
    works, answers = site.services["/@@playlist/360p/index.m3u8"], [answer]
    site.services["/@@playlist/360p/index.m3u8"] = lambda: answers.pop() if answers else works()
    wait_for_fetches(page, MASTER, 2)
    page.wait_for_function(READY)
    assert page.evaluate(TIME) == 6
    assert page.evaluate("document.querySelector('video').paused")


def test_another_hls_source_is_loaded(page, site):
    site.renew(SERVICE, lambda: [source("/@@playlist/180p/index.m3u8", HLS_TYPE)])
    open_hls(page, site, 2)
    page.wait_for_function(READY)
    page.wait_for_function("() => document.querySelector('video').videoHeight === 180")


def test_hls_whose_segments_expired_goes_on(page, site):
    site.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)])
    open_hls(page, site)
    page.wait_for_function(READY)
    site.expire()
    seek(page, 9)
    page.evaluate("document.querySelector('video').play().catch(() => 0)")
    wait_for_play(page)
    assert page.evaluate(TIME) > 9
    assert len(site.asked("@playback")) == 1


def test_an_answer_that_cannot_be_read_means_the_same_after_the_end(page, site):
    site.tells_refusals = False
    site.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)])
    open_hls(page, site)
    page.wait_for_function(READY)
    page.evaluate("window.slept = 7200 * 1000")
    site.expire()
    seek(page, 9)
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    wait_for_fetches(page, "@playback", 1)
    wait_for_fetches(page, MASTER, 2)
    assert page.evaluate(TIME) == 9


def test_one_answer_that_cannot_be_read_may_be_the_network(page, site):
    site.tells_refusals = False
    open_hls(page, site)
    page.wait_for_function(READY)
    site.expire()
    seek(page, 9)
    page.evaluate("document.querySelector('video').play().catch(() => 0)")
    wait_for_play(page)
    assert not site.asked("@playback")


@pytest.mark.parametrize("tells", [True, False])
def test_segments_that_stay_refused_are_explained_once(page, site, monkeypatch, tells):
    site.tells_refusals = tells
    site.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)])
    open_hls(page, site)
    page.wait_for_function(READY)
    page.evaluate("window.slept = 7200 * 1000")
    site.expire()
    monkeypatch.setattr(site, "signed", lambda path: f"{path}?Signature=none")
    seek(page, 9)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert len(site.asked("@playback")) == 1


def test_hls_stops_when_the_right_is_gone(page, site):
    site.answer(SERVICE, 403, {"type": "not-permitted", "message": "Your account does not include this."})
    open_hls(page, site, 2)
    page.wait_for_function(READY)
    play(page)
    expect(page.get_by_role("alert")).to_contain_text("Your account does not include this.")
    asked = len(site.requests)
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))")
    assert len(site.requests) == asked
    assert page.evaluate("document.querySelector('video').networkState") == 0
