"""plone.app.caching switched on, in its profiles with and without a proxy: no cache may keep a signature."""

from plone import api
from plone.app.testing import applyProfile

import pytest
import transaction


HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@pytest.fixture(params=["without-caching-proxy", "with-caching-proxy"])
def cached(served, request):
    applyProfile(served.portal, "plone.app.caching:default")
    applyProfile(served.portal, f"plone.app.caching:{request.param}")
    api.portal.set_registry_record("plone.caching.interfaces.ICacheSettings.enabled", True)
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served.portal, "Document", "plain")
        api.content.transition(page, "publish")
    transaction.commit()
    return served


def header(answer, name):
    return answer.headers.get(name)


def test_control_a_plain_page_is_cacheable(cached):
    assert header(cached.get("plain", headers=HTML), "Cache-Control").startswith("max-age=")


@pytest.mark.parametrize("login", ["viewer", "manager"])
@pytest.mark.parametrize(("path", "accept"), [("talk", HTML), ("talk/@@media", HTML), ("talk/@playback", JSON)])
class TestSigned:
    def test_is_not_stored(self, cached, login, path, accept):
        assert header(cached.get(path, login, headers=accept), "Cache-Control") == "private, no-store"

    @pytest.mark.parametrize("name", ["ETag", "Last-Modified", "Expires", "X-RAMCache"])
    def test_cannot_be_revalidated(self, cached, login, path, accept, name):
        assert header(cached.get(path, login, headers=accept), name) is None


class TestPublicItem:
    """Even what everybody may watch holds a signature, and that ends."""

    @pytest.fixture(autouse=True)
    def _public(self, cached):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(cached.item, to_state="public")
        transaction.commit()

    def test_is_not_stored_for_anonymous(self, cached):
        assert header(cached.get("talk", headers=HTML), "Cache-Control") == "private, no-store"

    def test_is_not_in_the_ram_cache_after_it_was_retracted(self, cached):
        cached.get("talk", headers=HTML)
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(cached.item, to_state="restricted")
        transaction.commit()
        assert "Signature=" not in cached.get("talk", headers=HTML).text


def test_a_refusal_of_a_member_is_not_stored(cached):
    assert header(cached.get("talk", "member", headers=HTML), "Cache-Control") == "private, no-store"


def test_a_timeless_refusal_of_anonymous_stays_as_cacheable_as_the_page(cached):
    refused, plain = cached.get("talk", headers=HTML), cached.get("plain", headers=HTML)
    assert header(refused, "Cache-Control") == header(plain, "Cache-Control")
