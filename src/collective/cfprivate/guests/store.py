"""The guest links of an item, in an annotation of its own: builtin types, and of the tokens digests alone.

The annotation is replaced as a whole by who changes it, and never written to by who reads it.
"""

from ..access.audit import NamedLink
from ..access.revisions import GUEST_LINKS
from ..access.state import State
from ..access.state import states_of
from dataclasses import dataclass
from hashlib import sha256
from zope.annotation.interfaces import IAnnotations

import secrets


# Digits of a digest that tell links apart in the log: too few to find anything by.
DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class GuestLink:
    """``made`` and ``ends`` are in epoch seconds, ``maker`` is a user id, ``states`` the item's when the link was made."""

    digest: str
    note: str
    maker: str
    made: int
    ends: int
    states: tuple[State, ...]

    @property
    def name(self) -> NamedLink:
        """How the audit calls it."""
        return NamedLink(self.digest[:DIGITS], self.maker)


def digest_of(token: str) -> str:
    """What is kept of a token: SHA-256 in hexadecimal digits."""
    return sha256(token.encode(errors="backslashreplace")).hexdigest()


def links_of(item) -> list[GuestLink]:
    """The links of the item, those that ended too, in the order in which they were made."""
    return [_link(digest, stored) for digest, stored in _stored(item).items()]


def find(item, digest: str) -> GuestLink | None:
    """The link of this very item with the digest; None where there is none, or it was revoked or swept away."""
    stored = _stored(item).get(digest)
    return None if stored is None else _link(digest, stored)


def make(item, *, note: str, maker: str, now: int, ends: int) -> tuple[str, GuestLink]:
    """Add a link; its token, which nobody can find out later, and the link. Links that have ended go."""
    token = secrets.token_urlsafe(32)
    stored = {
        "note": note,
        "maker": maker,
        "made": now,
        "ends": ends,
        "states": tuple(tuple(state) for state in states_of(item)),
    }
    kept = {digest: link for digest, link in _stored(item).items() if link["ends"] > now}
    IAnnotations(item)[GUEST_LINKS] = {**kept, digest_of(token): stored}
    return token, _link(digest_of(token), stored)


def revoke(item, digest: str) -> GuestLink | None:
    """Take a link back; it, or None where there was none."""
    link = find(item, digest)
    if link is not None:
        IAnnotations(item)[GUEST_LINKS] = {name: kept for name, kept in _stored(item).items() if name != digest}
    return link


def forget(item) -> None:
    """Leave the item without links, and without a trace of them."""
    annotations = IAnnotations(item)
    if GUEST_LINKS in annotations:
        del annotations[GUEST_LINKS]


def _stored(item) -> dict[str, dict]:
    return IAnnotations(item).get(GUEST_LINKS, {})


def _link(digest: str, stored: dict) -> GuestLink:
    return GuestLink(**{**stored, "digest": digest, "states": tuple(State(*state) for state in stored["states"])})
