"""Hosts are those that browsers send, in the one spelling in which they send them."""

from collective.cfprivate.cloudfront.host import ends_in_a_number
from collective.cfprivate.cloudfront.host import is_authority
from collective.cfprivate.cloudfront.host import is_host
from collective.cfprivate.cloudfront.host import is_ipv4
from collective.cfprivate.cloudfront.host import is_port

import pytest


@pytest.mark.parametrize("name", ["192.0.2.1", "192.0.2.1.", "1", "1.", "a.09", "a.0x4", "a.0x", "a.0x."])
def test_ends_in_a_number(name):
    """WHATWG URL Standard, "ends in a number checker"."""
    assert ends_in_a_number(name)


@pytest.mark.parametrize("name", ["", ".", "a", "a.", "1.a", "a.1x", "a.x4", "a.0xg", "a.1..", "a.1-"])
def test_ends_in_no_number(name):
    assert not ends_in_a_number(name)


@pytest.mark.parametrize("name", ["a", "d1.cloudfront.net", "a--b.c", "192.0.2.1", "1.a", "a" * 63])
def test_hosts(name):
    assert is_host(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "a.", ".a", "A", "a_b", "-a", "a-", "a..b", "192.0.2", "192.0.2.256", "192.0.2.1.", "0x7f.1", "a" * 64],
)
def test_no_hosts(name):
    assert not is_host(name)


@pytest.mark.parametrize("text", ["1", "80", "65535"])
def test_ports(text):
    assert is_port(text)


@pytest.mark.parametrize("text", ["", "0", "080", "65536", "99999", "100000", "-1", "+1", "a", "\u0661"])
def test_no_ports(text):
    assert not is_port(text)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [("h", "http"), ("h:443", "http"), ("h:80", "https"), ("h:8080", "https"), ("192.0.2.1", "http")],
)
def test_authorities(text, scheme):
    assert is_authority(text, scheme=scheme)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("h:80", "http"),
        ("h:443", "https"),
        ("h:", "http"),
        ("H:8080", "http"),
        (":8080", "http"),
        ("h:0", "http"),
        ("", "http"),
    ],
)
def test_no_authorities(text, scheme):
    assert not is_authority(text, scheme=scheme)


def test_the_scheme_of_an_authority_is_named():
    with pytest.raises(TypeError):
        is_authority("h", "http")


@pytest.mark.parametrize("text", ["0.0.0.1", "192.0.2.255", "192.0.2.0/24", "192.0.2.1/32", "0.0.0.0/0"])
def test_ipv4(text):
    assert is_ipv4(text)


@pytest.mark.parametrize("text", ["", "192.0.2", "192.0.02.1", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "::1"])
def test_no_ipv4(text):
    assert not is_ipv4(text)


def test_the_longest_host():
    # RFC 1035, section 2.3.4, without the length octets.
    assert is_host(".".join(["a" * 63] * 3 + ["a" * 61]))


def test_no_longer_host():
    assert not is_host(".".join(["a" * 63] * 3 + ["a" * 62]))


@pytest.mark.parametrize(
    "text", ["192.0.2.0/024", "192.0.2.0/255.255.255.0", "192.0.2.0/0.0.0.255", "192.0.2.1/24", "192.0.02.1", "a", ""]
)
def test_a_network_has_one_spelling(text):
    assert not is_ipv4(text)


@pytest.mark.parametrize("text", ["192.0.2.1", "192.0.2.0/24", "192.0.2.1/32", "0.0.0.0/0"])
def test_addresses_and_networks(text):
    assert is_ipv4(text)
