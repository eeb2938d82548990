"""An upload from an editor's browser to the bucket, while the network is cut and the page reloaded; then it plays."""

from accessibility import Axe
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from keyboard import tab_until
from pathlib import Path
from pictures import picture
from playwright.sync_api import expect

import os
import pytest
import re
import requests
import secrets
import shutil


pytestmark = [pytest.mark.browser, pytest.mark.demo]

NAME = "form.widgets.IProtectedMedia"
KEY = f"[name='{NAME}.object_key']"
ADD = "demo/++add++Protected Video"
SMALL = Path(__file__).parents[2] / "src" / "collective" / "cfprivate" / "demo" / "media" / "talk" / "talk.mp4"
THREADS = 4  # that the demo's Zope has
MEGABYTE = 1_000_000
LARGE = (300 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 20) * MEGABYTE
FIRST = "cfprivate-upload[data-field=object_key]"
KEYS = re.compile(r"uploads/[\w-]{22}/talk\.mp4")


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """The talk, made larger: behind its last box there may be one that is free (ISO 14496-12, 8.1.2)."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    shutil.copy(SMALL, path)
    free = LARGE - SMALL.stat().st_size
    with path.open("ab") as file:
        file.write(free.to_bytes(4, "big") + b"free" + secrets.token_bytes(free - 8))
    return path


@pytest.fixture
def add_form(visitors, demo):
    """A function that shows the fieldset in the form of a new item; nothing is left in the browser."""
    page = visitors.page("manager")  # who only edits may add nothing

    def opened():
        page.goto(f"{demo.site}/{ADD}")
        page.locator(".autotoc-nav a", has_text="Protected media").click()
        expect(page.locator(FIRST)).to_be_visible()
        return page

    yield opened
    page.unroute_all()
    page.context.set_offline(False)
    # First to where no upload goes on: one that has just begun, such as that of a poster, would be noted again.
    page.goto(f"{demo.site}/robots.txt")
    page.evaluate("localStorage.removeItem('cfprivate-uploads')")
    page.goto("about:blank")


def choose(form, path, button="Upload files…", field=FIRST):
    with form.expect_file_chooser() as chooser:
        form.locator(field).get_by_role("button", name=button).click()
    chooser.value.set_files(path)


def row(form, state, field=FIRST):
    return form.locator(f"{field} li[data-state={state}]")


def parts(demo):
    """What is sent to the store."""
    return f"http://127.0.0.1:{demo.s3_port}/**"


def one_only():
    """The answer of a network that takes one part, and is cut."""
    taken = iter([True])
    return lambda route: route.continue_() if next(taken, False) else route.abort()


def stored(demo, key):
    return demo.bucket / key


def memory_of_zope(demo):
    """Bytes in the memory of the process."""
    (zope,) = [
        path.parent
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"collective.cfprivate.demo.instance" in (words := path.read_bytes()) and str(demo.var).encode() in words
    ]
    return int(re.search(r"VmRSS:\s+(\d+) kB", (zope / "status").read_text())[1]) * 1024


def save(form, title):
    form.locator(".autotoc-nav a", has_text="Default").click()
    form.fill("[name='form.widgets.IDublinCore.title'], [name='form.widgets.IBasic.title']", title)
    form.get_by_role("button", name="Save").click()
    form.wait_for_url(lambda url: "++add++" not in url)


class TestALargeFilm:
    """The network is cut twice, and the page reloaded once."""

    def test_arrive_and_play_while_others_are_served(self, add_form, demo, film, rest, given_back):
        form = add_form()
        requests.get(demo.talk, timeout=60)
        before = memory_of_zope(demo)
        form.route(parts(demo), one_only())
        choose(form, film)
        row(form, "lost").wait_for()
        picture(form, "upload")
        form.reload()
        form.locator(".autotoc-nav a", has_text="Protected media").click()
        row(form, "interrupted").wait_for()
        form.unroute(parts(demo))
        self.lose_the_network(form, demo)
        choose(form, film, "Choose the file…")
        row(form, "lost").wait_for()
        form.unroute(parts(demo))
        form.context.set_offline(False)
        row(form, "done").wait_for()
        row(form, "done", "cfprivate-upload[data-field=poster]").wait_for()
        key = form.input_value(KEY)
        assert sha256(stored(demo, key).read_bytes()).digest() == sha256(film.read_bytes()).digest()
        assert memory_of_zope(demo) - before < 20 * MEGABYTE
        save(form, "A large film")
        given_back.callback(rest, "DELETE", form.url.rpartition("/")[2])
        form.locator("media-play-button").last.click()
        form.wait_for_function("() => document.querySelector('video').currentTime > 0.5")

    def lose_the_network(self, form, demo):
        """After one part."""
        taken = iter([True])

        def answer(route):
            if next(taken, False):
                route.continue_()
            else:
                form.context.set_offline(True)
                route.abort()

        form.route(parts(demo), answer)


def test_other_pages_are_served_while_parts_are_on_their_way(add_form, demo, film):
    form, held = add_form(), []
    form.route(parts(demo), lambda route: held.append(route))
    choose(form, film)
    row(form, "sending").wait_for()
    while len(held) < 3:
        form.wait_for_timeout(20)
    with ThreadPoolExecutor(2 * THREADS) as pool:
        answers = list(pool.map(lambda _: requests.get(demo.talk, timeout=30).status_code, range(2 * THREADS)))
    for route in held:
        route.abort()
    assert answers == [200] * 2 * THREADS


def test_the_preview_follows(open_form):
    form = open_form("talk")
    form.locator(".cfprivate-preview summary").click()
    preview = form.frame_locator(".cfprivate-preview iframe")
    preview.locator("video").wait_for()
    choose(form, SMALL)
    row(form, "done").wait_for()
    expect(preview.locator("source").first).to_have_attribute("src", re.compile(KEYS.pattern))


def test_the_keyboard_is_enough(add_form, demo):
    form = add_form()
    form.wait_for_load_state("networkidle")  # until then Plone may put the focus into the first field
    tab_until(form, f"() => document.activeElement.closest('{FIRST}')?.contains(document.activeElement)")
    with form.expect_file_chooser() as chooser:
        form.keyboard.press("Enter")
    chooser.value.set_files(SMALL)
    row(form, "done").wait_for()
    assert KEYS.fullmatch(form.input_value(KEY))


class TestCancel:
    @pytest.fixture
    def held(self, add_form, demo, film):
        """An upload of which a part has arrived, and the others wait."""
        form = add_form()
        form.route(parts(demo), one_only())
        choose(form, film)
        row(form, "lost").wait_for()
        return form

    def ticket(self, form):
        return form.evaluate("JSON.parse(localStorage.getItem('cfprivate-uploads'))[0].id")

    def test_leaves_nothing(self, held, demo):
        ticket = self.ticket(held)
        with held.expect_response(lambda response: response.request.method == "DELETE") as answered:
            held.locator(FIRST).get_by_role("button", name="Cancel").click()
        assert answered.value.status == 204
        assert self.ask(demo, ticket, "manager") == 404

    def test_is_not_for_another_user(self, held, demo):
        ticket = self.ticket(held)
        assert [
            self.ask(demo, ticket, login, method)
            for login in ("editor", "member", None)
            for method in ("GET", "DELETE")
        ] == [*[404] * 2, *[403] * 2, *[401] * 2]
        assert self.ask(demo, ticket, "manager") == 200

    def ask(self, demo, ticket, login, method="GET"):
        headers = {"Accept": "application/json"}
        return requests.request(method, ticket, auth=demo.auth(login), headers=headers, timeout=60).status_code


class TestTelephone:
    def test_nothing_is_cut_off(self, add_form):
        form = add_form()
        form.set_viewport_size({"width": 390, "height": 844})
        choose(form, SMALL)
        row(form, "done").wait_for()
        form.locator(FIRST).scroll_into_view_if_needed()
        picture(form, "upload-phone")
        box = form.locator(FIRST).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert form.evaluate("document.querySelector('cfprivate-upload').scrollWidth") <= box["width"] + 1

    def test_axe_finds_nothing(self, add_form):
        form = add_form()
        choose(form, SMALL)
        row(form, "done").wait_for()
        assert Axe(form).inside("cfprivate-upload") == []
