"""A page of the browser, and a site for it."""

from player_site import Handler
from player_site import Server
from player_site import Site
from player_site import STATIC

import pytest
import threading


SIZE = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def only_site():
    if not (STATIC / "player.js").exists():
        pytest.fail("The player is not built: run make player", pytrace=False)
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    site = Site(*[f"http://127.0.0.1:{server.server_port}" for server in servers])
    for server in servers:
        server.site = site
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(only_site):
    only_site.reset()
    return only_site


@pytest.fixture(scope="session")
def only_page(browser):
    """The page of all tests, and the errors of scripts in it: a page of its own for each test costs a second."""
    page = browser.new_page()
    page.set_default_timeout(30_000)
    # In Chromium's cache a request waits up to 20 seconds for one of the page before that has not ended yet.
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page, errors
    page.close()


@pytest.fixture
def page(only_page, site):
    """A page as new, that fails its test where the browser reported an error of a script."""
    page, errors = only_page
    page.set_viewport_size(SIZE)
    page.emulate_media(reduced_motion="no-preference")
    page.mouse.move(0, 0)
    page.goto(f"{site.url}/empty.html")
    page.evaluate("localStorage.clear()")
    errors.clear()
    yield page
    page.goto("about:blank")
    assert errors == []
