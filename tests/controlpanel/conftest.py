"""The control panel as a browser sees it."""

from collective.cfprivate.interfaces import IKeyRing
from plone.registry.interfaces import IRegistry
from plone.testing.zope import Browser
from zope.component import getUtility

import pytest
import transaction


SETTINGS = [
    "distribution",
    "hash_algorithm",
    "lifetime",
    "maximum_lifetime",
    "bind_ip",
    "view_on_parents",
    "delivery",
    "cookie_domain",
    "embed_ancestors",
    "state_rules",
]


class Visitor:
    """Somebody with a browser; every page that was shown is kept in ``pages``."""

    def __init__(self, app, url, login=None):
        self.url = url
        self.pages = []
        self.browser = Browser(app)
        self.browser.raiseHttpErrors = False
        if login:
            self.browser.addHeader("Authorization", f"Basic {login}:secret-of-{login}")

    def open(self, name="cfprivate-controlpanel"):
        self.browser.open(f"{self.url}/@@{name}")
        return self._seen()

    def post(self, name, body):
        """Post without the token, as a page of another site could."""
        self.browser.post(f"{self.url}/@@{name}", body)
        return self._seen()

    def fill(self, **values):
        """Open the panel, fill in and save."""
        return self.open().enter(**values).press("Save")

    def enter(self, **values):
        """Fill in fields of the page that is open."""
        for name, value in values.items():
            self.browser.getControl(name=f"form.widgets.{name}").value = value
        return self

    def upload(self, content):
        """Choose the file of a private key."""
        control = self.browser.getControl(name="form.widgets.private_key_file")
        control.add_file(content, "application/x-pem-file", "private.pem")
        return self

    def press(self, label):
        self.browser.getControl(label).click()
        return self._seen()

    def follow(self, text):
        self.browser.getLink(text).click()
        return self._seen()

    @property
    def status(self):
        return int(self.browser.headers["status"].split()[0])

    @property
    def page(self):
        contents = self.browser.contents
        return contents.decode() if isinstance(contents, bytes) else contents

    def value(self, name):
        return self.browser.getControl(name=f"form.widgets.{name}").value

    def _seen(self):
        self.pages.append(self.page)
        transaction.begin()
        return self


@pytest.fixture(scope="session")
def make_visitor():
    """A function that makes a visitor of the site at a URL, for sites that last longer than a test."""
    return Visitor


@pytest.fixture
def visit(functional_app, functional_portal):
    """A function that makes a visitor, logged in or not."""
    return lambda login=None: Visitor(functional_app, functional_portal.absolute_url(), login)


@pytest.fixture
def manager(visit, add_user):
    """A Manager at the panel of a site in which nothing is set up."""
    add_user("manager", "Manager")
    transaction.commit()
    return visit("manager")


@pytest.fixture
def configured(configure, manager):
    """A Manager at the panel of a site with a distribution and a key."""
    configure()
    transaction.commit()
    return manager


@pytest.fixture
def key_now(functional_portal):
    """A function that describes the key in the database."""

    def describe():
        transaction.begin()
        return getUtility(IKeyRing).describe()

    return describe


@pytest.fixture(scope="session")
def everything_saved():
    """A function that tells all that the panel can save, as it is in the database."""

    def state():
        transaction.begin()
        ring = getUtility(IKeyRing)
        # Not the registry's own values: it remembers them as long as a request lasts, and that of a test lasts long.
        records = getUtility(IRegistry).records
        return {
            "key": ring.describe(),
            "next": ring.describe("next"),
            **{name: records[f"collective.cfprivate.{name}"].value for name in SETTINGS},
        }

    return state


@pytest.fixture
def saved(functional_portal, everything_saved):
    """The same, of the site of one test."""
    return everything_saved
