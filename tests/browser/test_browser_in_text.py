"""A medium in the text of a page: an editor marks a link in TinyMCE, and each reader sees what is his."""

from pictures import picture
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

# As TinyMCE writes an internal link.
LINK = '<a href="resolveuid/{uid}" data-linktype="internal" data-val="{uid}">The opening talk</a>'
TEXT = f"<p>The opening, once more:</p><p>{LINK}</p><p>Questions are welcome.</p>"


@pytest.fixture(scope="module")
def page_in_site(rest, demo):
    """The address of a page with a link to the talk that everyone may see, made for these tests."""
    uid = rest("GET", "talk").json()["UID"]
    text = {"data": TEXT.format(uid=uid), "content-type": "text/html"}
    rest("POST", "", **{"@type": "Document", "id": "programme", "title": "Programme", "text": text})
    rest("POST", "programme/@workflow/publish")
    yield f"{demo.site}/demo/programme"
    rest("DELETE", "programme/@lock", force=True)
    rest("DELETE", "programme")


def editor_of(page):
    return page.frame_locator(".tox-edit-area iframe")


def choose_format(page):
    editor_of(page).get_by_role("link", name="The opening talk").click()
    page.get_by_role("button", name="Format").last.click()
    page.get_by_role("menuitem", name="Inline").click()
    page.get_by_role("menuitemcheckbox", name="Protected medium").click()


@pytest.fixture(scope="module")
def marked(page_in_site, alone):
    """The address of that page, in which the editor gave the link its format by TinyMCE's menu."""
    with alone("editor") as page:
        page.goto(f"{page_in_site}/edit")
        choose_format(page)
        expect(editor_of(page).locator("a.cfprivate-medium")).to_have_text("The opening talk")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: not url.endswith("/edit"))
    return page_in_site


def frame_in(page):
    return page.frame_locator('iframe[title="The opening talk"]')


def test_plays_within_the_page(marked, visitors):
    page = visitors.page("viewer")
    page.goto(marked)
    frame_in(page).locator("media-play-button").first.click()
    (player,) = (each for each in page.frames if "@@embed" in each.url)
    player.wait_for_function("() => document.querySelector('video').currentTime > 0.3")
    picture(page, "in-text")


def test_tells_visitors_why_not(marked, visitors):
    page = visitors.page()
    page.goto(marked)
    expect(frame_in(page).locator(".cfprivate-refusal")).to_contain_text("Log in to watch this.")


def test_fills_the_width_of_the_text(marked, visitors):
    page = visitors.page("viewer")
    page.goto(marked)
    box = page.locator(".cfprivate-medium-box").bounding_box()
    text = page.locator("#content-core p").first.bounding_box()
    assert (box["width"], round(box["width"] / box["height"], 1)) == (text["width"], 1.8)


def test_has_its_link_below(marked, visitors):
    page = visitors.page("viewer")
    page.goto(marked)
    page.get_by_role("link", name="The opening talk").click()
    expect(page.locator("h1")).to_have_text("A protected talk")


def test_is_reached_by_the_keyboard(marked, visitors):
    page = visitors.page("viewer")
    page.goto(marked)
    expect(frame_in(page).locator("media-play-button").first).to_be_visible()
    page.locator("iframe[title='The opening talk']").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.title") == "The opening talk"


def test_the_page_itself_loads_no_player(marked, visitors):
    page = visitors.page("viewer")
    page.goto(marked)
    expect(frame_in(page).locator("cfprivate-player")).to_be_visible()
    assert page.evaluate("customElements.get('cfprivate-player') === undefined")


@pytest.fixture(scope="module")
def form(marked, alone):
    """The edit form of the page in which the link is marked; it is not saved."""
    with alone("editor") as page:
        page.goto(f"{marked}/edit")
        yield page


def test_the_editor_keeps_the_format_when_the_link_is_edited(form):
    editor_of(form).get_by_role("link", name="The opening talk").click()
    form.get_by_role("button", name="Reveal or hide additional toolbar items").click()
    form.get_by_role("button", name="Insert/edit link").click()
    form.locator(".modal input[name='title']").fill("Of 2026")
    form.locator(".modal").get_by_role("button", name="Insert", exact=True).click()
    expect(editor_of(form).locator("a[title='Of 2026']")).to_have_class("cfprivate-medium")


def test_the_editor_takes_the_format_off_again(form):
    choose_format(form)
    expect(editor_of(form).get_by_role("link", name="The opening talk")).not_to_have_class("cfprivate-medium")
