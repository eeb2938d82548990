"""The status in Site Setup: on its overview only, for who may configure only."""

from collective.cfprivate.interfaces import IKeyRing
from plone import api
from zope.component import getUtility

import pytest
import transaction


NOTICE = 'id="cfprivate-site-setup"'
HOST = "d111111abcdef8.cloudfront.net"
NO_DISTRIBUTION = "No distribution domain is set: enter it in the control panel."
NO_KEY = "No private key is stored: paste it into the control panel."


def notice(page):
    """The part of a page that tells what is missing; empty where nothing is said."""
    return page.partition(NOTICE)[2].partition("</div>")[0]


@pytest.fixture(scope="class")
def visit_as(functional_app_class, functional_portal_class, make_visitor):
    """A function that opens a path of a site in which nothing is set up, as one of its accounts."""
    for login, role in (("manager", "Manager"), ("siteadmin", "Site Administrator"), ("editor", "Editor")):
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
        api.user.grant_roles(username=login, roles=[role])
    with api.env.adopt_roles(["Manager"]):
        api.content.create(functional_portal_class, "Folder", "folder")
    transaction.commit()
    visitors = {
        login: make_visitor(functional_app_class, functional_portal_class.absolute_url(), login)
        for login in ("manager", "siteadmin", "editor", None)
    }

    def visit(login, path):
        visitor = visitors[login]
        visitor.browser.open(f"{visitor.url}/{path}")
        return visitor

    return visit


class TestAnEmptySite:
    @pytest.mark.parametrize("sentence", [NO_DISTRIBUTION, NO_KEY])
    def test_says_what_is_missing(self, visit_as, sentence):
        assert sentence in notice(visit_as("manager", "@@overview-controlpanel").page)

    def test_leads_to_the_panel(self, visit_as):
        assert '/plone/@@cfprivate-controlpanel"' in notice(visit_as("manager", "@@overview-controlpanel").page)

    def test_says_it_at_the_name_without_the_signs_too(self, visit_as):
        assert NOTICE in visit_as("manager", "overview-controlpanel").page

    @pytest.mark.parametrize(
        "path",
        ["", "@@site-controlpanel", "@@cfprivate-controlpanel", "@@cfprivate-rotate", "@@search", "sitemap", "folder"],
    )
    def test_says_nothing_elsewhere(self, visit_as, path):
        visitor = visit_as("manager", path)
        assert (visitor.status, NOTICE in visitor.page) == (200, False)

    def test_says_nothing_to_a_site_administrator(self, visit_as):
        visitor = visit_as("siteadmin", "@@overview-controlpanel")
        assert ("Site Setup" in visitor.page, NOTICE in visitor.page) == (True, False)

    @pytest.mark.parametrize("login", ["editor", None])
    def test_says_nothing_to_others(self, visit_as, login):
        assert NOTICE not in visit_as(login, "@@overview-controlpanel").page


class TestASiteThatChanges:
    def test_says_nothing_when_all_is_there(self, configured):
        assert NOTICE not in configured.open("overview-controlpanel").page

    def test_says_only_what_is_missing_still(self, manager):
        api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
        transaction.commit()
        said = notice(manager.open("overview-controlpanel").page)
        assert (NO_KEY in said, NO_DISTRIBUTION in said) == (True, False)

    def test_says_that_a_key_is_locked(self, configured, monkeypatch):
        monkeypatch.setenv("CFPRIVATE_SECRET", "another-secret-that-sealed-no-key-at-all")
        assert "encrypted with another secret" in notice(configured.open("overview-controlpanel").page)

    def test_says_nothing_of_a_key_that_only_waits(self, configured):
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        assert NOTICE not in configured.open("overview-controlpanel").page

    def test_says_nothing_where_the_add_on_is_taken_away(self, configured):
        with api.env.adopt_roles(["Manager"]):
            api.addon.uninstall("collective.cfprivate")
        transaction.commit()
        assert NOTICE not in configured.open("overview-controlpanel").page
