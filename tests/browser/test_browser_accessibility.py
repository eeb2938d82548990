"""Axe on the pages of administrators and on forms, on two screens; and motion where it is not wanted.

The pages of items are with the player, in test_browser_player.
"""

from accessibility import Axe
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

# The last is a desktop at 400 %, as WCAG 2.2 asks for in 1.4.10.
SIZES = {
    "desktop": {"width": 1200, "height": 900},
    "phone": {"width": 390, "height": 844},
    "enlarged": {"width": 320, "height": 256},
}
# What is ours of a page: who sees it, where it is below the site, and the part that is not Plone's frame.
PAGES = {
    "control panel": ("manager", "@@cfprivate-controlpanel", "#content"),
    "state rules": ("manager", "@@cfprivate-state-rules", "#content"),
    "rotation": ("manager", "@@cfprivate-rotate", "#content"),
    "self-test": ("manager", "@@cfprivate-selftest", "#content"),
    "erasing": ("manager", "@@cfprivate-erase-key?slot=active", "#content"),
    "overview": ("manager", "@@cfprivate-overview", "#content"),
    "stack": ("manager", "@@cfprivate-stack", "#content"),
    "reconciliation": ("manager", "@@cfprivate-reconcile", "#content"),
    "embed": ("viewer", "demo/stream/@@embed", "body"),
    "refused embed": ("member", "demo/talk/@@embed", "body"),
    "guest links": ("manager", "demo/talk/@@cfprivate-guests", "#content"),
    "refused guest": (None, "demo/talk/@@guest/guessed", "body"),
    "listing": (None, "demo/media_listing", "ul.entries"),
}
# The longest time that anything of ours takes to move, in seconds, also in shadow roots; what only fades does not move.
MOTION = """() => {
  const FADES = /^(opacity|visibility|background|background-color|color|border-color|box-shadow)$/;
  const within = (each) => [each, ...[...each.children, ...(each.shadowRoot?.children ?? [])].flatMap(within)];
  const seconds = (text) => text.split(",").map((each) => parseFloat(each) || 0);
  const moves = (style) => {
    const times = seconds(style.transitionDuration);
    const moving = style.transitionProperty.split(", ").map((name, index) => (FADES.test(name) ? 0 : times[index % times.length]));
    return Math.max(...moving, ...(style.animationName === "none" ? [] : seconds(style.animationDuration)));
  };
  const ours = [...document.querySelectorAll("[class*=cfprivate-]")].flatMap(within);
  return Math.max(...ours.map((each) => moves(getComputedStyle(each))));
}"""


@pytest.fixture(scope="class", params=SIZES)
def size(request):
    """A screen, in pixels."""
    return SIZES[request.param]


@pytest.fixture(scope="class", params=PAGES)
def page_and_part(request, visitors, demo, size):
    """A page on the screen, and the part of it that is ours."""
    login, path, part = PAGES[request.param]
    page = visitors.page(login)
    page.set_viewport_size(size)
    page.goto(f"{demo.site}/{path}")
    expect(page.locator(part)).to_be_visible()
    return page, part


class TestPages:
    def test_axe_finds_nothing(self, page_and_part):
        page, part = page_and_part
        assert Axe(page).inside(part) == []

    def test_nothing_scrolls_sideways(self, page_and_part):
        page, _part = page_and_part
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def panel(visitors, demo):
    """The control panel, as the manager sees it."""
    page = visitors.page("manager")
    page.goto(f"{demo.site}/@@cfprivate-controlpanel")
    return page


def test_axe_finds_nothing_where_the_panel_refuses(panel):
    panel.get_by_label("Distribution domain").fill("https://d111111abcdef8.cloudfront.net/")
    panel.get_by_role("button", name="Save").click()
    expect(
        panel.locator("#formfield-form-widgets-distribution .invalid-feedback, .fieldErrorBox").first
    ).to_be_visible()
    assert Axe(panel).inside("#content") == []


def test_axe_finds_nothing_in_the_answers_of_the_distribution(visitors, demo):
    page = visitors.page("manager")
    page.goto(f"{demo.site}/@@cfprivate-selftest")
    page.get_by_role("button", name="Test now").click()
    expect(page.locator("#selftest-lines")).to_be_visible()
    assert Axe(page).inside("#content") == []


def test_axe_finds_a_field_without_a_name(panel):
    panel.locator("label[for='form-widgets-distribution']").evaluate("(label) => label.remove()")
    assert [found for found in Axe(panel).inside("#content") if found.startswith("label:")] != []


class TestForm:
    @pytest.fixture
    def on_a_phone(self, open_form):
        form = open_form("stream")
        form.set_viewport_size(SIZES["phone"])
        return form

    def test_axe_finds_nothing_on_a_phone(self, on_a_phone):
        assert Axe(on_a_phone).inside("#fieldset-protected_media") == []

    def test_no_field_is_wider_than_a_phone(self, on_a_phone):
        fields = on_a_phone.locator("#fieldset-protected_media").locator(
            "input:visible, textarea:visible, select:visible"
        )
        boxes = [field.bounding_box() for field in fields.all()]
        assert len(boxes) > 10
        assert [box for box in boxes if box["x"] < 0 or box["x"] + box["width"] > SIZES["phone"]["width"]] == []


class TestMotion:
    @pytest.fixture(scope="class")
    def longest(self, visitors, demo):
        """A function that gives the longest motion of an item's page, for who wants less of it or not."""
        page = visitors.page("editor")

        def measure(name, motion):
            page.emulate_media(reduced_motion=motion)
            page.goto(f"{demo.site}/demo/{name}")
            expect(page.locator("media-controller")).to_be_visible()
            return page.evaluate(MOTION)

        yield measure
        page.emulate_media(reduced_motion="no-preference")

    # One millisecond is left to menus of media-chrome, which get the focus when their transition ends.
    @pytest.mark.parametrize("name", ["stream", "tone"])
    def test_is_none_where_less_is_wanted(self, longest, name):
        assert longest(name, "reduce") <= 0.001

    @pytest.mark.parametrize("name", ["stream", "tone"])
    def test_is_there_otherwise(self, longest, name):
        assert longest(name, "no-preference") > 0.001
