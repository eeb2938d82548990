"""HLS in the player: by the browser where it can, else by hls.js, which only such pages load."""

from player_site import AIRPLAY
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from player_site import VIDEO
from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

MASTER = "/@@playlist/index.m3u8"
RENEWED = ' data-playback="/@playback"'
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
READY = "() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA"
FROM_BLOB = "() => document.querySelector('video').currentSrc.startsWith('blob:')"
PLAYING = "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > 0.2; }"


def csp(site, blob="blob:"):
    return f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} {blob}; worker-src 'self'"


@pytest.fixture
def hls(site):
    """The site, with playlists."""
    site.playlists()
    return site


def open_page(page, site, native=False, sources=None, **options):
    """Open a page with an HLS source; what is ``native`` is left to the browser."""
    head = site.script(VIOLATIONS + AIRPLAY * native)
    options = {"csp": csp(site), "medium": HLS_VIDEO, **options}
    page.goto(site.page(sources or [source(MASTER, HLS_TYPE)], head=head, **options))


def play(page):
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(PLAYING)


def segments(site):
    return [request for request in site.requests if ".ts?" in request.address]


@pytest.mark.parametrize("native", [True, False])
def test_hls_plays(page, hls, native):
    open_page(page, hls, native)
    play(page)
    assert page.evaluate("Math.round(document.querySelector('video').duration)") == 12


def test_a_page_without_hls_does_not_load_hls_js(page, site):
    page.goto(site.page())
    page.wait_for_function(READY)
    assert not site.asked("player-hls")


def test_a_browser_that_plays_hls_does_not_load_hls_js(page, hls):
    open_page(page, hls, native=True)
    play(page)
    assert not hls.asked("player-hls")


def test_the_address_of_hls_js_changes_with_its_content(page, hls):
    open_page(page, hls)
    page.wait_for_function(READY)
    [request] = hls.asked("player-hls")
    assert len(request.address.partition("?")[2]) == 12


def test_nothing_breaks_the_content_security_policy(page, hls):
    open_page(page, hls)
    play(page)
    assert page.evaluate("violations") == []


def test_playlists_get_the_cookie_and_segments_do_not(page, hls):
    page.context.add_cookies([{"name": "login", "value": "secret", "url": hls.url}])
    open_page(page, hls)
    play(page)
    page.context.clear_cookies()
    assert {request.cookie for request in hls.asked("@@playlist")} == {"login=secret"}
    assert {request.cookie for request in segments(hls)} == {None}


def test_before_it_is_played_only_the_beginning_is_loaded(page, hls):
    open_page(page, hls)
    page.wait_for_function("() => document.querySelector('video').buffered.length > 0")
    with pytest.raises(Exception, match="Timeout"):
        page.wait_for_function("() => document.querySelector('video').buffered.end(0) > 5", timeout=1500)
    play(page)
    page.wait_for_function("() => document.querySelector('video').buffered.end(0) > 11")


def test_a_busy_server_is_asked_again_when_it_says(page, hls):
    answers = [(503, b"", {"Retry_After": "2"}), hls.services[MASTER]()]
    hls.services[MASTER] = lambda: answers.pop(0) if len(answers) > 1 else answers[0]
    open_page(page, hls)
    page.wait_for_function(READY)
    first, second = page.evaluate(
        "performance.getEntriesByType('resource').filter((e) => e.name.endsWith('index.m3u8')).map((e) => e.startTime)"
        ".slice(0, 2)"
    )
    assert 2000 <= second - first < 4000


def test_a_server_that_stays_busy_is_explained(page, hls):
    hls.answer(MASTER, 503, b"", Retry_After="0.1")
    open_page(page, hls)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded", timeout=10_000)
    assert len(hls.asked(MASTER)) == 5


def test_without_hls_js_a_message_is_shown(page, hls, monkeypatch):
    monkeypatch.delitem(hls.files, "/player-hls.js")
    open_page(page, hls, medium=VIDEO)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")


def test_without_hls_js_another_source_plays(page, hls, monkeypatch):
    monkeypatch.delitem(hls.files, "/player-hls.js")
    open_page(page, hls, sources=[source(MASTER, HLS_TYPE), source("/talk.mp4")], medium=VIDEO)
    play(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_hls_is_preferred_to_another_source(page, hls):
    open_page(page, hls, sources=[source(MASTER, HLS_TYPE), source("/talk.mp4")])
    page.wait_for_function(FROM_BLOB)
    play(page)


def test_a_file_that_comes_first_is_preferred(page, hls):
    open_page(page, hls, sources=[source("/talk.mp4"), source(MASTER, HLS_TYPE)])
    play(page)
    assert page.evaluate("document.querySelector('video').currentSrc") == f"{hls.url}/talk.mp4"
    assert not hls.asked("player-hls")


def test_a_file_that_no_browser_plays_is_passed_over(page, hls):
    open_page(page, hls, sources=[source("/talk.mp4", "video/unknown"), source(MASTER, HLS_TYPE)], medium=VIDEO)
    page.wait_for_function(FROM_BLOB)
    play(page)


@pytest.mark.parametrize("attributes", ["", RENEWED])
def test_a_file_takes_the_place_of_hls_that_fails(page, site, attributes):
    sources = [source(MASTER, HLS_TYPE), source("/talk.mp4")]
    site.renew("/@playback", lambda: sources)
    open_page(page, site, sources=sources, attributes=attributes)
    page.wait_for_function("() => document.querySelector('video').currentSrc.endsWith('/talk.mp4')")
    play(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="quality")).to_have_count(0)
    assert len(site.asked("@playback")) == bool(attributes)


def test_the_file_goes_on_where_hls_failed(page, hls):
    open_page(page, hls, sources=[source(MASTER, HLS_TYPE), source("/talk.mp4")])
    page.wait_for_function(FROM_BLOB)
    page.wait_for_function(READY)
    hls.expire()
    page.evaluate("document.querySelector('video').currentTime = 9")
    page.wait_for_function("() => document.querySelector('video').currentSrc.endsWith('/talk.mp4')")
    page.wait_for_function(READY)
    assert page.evaluate("document.querySelector('video').currentTime") == 9


def test_hls_that_failed_is_not_tried_again_when_signatures_are_renewed(page, site):
    answer = lambda: [source(MASTER, HLS_TYPE), source(site.signed("/talk.mp4"))]  # ruff: ignore[lambda-assignment]
    site.renew("/@playback", answer, renew_in=1)
    open_page(page, site, sources=answer(), attributes=RENEWED)
    page.wait_for_function("() => document.querySelector('video').currentSrc.endsWith('Signature=3')")
    play(page)
    assert page.evaluate("[...document.querySelectorAll('source')].map(({ type }) => type)") == ["video/mp4"]


@pytest.mark.parametrize("attributes", ["", RENEWED])
def test_hls_takes_the_place_of_a_file_that_fails(page, hls, attributes):
    sources = [source("/missing.mp4"), source(MASTER, HLS_TYPE)]
    hls.renew("/@playback", lambda: sources)
    open_page(page, hls, sources=sources, attributes=attributes, medium=VIDEO)
    page.wait_for_function(FROM_BLOB)
    play(page)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("first", [0, 1])
def test_where_both_fail_that_is_explained(page, site, first):
    sources = [source("/missing.mp4"), source(MASTER, HLS_TYPE)]
    site.renew("/@playback", lambda: sources[::-1] if first else sources)
    open_page(page, site, sources=sources[::-1] if first else sources, attributes=RENEWED, medium=VIDEO)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert len(site.asked("@playback")) <= 2


def test_a_player_removed_while_hls_js_comes_does_not_start(page, hls):
    held = []
    page.route("**/player-hls.js?*", lambda route: held.append(route))
    with page.expect_request("**/player-hls.js?*") as asked:
        open_page(page, hls)
    page.evaluate("window.player = document.querySelector('cfprivate-player'); player.remove()")
    held.pop().continue_()
    page.evaluate("(address) => import(address)", asked.value.url)
    page.unroute_all()
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 500))")
    assert not hls.asked(MASTER)
    page.evaluate("document.body.append(player)")
    play(page)


def test_a_player_that_is_put_back_goes_on(page, hls):
    open_page(page, hls)
    page.wait_for_function(READY)
    page.evaluate("document.querySelector('video').currentTime = 5")
    page.evaluate("window.player = document.querySelector('cfprivate-player'); player.remove()")
    page.evaluate("document.body.append(player)")
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    play(page)
    assert page.evaluate("document.querySelector('video').currentTime") > 5


def test_a_removed_live_stream_asks_for_no_more_playlists(page, hls):
    text = hls.files["/hls/360p/index.m3u8"].decode().replace("#EXT-X-ENDLIST", "").replace("DURATION:4", "DURATION:1")
    text = text.replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "")
    hls.services["/hls/360p/live.m3u8"] = lambda: (200, text.encode(), {})
    open_page(page, hls, sources=[source("/hls/360p/live.m3u8", HLS_TYPE)])
    count = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('live.m3u8')).length"
    page.wait_for_function(f"() => {count} > 2")
    page.evaluate("window.player = document.querySelector('cfprivate-player'); player.remove()")
    asked = len(hls.asked("live.m3u8"))
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 2500))")
    assert len(hls.asked("live.m3u8")) - asked <= 1  # one may have been on its way
    page.evaluate("document.body.append(player)")
    page.wait_for_function(f"() => {count} > {asked} + 2")


@pytest.mark.parametrize("attributes", ["", ' data-playback="/talk/@playback" data-renew-in="3600"'])
def test_a_policy_without_blobs_is_explained(page, hls, attributes):
    hls.renew("/talk/@playback", lambda: [source(MASTER, HLS_TYPE)])
    open_page(page, hls, csp=csp(hls, blob=""), attributes=attributes)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")


def test_a_missing_playlist_is_explained(page, site):
    open_page(page, site)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")


def test_forbidden_segments_are_explained(page, hls):
    open_page(page, hls)
    page.wait_for_function(READY)
    hls.expire()
    page.get_by_role("button", name="play", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
