"""Captions: a menu of their languages where there are any."""

from player_site import AUDIO
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from playwright.sync_api import expect

import json
import pytest


pytestmark = pytest.mark.browser

WITHIN = "menu.left >= box.left && menu.right <= box.right && menu.top >= box.top && menu.bottom <= box.bottom"
ABOVE = "Math.abs(menu.bottom - box.top) <= 4 && menu.left < box.right && box.left < menu.right"
TRACKS = (
    '<track src="/captions.en.vtt" kind="captions" srclang="en" label="English">'
    '<track src="/captions.ja.vtt" kind="subtitles" srclang="ja" label="日本語">'
)
READY = "() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA"
MODES = "[...document.querySelector('video').textTracks].map((track) => track.mode)"
CUE = """(text) => [...document.querySelector('video').textTracks].some(
  (track) => track.mode === 'showing' && [...(track.activeCues ?? [])].some((cue) => cue.text.includes(text))
)"""
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@pytest.fixture
def player(page, site):
    page.goto(site.page(tracks=TRACKS, head=site.script(VIOLATIONS)))
    page.wait_for_function(READY)
    return page


def wait_for_cue(page, text):
    """Wait for a caption at the first second: at the poster there are none."""
    page.evaluate("document.querySelector('video').currentTime = 1")
    page.wait_for_function(CUE, arg=text)


def choose(page, name):
    page.get_by_role("button", name="closed captions").click()
    page.get_by_role("menuitemradio", name=name).click()


def test_the_menu_shows_the_languages(player):
    player.get_by_role("button", name="closed captions").click()
    expect(player.get_by_role("menuitemradio")).to_have_text(["Off", "English", "日本語"])
    expect(player.get_by_role("menuitemradio", name="Off")).to_be_checked()


def test_a_chosen_language_is_shown(player):
    choose(player, "日本語")
    wait_for_cue(player, "湖に広がる")


def test_captions_can_be_switched(player):
    choose(player, "日本語")
    choose(player, "English")
    wait_for_cue(player, "A clear night")
    assert player.evaluate(MODES) == ["showing", "disabled"]


def test_captions_can_be_switched_off(player):
    choose(player, "English")
    choose(player, "Off")
    assert player.evaluate(MODES) == ["disabled", "disabled"]


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_keyboard_is_enough(player, motion):
    player.emulate_media(reduced_motion=motion)
    player.get_by_role("button", name="closed captions").focus()
    player.keyboard.press("Enter")
    expect(player.get_by_role("menuitemradio", name="Off")).to_be_focused()
    player.keyboard.press("ArrowDown")
    player.keyboard.press("Enter")
    expect(player.get_by_role("menu")).to_have_count(0)
    expect(player.get_by_role("button", name="closed captions")).to_be_focused()
    assert player.evaluate(MODES) == ["showing", "disabled"]


def test_the_escape_key_closes_the_menu(player):
    player.get_by_role("button", name="closed captions").focus()
    player.keyboard.press("Enter")
    expect(player.get_by_role("menuitemradio", name="Off")).to_be_focused()
    player.keyboard.press("Escape")
    expect(player.get_by_role("menu")).to_have_count(0)
    expect(player.get_by_role("button", name="closed captions")).to_be_focused()


def wait_for_boxes(menu, other, relation):
    """Wait until the menu, which opens before it has its place, lies to another element as ``relation`` tells."""
    elements = [menu.element_handle(), other.element_handle()]
    boxes = "elements.map((element) => element.getBoundingClientRect())"
    menu.page.wait_for_function(f"(elements) => {{ const [menu, box] = {boxes}; return {relation}; }}", arg=elements)


def test_the_menu_stays_within_the_video(page, site):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(site.page(tracks=TRACKS))
    page.get_by_role("button", name="closed captions").click()
    wait_for_boxes(page.get_by_role("menu"), page.locator("video"), WITHIN)


def test_the_menu_is_above_its_button(player):
    button = player.get_by_role("button", name="closed captions")
    button.click()
    wait_for_boxes(player.get_by_role("menu"), button, ABOVE)


@pytest.mark.parametrize("width", [320, 375, 500, 1100])
def test_the_controls_fit(page, site, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(site.page(tracks=TRACKS))
    expect(page.get_by_role("button", name="closed captions")).to_be_visible()
    box = page.locator("media-controller").bounding_box()
    last = page.get_by_role("button", name="enter fullscreen mode").bounding_box()
    assert last["x"] + last["width"] <= box["x"] + box["width"]


def test_the_menu_moves_nothing(player):
    box, bottom = (player.locator(name).bounding_box() for name in ("media-controller", ".bottom"))
    assert bottom["y"] + bottom["height"] == pytest.approx(box["y"] + box["height"])


def test_the_menu_keeps_to_the_content_security_policy(player):
    choose(player, "English")
    assert player.evaluate("violations") == []


def test_without_captions_there_is_no_menu(page, site):
    page.goto(site.page())
    page.wait_for_function(READY)
    expect(page.get_by_role("button", name="closed captions")).to_have_count(0)


def test_the_key_c_switches_captions(player):
    player.locator("media-controller").focus()
    player.keyboard.press("c")
    wait_for_cue(player, "A clear night")


def test_captions_stay_when_signatures_are_renewed(page, site):
    site.renew("/@playback", lambda: [source(site.signed("/talk.mp4"))])
    page.goto(site.page(tracks=TRACKS, attributes=' data-playback="/@playback" data-renew-in="2"'))
    choose(page, "日本語")
    page.wait_for_function("() => document.querySelector('video').currentSrc.includes('Signature')")
    wait_for_cue(page, "湖に広がる")
    assert page.evaluate(MODES) == ["disabled", "showing"]


def test_captions_stay_when_hls_is_renewed(page, site):
    site.playlists()
    site.renew("/@playback", lambda: [source("/@@playlist/index.m3u8", HLS_TYPE)])
    csp = f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} blob:"
    attributes = ' data-playback="/@playback" data-renew-in="3"'
    page.goto(
        site.page([source("/@@playlist/index.m3u8", HLS_TYPE)], attributes, tracks=TRACKS, medium=HLS_VIDEO, csp=csp)
    )
    page.wait_for_function(READY)
    choose(page, "English")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('p/index.m3u8')).length > 1"
    )
    wait_for_cue(page, "A clear night")


def test_a_new_address_of_captions_is_taken(page, site):
    track = {"src": "/captions.en.vtt?new", "kind": "captions", "srclang": "en", "label": "English", "default": False}
    site.renew("/@playback", lambda: [source(site.signed("/talk.mp4"))], tracks=[track])
    page.goto(site.page(tracks=TRACKS, attributes=' data-playback="/@playback" data-renew-in="1"'))
    expect(page.locator("track").first).to_have_attribute("src", "/captions.en.vtt?new")


def test_the_choice_is_remembered(player):
    choose(player, "日本語")
    player.reload()
    wait_for_cue(player, "湖に広がる")


def test_no_captions_are_remembered_too(page, site):
    address = site.page(tracks=TRACKS.replace("<track", "<track default", 1))
    page.goto(address)
    wait_for_cue(page, "A clear night")
    choose(page, "Off")
    page.goto(address)
    page.wait_for_function(READY)
    assert page.evaluate(MODES) == ["disabled", "disabled"]


def test_a_language_that_is_not_there_leaves_the_default(page, site):
    stored = json.dumps({"kind": "captions", "language": "fr"})
    page.evaluate("(stored) => localStorage.setItem('cfprivate-captions', stored)", stored)
    page.goto(site.page(tracks=TRACKS.replace("<track", "<track default", 1)))
    wait_for_cue(page, "A clear night")


def test_the_kind_is_remembered_too(page, site):
    tracks = (
        '<track src="/captions.ja.vtt" kind="subtitles" srclang="en" label="Dialogue">'
        '<track src="/captions.en.vtt" kind="captions" srclang="en" label="All sounds">'
    )
    address = site.page(tracks=tracks)
    page.goto(address)
    choose(page, "All sounds")
    page.goto(address)
    wait_for_cue(page, "A clear night")
    assert page.evaluate(MODES) == ["disabled", "showing"]


@pytest.mark.parametrize("kind", ["subtitles", "captions"])
def test_the_language_is_worth_more_than_the_kind(page, site, kind):
    stored = json.dumps({"kind": kind, "language": "ja"})
    page.evaluate("(stored) => localStorage.setItem('cfprivate-captions', stored)", stored)
    page.goto(site.page(tracks=TRACKS))
    wait_for_cue(page, "湖に広がる")


@pytest.mark.parametrize("stored", ["nonsense", "7", "[]", "{}", "null", '"ja"'])
def test_a_choice_that_cannot_be_read_leaves_the_default(page, site, stored):
    page.evaluate("(stored) => localStorage.setItem('cfprivate-captions', stored)", stored)
    page.goto(site.page(tracks=TRACKS.replace("<track", "<track default", 1)))
    wait_for_cue(page, "A clear night")


STREAM = """#EXTM3U
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=NO,URI="/en.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="日本語",LANGUAGE="ja",DEFAULT=NO,AUTOSELECT=NO,URI="/ja.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=400400,RESOLUTION=320x180,CODECS="avc1.4d400c,mp4a.40.2",SUBTITLES="s"
/@@playlist/180p/index.m3u8
"""
CAPTIONS = "#EXTM3U\n#EXT-X-TARGETDURATION:12\n#EXTINF:12,\n/captions.{language}.vtt\n#EXT-X-ENDLIST\n"


@pytest.fixture
def stream(site):
    """The address of a page with a stream that has captions within."""
    site.playlists()
    site.services["/stream.m3u8"] = lambda: (200, STREAM.encode(), {})
    for language in ("en", "ja"):
        site.services[f"/{language}.m3u8"] = lambda language=language: (
            200,
            CAPTIONS.format(language=language).encode(),
            {},
        )
    csp = f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} blob:"
    return site.page([source("/stream.m3u8", HLS_TYPE)], medium=HLS_VIDEO, csp=csp)


def test_the_choice_is_applied_to_captions_within_a_stream(page, stream):
    page.goto(stream)
    choose(page, "日本語")
    page.goto(stream)
    page.wait_for_function(READY)
    wait_for_cue(page, "湖に広がる")


def test_captions_within_a_stream_that_nobody_chose_are_not_shown(page, stream):
    page.goto(stream)
    page.wait_for_function("() => document.querySelector('video').textTracks.length === 2")
    assert "showing" not in page.evaluate(MODES)


def test_a_sound_without_captions_offers_none(page, site):
    page.goto(site.page([source("/tone.mp3", "audio/mpeg")], medium=AUDIO))
    expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="closed captions")).to_have_count(0)


@pytest.fixture
def sound(page, site):
    """A sound with captions."""
    page.goto(site.page([source("/tone.mp3", "audio/mpeg")], medium=AUDIO, tracks=TRACKS))
    expect(page.get_by_role("button", name="closed captions")).to_be_visible()
    return page


def test_the_captions_of_a_sound_are_shown_above_its_controls(sound):
    choose(sound, "English")
    sound.evaluate("document.querySelector('audio').currentTime = 1")
    line = sound.get_by_text("A clear night over the lake.")
    expect(line).to_be_visible()
    box, bar = line.bounding_box(), sound.get_by_role("slider", name="seek").bounding_box()
    assert box["y"] + box["height"] <= bar["y"]
    assert line.get_attribute("dir") == "auto"


def test_the_captions_of_a_sound_go_with_their_time(sound):
    choose(sound, "English")
    sound.evaluate("document.querySelector('audio').currentTime = 1")
    expect(sound.locator(".cues")).to_have_text("A clear night over the lake.")
    sound.evaluate("document.querySelector('audio').currentTime = 4")
    expect(sound.locator(".cues")).to_have_text("Curtains of light drift across the sky.")


def test_the_captions_of_a_sound_can_be_switched_off(sound):
    choose(sound, "English")
    expect(sound.locator(".cues")).to_be_visible()
    choose(sound, "Off")
    expect(sound.locator(".cues")).to_be_hidden()


def test_captions_of_a_sound_are_no_html(page, site, monkeypatch):
    vtt = "WEBVTT\n\n00:00.000 --> 00:05.000\n<b>bold</b> &lt;img src=x&gt; <script>alert(1)</script>\n"
    monkeypatch.setitem(site.files, "/captions.en.vtt", vtt.encode())
    page.goto(site.page([source("/tone.mp3", "audio/mpeg")], medium=AUDIO, tracks=TRACKS))
    choose(page, "English")
    page.evaluate("document.querySelector('audio').currentTime = 1")
    cues = page.locator(".cues")
    expect(cues).to_contain_text("bold <img src=x>")
    expect(cues.locator("b")).to_have_count(1)
    expect(cues.locator("img, script")).to_have_count(0)


def test_the_menu_of_a_sound_is_not_cut_off(sound):
    sound.set_viewport_size({"width": 360, "height": 700})
    sound.get_by_role("button", name="closed captions").click()
    for name in ("Off", "English", "日本語"):
        expect(sound.get_by_role("menuitemradio", name=name)).to_be_in_viewport(ratio=1)
