"""HLS of the demo by signed cookies, in a real Chromium: the site and the distribution are two names of one domain."""

from collective.cfprivate.demo.layout import KEY_ID
from edge_in_thread import serve_edge
from playwright.sync_api import expect

import pytest
import requests
import shutil


pytestmark = [pytest.mark.browser, pytest.mark.demo]

DOMAIN = "example.localhost"
FIRST, SECOND = "/talk/hls/", "/second/hls/"
SEGMENT = "180p/000.ts"
SETTINGS = ("distribution", "delivery", "cookie_domain")
# What a page of the site gets of the distribution with all cookies that the browser has for it.
STATUS = "url => fetch(url, {credentials: 'include', cache: 'no-store'}).then(answer => answer.status)"


def play(page):
    page.locator("cfprivate-player media-play-button").first.click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5", timeout=20_000)


class CookieSite:
    """The demo under ``site.example.localhost``, with its bucket at ``cdn.example.localhost``."""

    def __init__(self, demo, edge_port):
        self._demo = demo
        self.host = f"site.{DOMAIN}:{demo.plone_port}"
        self.url = f"http://{self.host}/Plone"
        self.cdn = f"http://cdn.{DOMAIN}:{edge_port}"

    def rest(self, method, path, **content):
        """Ask as the manager; the JSON of the answer."""
        headers = {"Accept": "application/json", "Host": self.host}
        auth = self._demo.auth("manager")
        answer = requests.request(
            method, f"{self._demo.site}/{path}", json=content, headers=headers, auth=auth, timeout=60
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def set(self, settings):
        self.rest("PATCH", "@controlpanels/cfprivate", **settings)

    def log_in(self, page, login):
        page.goto(f"{self.url}/login")
        page.fill("#__ac_name", login)
        page.fill("#__ac_password", self._demo.password(login))
        page.click("#buttons-login")
        page.wait_for_url(lambda url: not url.endswith("/login"))

    def open(self, page, name="stream"):
        page.goto(f"{self.url}/demo/{name}")
        return page

    def status(self, page, folder=FIRST):
        return page.evaluate(STATUS, f"{self.cdn}{folder}{SEGMENT}")


@pytest.fixture(scope="class")
def site(demo, given_back):
    """The demo delivers by cookies, and has a second HLS set, until the class is through."""
    keys = {KEY_ID: demo.public_key.read_bytes()}
    cors = f"http://site.{DOMAIN}:{demo.plone_port}"
    edge = given_back.enter_context(serve_edge(demo.bucket, keys, cors=cors, credentials=True))
    site = CookieSite(demo, int(edge.partition(":")[2]))
    kept = site.rest("GET", "@controlpanels/cfprivate")["data"]
    given_back.callback(site.set, {name: kept[name] for name in SETTINGS})
    site.set({"distribution": site.cdn.removeprefix("http://"), "delivery": "cookies", "cookie_domain": DOMAIN})
    shutil.copytree(demo.bucket / "talk" / "hls", demo.bucket / "second" / "hls")
    given_back.callback(shutil.rmtree, demo.bucket / "second")
    fields = {"@type": "Protected Video", "id": "second", "title": "Second", "object_key": "second/hls/index.m3u8"}
    site.rest("POST", "demo", **fields)
    given_back.callback(site.rest, "DELETE", "demo/second")
    site.rest("POST", "demo/second/@workflow/make_restricted")
    return site


@pytest.fixture
def page(browser):
    """A page of a browser that knows nobody."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


class TestCookies:
    def test_play_what_the_distribution_has(self, page, site):
        asked = []
        site.log_in(page, "viewer")
        page.on("request", lambda request: asked.append(request.url))
        play(site.open(page))
        media = [url for url in asked if url.endswith((".m3u8", ".ts"))]
        assert media[0] == f"{site.cdn}{FIRST}index.m3u8"
        assert all(url.startswith(f"{site.cdn}{FIRST}") for url in media)

    def test_are_hidden_from_scripts(self, page, site):
        site.log_in(page, "viewer")
        assert "CloudFront" not in site.open(page).evaluate("document.cookie")
        assert site.status(page) == 200

    def test_are_gone_after_log_out(self, page, site):
        site.log_in(page, "viewer")
        play(site.open(page))
        before = site.status(page)
        page.goto(f"{site.url}/logout")
        assert (before, site.status(page)) == (200, 403)

    def test_of_a_second_item_do_not_disturb_the_first(self, page, site):
        site.log_in(page, "viewer")
        play(site.open(page))
        play(site.open(page.context.new_page(), "second"))
        assert (site.status(page), site.status(page, SECOND)) == (200, 200)

    def test_of_one_user_are_not_the_next_ones(self, page, site):
        site.log_in(page, "viewer")
        play(site.open(page))
        site.log_in(page, "member")
        assert site.status(page) == 403
        expect(site.open(page).locator(".cfprivate-refusal")).to_contain_text("Your account does not include")

    def test_of_two_users_are_never_mixed(self, page, site):
        site.log_in(page, "viewer")
        play(site.open(page))
        site.log_in(page, "editor")
        play(site.open(page, "second"))
        assert (site.status(page), site.status(page, SECOND)) == (403, 200)

    def test_are_renewed_while_it_plays_without_loading_it_anew(self, page, site, short_lived):
        short_lived("stream", 6)
        site.log_in(page, "viewer")
        play(site.open(page))
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        with page.expect_response(lambda answer: answer.url.endswith("/@playback")) as renewal:
            pass
        assert renewal.value.json()["credentials"] is True
        page.wait_for_function("() => document.querySelector('video').currentTime > 8", timeout=30_000)
        assert [url for url in asked if url.endswith(".m3u8")] == []
        assert site.status(page) == 200
