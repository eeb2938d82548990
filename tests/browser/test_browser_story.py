"""The main job, in a real browser: who may watch sees it play, all others are told why not."""

from pictures import picture
from playwright.sync_api import expect

import contextlib
import pytest
import requests
import time


pytestmark = [pytest.mark.browser, pytest.mark.demo]


def press_play(page):
    page.locator("cfprivate-player media-play-button").first.click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")


@pytest.fixture(scope="class")
def playing(visit):
    """The viewer's page, in which the talk plays."""
    page = visit("viewer")
    press_play(page)
    return page


class TestViewer:
    def test_time_moves(self, playing):
        playing.mouse.move(700, 600)  # so that the controls are in the picture
        began = playing.evaluate("document.querySelector('video').currentTime")
        playing.wait_for_function(f"() => document.querySelector('video').currentTime > {began} + 0.5")
        picture(playing, "player")
        assert playing.evaluate("document.querySelector('video').currentTime") > began

    def test_there_is_a_picture(self, playing):
        assert playing.evaluate("document.querySelector('video').videoWidth") == 640

    def test_the_bytes_come_from_the_edge(self, playing, demo):
        assert playing.evaluate("document.querySelector('video').currentSrc").startswith(f"{demo.edge}/talk/talk.mp4?")

    def test_no_refusal_is_shown(self, playing):
        expect(playing.locator(".cfprivate-refusal")).to_have_count(0)


def test_it_plays_without_javascript(browser, demo):
    page = browser.new_page(java_script_enabled=False, extra_http_headers=basic(demo, "viewer"))
    page.goto(demo.talk)
    expect(page.locator("video[controls] source[src*='Signature=']")).to_have_count(1)
    page.close()


def basic(demo, login):
    request = requests.Request("GET", demo.talk, auth=demo.auth(login)).prepare()
    return {"Authorization": request.headers["Authorization"]}


@pytest.mark.parametrize(
    ("login", "reason"),
    [(None, "Log in to watch this."), ("member", "Your account does not include watching this.")],
)
class TestOthers:
    def test_see_the_reason(self, visit, login, reason):
        page = visit(login)
        picture(page, f"refused-{login or 'anonymous'}")
        expect(page.locator(".cfprivate-refusal")).to_contain_text(reason)

    def test_see_no_player(self, visit, login, reason):
        expect(visit(login).locator("video")).to_have_count(0)


def test_anonymous_comes_back_to_the_video_after_logging_in(visit, demo):
    page = visit()
    page.locator(".cfprivate-refusal a").click()
    page.fill("#__ac_name", "viewer")
    page.fill("#__ac_password", demo.password("viewer"))
    page.click("#buttons-login")
    expect(page.locator("video")).to_have_count(1)


def test_a_member_is_offered_no_log_in(visit):
    expect(visit("member").locator(".cfprivate-refusal a")).to_have_count(0)


def test_pages_without_a_medium_load_no_player(visitors, demo):
    page = visitors.page("viewer")
    page.goto(demo.site)
    expect(page.locator("script[src*='/player.js']")).to_have_count(0)


def test_an_editor_gives_the_right_to_watch_in_sharing(visitors, visit, demo):
    editor = visitors.page("editor")
    editor.goto(f"{demo.talk}/@@sharing")
    row = editor.locator("#user-group-sharing tr", has_text="Logged-in users")
    column = editor.locator("#user-group-sharing th").all_inner_texts().index("Can watch")
    with checked(editor, row, column):
        expect(visit("member").locator("video")).to_have_count(1)
    expect(visit("member").locator("video")).to_have_count(0)


@contextlib.contextmanager
def checked(page, row, column):
    """One box of the Sharing table ticked and saved, and taken back in the end."""

    def click():
        row.locator("td").nth(column).locator("input[type=checkbox]").click()
        page.click("#sharing-save-button")
        page.wait_for_load_state()

    click()
    try:
        yield
    finally:
        click()


class TestControlPanel:
    @pytest.fixture
    def panel(self, visitors, demo):
        page = visitors.page("manager")
        page.goto(f"{demo.site}/@@cfprivate-controlpanel")
        return page

    def test_it_says_that_media_can_be_signed(self, panel):
        expect(panel.locator(".alert-success")).to_contain_text("Protected media can be signed.")

    def test_it_shows_no_key(self, panel):
        picture(panel, "control-panel", full_page=True)
        expect(panel.get_by_label("Private key", exact=True)).to_have_value("")

    def test_a_short_lifetime_ends_a_url_at_the_edge(self, panel, demo):
        with lifetime(panel, "1"):
            location = requests.get(
                f"{demo.talk}/@@media", auth=demo.auth("viewer"), allow_redirects=False, timeout=60
            ).headers["Location"]
        assert refused_in_time(location) == (403, "AccessDenied")


@contextlib.contextmanager
def lifetime(panel, seconds):
    """The site's lifetime changed through the form, and given back in the end."""

    def save(value):
        panel.fill("input[name='form.widgets.lifetime']", value)
        panel.click("#form-buttons-save")
        expect(panel.locator(".portalMessage, .statusmessage, .alert").filter(has_text="Changes saved")).to_have_count(
            1
        )

    save(seconds)
    try:
        yield
    finally:
        save("3600")


def refused_in_time(url, patience=30):
    """Status and code of the first refusal of ``url``."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        answer = requests.get(url, headers={"Range": "bytes=0-9"}, timeout=60)
        if answer.status_code == 403:
            return answer.status_code, answer.text.partition("<Code>")[2].partition("</Code>")[0]
    return None


def test_the_edge_lets_an_editor_save_the_file(demo):
    saved = requests.get(f"{demo.talk}/@@media?download=1", auth=demo.auth("editor"), timeout=60)
    assert saved.headers["Content-Disposition"] == "attachment; filename*=UTF-8''talk.mp4"
