"""The kinds of addresses that a host has."""

from ..fetch import NotFetched
from socket import AddressFamily

import queue
import socket
import threading


def address_families(host: str, seconds: float = 5.0) -> frozenset[AddressFamily]:
    """The address families of `host` in DNS, within `seconds`; NotFetched ("unresolved", "timeout") where it has none."""
    answers: queue.SimpleQueue[frozenset[AddressFamily]] = queue.SimpleQueue()
    # A daemon, for the resolver has a time of its own that cannot be shortened.
    threading.Thread(target=lambda: answers.put(_look_up(host)), name="cfprivate-resolve", daemon=True).start()
    try:
        families = answers.get(timeout=seconds)
    except queue.Empty:
        raise NotFetched("timeout", host) from None
    if not families:
        raise NotFetched("unresolved", host)
    return families


def _look_up(host: str) -> frozenset[AddressFamily]:
    try:
        return frozenset(found[0] for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except OSError:
        return frozenset()
