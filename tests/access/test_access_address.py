"""Which addresses a signature can be bound to; the ranges are those of IANA's registry of special addresses."""

from collective.cfprivate.access.address import bindable
from collective.cfprivate.access.address import NotIPv4
from collective.cfprivate.access.address import NotPublic

import pytest


@pytest.mark.parametrize(
    ("address", "bound"),
    [
        ("8.8.8.8", "8.8.8.8"),
        (" 8.8.8.8 ", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("::FFFF:0808:0808", "8.8.8.8"),
    ],
)
def test_a_public_ipv4_address_is_bound(address, bound):
    assert bindable(address, local=False) == bound


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.4",
        "169.254.0.1",
        "100.64.0.1",
        "::ffff:10.1.2.3",
        "255.255.255.255",
    ],
)
class TestOfThisNetwork:
    def test_is_refused_for_a_public_distribution(self, address):
        with pytest.raises(NotPublic):
            bindable(address, local=False)

    def test_is_bound_for_the_edge_on_this_machine(self, address):
        assert bindable(address, local=True)


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize(
    "address",
    [
        "2001:4860:4860::8888",
        "::1",
        "fe80::1%eth0",
        "",
        None,
        "unknown",
        "8.8.8",
        "8.8.8.8.8",
        "08.8.8.8",
        "8.8.8.8/32",
    ],
)
def test_all_else_is_refused(address, local):
    with pytest.raises(NotIPv4):
        bindable(address, local=local)
