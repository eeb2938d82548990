"""The menu of settings: what a narrow player has no room for."""

from player_site import AUDIO
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from playwright.sync_api import expect

import itertools
import pytest
import re


pytestmark = pytest.mark.browser

MASTER = "/@@playlist/index.m3u8"
TRACK = '<track src="/captions.en.vtt" kind="captions" srclang="en" label="English">'
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
REQUESTS = """
window.asked = [];
addEventListener("mediaenterpiprequest", ({ type }) => asked.push(type), true);
"""
SCROLLED = "(menu) => menu.scrollTop > 0 && menu.scrollTop + menu.clientHeight > menu.scrollHeight - 1"


def open_page(page, site, width=360, *, hls=False, **options):
    page.set_viewport_size({"width": width, "height": 700})
    if hls:
        site.playlists()
        csp = f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} blob:"
        options = {"sources": [source(MASTER, HLS_TYPE)], "medium": HLS_VIDEO, "csp": csp, **options}
    page.goto(site.page(head=site.script(VIOLATIONS + REQUESTS), **options))
    expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()


def open_menu(page):
    page.get_by_role("button", name="settings").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()


def entry(page, name):
    return page.get_by_role("menuitem", name=re.compile(f"^{name}"))


def open_speeds(page):
    entry(page, "Playback rate").click()
    expect(page.get_by_role("menuitemradio", name="0.5x", exact=True)).to_be_focused()


def entries(page):
    texts = page.locator("#settings > [role=menuitem]:visible").all_inner_texts()
    return [text.split("\n")[0].strip() for text in texts]


def test_it_holds_what_has_no_room(page, site):
    open_page(page, site, hls=True)
    for name in ("Playback rate 1", "quality", "enter picture in picture mode"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    open_menu(page)
    expect(page.get_by_role("menuitem")).to_have_count(3)
    assert entries(page) == ["Playback rate", "Quality", "Enter picture in picture mode"]


def test_a_wide_player_has_none(page, site):
    open_page(page, site, width=900)
    expect(page.get_by_role("button", name="settings")).to_have_count(0)


def test_one_quality_is_no_choice(page, site):
    open_page(page, site)
    open_menu(page)
    assert entries(page) == ["Playback rate", "Enter picture in picture mode"]


def test_without_picture_in_picture_it_is_not_offered(page, site):
    off = site.script("delete HTMLVideoElement.prototype.requestPictureInPicture;")
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(site.page(head=off))
    open_menu(page)
    assert entries(page) == ["Playback rate"]


def test_a_speed_can_be_chosen(page, site):
    open_page(page, site)
    open_menu(page)
    entry(page, "Playback rate").click()
    page.get_by_role("menuitemradio", name="1.5x").click()
    expect(page.locator("video")).to_have_js_property("playbackRate", 1.5)


def test_a_quality_can_be_chosen(page, site):
    open_page(page, site, hls=True)
    open_menu(page)
    entry(page, "Quality").click()
    page.get_by_role("menuitemradio", name="180p").click()
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("() => document.querySelector('video').videoHeight === 180")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_keyboard_is_enough(page, site, motion):
    page.emulate_media(reduced_motion=motion)
    open_page(page, site)
    button = page.get_by_role("button", name="settings")
    button.focus()
    page.keyboard.press("Enter")
    expect(entry(page, "Playback rate")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name="0.5x", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(entry(page, "Playback rate")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.locator("video")).to_have_js_property("playbackRate", 0.5)


def test_the_keyboard_passes_over_what_is_not_seen(page, site):
    open_page(page, site)
    open_menu(page)
    page.keyboard.press("ArrowDown")
    expect(entry(page, "Enter picture in picture mode")).to_be_focused()


def choose(item, way):
    item.click() if way == "pointer" else item.press("Enter")


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_picture_in_picture_is_asked_for(page, site, way):
    open_page(page, site)
    open_menu(page)
    choose(entry(page, "Enter picture in picture mode"), way)
    expect(page.get_by_role("button", name="settings")).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)
    assert page.evaluate("asked") == ["mediaenterpiprequest"]


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_an_entry_leads_back(page, site, way):
    open_page(page, site)
    open_menu(page)
    open_speeds(page)
    choose(entry(page, "Back to previous menu: Playback rate"), way)
    expect(entry(page, "Playback rate")).to_be_focused()
    expect(page.get_by_role("menuitemradio")).to_have_count(0)


@pytest.mark.parametrize(("key", "name"), [("ArrowUp", "Back to previous menu"), ("ArrowDown", "0.75x")])
def test_the_keyboard_reaches_the_way_back_as_the_last(page, site, key, name):
    open_page(page, site)
    open_menu(page)
    open_speeds(page)
    page.keyboard.press(key)
    expect(page.locator("[role^=menuitem]:focus")).to_have_accessible_name(re.compile(f"^{name}"))


def test_the_menu_stays_within_the_video(page, site):
    open_page(page, site, width=336, hls=True)
    open_menu(page)
    video, menu = page.locator("video").bounding_box(), page.get_by_role("menu").bounding_box()
    assert menu["x"] >= video["x"] and menu["x"] + menu["width"] <= video["x"] + video["width"]
    assert menu["y"] >= video["y"] and menu["y"] + menu["height"] <= video["y"] + video["height"]


def test_a_low_video_scrolls_the_menu(page, site):
    open_page(page, site, width=252, hls=True)
    open_menu(page)
    menu, last = page.locator("#settings"), entry(page, "Enter picture in picture mode")
    assert bottom(last) > bottom(menu)
    menu.hover()
    page.mouse.wheel(0, 500)
    page.wait_for_function(SCROLLED, arg=menu.element_handle())
    assert bottom(last) <= bottom(menu) + 1


def bottom(element):
    box = element.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize(("width", "number"), [(252, 5), (320, 7), (360, 7), (393, 7), (480, 7)])
def test_all_controls_of_a_telephone_fit(page, site, width, number):
    open_page(page, site, width, hls=True, tracks=TRACK)
    expect(page.get_by_role("button", name="closed captions")).to_be_visible()
    player = page.locator("media-controller").bounding_box()
    boxes = [button.bounding_box() for button in page.locator(".bottom [role=button]:visible").all()]
    assert len(boxes) == number
    assert all(before["x"] + before["width"] <= box["x"] for before, box in itertools.pairwise(boxes))
    assert boxes[-1]["x"] + boxes[-1]["width"] <= player["x"] + player["width"]


@pytest.mark.parametrize("width", [541, 601, 900])
def test_all_controls_of_a_wider_player_fit(page, site, width):
    open_page(page, site, width + 16, hls=True, tracks=TRACK)
    for name in ("closed captions", "quality", "enter picture in picture mode"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    player = page.locator("media-controller").bounding_box()
    last = page.get_by_role("button", name="enter fullscreen mode").bounding_box()
    assert player["width"] == width
    assert last["x"] + last["width"] <= player["x"] + player["width"]


def test_a_sound_has_its_speed_there(page, site):
    open_page(page, site, sources=[source("/tone.mp3", "audio/mpeg")], medium=AUDIO)
    open_menu(page)
    assert entries(page) == ["Playback rate"]
    entry(page, "Playback rate").click()
    page.get_by_role("menuitemradio", name="2x", exact=True).click()
    expect(page.locator("audio")).to_have_js_property("playbackRate", 2)


def test_it_keeps_to_the_content_security_policy(page, site):
    open_page(page, site)
    open_menu(page)
    open_speeds(page)
    assert page.evaluate("violations") == []
