"""The classic form says at the field what is wrong with a key, and saves a right one."""

from collective.cfprivate.media.medium import medium_of
from plone import api
from plone.testing.zope import Browser

import pytest
import transaction


FIELD = "form.widgets.IProtectedMedia.object_key"


@pytest.fixture
def edit(served, functional_app):
    """A function that saves the video with ``key`` in its edit form and returns the page that follows."""
    browser = Browser(functional_app)
    browser.raiseHttpErrors = False
    browser.addHeader("Authorization", "Basic manager:secret-of-manager")

    def save(key):
        browser.open(f"{served.url}/talk/edit")
        browser.getControl(name=FIELD).value = key
        browser.getControl("Save").click()
        transaction.begin()
        return browser.contents

    return save


def key_of_the_item():
    medium = medium_of(api.portal.get()["talk"])
    return medium and medium.object_key


@pytest.mark.parametrize(
    ("entered", "kept"),
    [("talks/a%20b.mp4", "talks/a%20b.mp4"), ("  talks/a.mp4 ", "talks/a.mp4"), ("", None), ("   ", None)],
)
def test_what_is_right_is_saved(edit, entered, kept):
    edit(entered)
    assert key_of_the_item() == kept


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ("/talks/a.mp4", "Leave it out: videos/talk.mp4."),
        ("https://d111111abcdef8.cloudfront.net/a.mp4", "Give the part behind the host"),
        ("talks/*.mp4", "Rename the file."),
        ("talks/a.exe", "the object key must end in one of .mp4, .m4v, .webm."),
    ],
)
def test_what_is_wrong_is_said(edit, entered, sentence):
    assert sentence in edit(entered)


def test_what_is_wrong_is_not_saved(edit):
    edit("/talks/a.mp4")
    assert key_of_the_item() == "talks/2026/a talk.mp4"
