"""What editors and administrators see of who may watch, in a real browser."""

from pictures import picture
from playwright.sync_api import expect

import contextlib
import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

PHONE = {"width": 390, "height": 844}


def only(page, selector):
    """Room for a picture of one part of a page, with a margin."""
    box = page.locator(selector).bounding_box()
    return {"x": box["x"] - 12, "y": box["y"] - 12, "width": box["width"] + 24, "height": box["height"] + 24}


class TestAudience:
    @pytest.fixture
    def editor(self, visit):
        page = visit("editor")
        page.locator(".cfprivate-audience summary").press("Enter")
        return page

    def test_opens_by_keyboard(self, editor):
        expect(editor.locator(".cfprivate-audience table")).to_be_visible()

    def test_names_the_viewer_and_where_the_role_was_given(self, editor):
        editor.set_viewport_size({"width": 1200, "height": 1700})
        picture(editor, "audience", clip=only(editor, ".cfprivate-audience"))
        expect(editor.get_by_role("row", name="viewer Media Viewer Demo")).to_be_visible()

    def test_leads_to_sharing(self, editor):
        editor.locator(".cfprivate-audience a").click()
        expect(editor.locator("#user-group-sharing")).to_be_visible()

    def test_fits_a_phone(self, editor):
        editor.set_viewport_size(PHONE)
        assert editor.locator(".cfprivate-audience").bounding_box()["width"] <= PHONE["width"]

    @pytest.mark.parametrize("login", [None, "member", "viewer"])
    def test_is_for_who_manages_media(self, visit, login):
        expect(visit(login).locator(".cfprivate-audience")).to_have_count(0)


def test_sharing_offers_can_watch(visitors, demo):
    page = visitors.page("editor")
    page.goto(f"{demo.talk}/@@sharing")
    picture(page, "sharing")
    expect(page.locator("#user-group-sharing th", has_text="Can watch")).to_be_visible()


def test_the_menu_of_states_offers_all_of_them(visit):
    page = visit("manager")
    page.locator("#plone-contentmenu-workflow > a").click()
    picture(page, "states")
    expect(page.locator("#plone-contentmenu-workflow li a", has_text="Publish for everyone")).to_be_visible()


def test_the_form_says_which_lifetime_counts(open_form):
    page = open_form("talk")
    page.set_viewport_size({"width": 1200, "height": 1660})
    picture(page, "protected-media-fields")
    expect(page.locator("#formfield-form-widgets-IProtectedMedia-lifetime")).to_contain_text(
        "A signed URL lives 3600 seconds: the default of this site."
    )


class TestStateRules:
    @pytest.fixture
    def rules(self, visitors, demo):
        page = visitors.page("manager")
        page.goto(f"{demo.site}/@@cfprivate-state-rules")
        return page

    def test_are_one_table(self, rules):
        picture(rules, "state-rules", full_page=True)
        expect(rules.locator("tbody th[scope=row]")).to_have_text([
            "Private",
            "Pending review",
            "Confidential",
            "Restricted",
            "For members",
            "Public",
        ])

    def test_name_each_field_to_a_screen_reader(self, rules):
        expect(rules.get_by_label("Restricted Lifetime in seconds")).to_be_visible()

    def test_say_at_the_field_what_is_wrong(self, rules):
        save(rules, "0")
        expect(rules.locator("tr", has_text="Restricted").locator(".invalid-feedback")).to_be_visible()

    def test_reach_the_page_of_an_item(self, rules, visit):
        with lifetime(rules, "120"):
            expect(visit("editor").locator(".cfprivate-audience")).to_contain_text("A signed URL lives 120 seconds")


@contextlib.contextmanager
def lifetime(rules, seconds):
    """The lifetime of the state Restricted, given and taken back in the end."""
    save(rules, seconds)
    expect(rules.locator(".portalMessage, .statusmessage, .alert").filter(has_text="were saved")).to_have_count(1)
    try:
        yield
    finally:
        save(rules, "")


def save(rules, seconds):
    rules.get_by_label("Restricted Lifetime in seconds").fill(seconds)
    rules.get_by_role("button", name="Save").click()
    rules.wait_for_load_state()
