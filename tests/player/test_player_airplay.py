"""AirPlay, where WebKit offers it: here a Chromium that says what Safari says."""

from player_site import AUDIO
from player_site import source
from player_site import VIDEO
from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

SAFARI = """
window.asked = 0;
window.WebKitPlaybackTargetAvailabilityEvent = Event;
HTMLMediaElement.prototype.webkitShowPlaybackTargetPicker = () => { asked += 1; };
Object.defineProperty(HTMLMediaElement.prototype, "remote", { value: undefined });
"""
# As Safari tells it: https://developer.apple.com/documentation/webkitjs/webkitplaybacktargetavailabilityevent
TELEVISION = """(availability) => {
  const event = new Event("webkitplaybacktargetavailabilitychanged");
  document.querySelector("video, audio").dispatchEvent(Object.assign(event, { availability }));
}"""


@pytest.fixture(params=[VIDEO, AUDIO], ids=["video", "audio"])
def open_page(request, page, site):
    """A function that opens a page with a video or a sound in Safari, in a column of this width."""
    src = source("/tone.mp3", "audio/mpeg") if request.param == AUDIO else source("/talk.mp4")

    def opened(width, head=SAFARI):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(site.page([src], head=site.script(head), medium=request.param))
        expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()
        return page

    return opened


def airplay(page):
    return page.get_by_role("button", name="start airplay")


def entry(page):
    page.get_by_role("button", name="settings").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()
    return page.get_by_role("menuitem", name="Start airplay")


def test_the_button_asks_where_to_play(open_page):
    page = open_page(900)
    airplay(page).click()
    assert page.evaluate("asked") == 1


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_a_narrow_player_has_it_in_the_settings(open_page, way):
    page = open_page(360)
    expect(airplay(page)).to_have_count(0)
    item = entry(page)
    item.click() if way == "pointer" else item.press("Enter")
    expect(page.get_by_role("menu")).to_have_count(0)
    assert page.evaluate("asked") == 1


def test_it_goes_with_the_last_television(open_page):
    page = open_page(900)
    page.evaluate(TELEVISION, "not-available")
    expect(airplay(page)).to_have_count(0)
    page.evaluate(TELEVISION, "available")
    expect(airplay(page)).to_be_visible()


@pytest.mark.parametrize("width", [541, 601])
def test_it_fits_beside_all_others(page, site, width):
    page.set_viewport_size({"width": width + 16, "height": 700})
    track = '<track src="/captions.en.vtt" kind="captions" srclang="en" label="English">'
    page.goto(site.page(head=site.script(SAFARI), tracks=track))
    expect(page.get_by_role("button", name="closed captions")).to_be_visible()
    expect(airplay(page)).to_be_visible()
    player = page.locator("media-controller").bounding_box()
    last = page.get_by_role("button", name="enter fullscreen mode").bounding_box()
    assert last["x"] + last["width"] <= player["x"] + player["width"]


@pytest.mark.parametrize("width", [360, 900])
def test_other_browsers_have_none(open_page, width):
    page = open_page(width, head="")
    expect(airplay(page)).to_have_count(0)
    if width == 360:
        expect(entry(page)).to_have_count(0)
