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
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
READY = "() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA"
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
    page.wait_for_function("() => document.querySelector('video').currentSrc.startsWith('blob:')")
    play(page)


def test_a_policy_without_blobs_is_explained(page, hls):
    open_page(page, hls, csp=csp(hls, blob=""))
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
