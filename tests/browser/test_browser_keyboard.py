"""The keyboard alone: through the player in Plone's page, and through the fieldset of the edit form to a saved item."""

from keyboard import IN_PLAYER
from keyboard import MANY
from keyboard import tab_until
from pictures import picture
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

TIME = "document.querySelector('video').currentTime"
CONTROLS = [
    "media-controller",
    "media-time-range",
    "media-play-button",
    "media-seek-backward-button",
    "media-seek-forward-button",
    "media-mute-button",
    "media-volume-range",
    "media-playback-rate-button",
    "media-captions-menu-button",
    "media-rendition-menu-button",
    "media-pip-button",
    "media-fullscreen-button",
]


class TestPlayer:
    @pytest.fixture
    def player(self, open_item):
        """The page of the stream, with the focus on the player."""
        page = open_item("stream")
        expect(page.locator("media-captions-menu-button")).to_be_visible()
        expect(page.locator("media-rendition-menu-button")).to_be_visible()
        tab_until(page, "() => document.activeElement.localName === 'cfprivate-player'")
        return page

    def focus(self, page, control):
        tab_until(page, f"() => ({IN_PLAYER})() === '{control}'")

    def test_goes_through_every_control_and_leaves(self, player):
        seen = [player.evaluate(IN_PLAYER)]
        while seen[-1] and len(seen) < MANY:
            player.keyboard.press("Tab")
            seen.append(player.evaluate(IN_PLAYER))
        assert seen == [*CONTROLS, None]

    def test_goes_back_out_of_it(self, player):
        self.focus(player, "media-play-button")
        tab_until(player, "() => document.activeElement.localName !== 'cfprivate-player'", "Shift+Tab")

    @pytest.mark.parametrize("key", ["Space", "Enter"])
    def test_plays_and_pauses(self, player, key):
        self.focus(player, "media-play-button")
        player.keyboard.press(key)
        player.wait_for_function(f"() => {TIME} > 0.2")
        player.keyboard.press(key)
        player.wait_for_function("() => document.querySelector('video').paused")

    def test_seeks_in_the_bar(self, player):
        self.focus(player, "media-time-range")
        player.keyboard.press("ArrowRight")
        player.wait_for_function(f"() => {TIME} > 0")

    def test_chooses_captions(self, player):
        self.focus(player, "media-captions-menu-button")
        player.keyboard.press("Enter")
        expect(player.get_by_role("menuitemradio", name="Off")).to_be_focused()
        player.keyboard.press("ArrowDown")
        picture(player, "keyboard")
        player.keyboard.press("Enter")
        player.wait_for_function(
            "() => [...document.querySelector('video').textTracks].some((track) => track.mode === 'showing')"
        )
        player.evaluate("localStorage.clear()")

    def test_closes_a_menu_by_escape(self, player):
        self.focus(player, "media-rendition-menu-button")
        player.keyboard.press("Enter")
        expect(player.locator("[role^=menuitem]:focus")).to_be_visible()
        player.keyboard.press("Escape")
        player.wait_for_function(f"() => ({IN_PLAYER})() === 'media-rendition-menu-button'")


FIELDSET = "#fieldset-protected_media"
# The field that has the focus; None outside of the fieldset.
FIELD = f"() => document.activeElement.closest('{FIELDSET}') && (document.activeElement.name || document.activeElement.localName)"
FIELDS = f"""() => [...document.querySelectorAll("{FIELDSET} :is(input, select, textarea, summary, button)")]
  .filter((each) => each.checkVisibility() && each.type !== "hidden")
  .map((each) => each.name || each.localName)"""
NAME = "form.widgets.IProtectedMedia"


class TestForm:
    @pytest.fixture
    def form(self, visitors, demo, rest):
        """The edit form of the tone as it is opened; what is saved is taken back."""
        (demo.bucket / "talk" / "captions.de.vtt").write_text("WEBVTT\n")
        page = visitors.page("editor")
        page.goto(f"{demo.site}/demo/tone/edit")
        expect(page.locator(".autotoc-nav a", has_text="Protected media")).to_be_visible()
        yield page
        rest("DELETE", "tone/@lock", force=True)
        rest("PATCH", "tone", tracks=[], duration=None)

    def open_fieldset(self, page):
        tab_until(
            page,
            "() => document.activeElement.matches('.autotoc-nav a') && /Protected/.test(document.activeElement.text)",
        )
        page.keyboard.press("Enter")
        expect(page.locator(FIELDSET)).to_be_visible()

    def focus(self, page, name):
        tab_until(page, f"() => document.activeElement.name === '{name}'")

    def test_reaches_every_field_in_the_order_of_the_page(self, form):
        self.open_fieldset(form)
        tab_until(form, FIELD)
        seen = []
        while (name := form.evaluate(FIELD)) and len(seen) < MANY:
            seen.append(name)
            form.keyboard.press("Tab")
        assert seen == form.evaluate(FIELDS)
        assert f"{NAME}.object_key" in seen

    def test_saves_a_duration_and_a_track(self, form, demo):
        self.open_fieldset(form)
        self.focus(form, f"{NAME}.tracks.0.language")
        form.keyboard.type("Deutsch")
        self.focus(form, f"{NAME}.tracks.0.object_key")
        form.keyboard.type("talk/captions.de.vtt")
        self.focus(form, f"{NAME}.duration")
        form.keyboard.type("12")
        self.focus(form, "form.buttons.save")
        form.keyboard.press("Enter")
        expect(form.locator("track")).to_have_attribute("srclang", "de")
        answer = form.request.get(f"{demo.site}/demo/tone/@playback", headers={"Accept": "application/json"})
        assert answer.json()["duration"] == 12

    def test_opens_the_preview(self, form):
        self.open_fieldset(form)
        tab_until(form, f"() => ({FIELD})() === 'summary'")
        form.keyboard.press("Enter")
        expect(form.locator(".cfprivate-preview iframe")).to_be_visible()
