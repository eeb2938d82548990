"""The page of the self-test, and the status in Site Setup."""

from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.selftest import run
from edge_in_thread import serve_edge
from plone import api
from urllib.parse import urlencode
from zope.component import getUtility

import pytest
import re
import transaction


PAGE = "cfprivate-selftest"
MISSING = "Protected media are not set up:"


@pytest.fixture
def edge(configured, functional_portal, make_video, signing_key, tmp_path):
    """A Manager of a site whose distribution is an edge that trusts its key."""
    (tmp_path / "talk.mp4").write_bytes(bytes(1000))
    make_video(functional_portal, object_key="talk.mp4")
    with serve_edge(tmp_path, {signing_key.key_id: signing_key.public_pem}, cors="*") as host:
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        transaction.commit()
        yield configured


def outcomes(page):
    return dict(re.findall(r'data-line="([a-z-]+)" data-outcome="([a-z-]+)"', page))


def test_opening_the_page_asks_nobody(edge, monkeypatch):
    asked = []
    monkeypatch.setattr(run, "fetch", lambda *args, **options: asked.append(args))
    assert (edge.open(PAGE).status, asked) == (200, [])


def test_the_newest_medium_is_filled_in(edge):
    assert edge.open(PAGE).value("object_key") == "talk.mp4"


def test_the_button_tests(edge):
    found = outcomes(edge.open(PAGE).press("Test now").page)
    assert ("failed" in found.values(), found["signed"]) == (False, "passed")


def test_a_link_does_not(edge):
    query = urlencode({"form.buttons.test": "x", "form.widgets.slot": "active", "form.widgets.object_key": "talk.mp4"})
    assert outcomes(edge.open(f"{PAGE}?{query}").page) == {}


def test_a_post_without_the_token_does_not(edge):
    body = urlencode({"form.buttons.test": "x", "form.widgets.slot": "active", "form.widgets.object_key": "talk.mp4"})
    assert edge.post(PAGE, body).status == 403


def test_a_bad_object_key_is_refused_with_a_sentence(edge):
    edge.open(PAGE).browser.getControl(name="form.widgets.object_key").value = "../talk.mp4"
    page = edge.press("Test now").page
    assert ("object key" in page, outcomes(page)) == (True, {})


def test_no_object_key_is_told_at_the_field(edge):
    edge.open(PAGE).browser.getControl(name="form.widgets.object_key").value = ""
    assert "Required input is missing" in edge.press("Test now").page


def test_without_a_next_key_there_is_a_sentence(edge):
    assert "There is no next key" in edge.open(f"{PAGE}?key=next").press("Test now").page


def test_the_report_of_a_good_next_key_leads_to_its_activation(edge, tmp_path, signing_key):
    getUtility(IKeyRing).generate_next("EC")
    getUtility(IKeyRing).rename("K3", "next")
    public = getUtility(IKeyRing).public_pem()
    with serve_edge(tmp_path, {"K3": public}) as host:
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        transaction.commit()
        assert "Go on: activate the next key" in edge.open(f"{PAGE}?key=next").press("Test now").page


def test_the_report_of_the_active_key_does_not(edge):
    assert "Go on: activate the next key" not in edge.open(PAGE).press("Test now").page


def test_no_signature_is_in_the_page(edge):
    assert "Signature=" not in edge.open(PAGE).press("Test now").page


def test_a_missing_transform_fails_its_line(edge, monkeypatch):
    monkeypatch.setattr("collective.cfprivate.caching.transform.NoStore.order", 95000)
    assert outcomes(edge.open(PAGE).press("Test now").page)["page-cache"] == "failed"


# Site Setup


def test_site_setup_says_what_is_missing(manager):
    assert MISSING in manager.open("overview-controlpanel").page


def test_site_setup_says_nothing_where_all_is_there(configured):
    assert MISSING not in configured.open("overview-controlpanel").page


@pytest.mark.parametrize("name", ["cfprivate-controlpanel", "mail-controlpanel"])
def test_other_pages_do_not_say_it(manager, name):
    assert MISSING not in manager.open(name).page


def test_site_setup_tells_it_to_nobody_else(visit, add_user):
    add_user("somebody", "Site Administrator")
    transaction.commit()
    page = visit("somebody").open("overview-controlpanel").page
    assert ("Site Setup" in page, MISSING in page) == (True, False)
