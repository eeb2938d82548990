"""HLS that cookies open: they are sent to the distribution, and renewed while it plays."""

from player_site import AIRPLAY
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from urllib.parse import urlsplit

import pytest


pytestmark = pytest.mark.browser

VIDEO = HLS_VIDEO.replace("anonymous", "use-credentials")
OTHER = "http://other.localhost"
PLAYING = "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > 0.2; }"


@pytest.fixture
def hls(page, site):
    """The site, which takes cookies, and a page whose browser has one."""
    site.take_cookies()
    page.evaluate("document.cookie = 'who=me'")
    yield site
    page.context.clear_cookies()


def master(site):
    return source(f"{site.cdn}/hls/index.m3u8", HLS_TYPE)


def open_page(page, site, native=False, medium=VIDEO, **options):
    csp = f"default-src 'self'; connect-src 'self' {site.cdn} {OTHER}; media-src 'self' {site.cdn} blob:"
    page.goto(site.page([master(site)], head=site.script(AIRPLAY * native), medium=medium, csp=csp, **options))


def play(page):
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(PLAYING)


def at_cdn(site, suffix):
    port = urlsplit(site.cdn).port
    return [request for request in site.requests if request.port == port and request.address.endswith(suffix)]


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("suffix", ["index.m3u8", ".ts"])
def test_are_sent_with_all_of_the_set(page, hls, native, suffix):
    open_page(page, hls, native)
    play(page)
    assert {request.cookie for request in at_cdn(hls, suffix)} == {"who=me"}


def test_are_not_sent_where_the_page_does_not_say_so(page, hls):
    open_page(page, hls, medium=HLS_VIDEO)
    play(page)
    assert {request.cookie for request in at_cdn(hls, ".ts")} == {None}


def test_are_sent_to_no_other_server(page, hls):
    """A playlist may name files of others, who need not allow credentials."""
    text = hls.files["/hls/180p/index.m3u8"].decode().replace("000.ts", f"{OTHER}/000.ts")
    hls.services["/hls/index.m3u8"] = lambda: (200, text.replace("\n00", "\n180p/00").encode(), {})
    answer = {"headers": {"Access-Control-Allow-Origin": "*"}, "body": hls.files["/hls/180p/000.ts"]}
    page.route(f"{OTHER}/*", lambda route: route.fulfill(**answer))
    open_page(page, hls)
    play(page)
    page.unroute_all()
    assert {request.cookie for request in at_cdn(hls, ".m3u8")} == {"who=me"}


PICTURES = b"WEBVTT\n\n00:00.000 --> 00:10.000\nthumbnails-001.jpg#xywh=0,0,160,90\n"
CUES = "() => [...document.querySelector('video').textTracks].some(({ cues }) => cues?.length)"


def name_pictures(site, uri):
    """Have the master playlist name pictures for the time bar."""
    line = f'#EXT-X-SESSION-DATA:DATA-ID="org.plone.cfprivate.thumbnails",URI="{uri}",FORMAT=RAW\n'.encode()
    text = site.files["/hls/index.m3u8"].replace(b"#EXTM3U\n", b"#EXTM3U\n" + line)
    site.services["/hls/index.m3u8"] = lambda: (200, text, {})


def test_are_sent_for_the_pictures_of_the_time_bar(page, hls):
    name_pictures(hls, "thumbnails.vtt")
    hls.answer("/hls/thumbnails.vtt", body=PICTURES)
    open_page(page, hls)
    page.wait_for_function(CUES)
    assert {request.cookie for request in at_cdn(hls, "thumbnails.vtt")} == {"who=me"}


def test_are_not_sent_for_pictures_at_another_server(page, hls):
    """With them the browser would refuse an answer to everybody."""
    name_pictures(hls, f"{OTHER}/thumbnails.vtt")
    answer = {"headers": {"Access-Control-Allow-Origin": "*"}, "body": PICTURES}
    page.route(f"{OTHER}/*", lambda route: route.fulfill(**answer))
    open_page(page, hls)
    page.wait_for_function(CUES)
    page.unroute_all()


@pytest.mark.parametrize("native", [True, False])
def test_are_renewed_without_loading_the_set_anew(page, hls, native):
    hls.renew("/@playback", lambda: [master(hls)], credentials=True)
    open_page(page, hls, native, attributes=' data-playback="/@playback" data-renew-in="1"')
    play(page)
    asked = len(at_cdn(hls, ".m3u8"))
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('@playback'))"
    )
    page.wait_for_function("() => document.querySelector('video').currentTime > 2")
    assert (len(hls.asked("@playback")), len(at_cdn(hls, ".m3u8"))) == (1, asked)


@pytest.mark.parametrize("native", [True, False])
def test_are_sent_where_the_site_has_changed_to_them(page, hls, native):
    hls.playlists()
    hls.renew("/@playback", lambda: [master(hls)], credentials=True)
    sources = [source("/@@playlist/index.m3u8", HLS_TYPE)]
    csp = f"default-src 'self'; connect-src 'self' {hls.cdn}; media-src 'self' {hls.cdn} blob:"
    attributes = ' data-playback="/@playback" data-renew-in="1"'
    page.goto(hls.page(sources, head=hls.script(AIRPLAY * native), medium=HLS_VIDEO, csp=csp, attributes=attributes))
    play(page)
    with page.expect_request(f"{hls.cdn}/hls/*p/*.ts"):
        pass
    assert at_cdn(hls, "index.m3u8")[0].cookie == "who=me"
