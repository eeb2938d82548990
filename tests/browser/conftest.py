"""The demo, visited with a real browser."""

from accessibility import Axe
from contextlib import contextmanager
from contextlib import ExitStack

import chromium
import pytest
import requests


SIZE = {"width": 1200, "height": 900}


class Visitors:
    """One page for each account, logged in through Plone's form once: a page of its own for each test costs seconds.

    Nothing is left to the next test but what an account's browser keeps, which is its log-in; a visitor keeps nothing.
    """

    def __init__(self, browser, demo):
        self._browser = browser
        self._demo = demo
        self._pages = {}

    def page(self, login=None):
        """The page of an account, or of a visitor who is not logged in; it shows what the last test left."""
        if login not in self._pages:
            self._pages[login] = self._browser.new_page(viewport=SIZE)
            chromium.hand_over_choosers(self._pages[login])
            if login:
                self._log_in(login)
        page = self._pages[login]
        page.set_viewport_size(SIZE)
        if not login:
            page.context.clear_cookies()
        return page

    def close(self):
        for page in self._pages.values():
            page.close()

    def _log_in(self, login):
        page = self._pages[login]
        page.goto(f"{self._demo.site}/login")
        page.fill("#__ac_name", login)
        page.fill("#__ac_password", self._demo.password(login))
        page.click("#buttons-login")
        page.wait_for_url(lambda url: not url.endswith("/login"))


@pytest.fixture(scope="session")
def visitors(browser, demo):
    """The pages of all who visit the demo."""
    visitors = Visitors(browser, demo)
    yield visitors
    visitors.close()


@pytest.fixture(scope="session")
def visit(visitors, demo):
    """A function that opens the demo's talk in the page of an account or of a visitor."""

    def open_talk(login=None):
        page = visitors.page(login)
        page.goto(demo.talk)
        return page

    return open_talk


@pytest.fixture
def open_item(visitors, demo):
    """A function that opens an item of the demo as an account."""

    def opened(name, login="viewer"):
        page = visitors.page(login)
        page.goto(f"{demo.site}/demo/{name}")
        return page

    return opened


@pytest.fixture
def open_form(visitors, demo):
    """A function that shows the fieldset in an item's edit form; it is left without saving, else it stays locked."""
    page = visitors.page("editor")

    def opened(name):
        page.goto(f"{demo.site}/demo/{name}/edit")
        page.locator(".autotoc-nav a", has_text="Protected media").click()
        return page

    yield opened
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(lambda url: not url.endswith("/edit"))


@pytest.fixture(scope="session")
def alone(browser, visitors):
    """A context manager: a browser of its own in which an account is logged in, for what must not be left behind."""

    @contextmanager
    def open_page(login, **options):
        options.setdefault("storage_state", visitors.page(login).context.storage_state())
        context = browser.new_context(viewport=SIZE, **options)
        try:
            yield context.new_page()
        finally:
            context.close()

    return open_page


@pytest.fixture(scope="session")
def rest(demo):
    """A function that asks the REST API of the demo, and fails where it refuses; its answer."""

    def ask(method, path, login="manager", **content):
        answer = requests.request(
            method,
            f"{demo.site}/demo/{path}",
            json=content,
            headers={"Accept": "application/json"},
            auth=demo.auth(login),
            timeout=60,
        )
        answer.raise_for_status()
        return answer

    return ask


@pytest.fixture(scope="class")
def given_back():
    """Takes what has to be called when the class is through, so that the next finds the demo as it was."""
    with ExitStack() as calls:
        yield calls


@pytest.fixture(scope="class")
def short_lived(rest, given_back):
    """A function that gives what is signed for an item a lifetime of seconds, until the class is through."""

    def shorten(name, seconds):
        rest("DELETE", f"{name}/@lock", force=True)  # of whoever left the form open
        given_back.callback(rest, "PATCH", name, lifetime=None)
        rest("PATCH", name, lifetime=seconds)

    return shorten


@pytest.fixture(scope="session")
def broken_by_plone(visitors, demo):
    """The rules that a page without a medium breaks: Plone's theme breaks some on every page."""
    page = visitors.page("viewer")
    page.goto(f"{demo.site}/demo/listing_view")
    return Axe(page).rules
