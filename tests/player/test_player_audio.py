"""A sound in the player: the same controls without those that are for pictures."""

from player_site import AUDIO
from player_site import source
from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

PLAYING = "() => { const a = document.querySelector('audio'); return !a.paused && a.currentTime > 0.2; }"


@pytest.fixture
def player(page, site):
    page.goto(site.page([source("/tone.mp3", "audio/mpeg")], medium=AUDIO))
    expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()
    return page


def test_the_play_button_plays(player):
    player.get_by_role("button", name="play", exact=True).click()
    player.wait_for_function(PLAYING)


def test_it_is_called_an_audio_player(player):
    expect(player.get_by_role("region", name="audio player: Talk")).to_be_visible()


@pytest.mark.parametrize("name", ["enter fullscreen mode", "enter picture in picture mode", "closed captions"])
def test_nothing_is_offered_that_is_for_pictures(player, name):
    expect(player.get_by_role("button", name=name)).to_have_count(0)


def test_the_key_of_the_full_screen_does_nothing(player):
    player.locator("media-controller").focus()
    player.keyboard.press("f")
    player.keyboard.press("k")
    player.wait_for_function(PLAYING)
    assert player.evaluate("document.fullscreenElement") is None


def test_the_bar_is_as_high_as_its_controls(player):
    assert player.locator("media-controller").bounding_box()["height"] < 100


@pytest.mark.parametrize("width", [320, 600, 1100])
def test_the_controls_fit(player, width):
    player.set_viewport_size({"width": width, "height": 700})
    bar = player.locator("media-controller").bounding_box()
    for button in player.locator(".bottom :is([role=button], media-time-display):visible").all():
        box = button.bounding_box()
        assert box["x"] >= bar["x"] and box["x"] + box["width"] <= bar["x"] + bar["width"]


def test_a_missing_file_is_explained_in_place_of_the_controls(page, site):
    page.goto(site.page([source("/missing.mp3", "audio/mpeg")], medium=AUDIO))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("could not be loaded")
    expect(alert.get_by_role("button", name="Reload")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="play", exact=True)).to_have_count(0)


def test_without_javascript_the_browser_has_its_own_controls(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(site.page([source("/tone.mp3", "audio/mpeg")], medium=AUDIO))
    expect(page.locator("cfprivate-player > audio[controls]")).to_be_visible()
    page.close()
