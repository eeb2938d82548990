"""Testing the media of a page of the overview: what the distribution's answers make known."""

from collective.cfprivate import fetch
from collective.cfprivate.controlpanel import overview_testing
from collective.cfprivate.controlpanel.overview_objects import asking
from collective.cfprivate.controlpanel.overview_objects import Unclear
from collective.cfprivate.media.tested import last_test
from plone import api
from types import SimpleNamespace
from urllib.parse import parse_qs
from urllib.parse import urlsplit
from zope.i18n import translate

import pytest
import time
import transaction


PAGE = "cfprivate-overview"
TEST = "cfprivate-overview-test"
BUTTON = "Test the media on this page"
HOST = "d111111abcdef8.cloudfront.net"


def xml(code, more=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>M</Message>{more}</Error>'.encode()
    )


FROM_BUCKET = "<RequestId>4442587FB7D0A2F9</RequestId><HostId>x</HostId>"
# reference/cloudfront.md, section 4: CloudFront's own refusals name no request, those of the bucket do.
FOUND = [(200, b"x"), (206, b"x")]
MISSING = [
    (404, b""),
    (404, xml("NoSuchKey")),
    (403, xml("NoSuchKey")),
    (403, xml("AccessDenied", FROM_BUCKET)),
]
UNCLEAR = [
    (403, xml("AccessDenied")),
    (403, xml("MissingKey")),
    (403, xml("InvalidKey")),
    (403, b"<html>The request could not be satisfied.</html>"),
    (500, xml("InternalError", FROM_BUCKET)),
    (503, b""),
    (301, b""),
    (416, b""),
    (400, b"\xff\xfe"),
]


@pytest.fixture
def distribution(monkeypatch):
    """The other side: ``answers`` by file name, else ``otherwise``; what was asked is in ``asked``."""
    other = SimpleNamespace(answers={}, otherwise=(206, b"x"), asked=[])

    def answer(url, *, method="GET", headers=None, seconds=3.0, limit=65536):
        other.asked.append((url, method, headers))
        given = other.answers.get(urlsplit(url).path.rpartition("/")[2], other.otherwise)
        if isinstance(given, Exception):
            raise given
        return fetch.Answer(status=given[0], headers={}, body=given[1], cut=False)

    monkeypatch.setattr(fetch, "fetch", answer)
    return other


@pytest.fixture
def talk(functional_portal, make_video, configured):
    """A video in a site that can sign."""
    item = make_video(functional_portal, object_key="talks/talk.mp4")
    transaction.commit()
    return item


def known(item):
    transaction.begin()
    noted = last_test(item)
    return None if noted is None else noted.found


class TestAnswers:
    """What each answer of the distribution tells."""

    @pytest.fixture
    def is_there(self, portal, configure, distribution):
        configure()
        return asking()

    @pytest.mark.parametrize("answer", FOUND)
    def test_what_is_given_out_is_found(self, distribution, is_there, answer):
        distribution.otherwise = answer
        assert is_there("talk.mp4") is True

    @pytest.mark.parametrize("answer", MISSING)
    def test_what_the_bucket_does_not_give_is_missing(self, distribution, is_there, answer):
        distribution.otherwise = answer
        assert is_there("talk.mp4") is False

    @pytest.mark.parametrize("answer", UNCLEAR)
    def test_any_other_answer_leaves_it_unclear(self, distribution, is_there, answer):
        distribution.otherwise = answer
        with pytest.raises(Unclear) as caught:
            is_there("talk.mp4")
        assert f"The distribution answered {answer[0]}" in translate(caught.value.args[0])

    def test_the_code_of_a_refusal_is_told(self, distribution, is_there):
        distribution.otherwise = (403, xml("InvalidKey"))
        with pytest.raises(Unclear) as caught:
            is_there("talk.mp4")
        assert "answered 403 InvalidKey, which" in translate(caught.value.args[0])

    def test_an_empty_object_is_found(self, distribution, is_there):
        distribution.otherwise = (416, xml("InvalidRange", FROM_BUCKET))
        assert is_there("talk.mp4") is True

    def test_an_error_page_of_the_distribution_leaves_it_unclear(self, monkeypatch, is_there):
        headers = {"X-Cache": "Error from cloudfront"}
        page = fetch.Answer(status=200, headers=headers, body=b"<html>Sorry</html>", cut=False)
        monkeypatch.setattr(fetch, "fetch", lambda *args, **options: page)
        with pytest.raises(Unclear):
            is_there("talk.mp4")


def test_a_slow_distribution_is_not_waited_for_without_end(monkeypatch):
    now = iter([0, 0, 29, 31])
    monkeypatch.setattr(overview_testing, "time", SimpleNamespace(monotonic=lambda: next(now), time=time.time))
    asked = []
    items = [SimpleNamespace(name=name) for name in "abcd"]
    monkeypatch.setattr(overview_testing, "medium_of", lambda item: SimpleNamespace(object_key=item.name))
    monkeypatch.setattr(overview_testing, "note_tested", lambda item, **noted: None)
    found, missing, reason = overview_testing._noted(items, lambda key: asked.append(key) or True)
    assert (asked, found, missing, "slowly" in translate(reason)) == (["a", "b"], 2, 0, True)


@pytest.mark.parametrize(
    ("answer", "found", "sentence"),
    [
        (FOUND[0], True, "Media on this page: 1. Found: 1. Missing: 0."),
        (MISSING[-1], False, "Media on this page: 1. Found: 0. Missing: 1."),
        (UNCLEAR[1], None, "The distribution answered 403 MissingKey, which tells nothing of the object."),
        (UNCLEAR[1], None, "The self-test tells more."),
    ],
)
def test_what_became_clear_is_remembered_and_told(distribution, talk, configured, answer, found, sentence):
    distribution.otherwise = answer
    page = configured.open(PAGE).press(BUTTON).page
    assert (known(talk), sentence in page) == (found, True)


def test_an_unclear_answer_leaves_what_was_known(distribution, talk, configured):
    configured.open(PAGE).press(BUTTON)
    distribution.otherwise = (403, xml("AccessDenied"))
    configured.send(BUTTON)
    assert known(talk) is True


def test_what_is_missing_is_shown_as_broken_from_then_on(distribution, talk, configured):
    distribution.otherwise = (404, b"")
    configured.open(PAGE).send(BUTTON)
    assert "did not give out the object" in configured.open(f"{PAGE}?problem=object-missing").page


def test_what_is_found_again_is_broken_no_more(distribution, talk, configured):
    distribution.otherwise = (404, b"")
    configured.open(PAGE).press(BUTTON)
    distribution.otherwise = (206, b"x")
    configured.send(BUTTON)
    assert "There is no such item." in configured.open(f"{PAGE}?problem=broken").page


class TestRequest:
    """What the distribution is asked."""

    @pytest.fixture
    def asked(self, distribution, talk, configured):
        configured.open(PAGE).send(BUTTON)
        (request,) = distribution.asked
        return request

    def test_is_for_the_object(self, asked):
        assert asked[0].startswith(f"https://{HOST}/talks/talk.mp4?")

    def test_is_for_one_byte(self, asked):
        assert asked[1:] == ("GET", {"Range": "bytes=0-0"})

    def test_is_signed_for_a_minute(self, asked, signing_key):
        signed = parse_qs(urlsplit(asked[0]).query)
        left = int(signed["Expires"][0]) - time.time()
        assert (signed["Key-Pair-Id"], "Policy" in signed, 0 < left <= 60) == ([signing_key.key_id], False, True)

    def test_is_signed_with_the_hash_of_the_site(self, distribution, talk, configured):
        api.portal.set_registry_record("collective.cfprivate.hash_algorithm", "SHA256")
        transaction.commit()
        configured.open(PAGE).send(BUTTON)
        assert distribution.asked[0][0].endswith("&Hash-Algorithm=SHA256")


class TestMany:
    """Several items on the page."""

    @pytest.fixture
    def items(self, functional_portal, make_video, configured):
        names = ["a", "b", "c"]
        items = [make_video(functional_portal, name, title=name, object_key=f"{name}.mp4") for name in names]
        make_video(functional_portal, "keyless", title="keyless", object_key=None)
        transaction.commit()
        return items

    def test_each_with_a_medium_is_asked_for_once(self, distribution, items, configured):
        configured.open(PAGE).send(BUTTON)
        paths = [urlsplit(url).path for url, _method, _headers in distribution.asked]
        assert sorted(paths) == ["/a.mp4", "/b.mp4", "/c.mp4"]

    def test_they_are_counted(self, distribution, items, configured):
        distribution.answers = {"b.mp4": (404, b""), "c.mp4": (503, b"")}
        page = configured.open(PAGE).press(BUTTON).page
        assert ("Media on this page: 3. Found: 1. Missing: 1." in page, "nothing is known now: 1." in page) == (
            True,
            True,
        )

    def test_those_of_other_pages_are_left_alone(self, distribution, items, configured):
        configured.open(f"{PAGE}?text=a").send(BUTTON)
        assert [known(item) for item in items] == [True, None, None]

    def test_where_nothing_answers_nothing_more_is_asked(self, distribution, items, configured):
        distribution.otherwise = fetch.NotFetched("timeout", HOST)
        page = configured.open(PAGE).press(BUTTON).page
        assert (len(distribution.asked), f"The host {HOST} did not answer in time." in page) == (1, True)

    def test_a_key_that_cannot_be_asked_for_is_unclear(self, distribution, items, configured):
        items[0].object_key = "talks/*.mp4"
        transaction.commit()
        page = configured.open(PAGE).press(BUTTON).page
        assert ("Found: 2. Missing: 0." in page, "nothing is known now: 1." in page) == (True, True)

    def test_one_that_may_not_be_viewed_is_not_asked_for(self, distribution, items, configured):
        configured.open(PAGE)
        items[0].manage_permission("View", [], acquire=False)
        items[0].reindexObjectSecurity()
        transaction.commit()
        configured.send(BUTTON)
        assert [known(item) for item in items] == [None, True, True]

    def test_the_same_page_is_shown_afterwards(self, distribution, items, configured):
        configured.open(f"{PAGE}?text=a&sort=state").press(BUTTON)
        query = parse_qs(urlsplit(configured.browser.url).query)
        assert query == {"text": ["a"], "sort": ["state"]}


def test_at_most_a_page_is_asked_for(distribution, functional_portal, make_video, configured):
    uids = [make_video(functional_portal, f"v{number}").UID() for number in range(26)]
    transaction.commit()
    token = configured.open(PAGE).browser.getForm(id="cfprivate-overview-test").getControl(name="_authenticator").value
    configured.post(TEST, "&".join([f"_authenticator={token}", *(f"uids:list={uid}" for uid in uids)]))
    assert len(distribution.asked) == 25


@pytest.mark.parametrize("uids", ["uids=x", "uids:list=x", "uids:list:int=1", "uids.x:record=1", ""])
def test_what_names_no_item_tests_nothing(distribution, talk, configured, uids):
    token = configured.open(PAGE).browser.getForm(id="cfprivate-overview-test").getControl(name="_authenticator").value
    page = configured.post(TEST, f"_authenticator={token}&{uids}").page
    assert (distribution.asked, "No item on this page has a medium" in page) == ([], True)


def test_without_a_distribution_nothing_is_asked(distribution, functional_portal, make_video, manager):
    make_video(functional_portal)
    transaction.commit()
    page = manager.open(PAGE).press(BUTTON).page
    assert (distribution.asked, "No distribution domain is set" in page) == ([], True)


def test_no_page_shows_a_key_or_a_signature(distribution, talk, configured):
    for answer in (FOUND[0], MISSING[0], UNCLEAR[0], fetch.NotFetched("refused", HOST)):
        distribution.otherwise = answer
        configured.open(PAGE).press(BUTTON)
    shown = "".join(configured.pages)
    assert ("talk.mp4" in shown, "Signature=" in shown) == (False, False)


class TestRefusals:
    def test_a_post_without_the_token_tests_nothing(self, distribution, talk, configured):
        configured.post(TEST, f"uids:list={talk.UID()}")
        assert (configured.status, distribution.asked, known(talk)) == (403, [], None)

    def test_a_get_tests_nothing(self, distribution, talk, configured):
        token = (
            configured.open(PAGE).browser.getForm(id="cfprivate-overview-test").getControl(name="_authenticator").value
        )
        configured.open(f"{TEST}?_authenticator={token}&uids:list={talk.UID()}")
        assert (configured.status, distribution.asked, known(talk)) == (405, [], None)

    @pytest.mark.parametrize("role", ["Site Administrator", "Editor", "Member"])
    def test_who_may_not_configure_tests_nothing(self, distribution, talk, visit, add_user, role):
        add_user("someone", role)
        transaction.commit()
        visit("someone").post(TEST, f"uids:list={talk.UID()}")
        assert (distribution.asked, known(talk)) == ([], None)
