"""The criteria of collections in a real browser: the form offers them with their values, and shows what they find."""

from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

TALK, STREAM, TONE = "A protected talk", "The talk as a stream", "A protected tone"
IMAGE, HANDOUT = "A protected image", "A protected document"
# Everybody may watch it. Of the demo's videos only the stream has captions, and this one has none either.
OPEN = "An open video"
ALL = {TALK, STREAM, TONE, IMAGE, HANDOUT, OPEN}


@pytest.fixture(scope="module")
def open_video(rest):
    rest("POST", "", **{"@type": "Protected Video", "id": "open", "title": OPEN, "object_key": "talk/talk.mp4"})
    rest("POST", "open/@workflow/make_public")
    yield
    rest("DELETE", "open")


@pytest.fixture
def form(open_video, visitors, demo):
    """The form of a new collection; it is never saved."""
    page = visitors.page("manager")
    page.goto(f"{demo.site}/demo/++add++Collection")
    return page


def choose(form, column, text):
    """Pick an entry of the first list in a column of the criteria."""
    form.locator(f".querystring-criteria-{column} :is(.select2-choice, .select2-choices)").first.click()
    form.locator(".select2-drop-active .select2-result-selectable").get_by_text(text, exact=True).click()


def expect_found(form, titles):
    """The preview names these of the media, and none of the others."""
    preview = form.locator(".querystring-preview")
    for title in ALL:
        expect(preview.get_by_text(title, exact=True)).to_have_count(int(title in titles))


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("Video", {TALK, STREAM, OPEN}),
        ("Sound", {TONE}),
        ("Image", {IMAGE}),
        ("Document", {HANDOUT}),
    ],
)
def test_a_kind_is_chosen_by_its_name(form, kind, found):
    choose(form, "index", "Kind of medium")
    choose(form, "value", kind)
    expect_found(form, found)


def test_a_language_is_chosen_by_its_name(form):
    choose(form, "index", "Captions missing in")
    choose(form, "value", "English")
    expect_found(form, {TALK, OPEN})


@pytest.mark.parametrize(("answer", "found"), [("Yes", ALL - {OPEN}), ("No", {OPEN})])
def test_protected_or_not_is_chosen_by_yes_or_no(form, answer, found):
    choose(form, "index", "Protected medium")
    choose(form, "operator", answer)
    expect_found(form, found)
