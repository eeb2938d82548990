"""Hosts, in the one spelling in which browsers send them (WHATWG URL Standard, "host parsing")."""

from functools import lru_cache
from ipaddress import IPv4Address
from ipaddress import IPv4Network

import re


PORTS = {"http": 80, "https": 443}

_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def ends_in_a_number(name: str) -> bool:
    """Whether browsers take `name` (lower case) for an IPv4 address, because its last label is a number."""
    return _NUMBER.fullmatch(name.removesuffix(".").rpartition(".")[2]) is not None


def is_host(name: str) -> bool:
    """Whether `name` is a DNS name in lower case, or an IPv4 address in its usual spelling."""
    if ends_in_a_number(name):
        return is_ipv4(name)
    return len(name) <= 253 and _NAME.fullmatch(name) is not None


def is_port(text: str) -> bool:
    """Whether `text` is a port from 1 to 65535 without leading zeros."""
    return _PORT.fullmatch(text) is not None and int(text) <= 65535


def is_authority(text: str, *, scheme: str) -> bool:
    """Whether `text` is a host, or host and port, as it is sent under `scheme`: without the port that is its default."""
    name, colon, port = text.partition(":")
    if not colon:
        return is_host(name)
    return is_host(name) and is_port(port) and int(port) != PORTS[scheme]


def is_within(name: str, domain: str) -> bool:
    """Whether a cookie of `domain` is sent to the host `name` (RFC 6265, 5.1.3); both in lower case."""
    return name == domain or name.endswith(f".{domain}")


@lru_cache(maxsize=1024)
def is_ipv4(text: str) -> bool:
    """Whether `text` is an IPv4 address, or an IPv4 network without host bits, in its one usual spelling."""
    try:
        return str(IPv4Network(text) if "/" in text else IPv4Address(text)) == text
    except ValueError:
        return False
