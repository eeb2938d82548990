"""plone.app.caching switched on, in its profiles with and without a proxy: no cache may keep a signature."""

from DateTime import DateTime

import pytest
import transaction


HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
SURFACES = {"talk": HTML, "talk/@@media": HTML, "talk/@playback": JSON}
VALIDATORS = ("ETag", "Last-Modified", "Expires", "X-RAMCache")
KEPT_BY = ("Cache-Control", "ETag", "Last-Modified")
NO_STORE = "private, no-store"


def answers(site, login):
    return [site.get(path, login, headers=headers) for path, headers in SURFACES.items()]


def header(answer, name):
    return answer.headers.get(name)


def validators(site, *logins):
    """The headers by which an answer could be kept or revalidated, of all surfaces."""
    given = [answer.headers for login in logins for answer in answers(site, login)]
    return [name for name in VALIDATORS for headers in given if name in headers]


def test_control_a_plain_page_is_cacheable(cached):
    assert header(cached.get("plain", headers=HTML), "Cache-Control").startswith("max-age=")


def test_control_a_plain_page_can_be_revalidated(cached):
    assert header(cached.get("plain", headers=HTML), "ETag")


def test_control_a_plain_page_is_kept_in_ram(cached):
    cached.get("plain", headers=HTML)
    assert header(cached.get("plain", headers=HTML), "X-RAMCache")


@pytest.mark.parametrize("login", ["viewer", "manager"])
def test_what_is_signed_is_not_stored(cached, login):
    assert [header(answer, "Cache-Control") for answer in answers(cached, login)] == [NO_STORE] * 3


def test_what_is_signed_cannot_be_revalidated(cached):
    assert validators(cached, "viewer", "manager") == []


class TestPublicItem:
    """Even what everybody may watch holds a signature, and that ends."""

    @pytest.fixture(autouse=True)
    def _public(self, cached, move):
        move(cached.item, "public")

    def test_is_not_stored_for_anonymous(self, cached):
        assert [header(answer, "Cache-Control") for answer in answers(cached, None)] == [NO_STORE] * 3

    def test_cannot_be_revalidated_by_anonymous(self, cached):
        assert validators(cached, None, None) == []

    def test_is_not_in_the_ram_cache_after_it_was_retracted(self, cached, move):
        cached.get("talk", headers=HTML)
        move(cached.item, "restricted")
        assert "Signature=" not in cached.get("talk", headers=HTML).text

    def test_is_not_stored_while_a_date_refuses_it(self, cached):
        cached.item.effective_date = DateTime() + 1
        transaction.commit()
        assert [header(answer, "Cache-Control") for answer in answers(cached, None)] == [NO_STORE] * 3

    def test_cannot_be_revalidated_while_a_date_refuses_it(self, cached):
        cached.item.effective_date = DateTime() + 1
        transaction.commit()
        assert validators(cached, None, None, "viewer") == []


class TestRefusedMember:
    def test_is_not_stored(self, cached):
        assert [header(answer, "Cache-Control") for answer in answers(cached, "member")] == [NO_STORE] * 3

    def test_cannot_be_revalidated(self, cached):
        assert validators(cached, "member") == []


class TestTimelessRefusalOfAnonymous:
    def test_stays_as_cacheable_as_the_page(self, cached):
        refused, plain = cached.get("talk", headers=HTML), cached.get("plain", headers=HTML)
        assert [header(refused, name) for name in KEPT_BY] == [header(plain, name) for name in KEPT_BY]

    def test_is_kept_in_ram(self, cached):
        cached.get("talk", headers=HTML)
        assert header(cached.get("talk", headers=HTML), "X-RAMCache")

    def test_can_be_revalidated(self, cached):
        etag = header(cached.get("talk", headers=HTML), "ETag")
        assert cached.get("talk", headers=HTML | {"If-None-Match": etag}).status_code == 304
