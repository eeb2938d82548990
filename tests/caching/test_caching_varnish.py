"""A real Varnish that keeps pages by Plone's headers: it keeps no signature, and gives nobody the answer of another."""

from DateTime import DateTime
from itertools import permutations
from plone import api

import pytest
import transaction


HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
ANY = {"Accept": "*/*"}
SIGNING = [
    ("GET", "talk", HTML),
    ("GET", "talk/@@media", HTML),
    ("HEAD", "talk/@@media", HTML),
    ("GET", "talk/@@media", ANY),
    ("GET", "talk/@playback", JSON),
]
EVERYTHING = [*SIGNING, ("HEAD", "talk", HTML), ("HEAD", "talk/@@media", ANY), ("HEAD", "talk/@playback", JSON)]

pytestmark = pytest.mark.parametrize("cached", ["with-caching-proxy"], indirect=True)


def ask(visitors, asked, login=None):
    method, path, headers = asked
    return visitors.get(path, login, method, headers=headers)


def is_signed(answer):
    return "Signature=" in answer.text + str(answer.headers)


def signed(visitors, requests, login=None):
    """Whether each answer has a signature."""
    return [is_signed(ask(visitors, asked, login)) for asked in requests]


def is_hit(answer):
    return answer.headers["X-Cache"] == "HIT"


def page_hits(visitors, path, *logins):
    return [is_hit(visitors.get(path, login, headers=HTML)) for login in logins]


def set_field(item, name, value):
    setattr(item, name, value)
    transaction.commit()


def take_role(item):
    transaction.begin()  # Zope writes an ETag into an item at its first HEAD
    api.user.revoke_roles(username="viewer", roles=["Media Viewer"], obj=item)
    transaction.commit()


@pytest.fixture
def visitors(through_varnish):
    """They ask through Varnish as the documentation sets it up."""
    return through_varnish()


class TestUnprotectedPage:
    def test_is_kept(self, visitors):
        assert page_hits(visitors, "plain", None, None) == [False, True]

    def test_is_kept_for_head(self, visitors):
        assert [is_hit(visitors.get("plain", method="HEAD", headers=HTML)) for _ in range(2)] == [False, True]

    def test_is_kept_whatever_other_cookies_anonymous_has(self, visitors):
        cookies = ["_ga=1", "statusmessages=A", "my__ac=1; x=__ac=2"]
        hits = [is_hit(visitors.get("plain", headers=HTML | {"Cookie": each})) for each in cookies]
        assert hits == [False, True, True]

    def test_is_not_kept_for_who_is_logged_in(self, visitors):
        assert page_hits(visitors, "plain", None, None, "viewer", "viewer") == [False, True, False, False]


class TestPublicItem:
    @pytest.fixture(autouse=True)
    def _public(self, cached, move):
        move(cached.item, "public")

    def test_is_signed_afresh_for_each_visitor(self, visitors):
        answers = [ask(visitors, asked) for asked in SIGNING * 2]
        assert {(is_signed(answer), is_hit(answer)) for answer in answers} == {(True, False)}

    def test_gives_no_signature_after_it_was_retracted(self, cached, visitors, move):
        signed(visitors, EVERYTHING * 2)
        move(cached.item, "restricted")
        assert not any(signed(visitors, EVERYTHING))

    def test_gives_no_signature_after_it_expired(self, cached, visitors):
        signed(visitors, EVERYTHING * 2)
        set_field(cached.item, "expiration_date", DateTime() - 1)
        assert not any(signed(visitors, EVERYTHING))

    def test_is_no_longer_refused_when_its_date_has_come(self, cached, visitors):
        set_field(cached.item, "effective_date", DateTime() + 1)
        early = signed(visitors, SIGNING * 2)
        set_field(cached.item, "effective_date", DateTime() - 1)
        assert (any(early), all(signed(visitors, SIGNING))) == (False, True)


def wrongly_answered(visitors, requests):
    """Who was given a signature, or none, against what is right: one for ``viewer`` alone."""
    for asked in requests:
        for order in permutations([None, "member", "viewer"]):
            for login in order:
                if is_signed(ask(visitors, asked, login)) != (login == "viewer"):
                    yield asked, order, login


class TestRestrictedItem:
    def test_nobody_is_given_the_answer_of_another(self, visitors):
        assert list(wrongly_answered(visitors, SIGNING)) == []

    def test_nobody_is_given_the_answer_of_another_with_basic_authentication(self, visitors):
        visitors.log_in = visitors.send_password
        assert list(wrongly_answered(visitors, SIGNING[:2])) == []

    def test_the_timeless_refusal_of_anonymous_is_kept_as_the_page_would_be(self, visitors):
        assert page_hits(visitors, "talk", None, None) == [False, True]

    def test_what_is_kept_is_not_given_to_who_logs_in(self, visitors):
        signed(visitors, EVERYTHING * 2)
        assert all(signed(visitors, SIGNING, "viewer"))

    def test_the_refusal_of_a_member_is_not_kept(self, visitors):
        assert not any(is_hit(ask(visitors, asked, "member")) for asked in EVERYTHING * 2)

    def test_who_lost_the_role_is_given_nothing(self, cached, visitors):
        signed(visitors, EVERYTHING * 2, "viewer")
        take_role(cached.item)
        assert not any(signed(visitors, EVERYTHING, "viewer"))


class TestCacheThatForgetsWhoAsked:
    """Here nothing but Plone's headers keeps the answer to one from the next."""

    @pytest.fixture
    def visitors(self, through_varnish):
        return through_varnish("forgetful.vcl")

    def test_control_it_gives_a_page_to_everybody(self, visitors):
        assert page_hits(visitors, "plain", "viewer", "member", None) == [False, True, True]

    @pytest.mark.parametrize("login", [None, "member"])
    def test_the_signatures_of_a_viewer_are_not_given_to(self, visitors, login):
        given = all(signed(visitors, SIGNING * 2, "viewer"))
        assert (given, any(signed(visitors, EVERYTHING, login))) == (True, False)

    def test_the_refusals_of_a_member_are_not_given_to_a_viewer(self, visitors):
        given = any(signed(visitors, EVERYTHING * 2, "member"))
        assert (given, all(signed(visitors, SIGNING, "viewer"))) == (False, True)

    def test_who_lost_the_role_is_given_nothing(self, cached, visitors):
        signed(visitors, EVERYTHING * 2, "viewer")
        take_role(cached.item)
        assert not any(signed(visitors, EVERYTHING, "viewer"))
