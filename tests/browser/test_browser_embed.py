"""The player in a frame of another site, in a real browser: `localhost` and 127.0.0.1 are two sites to it."""

from edge_in_thread import served
from pictures import picture
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

PANEL = "../@controlpanels/cfprivate"
OURS = "cfprivate-player, .cfprivate-refusal"


@pytest.fixture(scope="module")
def partner(demo):
    """The origin of a site with a page for each item, in which it is embedded."""

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        name = environ["PATH_INFO"].removeprefix("/")
        frame = f'<iframe src="{demo.site}/demo/{name}/@@embed" width="640" height="360" allow="fullscreen"></iframe>'
        return [f"<!DOCTYPE html><title>Partner</title><h1>A partner</h1>{frame}".encode()]

    with served(application) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def allowed(rest, partner):
    """The partner is named in the control panel."""
    rest("PATCH", PANEL, embed_ancestors=[partner])
    yield
    rest("PATCH", PANEL, embed_ancestors=[])


@pytest.fixture
def public(rest):
    """The talk is public."""
    rest("POST", "talk/@workflow/make_public")
    yield
    rest("POST", "talk/@workflow/make_restricted")


@pytest.fixture
def framed(alone, partner):
    """A function that opens the partner's page of an item as an account; its frame."""
    with alone("viewer") as page:

        def opened(name):
            page.goto(f"{partner}/{name}")
            frame = page.frame_locator("iframe")
            expect(frame.locator(OURS).first, told(page)).to_be_visible()
            return page, frame

        yield opened


def told(page):
    """What the frames of a page say, for who reads that a test failed."""
    return [(each.url.partition("?")[0], each.locator("body").inner_text()[:400]) for each in page.frames]


def test_plays_what_everyone_may_watch(allowed, public, framed):
    page, frame = framed("talk")
    assert frame.locator(".cfprivate-refusal").all_inner_texts() == []
    expect(frame.locator("media-play-button").first, told(page)).to_be_visible()
    frame.locator("media-play-button").first.click()
    (player,) = (each for each in page.frames if "@@embed" in each.url)
    player.wait_for_function("() => document.querySelector('video').currentTime > 0.3")
    picture(page, "embed")


def test_knows_nobody_there(allowed, framed):
    _page, frame = framed("talk")
    expect(frame.locator(".cfprivate-refusal")).to_contain_text("Log in to watch this.")


def test_leads_to_the_page_where_who_is_logged_in_watches(allowed, framed):
    page, frame = framed("talk")
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Open it in a new tab").click()
    expect(opened.value.locator("cfprivate-player")).to_be_visible()


def test_is_not_shown_in_a_site_that_is_not_named(public, alone, partner):
    with alone("viewer") as page:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(f"{partner}/talk")
        assert page.frame_locator("iframe").locator("cfprivate-player").count() == 0


class TestCode:
    def test_is_shown_to_who_manages_the_item(self, visit):
        page = visit("editor")
        page.locator(".cfprivate-embed-code summary").click()
        expect(page.locator("#cfprivate-embed-code")).to_have_value(
            f'<iframe src="{page.url}/@@embed" title="A protected talk" width="640" height="360" '
            'style="max-width: 100%; border: 0" allow="fullscreen; picture-in-picture" loading="lazy"></iframe>'
        )
        page.locator(".cfprivate-embed-code").scroll_into_view_if_needed()
        picture(page, "embed-code")
