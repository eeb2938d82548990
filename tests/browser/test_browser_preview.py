"""The preview in the edit form, in a real browser: it follows what an editor enters."""

from pictures import picture
from playwright.sync_api import expect

import pytest


pytestmark = [pytest.mark.browser, pytest.mark.demo]

FIELD = "[name='form.widgets.IProtectedMedia.object_key']"


@pytest.fixture
def form(open_form):
    """The form of the talk."""
    return open_form("talk")


def open_preview(form):
    """The frame of the preview, which is opened."""
    form.locator(".cfprivate-preview summary").click()
    return form.frame_locator(".cfprivate-preview iframe")


def wait_until_it_plays(form):
    (frame,) = (frame for frame in form.frames if "@@cfprivate-preview" in frame.url)
    frame.wait_for_function("() => document.querySelector('video').currentTime > 0.5")


def test_nothing_is_loaded_before_it_is_opened(form):
    assert [frame.url for frame in form.frames if "@@cfprivate-preview" in frame.url] == []


def enter(form, key):
    """Enter an object key as an editor would, who goes on to the next field."""
    form.fill(FIELD, key)
    form.locator(FIELD).blur()


def test_what_is_saved_plays(form):
    preview = open_preview(form)
    preview.locator("media-play-button").first.click()
    preview.locator("video").hover()
    wait_until_it_plays(form)
    picture(form, "preview")


def test_a_stream_plays(open_form):
    form = open_form("stream")
    open_preview(form).locator("media-play-button").first.click()
    wait_until_it_plays(form)


def test_follows_the_key(form):
    preview = open_preview(form)
    preview.locator("video").wait_for()
    enter(form, "audio/tone.mp3")
    preview.locator("audio").wait_for(state="attached")
    assert preview.locator("video").count() == 0


def test_says_what_is_wrong(form):
    preview = open_preview(form)
    enter(form, "../talk.mp4")
    expect(preview.locator("main .errors")).to_contain_text("This is not an object key of the bucket")


def test_says_whose_folder_it_is(form):
    preview = open_preview(form)
    enter(form, "talk/hls/index.m3u8")
    expect(preview.locator("main .errors")).to_contain_text("“The talk as a stream” has files in this one")


def test_the_fields_below_are_there(form):
    expect(form.locator("[name='form.widgets.IProtectedMedia.renditions']")).to_be_visible()
