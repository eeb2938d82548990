"""The player in Plone's own pages: signatures that last seconds, captions, strict policies, small screens, axe."""

from accessibility import Axe
from contextlib import contextmanager
from pathlib import Path
from pictures import picture
from playwright.sync_api import expect
from types import SimpleNamespace

import collective.cfprivate.demo
import itertools
import pytest
import re
import requests
import time


pytestmark = [pytest.mark.browser, pytest.mark.demo]

MEDIA = Path(collective.cfprivate.demo.__file__).parent / "media"
DESKTOP = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}
FILES = {"talk": "talk/talk.mp4", "stream": "talk/hls/"}  # what the edge delivers of an item
SECONDS = 3  # for which signatures last; the player renews them after two
# The position as often as the browser draws.
WATCH = """
window.times = [];
(function look() {
  times.push(document.querySelector("video").currentTime);
  requestAnimationFrame(look);
})();
"""
OTHER_QUALITY = """
const video = document.querySelector("video");
const qualities = [...video.videoRenditions];
video.videoRenditions.selectedIndex = qualities.findIndex(({ height }) => height !== video.videoHeight);
"""
HIDDEN = "Object.defineProperty(document, 'hidden', { get: () => true })"
TIME = "document.querySelector('video, audio').currentTime"
READY = "() => document.querySelector('video, audio').readyState >= HTMLMediaElement.HAVE_METADATA"


def play(page):
    page.locator("cfprivate-player media-play-button").first.click()
    wait_for_time(page, 0.3)


def wait_for_time(page, seconds):
    page.wait_for_function(f"() => {TIME} > {seconds}")


def wait_until_refused(url, patience=30):
    """Wait until the edge does not deliver this URL any more."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if requests.get(url, headers={"Range": "bytes=0-9"}, timeout=60).status_code == 403:
            return
    pytest.fail("The signature does not expire.")


class Traffic:
    """The URLs of an item's files that a page asks the edge for, from now on."""

    def __init__(self, page, demo, name):
        self.urls = []
        self._page = page
        self._prefix = f"{demo.edge}/{FILES[name]}"
        page.on("request", self._note)

    def _note(self, request):
        if request.url.startswith(self._prefix):
            self.urls.append(request.url)

    @property
    def signatures(self):
        """How many there are."""
        return len({url.partition("Signature=")[2].partition("&")[0] for url in self.urls})

    def end(self):
        self._page.remove_listener("request", self._note)


@pytest.fixture(scope="class")
def watched(visitors, demo, short_lived):
    """A function that opens a video whose signatures last seconds, and notes what its page asks the edge for."""
    page = visitors.page("viewer")
    noted = []

    def open_video(name):
        short_lived(name, SECONDS)
        noted.append(Traffic(page, demo, name))
        page.goto(f"{demo.site}/demo/{name}")
        page.evaluate(WATCH)
        page.wait_for_function(READY)
        return SimpleNamespace(page=page, traffic=noted[-1])

    yield open_video
    for traffic in noted:
        traffic.end()


@pytest.fixture(scope="class", params=["talk", "stream"])
def outlived(request, watched):
    """A video of 12 seconds that has played for longer than its first signature lasted."""
    video = watched(request.param)
    play(video.page)
    wait_until_refused(video.traffic.urls[0])
    video.expired_at = video.page.evaluate(TIME)
    wait_for_time(video.page, video.expired_at + 0.5)
    if request.param == "stream":  # of which all was loaded
        video.page.evaluate(OTHER_QUALITY)
    while video.traffic.signatures == 1:  # until the video ends
        wait_for_time(video.page, video.page.evaluate(TIME) + 0.2)
    return video


class TestRenewal:
    def test_plays_on(self, outlived):
        assert outlived.page.evaluate(TIME) > outlived.expired_at > 0

    def test_asks_the_edge_with_a_new_signature(self, outlived):
        assert outlived.traffic.signatures > 1

    def test_never_jumps_back(self, outlived):
        times = outlived.page.evaluate("times")
        assert max(before - after for before, after in itertools.pairwise(times)) < 1

    def test_tells_of_no_failure(self, outlived):
        expect(outlived.page.get_by_role("alert")).to_have_count(0)


@pytest.fixture(scope="class", params=["talk", "stream"])
def sought(request, watched):
    """A video that was played from another second on in a page that nobody saw while its signature expired."""
    video = watched(request.param)
    video.page.evaluate(HIDDEN)
    wait_until_refused(video.traffic.urls[-1])
    video.before = video.traffic.signatures
    video.page.locator("media-controller").focus()
    video.page.keyboard.press("ArrowRight")
    video.page.wait_for_function(f"() => {TIME} >= 10")
    video.page.evaluate("times.length = 0")
    video.page.keyboard.press("k")
    video.page.wait_for_function("() => document.querySelector('video').ended")
    return video


class TestSeekAfterExpiry:
    def test_plays_from_the_second_sought(self, sought):
        assert 10 <= min(sought.page.evaluate("times")) < 10.5

    def test_needed_a_new_signature(self, sought):
        assert sought.traffic.signatures > sought.before


@contextmanager
def role_taken_away(rest):
    share(rest, False)
    try:
        yield
    finally:
        share(rest, True)


def share(rest, may_watch):
    roles = {"Media Viewer": may_watch}
    rest("POST", "@sharing", login="editor", entries=[{"id": "viewer", "type": "user", "roles": roles}])


@contextmanager
def made_private(rest):
    rest("POST", "talk/@workflow/retract", login="editor")
    try:
        yield
    finally:
        rest("POST", "talk/@workflow/make_restricted")


# Who may not even see an item is refused by Plone, before the item is asked for a reason.
REVOCATIONS = {
    "role": ("stream", role_taken_away, "Your account does not include watching this."),
    "state": ("talk", made_private, "You may no longer watch this."),
}


@pytest.fixture(scope="class", params=REVOCATIONS)
def revoked(request, watched, rest):
    """A video that played when the right to watch it was taken away, after its last signature expired."""
    name, revocation, sentence = REVOCATIONS[request.param]
    video = watched(name)
    play(video.page)
    with revocation(rest):
        video.sentence, video.alert = sentence, video.page.get_by_role("alert")
        expect(video.alert).to_be_visible()
        video.asked = len(video.traffic.urls)
        wait_until_refused(video.traffic.urls[-1])
        yield video


class TestRevocation:
    def test_says_why(self, revoked):
        expect(revoked.alert).to_contain_text(revoked.sentence)

    def test_stops(self, revoked):
        assert revoked.page.evaluate("document.querySelector('video').readyState") == 0

    def test_fetches_nothing_any_more(self, revoked):
        assert len(revoked.traffic.urls) == revoked.asked > 0


CUE = """(text) => [...document.querySelector("video").textTracks].some(
  (track) => track.mode === "showing" && [...(track.activeCues ?? [])].some((cue) => cue.text === text)
)"""
MODES = "[...document.querySelector('video').textTracks].map((track) => track.mode)"


class TestCaptions:
    @pytest.fixture
    def stream(self, open_item):
        page = open_item("stream")
        play(page)
        yield page
        page.evaluate("localStorage.clear()")

    def test_have_their_names_in_the_menu(self, stream):
        stream.get_by_role("button", name="closed captions").click()
        expect(stream.get_by_role("menuitemradio")).to_have_text(["Off", "English", "日本語"])

    def test_of_the_edge_are_shown(self, stream):
        choose(stream, "日本語")
        stream.wait_for_function(CUE, arg="湖に広がる、澄んだ夜。")
        assert stream.evaluate(MODES) == ["disabled", "showing"]

    def test_of_plone_take_the_place_of_others(self, stream):
        choose(stream, "日本語")
        choose(stream, "English")
        stream.wait_for_function(CUE, arg="A clear night over the lake.")
        assert stream.evaluate(MODES) == ["showing", "disabled"]

    def test_go(self, stream):
        choose(stream, "English")
        choose(stream, "Off")
        assert stream.evaluate(MODES) == ["disabled", "disabled"]


def choose(page, name):
    page.get_by_role("button", name="closed captions").click()
    page.get_by_role("menuitemradio", name=name).click()


class TestSeek:
    @pytest.fixture(params=["talk", "stream"])
    def paused(self, request, open_item):
        page = open_item(request.param)
        page.wait_for_function(READY)
        return page

    def test_by_keyboard(self, paused):
        paused.locator("media-controller").focus()
        paused.keyboard.press("ArrowRight")
        paused.wait_for_function(f"() => {TIME} === 10")
        paused.keyboard.press("ArrowLeft")
        paused.wait_for_function(f"() => {TIME} === 0")

    def test_in_the_bar(self, paused):
        paused.locator("media-controller").hover()
        paused.locator("media-time-range").click()  # in its middle
        paused.wait_for_function(f"() => Math.abs({TIME} - 6) < 0.5")


@pytest.fixture(scope="class")
def scriptless(alone, demo):
    """A page without JavaScript, in which the viewer logged in."""
    with alone("viewer", java_script_enabled=False, storage_state=None) as page:
        page.goto(f"{demo.site}/login")
        page.fill("#__ac_name", "viewer")
        page.fill("#__ac_password", demo.password("viewer"))
        page.click("#buttons-login")
        yield page


class TestWithoutJavaScript:
    @pytest.mark.parametrize(
        ("name", "key", "status"),
        [
            ("talk", "talk/talk.mp4", 206),
            ("talk", "talk/poster.jpg", 200),
            ("tone", "audio/tone.mp3", 206),
            ("aurora", "images/aurora.jpg", 200),
        ],
    )
    def test_the_edge_delivers(self, scriptless, demo, name, key, status):
        with scriptless.expect_response(lambda answer: answer.url.startswith(f"{demo.edge}/{key}?")) as answer:
            scriptless.goto(f"{demo.site}/demo/{name}")
        assert answer.value.status == status

    @pytest.mark.parametrize("name", ["talk", "stream", "tone"])
    def test_the_controls_are_those_of_the_browser(self, scriptless, demo, name):
        scriptless.goto(f"{demo.site}/demo/{name}")
        expect(scriptless.locator("video[controls], audio[controls]")).to_be_visible()
        expect(scriptless.locator("media-controller")).to_have_count(0)

    def test_a_stream_is_offered_by_its_playlist(self, scriptless, demo):
        scriptless.goto(f"{demo.site}/demo/stream")
        source = scriptless.locator("video > source")
        expect(source).to_have_attribute("src", f"{demo.site}/demo/stream/@@playlist/index.m3u8")
        expect(source).to_have_attribute("type", "application/vnd.apple.mpegurl")

    def test_the_link_leads_to_the_document(self, scriptless, demo):
        scriptless.goto(f"{demo.site}/demo/handout")
        link = scriptless.locator(".cfprivate-document a").get_attribute("href")
        answer = scriptless.request.get(link)
        assert answer.url.startswith(f"{demo.edge}/documents/handout.pdf?")
        assert answer.body() == (MEDIA / "documents" / "handout.pdf").read_bytes()

    def test_who_may_not_watch_is_told(self, alone, demo):
        with alone("member", java_script_enabled=False) as page:
            page.goto(demo.talk)
            expect(page.locator(".cfprivate-refusal")).to_contain_text("Your account does not include watching this.")


# What docs/player.rst asks for, and the theme's font.
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", "EDGE"],
    "img-src": ["'self'", "EDGE"],
    "media-src": ["'self'", "EDGE", "blob:"],
}
# Plone's own pages break such a policy, too: what counts is what is in the player, comes from its scripts, or is fetched
# by it.
VIOLATIONS = """
const OURS = ["/++plone++collective.cfprivate/", "/demo/stream/@@", "EDGE"];
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  const inPlayer = event.composedPath().some((node) => node.localName === "cfprivate-player");
  const named = OURS.some((part) => event.sourceFile.includes(part) || event.blockedURI.includes(part));
  if (inPlayer || named) violations.push(`${event.effectiveDirective} ${event.blockedURI.split("?")[0]}`);
});
"""


VIOLATED = """([directive, blocked]) =>
  violations.some((told) => told.startsWith(directive) && told.endsWith(blocked))"""


@pytest.fixture
def strict(alone, demo):
    """A context manager: the page of an item under the policy, from which a source can be taken away."""

    @contextmanager
    def open_page(name, without=(None, None)):
        headers = {"content-security-policy": policy(*without).replace("EDGE", demo.edge)}
        # Chromium takes a page that was passed through for one of the Internet, which may not ask servers here.
        with alone("viewer", permissions=["local-network-access"]) as page:
            page.add_init_script(VIOLATIONS.replace("EDGE", demo.edge))
            page.route(f"{demo.site}/demo/{name}", lambda route: fulfill(route, headers))
            page.goto(f"{demo.site}/demo/{name}")
            yield page

    return open_page


def policy(poorer, without):
    """The policy, one of whose directives lacks a source."""
    told = {name: [source for source in POLICY[name] if (name, source) != (poorer, without)] for name in POLICY}
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in told.items())


def fulfill(route, headers):
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, **headers})


class TestContentSecurityPolicy:
    @pytest.mark.parametrize("name", ["talk", "stream", "tone"])
    def test_is_kept_while_it_plays(self, strict, name):
        with strict(name) as page:
            play(page)
            assert page.evaluate("violations") == []

    def test_is_kept_by_captions_from_both_servers(self, strict):
        with strict("stream") as page:
            play(page)
            choose(page, "日本語")
            page.wait_for_function(CUE, arg="湖に広がる、澄んだ夜。")
            choose(page, "English")
            page.wait_for_function(CUE, arg="A clear night over the lake.")
            assert page.evaluate("violations") == []

    @pytest.mark.parametrize(
        ("name", "directive", "source", "blocked"),
        [
            ("talk", "style-src", "'self'", "/++plone++collective.cfprivate/player.css"),
            ("talk", "media-src", "EDGE", "/talk/talk.mp4"),
            ("talk", "img-src", "EDGE", "/talk/poster.jpg"),
            ("stream", "connect-src", "'self'", "/@@playlist/index.m3u8"),
            ("stream", "connect-src", "EDGE", "/000.ts"),
            ("stream", "media-src", "'self'", "/@@captions/en.vtt"),
        ],
    )
    def test_needs_every_source(self, strict, name, directive, source, blocked):
        with strict(name, without=(directive, source)) as page:
            page.evaluate(
                "[...document.querySelector('video').textTracks].forEach((track) => { track.mode = 'hidden'; })"
            )
            page.wait_for_function(VIOLATED, arg=[directive, blocked])

    @pytest.mark.parametrize("without", [("media-src", "blob:"), ("connect-src", "EDGE")])
    def test_a_stream_that_lacks_one_is_explained(self, strict, without):
        with strict("stream", without=without) as page:
            expect(page.get_by_role("alert")).to_contain_text("The medium could not be loaded.")


@pytest.fixture(scope="class", params=["desktop", "phone"])
def screen(request):
    """The name and the size of a screen."""
    return request.param, {"desktop": DESKTOP, "phone": PHONE}[request.param]


@pytest.fixture(scope="class", params=["stream", "tone"])
def fitted(request, visitors, demo, screen):
    """The page of a medium that plays, on a screen."""
    name, size = screen
    page = visitors.page("viewer")
    page.set_viewport_size(size)
    page.goto(f"{demo.site}/demo/{request.param}")
    play(page)
    page.locator("media-control-bar").last.scroll_into_view_if_needed()
    if request.param == "stream":
        page.evaluate("document.querySelector('video').currentTime = 4")
        page.locator("video").hover(position={"x": 150, "y": 60})  # to be seen, the controls need the pointer
        page.wait_for_function(f"() => {TIME} > 4.8")
        picture(page, f"player-{name}")
    return page


class TestSize:
    def test_nothing_scrolls_sideways(self, fitted):
        assert fitted.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_all_controls_are_on_the_screen(self, fitted):
        controls = fitted.locator("cfprivate-player").locator("[role=button]:visible, media-time-range:visible")
        boxes = [control.bounding_box() for control in controls.all()]
        size = fitted.viewport_size
        assert len(boxes) >= 5
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= size["width"] for box in boxes)
        assert all(box["y"] >= 0 and box["y"] + box["height"] <= size["height"] for box in boxes)


def open_menu(page, button):
    page.get_by_role("button", name=button).click()
    expect(page.locator("[role^=menuitem]:focus")).to_be_visible()


class TestAccessibility:
    @pytest.mark.parametrize(
        ("login", "name"),
        [
            ("viewer", "talk"),
            ("viewer", "stream"),
            ("viewer", "tone"),
            ("viewer", "aurora"),
            ("viewer", "handout"),
            ("member", "talk"),
            (None, "talk"),
        ],
    )
    def test_of_the_page(self, open_item, broken_by_plone, login, name):
        page = open_item(name, login)
        found = Axe(page)
        assert found.inside() == []
        assert found.rules <= broken_by_plone

    def test_of_a_player_that_plays(self, open_item):
        page = open_item("stream")
        play(page)
        assert Axe(page).inside() == []

    @pytest.mark.parametrize(
        ("size", "button"),
        [
            (DESKTOP, "closed captions"),
            (DESKTOP, "quality"),
            (PHONE, "closed captions"),
            (PHONE, "settings"),
        ],
    )
    def test_of_an_open_menu(self, open_item, size, button):
        page = open_item("stream")
        page.set_viewport_size(size)
        play(page)
        open_menu(page, button)
        assert Axe(page).inside() == []

    @pytest.mark.parametrize("name", ["Playback rate", "Quality"])
    def test_of_an_open_part_of_the_settings(self, open_item, name):
        page = open_item("stream")
        page.set_viewport_size(PHONE)
        play(page)
        open_menu(page, "settings")
        page.get_by_role("menuitem", name=re.compile(f"^{name}")).click()
        expect(page.get_by_role("menuitemradio").first).to_be_focused()
        assert Axe(page).inside() == []

    def test_of_a_nameless_control(self, open_item):
        page = open_item("talk")
        page.locator("media-mute-button").evaluate("(button) => button.removeAttribute('aria-label')")
        assert any("media-mute-button" in place for place in Axe(page).inside())

    def test_of_who_may_watch(self, open_item):
        page = open_item("talk", "editor")
        page.locator(".cfprivate-audience summary").press("Enter")
        expect(page.locator(".cfprivate-audience table")).to_be_visible()
        assert Axe(page).inside() == []

    @pytest.mark.parametrize("name", ["talk", "stream"])
    def test_of_the_form(self, open_form, name):
        assert Axe(open_form(name)).inside("#fieldset-protected_media") == []
