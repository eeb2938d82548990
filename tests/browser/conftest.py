"""The demo, visited with a real browser."""

import pytest


@pytest.fixture
def visit(browser, demo):
    """A function that opens the demo's talk in a browser of its own, logged in through Plone's form."""
    contexts = []

    def open_talk(login=None, **options):
        context = browser.new_context(viewport={"width": 1200, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        if login:
            page.goto(f"{demo.site}/login")
            page.fill("#__ac_name", login)
            page.fill("#__ac_password", demo.password(login))
            page.click("#buttons-login")
            page.wait_for_url(lambda url: not url.endswith("/login"))
        page.goto(demo.talk)
        return page

    yield open_talk
    for context in contexts:
        context.close()
