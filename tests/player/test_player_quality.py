"""The qualities of an HLS stream, where there are several."""

from player_site import AIRPLAY
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

MASTER = "/@@playlist/index.m3u8"
READY = "() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA"
PLAYING = "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > 0.2; }"
HEIGHT = "(height) => document.querySelector('video').videoHeight === height"


@pytest.fixture
def hls(site):
    site.playlists()
    return site


def open_page(page, site, src=MASTER, attributes="", head=""):
    csp = f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} blob:"
    page.goto(site.page([source(src, HLS_TYPE)], attributes, head, medium=HLS_VIDEO, csp=csp))


def choose(page, name):
    page.get_by_role("button", name="quality").click()
    page.get_by_role("menuitemradio", name=name, exact=True).click()


def test_the_menu_shows_the_qualities(page, hls):
    open_page(page, hls)
    page.get_by_role("button", name="quality").click()
    expect(page.get_by_role("menuitemradio")).to_contain_text(["360p", "180p", "Auto"])
    expect(page.get_by_role("menuitemradio", name="Auto")).to_be_checked()


@pytest.mark.parametrize(("name", "height"), [("180p", 180), ("360p", 360)])
def test_a_chosen_quality_is_played(page, hls, name, height):
    open_page(page, hls)
    choose(page, name)
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(PLAYING)
    page.wait_for_function(HEIGHT, arg=height)


def test_the_keyboard_is_enough(page, hls):
    open_page(page, hls)
    page.get_by_role("button", name="quality").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name="360p", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(HEIGHT, arg=180)


def test_the_choice_stays_when_signatures_are_renewed(page, hls):
    hls.renew("/@playback", lambda: [source(MASTER, HLS_TYPE)])
    open_page(page, hls, attributes=' data-playback="/@playback" data-renew-in="3"')
    page.wait_for_function(READY)
    choose(page, "180p")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('p/index.m3u8')).length > 2"
    )
    page.evaluate("document.querySelector('video').currentTime = 9")
    page.wait_for_function(HEIGHT, arg=180)
    page.get_by_role("button", name="quality").click()
    expect(page.get_by_role("menuitemradio", name="180p")).to_be_checked()


def test_one_quality_has_no_menu(page, hls):
    open_page(page, hls, "/@@playlist/360p/index.m3u8")
    page.wait_for_function(READY)
    expect(page.get_by_role("button", name="quality")).to_have_count(0)


def test_a_file_has_no_menu(page, site):
    page.goto(site.page())
    page.wait_for_function(READY)
    expect(page.get_by_role("button", name="quality")).to_have_count(0)


def test_what_the_browser_plays_by_itself_has_no_menu(page, hls):
    open_page(page, hls, head=hls.script(AIRPLAY))
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(PLAYING)
    expect(page.get_by_role("button", name="quality")).to_have_count(0)
