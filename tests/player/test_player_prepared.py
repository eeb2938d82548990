"""What ``cfprivate prepare`` makes plays in Chromium, through hls.js and by itself."""

from collective.cfprivate.storage.prepare import prepare
from films import film
from films import need_ffmpeg
from player_site import AIRPLAY
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from playwright.sync_api import expect

import pytest
import re


pytestmark = pytest.mark.browser

PLAYING_FROM = "(second) => { const v = document.querySelector('video'); return v.currentTime > second + 0.2; }"
SEEK = "(second) => { document.querySelector('video').currentTime = second; }"
HEIGHT = "(height) => document.querySelector('video').videoHeight === height"
SHOWN = "(picture) => picture.complete && picture.naturalWidth > 0"
DURATION = "document.querySelector('video').duration"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of a prepared film of 13 seconds, by their paths on the site."""
    need_ffmpeg()
    folder = tmp_path_factory.mktemp("prepared")
    film(folder / "film.mp4")
    made = prepare(folder / "film.mp4", folder / "made", preset="ultrafast")
    return {f"/made/{path.relative_to(made.into).as_posix()}": path.read_bytes() for path in made.files}


@pytest.fixture
def playing(page, site, files):
    """A function: the page, with the film playing; what is ``native`` is left to the browser."""

    def play(*, native=False):
        site.files.update(files)
        csp = "default-src 'self'; media-src 'self' blob:; worker-src 'self'"
        sources = [source("/made/hls/index.m3u8", HLS_TYPE)]
        page.goto(site.page(sources, head=site.script(AIRPLAY * native), medium=HLS_VIDEO, csp=csp))
        page.get_by_role("button", name="play", exact=True).click()
        page.wait_for_function(PLAYING_FROM, arg=0)
        return page

    return play


@pytest.mark.parametrize("native", [True, False])
def test_a_prepared_film_plays_also_over_the_border_of_segments(playing, native):
    page = playing(native=native)
    page.evaluate(SEEK, 5.8)
    page.wait_for_function(PLAYING_FROM, arg=6)
    assert page.evaluate(DURATION) == pytest.approx(13, abs=0.1)


@pytest.mark.parametrize(("name", "height"), [("240p", 240), ("270p", 270)])
def test_each_of_its_renditions_can_be_chosen(playing, name, height):
    page = playing()
    page.get_by_role("button", name="quality").click()
    page.get_by_role("menuitemradio", name=name, exact=True).click()
    page.wait_for_function(HEIGHT, arg=height)


def test_its_small_pictures_are_shown_over_the_time_bar(playing):
    page = playing()
    bar = page.locator("media-time-range")
    bar.hover()
    picture = bar.locator("media-preview-thumbnail")
    expect(picture).to_be_visible()
    expect(picture.locator("img")).to_have_attribute("src", re.compile(r"/made/hls/thumbnails-001\.jpg$"))
    page.wait_for_function(SHOWN, arg=picture.locator("img").element_handle())
