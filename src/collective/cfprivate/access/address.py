"""The address of the viewer that a signature is bound to."""

from ipaddress import ip_address
from ipaddress import IPv4Address
from ipaddress import IPv6Address


class AddressRefused(ValueError):
    """A signature cannot be bound to this address."""


class NotIPv4(AddressRefused):
    """Policies of CloudFront take IPv4 addresses only."""


class NotPublic(AddressRefused):
    """The address is one of this machine or network: a proxy's, most likely, and never what CloudFront sees."""


def bindable(address: str | None, *, local: bool) -> str:
    """The IPv4 address to bind to, of what Zope calls the client's address.

    ``local``: the distribution is a host on this machine, which sees the same private address. Raises ``NotIPv4``,
    also for what is no address at all, and ``NotPublic``.
    """
    viewer = _ipv4(address)
    if not local and not viewer.is_global:
        raise NotPublic
    return str(viewer)


def _ipv4(address: str | None) -> IPv4Address:
    try:
        viewer = ip_address((address or "").strip())
    except ValueError:
        raise NotIPv4 from None
    # A socket that listens for both families writes 203.0.113.7 as ::ffff:203.0.113.7 (RFC 4291, 2.5.5.2).
    if isinstance(viewer, IPv6Address):
        viewer = viewer.ipv4_mapped
    if viewer is None:
        raise NotIPv4
    return viewer
