"""The control panel as a browser sees it."""

from collections import defaultdict
from collective.cfprivate.interfaces import IKeyRing
from plone.keyring.interfaces import IKeyManager
from plone.registry.interfaces import IRegistry
from plone.testing.zope import Browser
from zope.component import getUtility

import copy
import os
import pytest
import time
import transaction


PANEL = "cfprivate-controlpanel"
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
    "key_prefixes",
    "guest_maximum",
    "s3_bucket",
    "s3_region",
    "s3_endpoint",
    "upload_prefix",
    "upload_types",
    "upload_maximum",
    "mediaconvert_role",
    "events_queue",
    "state_rules",
]


def cfprivate_variables():
    return {name: value for name, value in os.environ.items() if name.startswith("CFPRIVATE_")}


class Visitor:
    """Somebody with a browser; every page that was shown is kept in ``pages``."""

    def __init__(self, app, url, login=None):
        self.url = url
        self.pages = []
        self.site_now = lambda: (app._p_jar.db().lastTransaction(), cfprivate_variables())
        self.browser = Browser(app)
        self.browser.raiseHttpErrors = False
        if login:
            self.browser.addHeader("Authorization", f"Basic {login}:secret-of-{login}")

    def open(self, name=PANEL):
        self.browser.open(f"{self.url}/@@{name}")
        return self._seen()

    def remember(self, answers):
        """Share with others, who visit sites in the very state of this one now, what a look at its pages gave."""
        # Plone rotates the secrets of its tokens when a site is first looked at; each site has to take those of the others.
        for secrets in getUtility(IKeyManager).values():
            secrets.last_rotation = time.time()
        transaction.commit()
        self.answers, self.site_then = answers, self.site_now()
        return self

    def recall(self, name=PANEL):
        """Have a page before oneself as a look at it would give it, but look only where nobody did so before."""
        assert self.site_now() == self.site_then, "This is not the site any more of which something is remembered."
        if name not in self.answers:
            self.open(name)
            self.answers[name] = self.browser._response
        response = copy.copy(self.answers[name])
        response.test_app, response._forms_indexed = self.browser.testapp, None
        self.browser._setResponse(response)
        return self._seen()

    def post(self, name, body):
        """Post without the token, as a page of another site could."""
        self.browser.post(f"{self.url}/@@{name}", body)
        return self._seen()

    def fill(self, **values):
        """Open the panel, fill in and save."""
        return self.open().enter(**values).press("Save")

    def save(self, **values):
        """Do the same with a panel that one knows, and do not look at it afterwards; a refusal is seen."""
        return self.recall().enter(**values).send("Save")

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

    def send(self, label):
        """Press a button, but do not go to the page to which the answer leads."""
        self.browser.followRedirects = False
        self.press(label)
        self.browser.followRedirects = True
        return self

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


@pytest.fixture(scope="session")
def answers():
    """What the pages of sites in the same state answer, by what the state is called."""
    return defaultdict(dict)


@pytest.fixture
def manager(visit, add_user, answers):
    """A Manager at the panel of a site in which nothing is set up."""
    add_user("manager", "Manager")
    transaction.commit()
    return visit("manager").remember(answers["empty"])


@pytest.fixture
def configured(configure, manager, answers):
    """A Manager at the panel of a site with a distribution and a key."""
    configure()
    transaction.commit()
    return manager.remember(answers["configured"])


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
