"""The main job once more in WebKit, the engine of Safari: it plays, seeks, shows captions, and refuses."""

from contextlib import contextmanager
from contextlib import suppress
from leave_out import leave_out
from pathlib import Path
from selenium.common.exceptions import ElementNotInteractableException
from selenium.common.exceptions import JavascriptException
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

import collective.cfprivate.demo
import pytest
import webkit


pytestmark = [pytest.mark.browser, pytest.mark.demo]

PATIENCE = 20
# hls.js begins with a seek, for a stream's first picture comes some hundredths of a second after its beginning. On a
# machine that is busy WebKitGTK 2.50 may never end that seek, or stop there, with all of the film in its buffer.
BEGINNINGS = 5
PATIENCE_WITH_A_BEGINNING = 8
MEDIA = Path(collective.cfprivate.demo.__file__).parent / "media"
PLAY = ".bottom media-play-button"
CUES_SHOWN = "[...video.textTracks].filter(({mode}) => mode === 'showing').flatMap(({activeCues}) => [...activeCues])"
# A small film may have come whole before a busy machine has decoded its beginning. WebKitGTK 2.50 then takes it for one
# without a length ("duration previously infinite or unknown", its log says), in which it cannot seek.
UNTIL_THE_LENGTH_IS_KNOWN = """
const video = document.querySelector("video");
const look = () => (video.duration > 0 ? arguments[0]() : video.load());
video.addEventListener("loadedmetadata", look);
look();
"""


class Visitor:
    """Somebody in front of a browser."""

    def __init__(self, driver, demo):
        self._driver = driver
        self._demo = demo

    def log_in(self, login):
        self._get("login")
        self.find("#__ac_name").send_keys(login)
        self.find("#__ac_password").send_keys(self._demo.password(login))
        self._leave(self.find("#buttons-login").click)

    def open(self, name):
        self._get(f"demo/{name}")

    def _get(self, path):
        self._leave(lambda: self._driver.get(f"{self._demo.site}/{path}"))

    def _leave(self, go):
        """Go to another page, to its end: WebKitWebDriver may return before, above all where the address is the same."""
        self._driver.execute_script("window.left = true")
        go()
        self._wait("!window.left && document.readyState === 'complete'")

    def _wait(self, expression, patience=PATIENCE):
        # A script that a page does not outlive is an error of the driver.
        wait = WebDriverWait(self._driver, patience, poll_frequency=0.1, ignored_exceptions=[JavascriptException])
        wait.until(lambda driver: driver.execute_script(f"return {expression}"), expression)

    def find(self, selector):
        return self._driver.find_element(By.CSS_SELECTOR, selector)

    def count(self, selector):
        return len(self._driver.find_elements(By.CSS_SELECTOR, selector))

    def control(self, selector):
        return self.find("cfprivate-player").shadow_root.find_element(By.CSS_SELECTOR, selector)

    def video(self, expression):
        return self._driver.execute_script(f"const video = document.querySelector('video'); return {expression}")

    def wait(self, expression, **options):
        self._wait(f"((video) => {expression})(document.querySelector('video'))", **options)

    def wait_for_length(self):
        self._driver.execute_async_script(UNTIL_THE_LENGTH_IS_KNOWN)

    def play(self, name, captions=None):
        """Open an item, choose captions where one is named, and see it play."""
        for _ in range(BEGINNINGS - 1):
            with suppress(TimeoutException):
                return self._begin(name, captions, PATIENCE_WITH_A_BEGINNING)
        self._begin(name, captions, PATIENCE)

    def _begin(self, name, captions, patience):
        self.open(name)
        if captions:
            self.choose_captions(captions)
        self.control(PLAY).click()
        self.wait("video.currentTime > 0.5", patience=patience)

    def seek_forward(self):
        """Where the video, which does not play, is after the button of ten seconds."""
        self.control("media-seek-forward-button").click()
        self.wait("video.currentTime > 0 && !video.seeking && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA")
        return self.video("video.currentTime")

    def choose_captions(self, name):
        self.control("media-captions-menu-button").click()
        items = self.control("media-captions-menu").shadow_root.find_elements(By.CSS_SELECTOR, "[role=menuitemradio]")
        item = next(item for item in items if item.get_property("textContent").strip() == name)
        # The menu takes a moment to open, and until then nothing in it can be pressed.
        not_yet = [ElementNotInteractableException]
        wait = WebDriverWait(self._driver, PATIENCE, poll_frequency=0.1, ignored_exceptions=not_yet)
        wait.until(lambda _: item.click() is None, name)

    def asked(self):
        """The addresses of what the page has fetched, without their signatures."""
        names = self._driver.execute_script("return performance.getEntriesByType('resource').map(({name}) => name)")
        return {name.partition("?")[0] for name in names}


@pytest.fixture(scope="module")
def visiting(tmp_path_factory, demo):
    """A function that opens a browser, for as long as its context lasts, and logs in there."""
    if not webkit.is_there():
        leave_out(
            f"There is no WebKitGTK that plays films here; on Debian: apt-get install {' '.join(webkit.PACKAGES)}"
        )
    folder = tmp_path_factory.mktemp("webkit")

    @contextmanager
    def opened(login):
        with webkit.open_browser(folder, display) as driver:
            visitor = Visitor(driver, demo)
            if login:
                visitor.log_in(login)
            yield visitor

    with webkit.Display(folder) as display:
        yield opened


@pytest.fixture(scope="module")
def viewer(visiting):
    with visiting("viewer") as visitor:
        yield visitor


@pytest.fixture(scope="class")
def talk(viewer):
    """The viewer, for whom the talk plays."""
    viewer.play("talk")
    return viewer


@pytest.fixture(scope="class")
def stream(viewer):
    """The viewer, for whom the stream plays."""
    viewer.play("stream")
    return viewer


@pytest.fixture(scope="class")
def refused(visiting, login):
    """Somebody else, who looks for the stream in vain."""
    with visiting(login) as visitor:
        visitor.open("stream")
        yield visitor


class TestTalk:
    def test_time_moves(self, talk):
        began = talk.video("video.currentTime")
        talk.wait(f"video.currentTime > {began} + 0.5")

    def test_there_is_a_picture(self, talk):
        assert talk.video("video.videoWidth") == 640

    def test_the_bytes_come_from_the_edge(self, talk, demo):
        assert talk.video("video.currentSrc").partition("?")[0] == f"{demo.edge}/talk/talk.mp4"

    def test_a_seek_lands(self, viewer):
        viewer.open("talk")
        viewer.wait_for_length()
        assert viewer.seek_forward() == 10


class TestStream:
    def test_plays_by_media_source(self, stream):
        assert stream.video("video.currentSrc").startswith("blob:")

    def test_there_is_a_picture(self, stream):
        assert stream.video("video.videoWidth") in {320, 640}

    def test_its_playlists_come_from_plone(self, stream, demo):
        playlists = {url for url in stream.asked() if url.endswith(".m3u8")}
        assert playlists and all(url.startswith(f"{demo.site}/demo/stream/@@playlist/") for url in playlists)

    def test_its_segments_come_from_the_edge(self, stream, demo):
        segments = {url for url in stream.asked() if url.endswith(".ts")}
        assert segments and all(url.startswith(f"{demo.edge}/talk/hls/") for url in segments)

    def test_a_seek_lands(self, viewer):
        viewer.open("stream")
        viewer.wait("video.duration > 0")
        assert viewer.seek_forward() == 10


@pytest.mark.parametrize(("name", "language"), [("English", "en"), ("日本語", "ja")])
def test_captions_of_the_stream_are_shown(viewer, name, language):
    viewer.play("stream", captions=name)
    viewer.wait(f"{CUES_SHOWN}.length > 0")
    cues = (MEDIA / "talk" / f"captions.{language}.vtt").read_text(encoding="utf-8").splitlines()
    assert viewer.video(f"{CUES_SHOWN}[0].text") in cues


@pytest.mark.parametrize(
    ("login", "reason"),
    [("member", "Your account does not include watching this."), (None, "Log in to watch this.")],
    scope="class",
)
class TestOthers:
    def test_see_the_reason(self, refused, reason):
        assert reason in refused.find(".cfprivate-refusal").text

    def test_see_no_player(self, refused, reason):
        assert refused.count("video") == 0

    def test_ask_nothing_of_the_edge(self, refused, reason, demo):
        assert not any(url.startswith(demo.edge) for url in refused.asked())
