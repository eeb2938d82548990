"""Files that nothing refers to, found and deleted in the browser, in the bucket of the demo."""

from accessibility import Axe
from pictures import picture
from playwright.sync_api import expect

import os
import pytest
import shutil
import time


pytestmark = [pytest.mark.browser, pytest.mark.demo]

PAGE = "@@cfprivate-reconcile"
LOOK, DELETE = "Compare the bucket with this site", "Delete these files for good"


@pytest.fixture
def left(demo):
    """A file of last year that no item has."""
    path = demo.bucket / "uploads" / "left-behind" / "talk.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"content")
    os.utime(path, (time.time() - 365 * 86400,) * 2)
    yield path
    shutil.rmtree(path.parent, ignore_errors=True)


@pytest.fixture
def found(left, visitors, demo):
    """The page that lists it."""
    page = visitors.page("manager")
    page.goto(f"{demo.site}/{PAGE}")
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_role("heading", name="Left over")).to_be_visible()
    return page


def test_what_is_left_over_is_listed_and_nothing_else(found):
    picture(found, "reconcile", full_page=True)
    expect(found.get_by_role("rowheader")).to_have_text(["uploads/left-behind/talk.mp4"])


def test_it_is_deleted_when_asked_again(found, left):
    found.get_by_role("button", name=DELETE).click()
    expect(found.get_by_text("Nothing is left over.")).to_be_visible()
    assert not left.exists()


def test_the_keyboard_is_enough(found, left):
    found.get_by_label("Days of grace").focus()
    found.keyboard.press("Enter")
    expect(found.get_by_role("heading", name="Left over")).to_be_visible()
    assert left.exists()
    found.get_by_role("button", name=DELETE).focus()
    found.keyboard.press("Enter")
    expect(found.get_by_text("Nothing is left over.")).to_be_visible()
    assert not left.exists()


def test_axe_finds_nothing(found):
    assert Axe(found).inside("#content") == []


def test_a_telephone_cuts_nothing_off(found):
    found.set_viewport_size({"width": 390, "height": 844})
    assert found.evaluate("document.querySelector('#content').scrollWidth <= innerWidth")
