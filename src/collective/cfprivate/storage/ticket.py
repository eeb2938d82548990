"""Tickets: what is known of an upload, sealed for its owner, so that no server has to remember it."""

from .uploads import Upload
from base64 import urlsafe_b64decode
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import astuple
from hashlib import sha256

import hmac
import json


# Seconds. Buckets had better forget unfinished uploads no sooner.
TICKET_LIFETIME = 7 * 86400

_PURPOSE = "collective.cfprivate.uploads"


class InvalidTicket(ValueError):
    """No ticket of this owner, or an old one. Why is nobody's business."""


def sealed(upload: Upload, *, owner: str, secret: str) -> str:
    """The ticket: URL-safe text that is good for ``owner``, whatever that text says, alone."""
    told = urlsafe_b64encode(json.dumps(astuple(upload)).encode()).decode().rstrip("=")
    return f"{told}.{_seal(told, owner, secret)}"


def opened(ticket: str, *, owner: str, secrets: Iterable[str], now: float) -> Upload:
    """The upload of a ticket that one of ``secrets`` sealed; ``now`` in epoch seconds. Raises ``InvalidTicket``."""
    told, _dot, seal = ticket.partition(".")
    given = seal.encode(errors="replace")
    if not any(hmac.compare_digest(given, _seal(told, owner, secret).encode()) for secret in secrets):
        raise InvalidTicket
    upload = Upload(**dict(zip(Upload.__dataclass_fields__, json.loads(_decoded(told)), strict=True)))
    if now - upload.begun > TICKET_LIFETIME:
        raise InvalidTicket
    return upload


def _seal(told: str, owner: str, secret: str) -> str:
    message = json.dumps([_PURPOSE, owner, told]).encode()
    return hmac.new(secret.encode(), message, sha256).hexdigest()


def _decoded(told: str) -> bytes:
    return urlsafe_b64decode(told + "=" * (-len(told) % 4))
