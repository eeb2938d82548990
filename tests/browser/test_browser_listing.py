"""The view of media in a real browser: as a picture, by keyboard, on a phone, for screen readers."""

from axe_playwright_python.sync_playwright import Axe
from base64 import b64encode
from collective.cfprivate.demo.site import FILES
from pictures import picture
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

PHONE = {"width": 390, "height": 844}
KEY = "talk/talk.mp4"
TALKS = {
    "opening": ("The opening", "What the year brings, and what it takes.", "talk/poster.jpg", 3723, "make_restricted"),
    "lake": ("The lake at night", "Twelve seconds of green and violet.", "images/aurora.jpg", 12, "make_public"),
    "tone": ("A tone", "No picture, only sound.", None, 754, "make_restricted"),
}


@pytest.fixture(scope="module")
def shown(rest, demo):
    """A published folder with three videos, shown with the view; its address."""
    rest("POST", "", **{"@type": "Folder", "id": "shown", "title": "Talks", "description": "All talks of the year."})
    for name, (title, description, image, duration, transition) in TALKS.items():
        item = {"@type": "Protected Video", "id": name, "title": title, "description": description}
        rest("POST", "shown", **item, object_key=KEY, duration=duration, image=image and lead_image(image))
        rest("POST", f"shown/{name}/@workflow/{transition}")
    rest("POST", "shown/@workflow/publish")
    rest("PATCH", "shown", layout="media_listing")
    yield f"{demo.site}/demo/shown"
    rest("DELETE", "shown")


def lead_image(path):
    data = b64encode((FILES / path).read_bytes()).decode()
    return {"data": data, "encoding": "base64", "filename": "lead.jpg", "content-type": "image/jpeg"}


@pytest.fixture
def listing(visitors, shown):
    """The listing, as a visitor sees it."""
    page = visitors.page()
    page.goto(shown)
    return page


def card(page, title):
    return page.locator("article.card", has_text=title)


def test_shows_the_lead_images(listing):
    for image in listing.locator("article.card img").all():
        image.scroll_into_view_if_needed()
    loaded = (
        "() => [...document.querySelectorAll('article.card img')].filter(image => image.naturalWidth > 0).length === 2"
    )
    listing.wait_for_function(loaded)
    listing.evaluate("() => scrollTo(0, 0)")
    picture(listing, "listing")


@pytest.mark.parametrize(("title", "duration"), [("The opening", "1:02:03"), ("The lake at night", "0:12")])
def test_shows_how_long_it_is(listing, title, duration):
    expect(card(listing, title).get_by_text(duration, exact=True)).to_be_visible()


@pytest.mark.parametrize(("title", "count"), [("The opening", 1), ("The lake at night", 0), ("A tone", 1)])
def test_shows_what_is_protected(listing, title, count):
    expect(card(listing, title).get_by_text("Protected", exact=True)).to_have_count(count)


def test_each_card_is_one_stop_of_the_keyboard(listing):
    listing.locator("article.card a").first.focus()
    listing.keyboard.press("Tab")
    assert listing.evaluate("() => document.activeElement.textContent") == "The lake at night"


def test_opens_by_keyboard(listing, shown):
    listing.locator("article.card a").first.press("Enter")
    listing.wait_for_url(f"{shown}/opening")


def test_opens_wherever_it_is_clicked(listing, shown):
    card(listing, "A tone").click(position={"x": 8, "y": 8})
    listing.wait_for_url(f"{shown}/tone")


def test_fits_a_phone(listing):
    listing.set_viewport_size(PHONE)
    boxes = [each.bounding_box() for each in listing.locator("article.card").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in boxes)


def test_stands_in_one_column_on_a_phone(listing):
    listing.set_viewport_size(PHONE)
    boxes = [each.bounding_box() for each in listing.locator("article.card").all()]
    assert [box["x"] for box in boxes] == [boxes[0]["x"]] * len(TALKS)


def test_breaks_no_rule_of_accessibility(listing):
    found = Axe().run(listing, context="ul.entries").response["violations"]
    assert [rule["id"] for rule in found] == []


def test_the_menu_display_offers_it(visitors, shown):
    page = visitors.page("editor")
    page.goto(shown)
    offered = page.locator("#plone-contentmenu-display a", has_text="Media view")
    assert offered.count() == 1
