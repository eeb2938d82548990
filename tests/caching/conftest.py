"""A site whose plone.app.caching is switched on, and Varnish in front of it."""

from contextlib import ExitStack
from functools import cache
from leave_out import leave_out
from plone import api
from plone.app.testing import applyProfile
from urllib.parse import urlsplit
from varnish import program
from varnish import Varnish

import pytest
import requests
import transaction


@pytest.fixture(params=["without-caching-proxy", "with-caching-proxy"])
def cached(served, request):
    """``served`` under each profile of plone.app.caching, with the published page ``plain``."""
    applyProfile(served.portal, "plone.app.caching:default")
    applyProfile(served.portal, f"plone.app.caching:{request.param}")
    api.portal.set_registry_record("plone.caching.interfaces.ICacheSettings.enabled", True)
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served.portal, "Document", "plain")
        api.content.transition(page, "publish")
    transaction.commit()
    return served


@pytest.fixture
def operate(cached):
    """A function that chooses the operation of plone.app.caching for the pages of items."""

    def choose(operation):
        record = "plone.caching.interfaces.ICacheSettings.operationMapping"
        chosen = {"plone.content.itemView": f"plone.app.caching.{operation}"}
        api.portal.set_registry_record(record, api.portal.get_registry_record(record) | chosen)
        transaction.commit()

    return choose


@pytest.fixture
def move():
    """A function that brings an item into a state of its workflow, as the staff does."""

    def move_to(item, state):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(item, to_state=state)
        transaction.commit()

    return move_to


@pytest.fixture(scope="module")
def start_varnish(tmp_path_factory):
    """A function: Varnish in front of a port, with more VCL; each is started once. It fails in CI where there is none."""
    if program("varnishd") is None:
        leave_out("There is no Varnish here; on Debian: apt-get install varnish")
    with ExitStack() as running:

        @cache
        def start(port, *more):
            varnish = Varnish(tmp_path_factory.mktemp("varnish"), *more, backend_port=port)
            return running.enter_context(varnish)

        yield start


class Visitors:
    """People who ask the site at ``url``; ``log_in`` is how one of them shows who it is."""

    def __init__(self, url):
        self.url = url
        self.sessions = {}
        self.log_in = self.fill_in_the_form

    def get(self, path, login=None, method="GET", **options):
        return self._session(login).request(method, f"{self.url}/{path}", allow_redirects=False, timeout=60, **options)

    def _session(self, login):
        if login not in self.sessions:
            self.sessions[login] = requests.Session()
            if login is not None:
                self.log_in(login)
        return self.sessions[login]

    def fill_in_the_form(self, login):
        form = {"__ac_name": login, "__ac_password": f"secret-of-{login}", "buttons.login": "Log in"}
        self.get("login", login, method="POST", data=form)
        assert "__ac" in self.sessions[login].cookies
        self.get("", login)  # where the browser is led, and its greeting is shown

    def send_password(self, login):
        self.sessions[login].auth = (login, f"secret-of-{login}")


@pytest.fixture
def through_varnish(cached, operate, start_varnish):
    """A function: visitors who ask through an empty Varnish with more VCL, which keeps pages for as long as Plone says.

    Plone says so for every page that anonymous may view, also when it is asked by who is logged in.
    """
    operate("moderateCaching")

    def visitors(*more):
        site = urlsplit(cached.url)
        varnish = start_varnish(site.port, *more)
        varnish.forget()
        return Visitors(site._replace(netloc=f"127.0.0.1:{varnish.port}").geturl())

    return visitors
