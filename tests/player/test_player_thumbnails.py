"""Small pictures over the time bar, which the master playlist of an HLS set names."""

from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

MASTER = "/@@playlist/index.m3u8"
SERVICE = "/talk/@playback"
NAME = '#EXT-X-SESSION-DATA:DATA-ID="org.plone.cfprivate.thumbnails",URI="{}",FORMAT=RAW\n'
# Of the talk's ten seconds each half has a picture; both lie in one file.
TRACK = b"""WEBVTT

00:00.000 --> 00:05.000
thumbnails-001.jpg#xywh=0,0,160,90

00:05.000 --> 00:10.000
thumbnails-001.jpg#xywh=160,0,160,90
"""
CUES = "() => [...document.querySelector('video').textTracks].flatMap((track) => [...(track.cues ?? [])].map((cue) => cue.text))"


@pytest.fixture
def named(site):
    """The site, whose playlist names pictures at the distribution; one signature is for all, as Plone makes it."""
    site.playlists()
    site.files["/hls/thumbnails.vtt"] = TRACK
    site.files["/hls/thumbnails-001.jpg"] = site.files["/poster.jpg"]
    own = site.files["/hls/index.m3u8"]

    def master():
        line = NAME.format(site.cdn + site.signed("/hls/thumbnails.vtt"))
        return 200, own.replace(b"#EXTM3U\n", b"#EXTM3U\n" + line.encode()), {}

    site.services[MASTER] = master
    return site


def open_page(page, site, attributes=""):
    csp = (
        f"default-src 'self'; connect-src 'self' {site.cdn}; img-src 'self' {site.cdn};"
        f" media-src 'self' {site.cdn} blob:; worker-src 'self'"
    )
    page.goto(site.page([source(MASTER, HLS_TYPE)], attributes, medium=HLS_VIDEO, csp=csp))
    page.wait_for_function("() => document.querySelector('video').readyState > 0")


def wait_for_cues(page):
    page.wait_for_function(f"() => ({CUES})().length === 2 && ({CUES})()[1].startsWith('http')")
    return page.evaluate(CUES)


def point_at(page, part):
    """Point at the time bar, at a part of its length."""
    bar = page.locator("media-time-range")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
    return bar


def test_they_have_the_signature_of_the_track(page, named):
    open_page(page, named)
    assert wait_for_cues(page) == [
        f"{named.cdn}/hls/thumbnails-001.jpg?Signature=1#xywh={place}" for place in ("0,0,160,90", "160,0,160,90")
    ]


@pytest.mark.parametrize(("part", "place"), [(0.25, "0 0 160 90"), (0.75, "160 0 160 90")])
def test_that_of_the_time_pointed_at_is_shown(page, named, part, place):
    open_page(page, named)
    wait_for_cues(page)
    picture = point_at(page, part).locator("media-preview-thumbnail")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("mediapreviewcoords", place)
    expect(picture.locator("img")).to_have_attribute("src", f"{named.cdn}/hls/thumbnails-001.jpg?Signature=1")


def test_they_are_fetched_from_the_distribution_when_they_are_needed(page, named):
    open_page(page, named)
    wait_for_cues(page)
    assert not named.asked("thumbnails-001.jpg")
    with page.expect_response(lambda response: "thumbnails-001.jpg" in response.url) as answered:
        point_at(page, 0.5)
    assert answered.value.status == 200


def test_they_get_the_new_signature(page, named):
    named.renew(SERVICE, lambda: [source(MASTER, HLS_TYPE)], renew_in=3600)
    open_page(page, named, f' data-playback="{SERVICE}" data-renew-in="1"')
    wait_for_cues(page)
    page.evaluate("document.querySelector('video').play().catch(() => 0)")
    page.wait_for_function(f"() => !({CUES})()[0].includes('Signature=1#')")
    (picture,) = {cue.partition("#")[0] for cue in page.evaluate(CUES)}
    assert picture.partition("?")[2] in named.valid


def test_they_are_no_captions(page, named):
    open_page(page, named)
    wait_for_cues(page)
    assert page.get_by_role("button", name="captions").count() == 0


@pytest.mark.parametrize("content", [None, b"nonsense", b"WEBVTT\n"])
def test_without_them_it_plays_all_the_same(page, named, content):
    del named.files["/hls/thumbnails.vtt"]
    if content is not None:
        named.files["/hls/thumbnails.vtt"] = content
    open_page(page, named)
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    point_at(page, 0.5)
    expect(page.locator("media-preview-thumbnail")).to_be_hidden()


def test_a_set_that_names_none_has_none(page, site):
    site.playlists()
    open_page(page, site)
    assert page.locator("track").count() == 0
    assert not site.asked("thumbnails")
