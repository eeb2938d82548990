"""All kinds of media of the demo, in a real browser: an HLS stream, a sound, an image, a document, and captions."""

from pathlib import Path
from pictures import picture
from playwright.sync_api import expect

import collective.cfprivate.demo
import pytest
import requests


pytestmark = [pytest.mark.browser, pytest.mark.demo]

MEDIA = Path(collective.cfprivate.demo.__file__).parent / "media"


def play(page, element):
    page.locator("cfprivate-player media-play-button").first.click()
    page.wait_for_function(f"() => document.querySelector('{element}').currentTime > 0.5", timeout=20_000)


class TestStream:
    def test_plays(self, open_item):
        page = open_item("stream")
        play(page, "video")
        assert page.evaluate("document.querySelector('video').videoWidth") in {320, 640}

    def test_fetches_segments_from_the_edge_and_playlists_from_plone(self, open_item, demo):
        page = open_item("talk")
        asked = []
        page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
        page.goto(f"{demo.site}/demo/stream")
        play(page, "video")
        playlists = {url for url in asked if url.endswith(".m3u8")}
        segments = {url for url in asked if url.endswith(".ts")}
        assert playlists and all(url.startswith(f"{demo.site}/demo/stream/@@playlist/") for url in playlists)
        assert segments and all(url.startswith(f"{demo.edge}/talk/hls/") for url in segments)

    def test_is_refused_to_a_member(self, open_item):
        page = open_item("stream", "member")
        expect(page.locator(".cfprivate-refusal")).to_contain_text("Your account does not include watching this.")


def test_a_sound_plays(open_item):
    page = open_item("tone")
    play(page, "audio")
    assert page.evaluate("document.querySelector('audio').currentSrc").partition("?")[0].endswith("/audio/tone.mp3")


def test_an_image_shows(open_item):
    page = open_item("aurora")
    page.wait_for_function("() => document.querySelector('.cfprivate-image img').naturalWidth > 0")
    assert page.locator(".cfprivate-image img").get_attribute("alt") == "A protected image"


def test_a_document_opens(open_item, demo):
    page = open_item("handout")
    link = page.locator(".cfprivate-document a")
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    answer = requests.get(link.get_attribute("href"), cookies=cookies, timeout=60)
    assert answer.content == (MEDIA / "documents" / "handout.pdf").read_bytes()


class TestCaptions:
    @pytest.fixture
    def captioned(self, visitors, demo):
        """The talk, to which an editor gave a file of captions in the form; taken away again at the end."""
        page = visitors.page("editor")
        page.goto(f"{demo.talk}/edit")
        page.locator(".autotoc-nav a", has_text="Protected media").click()
        page.select_option("[name='form.widgets.IProtectedMedia.tracks.0.language']", "en")
        page.set_input_files("[name='form.widgets.IProtectedMedia.tracks.0.file']", MEDIA / "talk" / "captions.en.vtt")
        page.check("[name='form.widgets.IProtectedMedia.tracks.0.default']")
        picture(page, "captions-fields")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: not url.endswith("/edit"))
        yield
        page.goto(f"{demo.talk}/edit")
        page.locator(".autotoc-nav a", has_text="Protected media").click()
        page.check("[name='form.widgets.IProtectedMedia.tracks.0.remove']")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: not url.endswith("/edit"))

    def test_are_shown_while_the_talk_plays(self, captioned, open_item):
        page = open_item("talk")
        play(page, "video")
        page.mouse.move(700, 600)  # so that the controls are in the picture
        cues = "[...document.querySelector('video').textTracks].flatMap(track => [...(track.activeCues ?? [])])"
        page.wait_for_function(f"() => {cues}.some(cue => cue.text === 'A clear night over the lake.')")
        page.wait_for_function("() => document.querySelector('video').currentTime > 1.2")
        picture(page, "captions")
        assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "showing"
