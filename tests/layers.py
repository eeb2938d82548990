"""The Plone site of the tests: one layer tree for the whole session."""

from plone.app.contenttypes.testing import PLONE_APP_CONTENTTYPES_FIXTURE
from plone.app.testing import applyProfile
from plone.app.testing import FunctionalTesting
from plone.app.testing import IntegrationTesting
from plone.app.testing import PloneSandboxLayer
from plone.testing.zope import WSGI_SERVER_FIXTURE

import collective.cfprivate
import os
import plone.app.caching
import plone.app.iterate
import plone.exportimport
import plone.restapi


SECRET = "the-secret-of-the-tests-and-of-nothing-else"


class CFPrivateLayer(PloneSandboxLayer):
    """A site with the add-on; what it works with is loaded, but not installed."""

    defaultBases = (PLONE_APP_CONTENTTYPES_FIXTURE,)

    def setUp(self):
        # The database of the tests is no FileStorage, so that the key ring wants its secret from outside.
        os.environ["CFPRIVATE_SECRET"] = SECRET
        super().setUp()

    def tearDown(self):
        super().tearDown()
        del os.environ["CFPRIVATE_SECRET"]

    def setUpZope(self, app, configurationContext):
        self.loadZCML(package=plone.restapi)
        self.loadZCML(package=plone.app.caching)
        self.loadZCML(package=plone.app.iterate)
        self.loadZCML(package=plone.exportimport)
        self.loadZCML(package=collective.cfprivate)

    def setUpPloneSite(self, portal):
        applyProfile(portal, "plone.restapi:default")
        applyProfile(portal, "collective.cfprivate:default")


FIXTURE = CFPrivateLayer()
INTEGRATION_TESTING = IntegrationTesting(bases=(FIXTURE,), name="collective.cfprivate:Integration")
FUNCTIONAL_TESTING = FunctionalTesting(bases=(FIXTURE, WSGI_SERVER_FIXTURE), name="collective.cfprivate:Functional")
