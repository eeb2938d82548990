"""``@cfprivate-selftest``, and what page and command have in common with it."""

from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.interfaces import IKeyRing
from edge_in_thread import serve_edge
from plone import api
from types import SimpleNamespace
from zope.component import getUtility

import pytest
import requests
import transaction


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A bucket with one file."""
    folder = tmp_path_factory.mktemp("bucket")
    (folder / "talk.mp4").write_bytes(bytes(1000))
    return folder


@pytest.fixture
def site(functional_portal, configure, make_video, add_user, root, signing_key):
    """A site whose distribution is an edge that trusts its key; ``ask(body, login)`` asks for the self-test."""
    for login, role in (("manager", "Manager"), ("siteadmin", "Site Administrator")):
        add_user(login, role)
    make_video(functional_portal, object_key="talk.mp4")
    url = f"{functional_portal.absolute_url()}/@cfprivate-selftest"

    def ask(body=None, login="manager", **headers):
        transaction.commit()
        auth = (login, f"secret-of-{login}") if login else None
        headers = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        answer = requests.post(url, data=body or "{}", auth=auth, headers=headers, timeout=60)
        transaction.begin()
        return answer

    with serve_edge(root, {signing_key.key_id: signing_key.public_pem}, cors="*") as host:
        configure(host)
        yield SimpleNamespace(ask=ask, url=url)


def outcomes(answer):
    return {line["name"]: line["outcome"] for line in answer.json()["lines"]}


def test_passes_where_all_is_well(site):
    answer = site.ask()
    assert (answer.status_code, answer.json()["passed"], outcomes(answer)["signed"]) == (200, True, "passed")


def test_the_page_cache_has_a_line(site):
    assert outcomes(site.ask())["page-cache"] == "passed"


def test_each_line_is_whole(site):
    lines = site.ask().json()["lines"]
    assert {frozenset(line) for line in lines} == {frozenset(["name", "outcome", "title", "message", "setting"])}


def test_a_missing_object_is_told(site):
    answer = site.ask('{"object_key": "missing.mp4"}')
    assert (answer.json()["passed"], outcomes(answer)["signed"]) == (False, "failed")


def test_a_failed_line_names_the_setting(site):
    lines = site.ask('{"object_key": "missing.mp4"}').json()["lines"]
    assert [line["name"] for line in lines if line["outcome"] == "failed" and not line["setting"]] == []


@pytest.mark.parametrize("login", ["siteadmin", None])
def test_is_for_who_may_configure(site, login):
    assert site.ask(login=login).status_code == 401


def test_is_not_asked_by_get(site):
    answer = requests.get(
        site.url, auth=("manager", "secret-of-manager"), headers={"Accept": "application/json"}, timeout=60
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_takes_nothing_that_a_form_of_another_site_could_send(site, kind):
    assert site.ask(**{"Content-Type": kind}).status_code == 400


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"key": "other"}', "key is active, next or previous"),
        ('{"object_key": 5}', "are texts"),
        ('{"object_key": "../etc/passwd"}', "object key"),
        ('{"key": "next"}', "There is no next key"),
        ('{"key": "previous"}', "There is no previous key"),
        ('{"bucket": "x"}', "Only key, object_key and bucket_url are taken"),
        ("[]", ""),
        ("{", ""),
    ],
)
def test_bad_input_is_refused_with_a_sentence(site, body, sentence):
    answer = site.ask(body)
    assert (answer.status_code, sentence.lower() in answer.json()["message"].lower()) == (400, True)


def test_a_site_without_a_medium_says_so(site):
    api.content.delete(api.portal.get()["talk"])
    assert "This site has no medium yet" in site.ask().json()["message"]


def test_a_site_without_a_distribution_says_so(site):
    api.portal.set_registry_record("collective.cfprivate.distribution", "")
    assert "No distribution domain is set" in site.ask().json()["message"]


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "https://www.example.org", "file:///etc/passwd"])
def test_no_other_host_is_asked(site, url):
    answer = site.ask(f'{{"bucket_url": "{url}"}}')
    assert outcomes(answer)["bucket"] == "not-run"


class TestNextKey:
    @pytest.fixture
    def waiting(self, site, signing_key):
        """The ring, with a next key of the id that the edge trusts for another key."""
        ring = getUtility(IKeyRing)
        ring.erase_all()
        ring.store(pem=signing_key.private_pem(), key_id="KANOTHERID")
        ring.generate_next("EC")
        ring.rename(signing_key.key_id, "next")
        return ring

    def test_that_is_refused_is_not_noted_as_tested(self, site, waiting):
        assert outcomes(site.ask('{"key": "next"}'))["signed"] == "failed"
        assert waiting.describe("next").tested is None

    def test_is_not_tested_by_a_distribution_that_serves_everything(self, site, waiting, root, monkeypatch):
        monkeypatch.setattr(Verifier, "verify", lambda *args, **options: None)
        assert outcomes(site.ask('{"key": "next"}'))["signed"] == "passed"
        assert waiting.describe("next").tested is None

    def test_that_is_taken_is_noted_as_tested(self, site, waiting, root, signing_key):
        with serve_edge(root, {signing_key.key_id: waiting.public_pem()}) as host:
            api.portal.set_registry_record("collective.cfprivate.distribution", host)
            assert outcomes(site.ask('{"key": "next"}'))["signed"] == "passed"
        assert waiting.describe("next").tested is not None
