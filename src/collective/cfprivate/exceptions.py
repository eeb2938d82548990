"""What the Plone side of the add-on raises, in the one tree that begins in ``cloudfront.errors``."""

from .cloudfront.errors import CFPrivateError


class NotConfigured(CFPrivateError):
    """The site lacks a setting without which nothing can be signed."""


class KeyLocked(NotConfigured):
    """A key is stored, but the secret that opens it is missing or is another one."""


class NoSecret(CFPrivateError):
    """There is no secret with which a key could be encrypted."""


class NoMedium(CFPrivateError):
    """The item has no medium attached."""


class NotGranted(CFPrivateError):
    """The current user may not watch the item now; ``grant`` tells why."""

    def __init__(self, grant):
        super().__init__(f"The medium is refused: {grant.reason.value}.")
        self.grant = grant
