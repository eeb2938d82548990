"""A site in a FileStorage, and the owner of Zope who sits at it with a browser and by REST."""

from contextlib import contextmanager
from layers import FIXTURE
from plone import api
from plone.app.testing import FunctionalTesting
from plone.app.testing import PloneSandboxLayer
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.testing.zope import Browser
from Products.SiteErrorLog.SiteErrorLog import IPubFailureSubscriber
from types import SimpleNamespace
from unittest.mock import patch
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage
from ZODB.FileStorage import FileStorage
from zope.component import getGlobalSiteManager
from zope.event import notify
from zope.globalrequest import setRequest
from zope.lifecycleevent import ObjectModifiedEvent

import json
import logging
import plone.exportimport
import plone.testing.zodb
import transaction


HOST = "d111111abcdef8.cloudfront.net"
JSON = {"Accept": "application/json", "Content-Type": "application/json"}
FORM = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
AUTHORIZATION = f"Basic {SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}"
BEHAVIOR = "collective.cfprivate.protected_media"


class ExportingLayer(PloneSandboxLayer):
    """The site of the tests with what exports content, which Plone brings along."""

    defaultBases = (FIXTURE,)

    def setUpZope(self, app, configurationContext):
        self.loadZCML(package=plone.exportimport)


EXPORTING_FIXTURE = ExportingLayer()
CANARY = FunctionalTesting(bases=(EXPORTING_FIXTURE,), name="collective.cfprivate:Canary")


class Log(logging.Handler):
    """All that is logged, with its tracebacks, as it would stand in a file."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))

    @property
    def text(self):
        return "\n".join(self.lines)


class Owner:
    """The owner of Zope at the site, by a browser and by REST, in this process; ``shown`` is all that was answered."""

    def __init__(self, app, url):
        self.app, self.url, self.shown = app, url, []
        self.browser = Browser(app)
        self.browser.raiseHttpErrors = False
        self.browser.addHeader("Authorization", AUTHORIZATION)

    def open(self, path):
        self.browser.open(f"{self.url}/{path}")
        return self._seen()

    def fill(self, path, button, **values):
        """Open a page, fill in its form and press a button."""
        self.open(path)
        for name, value in values.items():
            self.browser.getControl(name=f"form.widgets.{name}").value = value
        self.browser.getControl(button).click()
        return self._seen()

    def press(self, button):
        self.browser.getControl(button).click()
        return self._seen()

    def upload(self, path, button, content, **values):
        self.open(path)
        self.browser.getControl(name="form.widgets.private_key_file").add_file(content, "text/plain", "key.pem")
        for name, value in values.items():
            self.browser.getControl(name=f"form.widgets.{name}").value = value
        self.browser.getControl(button).click()
        return self._seen()

    def ask(self, path, method="GET", body=None, **headers):
        """One request by itself; its status and its body with its headers."""
        sent = json.dumps(body) if isinstance(body, dict) else body or ""
        response = self.browser.testapp.request(
            f"{self.url}/{path}".removesuffix("/"),
            method=method,
            headers={**JSON, "Authorization": AUTHORIZATION, "X-Zope-Handle-Errors": "True", **headers},
            body=sent.encode(),
            expect_errors=True,
        )
        self._go_on()
        answer = SimpleNamespace(status=response.status_int, headers=response.headers, body=response.body)
        self.shown.extend((answer.body, str(answer.headers).encode()))
        return answer

    def _go_on(self):
        # Publishing ends with no request in force.
        setRequest(self.app.REQUEST)
        transaction.begin()

    def _seen(self):
        self._go_on()
        contents = self.browser.contents
        self.shown.append(contents.encode() if isinstance(contents, str) else contents)
        return self.shown[-1].decode("latin-1")


# the site


@contextmanager
def written_to(path):
    """The layer that is set up within keeps what is committed in a FileStorage, where it would keep it in memory."""

    def stack(db, name=None):
        return DB(DemoStorage(name=name, base=db.storage, changes=FileStorage(str(path))))

    with patch.object(plone.testing.zodb, "stackDemoStorage", stack):
        yield


@contextmanager
def listening():
    """All that is logged meanwhile, at every level."""
    log, root = Log(), logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.removeHandler(log)
        root.setLevel(level)


@contextmanager
def reporting_errors():
    """Zope loads this subscriber for its product; the layer of the tests does not."""
    getGlobalSiteManager().registerHandler(IPubFailureSubscriber)
    try:
        yield
    finally:
        getGlobalSiteManager().unregisterHandler(IPubFailureSubscriber)


@contextmanager
def set_up():
    """The layer, which nothing but this module knows."""
    EXPORTING_FIXTURE.setUp()
    CANARY.setUp()
    try:
        yield CANARY
    finally:
        CANARY.tearDown()
        EXPORTING_FIXTURE.tearDown()


@contextmanager
def filled(layer, path):
    """The layer with a database of its own in the file ``path``."""
    with written_to(path):
        layer.testSetUp()
    try:
        yield layer["app"], layer["portal"]
    finally:
        layer.testTearDown()


@contextmanager
def canary_site(path, secret):
    """A configured site with protected items and an empty ring, in the file ``path``; ``owner`` sits at it."""
    with (
        set_up() as layer,
        patch.dict("os.environ", CFPRIVATE_SECRET=secret),
        listening() as log,
        reporting_errors(),
        filled(layer, path) as (app, portal),
    ):
        furnish(portal)
        owner = Owner(app, portal.absolute_url())
        storage = portal._p_jar.db().storage.changes
        yield SimpleNamespace(portal=portal, app=app, owner=owner, path=path, storage=storage, log=log)


def furnish(portal):
    """A distribution, a Protected Video and a Document with the behavior, which were changed twice."""
    api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
    fti = api.portal.get_tool("portal_types")["Document"]
    fti.manage_changeProperties(behaviors="\n".join((*fti.behaviors, BEHAVIOR)))
    with api.env.adopt_roles(["Manager"]):
        for portal_type, name in (("Protected Video", "talk"), ("Document", "page")):
            item = api.content.create(portal, portal_type, name, title="A talk", object_key=f"talks/{name}.mp4")
            for title in ("Another title", "One more title"):
                item.title = title
                notify(ObjectModifiedEvent(item))
        api.content.transition(portal["talk"], to_state="restricted")
    transaction.get().note("A talk was changed")
    transaction.commit()
