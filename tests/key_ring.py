"""Fills key rings."""

import time


def sign_with(ring, key):
    """Store ``key`` and, where another one signs, activate it at once."""
    if ring.store(pem=key.private_pem(), key_id=key.key_id) == "next":
        ring.activate(int(time.time()))
