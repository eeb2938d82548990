"""Everything that collective.cfprivate refuses, in one tree of exceptions."""

from xml.sax.saxutils import escape

import re


_FAILURES = {
    "MissingKey": "Missing Key-Pair-Id query parameter or cookie value",
    "InvalidKey": "Unknown Key",
    "AccessDenied": "Access denied",
    "MalformedPolicy": "Malformed Policy",
    "MalformedSignature": "Could not unencode Signature",
}


# 39 characters are the longest IPv6 address, and shorter than a line of a key.
_HARMLESS = re.compile(r"[A-Za-z0-9.:/_\-]{1,39}")


class CFPrivateError(Exception):
    """Root of the tree. The message says what was found, what is wanted and what to do.

    No message holds key text or a signature.
    """


class InvalidKey(CFPrivateError):
    """A key, key id, passphrase or hash algorithm that CloudFront would not accept."""


class KeyChoice(InvalidKey, ValueError):
    """Two private keys, or none, where one is wanted. A ValueError too, as which boto's callers know it."""


class InvalidPolicy(CFPrivateError):
    """A policy that CloudFront would not accept, or that grants more than anybody means."""


class InvalidURL(CFPrivateError):
    """A URL that cannot be signed, because it would not arrive as it was signed."""


class InvalidObjectKey(CFPrivateError):
    """An object key that cannot be the path of a file on a distribution."""


class InvalidDistribution(CFPrivateError):
    """A text that is not the host of a distribution."""


class PlaylistError(CFPrivateError):
    """A playlist that cannot be rewritten without doubt about what would be signed."""


class EdgeError(CFPrivateError):
    """The refusal of an edge: HTTP `status`, CloudFront's error `code` and its `message`, and our `reason`.

    The reason is a sentence for whoever looks for the mistake, or empty. It is not part of `body`: CloudFront tells no
    more than code and message.
    """

    def __init__(self, status: int, code: str, message: str, reason: str = "") -> None:
        super().__init__(status, code, message, reason)
        self.status = status
        self.code = code
        self.message = message
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" ({self.reason})" if self.reason else "")

    @classmethod
    def of(cls, code: str, reason: str = "") -> "EdgeError":
        """One of CloudFront's five known refusals, all of status 403.

        `code` is MissingKey, InvalidKey, AccessDenied, MalformedPolicy or MalformedSignature (KeyError for others).
        AWS publishes no list: these come from reports.
        """
        return cls(403, code, _FAILURES[code], reason)

    @property
    def body(self) -> bytes:
        """The XML that CloudFront sends, byte for byte: one line without an end of line."""
        error = f"<Error><Code>{escape(self.code)}</Code><Message>{escape(self.message)}</Message></Error>"
        return f'<?xml version="1.0" encoding="UTF-8"?>{error}'.encode()


def require(condition: bool, reason: str) -> None:
    """Raise EdgeError AccessDenied for this `reason` unless `condition` holds."""
    if not condition:
        raise EdgeError.of("AccessDenied", reason)


def shown(value: object) -> str:
    """`value` for a message: a short word as it is, of all else the kind only, for it may be a secret in the wrong place."""
    if isinstance(value, str) and _HARMLESS.fullmatch(value):
        return repr(value)
    return f"({type(value).__name__})"
