"""What the visitor's browser remembers: the position in each medium, and the volume."""

from player_site import AUDIO
from player_site import source
from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

KEY = ' data-playback="/talk/@playback"'
LENGTH = 60  # seconds of /long.wav
READY = "() => document.querySelector('audio').readyState >= HTMLMediaElement.HAVE_METADATA"
FORBIDDEN = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


def open_page(page, site, attributes=KEY, head="", src="/long.wav"):
    page.goto(site.page([source(src, "audio/wav")], attributes, head, medium=AUDIO))
    page.wait_for_function(READY)
    expect(page.get_by_role("button", name="mute", exact=True)).to_be_visible()


def leave_at(page, seconds):
    """Seek there, and wait until the browser is there."""
    page.evaluate(
        "(seconds) => new Promise((resolve) => { const a = document.querySelector('audio');"
        " a.addEventListener('seeked', resolve, { once: true }); a.currentTime = seconds; })",
        seconds,
    )


def position(page):
    page.wait_for_function("() => !document.querySelector('audio').seeking")
    return page.evaluate("document.querySelector('audio').currentTime")


def test_it_goes_on_where_one_left_off(page, site):
    open_page(page, site)
    leave_at(page, 30)
    open_page(page, site)
    assert position(page) == 30


def test_it_goes_on_in_a_frame_that_asks_for_another_delivery(page, site):
    open_page(page, site)
    leave_at(page, 30)
    open_page(page, site, ' data-playback="/talk/@playback?delivery=playlist"')
    assert position(page) == 30


def test_while_it_plays_the_position_is_remembered(page, site):
    open_page(page, site)
    leave_at(page, 20)
    page.evaluate("document.querySelector('audio').playbackRate = 16")
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("() => JSON.parse(localStorage.getItem('cfprivate-positions'))['/talk/@playback'] >= 25")


@pytest.mark.parametrize("seconds", [0, 9, LENGTH - 15, LENGTH - 1])
def test_the_beginning_and_the_end_are_not_remembered(page, site, seconds):
    open_page(page, site)
    leave_at(page, 30)
    leave_at(page, seconds)
    open_page(page, site)
    assert position(page) == 0


def test_what_was_heard_to_the_end_begins_again(page, site):
    open_page(page, site)
    leave_at(page, 30)
    leave_at(page, LENGTH - 0.2)
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("() => document.querySelector('audio').ended")
    open_page(page, site)
    assert position(page) == 0


def test_every_item_has_its_own_position(page, site):
    open_page(page, site)
    leave_at(page, 30)
    open_page(page, site, ' data-playback="/other/@playback"')
    assert position(page) == 0
    leave_at(page, 20)
    open_page(page, site)
    assert position(page) == 30


@pytest.mark.parametrize("attributes", ["", KEY + ' data-resume="no"'])
def test_without_a_key_or_wish_nothing_is_remembered(page, site, attributes):
    open_page(page, site, attributes)
    leave_at(page, 30)
    open_page(page, site, attributes)
    assert position(page) == 0


def test_the_last_fifty_items_are_remembered(page, site):
    page.evaluate(
        "localStorage.setItem('cfprivate-positions',"
        " JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`/${i}`, 20]))))"
    )
    open_page(page, site)
    leave_at(page, 30)
    keys = page.evaluate("Object.keys(JSON.parse(localStorage.getItem('cfprivate-positions')))")
    assert (len(keys), keys[0], keys[-1]) == (50, "/1", "/talk/@playback")


@pytest.mark.parametrize(
    "stored", ["nonsense", "null", "7", '"text"', '{"/talk/@playback": "x"}', '{"/talk/@playback": 1e9}']
)
def test_what_it_cannot_read_is_as_nothing(page, site, stored):
    page.evaluate("(stored) => localStorage.setItem('cfprivate-positions', stored)", stored)
    open_page(page, site)
    assert position(page) == 0
    leave_at(page, 30)
    open_page(page, site)
    assert position(page) == 30


@pytest.mark.parametrize("trouble", [FORBIDDEN, FULL])
def test_where_nothing_can_be_stored_it_plays_all_the_same(page, site, trouble):
    open_page(page, site, head=site.script(trouble))
    leave_at(page, 30)
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 30.2")


def test_where_nothing_can_be_stored_captions_can_be_chosen(page, site):
    track = '<track src="/captions.en.vtt" kind="captions" srclang="en" label="English">'
    page.goto(site.page(head=site.script(FORBIDDEN), tracks=track))
    page.get_by_role("button", name="closed captions").click()
    page.get_by_role("menuitemradio", name="English").click()
    page.wait_for_function("() => document.querySelector('video').textTracks[0].mode === 'showing'")


def test_a_renewed_medium_stays_where_the_visitor_is(page, site):
    site.renew("/talk/@playback", lambda: [source(site.signed("/long.wav"), "audio/wav")])
    open_page(page, site)
    leave_at(page, 30)
    open_page(page, site, KEY + ' data-renew-in="2"')
    leave_at(page, 20)
    page.wait_for_function("() => document.querySelector('audio').currentSrc.includes('Signature')")
    page.wait_for_function(READY)
    assert position(page) == 20


def test_an_expired_link_is_mended_at_the_position(page, site):
    site.renew("/talk/@playback", lambda: [source(site.signed("/long.wav"), "audio/wav")])
    open_page(page, site)
    leave_at(page, 30)
    address = site.signed("/long.wav")
    site.expire()
    open_page(page, site, src=address)
    assert position(page) == 30


def test_a_removed_player_remembers_its_position_once(page, site):
    open_page(page, site)
    leave_at(page, 30)
    page.evaluate("localStorage.clear(); window.player = document.querySelector('cfprivate-player'); player.remove()")
    stored = "JSON.parse(localStorage.getItem('cfprivate-positions'))"
    assert page.evaluate(stored) == {"/talk/@playback": 30}
    page.evaluate("localStorage.clear(); dispatchEvent(new Event('pagehide'))")
    assert page.evaluate(stored) is None
    page.evaluate("document.body.append(player); dispatchEvent(new Event('pagehide'))")
    assert page.evaluate(stored) == {"/talk/@playback": 30}


def test_the_volume_is_remembered(page, site):
    open_page(page, site)
    page.get_by_role("slider", name="volume").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('audio').volume < 1")
    volume = page.evaluate("document.querySelector('audio').volume")
    open_page(page, site)
    page.wait_for_function("(volume) => document.querySelector('audio').volume === volume", arg=volume)


def test_silence_is_remembered(page, site):
    open_page(page, site)
    page.get_by_role("button", name="mute", exact=True).click()
    page.goto(site.page([source("/long.wav", "audio/wav")], KEY, medium=AUDIO))
    page.wait_for_function("() => document.querySelector('audio').muted")
