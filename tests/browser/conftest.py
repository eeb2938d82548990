"""The demo, visited with a real browser."""

import pytest


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
