"""Fixtures that more than one room uses."""

from collective.cfprivate import settings
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.storage.bucket import client_for
from first_start import FirstStart
from layers import FUNCTIONAL_TESTING
from layers import INTEGRATION_TESTING
from leave_out import leave_out
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright
from plone import api
from Products.CMFPlone.controlpanel.browser.prefsmaintemplate import PrefsMainTemplate
from pytest_plone import fixtures_factory
from types import SimpleNamespace
from xdist.scheduler import LoadScopeScheduling
from zope.component import getUtility

import chromium
import os
import pytest
import requests
import s3_server
import socket
import transaction


pytest_plugins = ["pytest_plone"]

globals().update(
    fixtures_factory((
        (INTEGRATION_TESTING, "integration"),
        (FUNCTIONAL_TESTING, "functional"),
    ))
)

# Machines are shared: a page may need longer than Playwright's five seconds.
expect.set_options(timeout=20_000)

KEY_ID = "K2JCJMDEHXQW5F"
HOST = "d111111abcdef8.cloudfront.net"
SERVERS_OF_ROOM = {"browser": "demo", "demo": "demo", "clients": "clients"}


class Together(LoadScopeScheduling):
    """Keeps the tests of a file in one process, and so all that need the demo, and all that need the Zope clients.

    Marks for `--dist loadgroup` would say the same, but pytest-xdist 3.8 does not see them with pytest 9.2:
    https://github.com/pytest-dev/pytest-xdist/issues/1386
    """

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return SERVERS_OF_ROOM.get(file.split("/")[1], file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """What `--dist loadgroup` does here."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items):
    """What a browser on a busy machine does not come to in time is tried once more, and the summary tells of it.

    All other failures, and a second lack of time, count.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["Timeout"]))


@pytest.fixture(scope="session", autouse=True)
def compiled_once():
    """Plone compiles the frame of its control panels for every page, which takes longer than all the rest of the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PrefsMainTemplate, "macros", PrefsMainTemplate(None, None).macros)
        yield


@pytest.fixture(scope="session", autouse=True)
def each_has_an_environment():
    """A process reads its environment once; here each test has one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "_at_start", settings._at_start.__wrapped__)
        yield


@pytest.fixture(autouse=True)
def nothing_is_at_invalid(monkeypatch):
    """No name under .invalid has an address (RFC 6761), and a name server may take long to say so."""
    resolve = socket.getaddrinfo

    def answer(host, *arguments, **options):
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """A running S3 server, with its credentials in the environment."""
    with s3_server.running(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        yield server
    client_for.cache_clear()


@pytest.fixture(scope="session")
def signing_key():
    """A key of this session: nothing in the repository signs."""
    return SigningKey.generate(key_id=KEY_ID, algorithm="RSA")


@pytest.fixture
def configure(signing_key):
    """A function that gives the current site a distribution and a signing key."""

    def configure_site(host=HOST):
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)

    return configure_site


@pytest.fixture
def make_video():
    """A function that makes a Protected Video as the staff would, in the state asked for."""

    def make(container, identifier="talk", *, state="restricted", **fields):
        values = {"title": "A talk", "object_key": "talks/2026/a talk.mp4", **fields}
        with api.env.adopt_roles(["Manager"]):
            item = api.content.create(container, "Protected Video", identifier, **values)
            if state != "private":
                api.content.transition(item, to_state=state)
        return item

    return make


@pytest.fixture
def add_user():
    """A function that makes an account; its password is ``secret-of-LOGIN``."""

    def add(login, *roles):
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
        if roles:
            api.user.grant_roles(username=login, roles=list(roles))
        return login

    return add


@pytest.fixture
def served(functional_portal, configure, make_video, add_user):
    """A site behind a real WSGI server with a video in ``restricted`` and one account of each kind.

    ``served.get(path, login, **)`` asks it as a browser or program would.
    """
    configure()
    make_video(functional_portal)
    add_user("member")
    add_user("viewer")
    api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=functional_portal["talk"])
    add_user("manager", "Manager")
    transaction.commit()
    url = functional_portal.absolute_url()

    def ask(path="", login=None, method="GET", **options):
        options.setdefault("allow_redirects", False)
        auth = (login, f"secret-of-{login}") if login else None
        return requests.request(method, f"{url}/{path}", auth=auth, timeout=60, **options)

    return SimpleNamespace(portal=functional_portal, item=functional_portal["talk"], url=url, get=ask)


@pytest.fixture(scope="session")
def browser():
    """A real Chromium; where there is none the test is left out, but fails in CI."""
    with sync_playwright() as playwright:
        path = chromium.executable() or playwright.chromium.executable_path
        if not os.path.exists(path):
            leave_out("There is no Chromium or Chrome here; on Debian: apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """A demo that was started from nothing and ended: once, however many processes run the tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    first = FirstStart(folder / "first-start")
    fail_unless_ready(first.seen)
    return first


@pytest.fixture(scope="session")
def demo(first_start, tmp_path_factory):
    """The whole demonstration, started for the second time, on the ports of the first."""
    running = first_start.demo(tmp_path_factory.mktemp("demo") / "var", same_ports=True).start()
    fail_unless_ready(running)
    yield running
    running.stop()


def fail_unless_ready(demo):
    if demo.lines[-1] is None:
        pytest.fail("\n".join(filter(None, demo.lines)))


@pytest.fixture
def add_behavior():
    """A function that puts the behavior on a content type of the current site."""

    def add(portal_type):
        fti = api.portal.get_tool("portal_types")[portal_type]
        behaviors = (*fti.behaviors, "collective.cfprivate.protected_media")
        fti.manage_changeProperties(behaviors="\n".join(behaviors))

    return add
