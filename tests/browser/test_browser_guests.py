"""A guest link, made by an editor and used in a browser in which nobody has an account."""

from axe_playwright_python.sync_playwright import Axe
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from keyboard import IN_PLAYER
from keyboard import tab_until
from pictures import picture
from playwright.sync_api import expect
from urllib.parse import urlsplit

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

# A link lives so long that it still plays after it was opened; a lifetime, that the player soon asks for another.
SECONDS = 12
LIFETIME = 6
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def links(visitors, demo, rest):
    """The page of the talk's guest links; none is left behind."""
    page = visitors.page("editor")
    page.goto(demo.talk)
    page.get_by_role("link", name="Share with a guest").click()
    yield page
    revoke_all(page, demo)


def revoke_all(page, demo):
    page.goto(f"{demo.talk}/@@cfprivate-guests")
    buttons = page.get_by_role("button", name="Take back")
    for number in range(buttons.count(), 0, -1):
        buttons.first.click()
        expect(buttons).to_have_count(number - 1)


@pytest.fixture
def guest(browser):
    """The page of a second browser profile, which knows no account."""
    context = browser.new_context(viewport={"width": 1000, "height": 640})
    yield context.new_page()
    context.close()


def make(page, ends_in=None):
    """Make a link that ends in so many seconds, or when it is offered to; its address."""
    page.get_by_label("Whom is it for?").fill("The jury of the film prize")
    if ends_in:
        field = page.get_by_label("The link ends at")
        field.evaluate("field => { field.step = 1 }")  # browsers offer minutes
        field.fill(f"{datetime.now(timezone.utc) + timedelta(seconds=ends_in):%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Make a link").click()
    return page.locator("#cfprivate-guest-address").input_value()


def play(page):
    page.locator("media-play-button").first.click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.3")


class TestGuest:
    def test_watches_until_the_link_is_taken_back(self, links, guest, short_lived):
        address = make(links)
        picture(links, "guest-links", full_page=True)
        short_lived("talk", LIFETIME)
        guest.goto(address)
        play(guest)
        picture(guest, "guest")
        links.get_by_role("button", name="Take back").first.click()
        expect(links.get_by_text("The link was taken back.")).to_be_visible()
        # The player asks for new signatures, and is told.
        expect(guest.get_by_role("alert")).to_contain_text("There is no such link, or it was taken back.")
        guest.reload()
        expect(guest.locator(".cfprivate-refusal")).to_contain_text("There is no such link, or it was taken back.")

    def test_watches_until_the_link_ends(self, links, guest):
        guest.goto(make(links, ends_in=SECONDS))
        play(guest)
        expect(guest.get_by_role("alert")).to_contain_text("The time of this link is over.")
        guest.reload()
        expect(guest.locator(".cfprivate-refusal")).to_contain_text("The time of this link is over.")

    def test_sees_nothing_of_the_site(self, links, guest):
        guest.goto(make(links))
        expect(guest.get_by_role("heading")).to_have_text("A protected talk")
        assert guest.locator("a, form, nav, header, footer").count() == 0

    def test_leaves_no_token_in_the_browser(self, links, guest):
        address = make(links)
        guest.goto(address)
        play(guest)
        guest.locator("video").evaluate("video => video.pause()")
        token = urlsplit(address).path.rpartition("/")[2]
        assert token not in guest.evaluate("() => JSON.stringify(localStorage) + document.cookie")

    def test_is_not_kept_out_by_a_handicap(self, links, guest):
        guest.goto(make(links))
        expect(guest.locator("media-controller")).to_be_visible()
        assert [rule["id"] for rule in Axe().run(guest).response["violations"]] == []

    def test_plays_and_pauses_by_the_keyboard_alone(self, links, guest):
        guest.goto(make(links))
        expect(guest.locator("media-controller")).to_be_visible()
        tab_until(guest, f"() => ({IN_PLAYER})() === 'media-play-button'")
        guest.keyboard.press("Enter")
        guest.wait_for_function("() => document.querySelector('video').currentTime > 0.3")
        guest.keyboard.press("Enter")
        guest.wait_for_function("() => document.querySelector('video').paused")

    def test_has_no_account_in_the_rest_of_the_site(self, links, guest, demo):
        guest.goto(make(links))
        guest.goto(demo.talk)
        expect(guest.locator(".cfprivate-refusal")).to_contain_text("Log in to watch this.")

    @pytest.mark.parametrize("name", ["stream", "tone", "aurora", "handout"])
    def test_has_every_kind_of_medium(self, visitors, guest, demo, name):
        page = visitors.page("editor")
        page.goto(f"{demo.site}/demo/{name}/@@cfprivate-guests")
        guest.goto(make(page))
        if name in {"stream", "tone"}:
            guest.locator("media-play-button").first.click()
            guest.wait_for_function("() => document.querySelector('video, audio').currentTime > 0.3")
        elif name == "aurora":
            guest.wait_for_function("() => document.querySelector('img').naturalWidth > 0")
        else:
            answer = guest.request.get(guest.locator(".cfprivate-document a").get_attribute("href"))
            assert answer.headers["content-type"] == "application/pdf"
        page.get_by_role("button", name="Take back").first.click()


class TestPage:
    def test_fits_a_phone(self, links):
        make(links)
        links.set_viewport_size(PHONE)
        assert links.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    def test_is_not_closed_by_a_handicap(self, links):
        make(links)
        found = Axe().run(links, context="#content-core").response["violations"]
        assert [rule["id"] for rule in found] == []

    def test_shows_the_address_once(self, links, demo):
        address = make(links)
        links.goto(f"{demo.talk}/@@cfprivate-guests")
        assert (links.locator("#cfprivate-guest-address").count(), address in links.content()) == (0, False)

    def test_lists_links_with_their_notes(self, links):
        make(links)
        expect(links.locator(".cfprivate-guest-links li")).to_contain_text(["The jury of the film prize"])
        expect(links.locator(".cfprivate-guest-state")).to_contain_text([": works"])
