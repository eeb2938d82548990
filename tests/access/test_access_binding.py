"""Signatures bound to the viewer's address, by the site or by a state's rule."""

from collective.cfprivate.access.grant import Reason
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.cloudfront.errors import EdgeError
from collective.cfprivate.playback.playback import playback_of
from plone import api

import pytest


NOW = 1_800_000_000


@pytest.fixture
def item(portal, configure, make_video):
    configure()
    return make_video(portal, state="public")


def test_nothing_is_bound_by_default(item, ask):
    assert ask(item).ip is None


@pytest.mark.parametrize("address", ["2001:4860:4860::8888", "10.0.0.1", "", None])
def test_without_binding_any_address_is_let_in(item, ask, address):
    assert ask(item, address=address).allowed


class TestOfTheSite:
    @pytest.fixture(autouse=True)
    def _bound(self, item, setting):
        setting("bind_ip", True)

    def test_names_the_address(self, item, ask):
        assert ask(item).ip == "8.8.8.8"

    def test_refuses_ipv6(self, item, ask):
        assert ask(item, address="2001:4860:4860::8888").reason is Reason.ADDRESS_NOT_IPV4

    @pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1"])
    def test_refuses_an_address_of_this_network(self, item, ask, address):
        assert ask(item, address=address).reason is Reason.ADDRESS_NOT_PUBLIC

    @pytest.mark.parametrize("address", ["", None, "unknown"])
    def test_refuses_what_is_no_address(self, item, ask, address):
        assert not ask(item, address=address).allowed

    def test_takes_an_address_of_this_network_for_the_edge(self, item, ask, setting):
        setting("distribution", "127.0.0.1:8081")
        assert ask(item, address="127.0.0.1").ip == "127.0.0.1"

    def test_says_no_to_who_may_not_stream_before_it_looks_at_the_address(self, portal, make_video, ask):
        restricted = make_video(portal, "other", state="restricted")
        assert ask(restricted, address="::1").reason is Reason.NOT_PERMITTED

    def test_can_be_lifted_by_a_state(self, item, ask, rule):
        rule("public", bind_ip=False)
        assert ask(item).ip is None


class TestOfAState:
    def test_binds_in_this_state(self, item, ask, rule):
        rule("public", bind_ip=True)
        assert ask(item).ip == "8.8.8.8"

    def test_binds_in_no_other(self, item, ask, rule):
        rule("restricted", bind_ip=True)
        assert ask(item).ip is None

    def test_that_says_nothing_of_it_leaves_it_to_the_site(self, item, ask, rule, setting):
        setting("bind_ip", True)
        rule("public", lifetime=60)
        assert ask(item).ip == "8.8.8.8"


class TestWhatIsSigned:
    @pytest.fixture
    def url(self, item, setting):
        setting("bind_ip", True)
        with api.env.adopt_roles(["Anonymous"]):
            return playback_of(item, now=NOW, address="8.8.8.8").sources[0].src

    @pytest.fixture
    def verify(self, signing_key):
        return Verifier({signing_key.key_id: signing_key.public_pem}).verify

    def test_plays_from_the_address(self, url, verify):
        assert verify(url, now=NOW, ip="8.8.8.8").ip == "8.8.8.8/32"

    def test_plays_from_no_other(self, url, verify):
        with pytest.raises(EdgeError):
            verify(url, now=NOW, ip="8.8.8.9")
