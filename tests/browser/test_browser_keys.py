"""The control panel in a real browser: its form, a whole rotation and the way back, the self-test, the overview."""

from edge_in_thread import serve_edge
from pictures import picture
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

PHONE = {"width": 390, "height": 844}
OLD = "KLOCALEDGEDEMO"
NEW = "K2JCJMDEHXQW5F"


@pytest.fixture
def panel(visitors, demo):
    """A function that opens a page of the control panel as the manager."""
    page = visitors.page("manager")

    def open_page(name="cfprivate-controlpanel"):
        page.goto(f"{demo.site}/@@{name}")
        return page

    return open_page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def signing(page):
    """The id of the key that signs, as the page of the rotation tells."""
    return page.locator(".card", has_text="The key that signs").locator("code").first


class TestForm:
    def test_shows_what_is_set_up(self, panel):
        page = panel()
        expect(page.get_by_text("Protected media can be signed.")).to_be_visible()

    def test_says_at_the_field_what_is_wrong(self, panel):
        page = panel()
        page.get_by_label("Distribution domain").fill("https://d111111abcdef8.cloudfront.net/")
        press(page, "Save")
        picture(page, "control-panel-refused", full_page=True)
        expect(page.locator("#formfield-form-widgets-distribution")).to_contain_text("Found a URL in place of a host")

    def test_gives_no_key_back(self, panel):
        page = panel()
        page.locator("textarea[name='form.widgets.private_key']").fill("-----BEGIN PRIVATE KEY-----")
        press(page, "Save")
        expect(page.locator("textarea[name='form.widgets.private_key']")).to_have_value("")

    def test_fits_a_phone(self, panel):
        page = panel()
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.fixture(scope="class")
def story(visitors, demo):
    """A rotation from the first click to the way back; what the manager saw, by the name of the step."""
    seen = {}
    _rotate(visitors.page("manager"), demo, seen)
    return seen


def _rotate(page, demo, seen):
    rotation = f"{demo.site}/@@cfprivate-rotate"
    page.goto(rotation)
    press(page, "Make a key pair")
    picture(page, "rotate-1", full_page=True)
    public = page.get_by_label("Public half of the next key").input_value()
    page.get_by_label("Key pair id").fill(NEW)
    press(page, "Keep this id")
    press(page, "Activate the next key")
    picture(page, "rotate-2", full_page=True)
    seen["asked again"] = page.locator("#asks-again").inner_text()
    page.goto(rotation)
    page.get_by_role("link", name="Test the next key").click()
    press(page, "Test now")
    seen["at the edge that knows one key"] = outcome(page, "signed")
    keys = {OLD: demo.public_key.read_text(), NEW: public}
    with serve_edge(demo.bucket, keys, cors=demo.site.rpartition("/")[0]) as host:
        _distribution(page, demo, host)
        try:
            _activate_and_go_back(page, demo, seen)
        finally:
            _distribution(page, demo, demo.edge.removeprefix("http://"))
    page.goto(rotation)
    page.get_by_role("link", name="Erase the previous key").click()
    seen["question"] = page.locator("#content").inner_text()
    press(page, "Erase the key")
    seen["erased"] = page.get_by_text("The key was erased.").count()


def _activate_and_go_back(page, demo, seen):
    page.goto(f"{demo.site}/@@cfprivate-selftest?key=next")
    press(page, "Test now")
    picture(page, "selftest", full_page=True)
    seen["at the edge that knows both"] = outcome(page, "signed")
    page.get_by_role("link", name="Go on: activate the next key").click()
    press(page, "Activate the next key")
    picture(page, "rotate-3", full_page=True)
    seen["activated"] = signing(page).inner_text()
    seen["may leave"] = page.locator("li", has_text=OLD).inner_text()
    page.goto(demo.talk)
    seen["address"] = page.locator("video source, video").first.evaluate(
        "element => element.src || element.querySelector('source').src"
    )
    page.goto(f"{demo.site}/@@cfprivate-rotate")
    press(page, "Go back to the previous key")
    picture(page, "rotate-4", full_page=True)
    seen["went back"] = signing(page).inner_text()


def _distribution(page, demo, host):
    page.goto(f"{demo.site}/@@cfprivate-controlpanel")
    page.get_by_label("Distribution domain").fill(host)
    press(page, "Save")
    expect(page.get_by_text("Changes saved.")).to_be_visible()


def outcome(page, line):
    return page.locator(f"[data-line={line}]").get_attribute("data-outcome")


class TestRotation:
    def test_an_untested_key_is_asked_about_again(self, story):
        assert "This key was not tested." in story["asked again"]

    def test_a_key_that_the_edge_does_not_know_fails_the_test(self, story):
        assert story["at the edge that knows one key"] == "failed"

    def test_a_key_that_it_knows_passes(self, story):
        assert story["at the edge that knows both"] == "passed"

    def test_the_activated_key_signs(self, story):
        assert story["activated"] == NEW

    def test_the_player_gets_addresses_of_the_new_key(self, story):
        assert f"Key-Pair-Id={NEW}" in story["address"]

    def test_the_old_key_is_told_to_stay_trusted(self, story):
        assert "may leave the key group from" in story["may leave"]

    def test_one_can_go_back(self, story):
        assert story["went back"] == OLD

    def test_erasing_says_that_it_is_for_good(self, story):
        assert "cannot be recovered" in story["question"]

    def test_the_previous_key_was_erased(self, story):
        assert story["erased"] == 1


class TestRotationPage:
    def test_fits_a_phone(self, panel):
        page = panel("cfprivate-rotate")
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    def test_offers_a_paste_by_keyboard(self, panel):
        page = panel("cfprivate-rotate")
        page.locator("summary").press("Enter")
        expect(page.locator("textarea[name='form.widgets.private_key']")).to_be_visible()


class TestSelftest:
    def test_all_that_can_be_asked_of_the_local_edge_passes(self, panel):
        page = panel("cfprivate-selftest")
        press(page, "Test now")
        expect(page.locator("[data-outcome=failed]")).to_have_count(0)

    def test_fits_a_phone(self, panel):
        page = panel("cfprivate-selftest")
        press(page, "Test now")
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


class TestOverview:
    def test_shows_the_talk_and_who_may_watch_it(self, panel):
        page = panel("cfprivate-overview")
        picture(page, "overview", full_page=True)
        expect(page.get_by_role("row", name="A protected talk")).to_contain_text("Media Viewer")

    def test_fits_a_phone(self, panel):
        page = panel("cfprivate-overview")
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_site_setup_leads_to_the_panel(panel):
    page = panel("overview-controlpanel")
    page.get_by_role("link", name="Protected media").first.click()
    expect(page.get_by_role("heading", name="Protected media", level=1)).to_be_visible()
