"""The page of the self-test."""

from collective.cfprivate.interfaces import IKeyRing
from edge_in_thread import serve_edge
from plone import api
from urllib.parse import urlencode
from zope.component import getUtility

import pytest
import re
import socket
import transaction


PAGE = "cfprivate-selftest"
ACTIVATE = "Go on: activate the next key"


@pytest.fixture
def edge(configured, functional_portal, make_video, signing_key, tmp_path, answers):
    """A Manager of a site whose distribution is an edge that trusts its key."""
    (tmp_path / "talk.mp4").write_bytes(bytes(1000))
    make_video(functional_portal, object_key="talk.mp4")
    with serve_edge(tmp_path, {signing_key.key_id: signing_key.public_pem}, cors="*") as host:
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        transaction.commit()
        yield configured.remember(answers["edge"])


def outcomes(page):
    return dict(re.findall(r'data-line="([a-z-]+)" data-outcome="([a-z-]+)"', page))


class TestOpeningThePage:
    @pytest.fixture
    def listener(self, edge):
        """The socket of a distribution at which nobody has called yet."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            host = f"127.0.0.1:{listener.getsockname()[1]}"
            api.portal.set_registry_record("collective.cfprivate.distribution", host)
            transaction.commit()
            yield listener

    @pytest.mark.parametrize(
        "query",
        ["", "?key=next", "?form.buttons.test=x&form.widgets.slot=active&form.widgets.object_key=talk.mp4"],
        ids=["as it is", "for a key", "as if pressed"],
    )
    def test_asks_nobody(self, edge, listener, query):
        edge.open(f"{PAGE}{query}")
        with pytest.raises(BlockingIOError):
            listener.accept()

    def test_control_who_calls_is_heard(self, listener):
        with socket.create_connection(listener.getsockname()):
            assert listener.accept()

    def test_writes_nothing(self, edge, functional_portal):
        edge.open("overview-controlpanel")
        database = functional_portal._p_jar.db()
        before = database.lastTransaction()
        edge.open(PAGE)
        assert database.lastTransaction() == before

    @pytest.mark.parametrize(("query", "chosen"), [("", "active"), ("?key=next", "next"), ("?key=other", "active")])
    def test_chooses_the_key_of_the_link(self, edge, query, chosen):
        assert edge.open(f"{PAGE}{query}").value("slot") == [chosen]


def test_the_newest_medium_is_filled_in(edge):
    assert edge.open(PAGE).value("object_key") == "talk.mp4"


def test_the_button_tests(edge):
    found = outcomes(edge.recall(PAGE).press("Test now").page)
    assert ("failed" in found.values(), found["signed"]) == (False, "passed")


def test_a_link_does_not(edge):
    query = urlencode({"form.buttons.test": "x", "form.widgets.slot": "active", "form.widgets.object_key": "talk.mp4"})
    assert outcomes(edge.open(f"{PAGE}?{query}").page) == {}


def test_a_post_without_the_token_does_not(edge):
    body = urlencode({"form.buttons.test": "x", "form.widgets.slot": "active", "form.widgets.object_key": "talk.mp4"})
    assert edge.post(PAGE, body).status == 403


def test_a_bad_object_key_is_refused_with_a_sentence(edge):
    page = edge.recall(PAGE).enter(object_key="../talk.mp4").press("Test now").page
    assert ("object key" in page, outcomes(page)) == (True, {})


def test_no_object_key_is_told_at_the_field(edge):
    page = edge.recall(PAGE).enter(object_key="").press("Test now").page
    assert "Required input is missing" in page


def test_without_a_next_key_there_is_a_sentence(edge):
    assert "There is no next key" in edge.recall(f"{PAGE}?key=next").press("Test now").page


def test_the_report_of_a_good_next_key_leads_to_its_activation(edge, tmp_path, signing_key):
    getUtility(IKeyRing).generate_next("EC")
    getUtility(IKeyRing).rename("K3", "next")
    public = getUtility(IKeyRing).public_pem()
    with serve_edge(tmp_path, {"K3": public}) as host:
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        transaction.commit()
        assert "Go on: activate the next key" in edge.open(f"{PAGE}?key=next").press("Test now").page


def test_the_report_of_the_active_key_does_not(edge):
    assert "Go on: activate the next key" not in edge.recall(PAGE).press("Test now").page


def test_no_signature_is_in_the_page(edge):
    assert "Signature=" not in edge.recall(PAGE).press("Test now").page


def test_a_missing_transform_fails_its_line(edge, monkeypatch):
    monkeypatch.setattr("collective.cfprivate.caching.transform.NoStore.order", 95000)
    assert outcomes(edge.recall(PAGE).press("Test now").page)["page-cache"] == "failed"


class TestTheNextKey:
    """A whole step of the rotation: the report, and what the next page makes of it."""

    @pytest.fixture
    def test_next(self, edge, tmp_path):
        """A function that tests a next key, which the distribution trusts or does not; the visitor at the report."""
        ring = getUtility(IKeyRing)
        ring.generate_next("EC")
        ring.rename("K3", "next")
        public = ring.public_pem()

        def test(*, trusted):
            with serve_edge(tmp_path, {"K3": public} if trusted else {}, cors="*") as host:
                api.portal.set_registry_record("collective.cfprivate.distribution", host)
                transaction.commit()
                return edge.open(f"{PAGE}?key=next").press("Test now")

        return test

    def test_that_was_taken_is_activated_by_one_click(self, test_next):
        test_next(trusted=True).follow(ACTIVATE).press("Activate the next key")
        assert getUtility(IKeyRing).describe().key_id == "K3"

    def test_that_was_refused_is_not_noted(self, test_next):
        report = test_next(trusted=False).page
        tested = getUtility(IKeyRing).describe("next").tested
        assert (outcomes(report)["signed"], ACTIVATE in report, tested) == ("failed", False, None)

    def test_that_was_refused_names_the_setting(self, test_next):
        assert "Setting to change:" in test_next(trusted=False).page

    def test_is_not_noted_by_a_test_of_the_active_one(self, edge):
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        edge.open(PAGE).send("Test now")
        assert getUtility(IKeyRing).describe("next").tested is None

    def test_without_an_id_is_not_tested(self, edge):
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        page = edge.open(f"{PAGE}?key=next").press("Test now").page
        assert ("The key has no id yet" in page, outcomes(page)) == (True, {})


def test_a_locked_key_is_told(edge, monkeypatch):
    monkeypatch.setenv("CFPRIVATE_SECRET", "another-secret-that-sealed-no-key-at-all")
    page = edge.open(PAGE).press("Test now").page
    assert ("encrypted with another secret" in page, outcomes(page)) == (True, {})


def test_a_site_in_which_nothing_is_set_up_is_told(manager):
    manager.recall(PAGE).enter(object_key="talk.mp4").press("Test now")
    assert ("No distribution domain is set" in manager.page, outcomes(manager.page)) == (True, {})


def test_a_site_without_a_medium_asks_for_an_object_key(configured):
    assert configured.recall(PAGE).value("object_key") == ""


def test_no_part_of_the_key_is_in_the_page(edge, signing_key):
    edge.recall(PAGE).press("Test now")
    shown = "".join(edge.pages)
    assert [line for line in signing_key.private_pem().splitlines()[1:-1] if line in shown] == []


def test_an_item_that_is_gone_but_listed_is_passed_over(edge, functional_portal):
    functional_portal._delOb("talk")
    transaction.commit()
    assert edge.open(PAGE).value("object_key") == ""
