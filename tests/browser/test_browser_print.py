"""The print view: where to watch, in place of the player."""

from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

LINES = [("talk", "Watch this at"), ("stream", "Watch this at"), ("tone", "Listen to this at")]
# What is of use on a screen only.
CONTROLS = "cfprivate-player, .cfprivate-document, .cfprivate-download, .cfprivate-audience, .cfprivate-embed-code"


@pytest.fixture
def on_paper(open_item):
    """A function that opens an item as it is printed."""
    pages = []

    def opened(name, login="viewer"):
        page = open_item(name, login)
        page.emulate_media(media="print")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.emulate_media(media="screen")


class TestPaper:
    @pytest.mark.parametrize(("name", "words"), [*LINES, ("handout", "Open this document at")])
    def test_says_where(self, on_paper, demo, name, words):
        line = on_paper(name).locator(".cfprivate-printed")
        expect(line).to_be_visible()
        expect(line).to_have_text(f"{words} {demo.site}/demo/{name}")

    @pytest.mark.parametrize(("login", "name"), [("viewer", "stream"), ("viewer", "tone"), ("editor", "handout")])
    def test_has_no_controls(self, on_paper, login, name):
        page = on_paper(name, login)
        assert page.locator(CONTROLS).count() > 0
        assert page.locator(CONTROLS).locator("visible=true").count() == 0

    def test_has_the_image(self, on_paper):
        page = on_paper("aurora")
        expect(page.locator(".cfprivate-image img")).to_be_visible()
        expect(page.locator(".cfprivate-printed")).to_have_count(0)

    def test_says_to_who_may_not_watch_why_and_where(self, on_paper, demo):
        page = on_paper("talk", "member")
        expect(page.locator(".cfprivate-refusal")).to_contain_text("Your account does not include watching this.")
        expect(page.locator(".cfprivate-printed")).to_have_text(f"Watch this at {demo.talk}")

    @pytest.mark.parametrize("path", ["talk/@@embed", "handout/@@embed"])
    def test_of_a_frame_says_where(self, on_paper, path):
        page = on_paper(path)
        expect(page.locator(".cfprivate-printed")).to_be_visible()
        assert page.locator(CONTROLS).locator("visible=true").count() == 0


class TestScreen:
    @pytest.mark.parametrize("path", ["talk", "tone", "handout", "talk/@@embed", "handout/@@embed"])
    def test_does_not_say_where(self, open_item, path):
        line = open_item(path).locator(".cfprivate-printed")
        expect(line).to_have_count(1)
        expect(line).to_be_hidden()
