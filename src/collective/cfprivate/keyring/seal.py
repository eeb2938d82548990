"""Encrypts a private key with a secret that is not in the database."""

from ..exceptions import KeyLocked
from ..i18n import _
from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import base64


def _fernet(secret: str) -> Fernet:
    # HKDF (RFC 5869) binds the key to this use, so that one secret may serve other programs too.
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"collective.cfprivate.keyring")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))


def seal(text: str, *, secret: str) -> str:
    """Encrypt ``text`` (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _fernet(secret).encrypt(text.encode()).decode("ascii")


def unseal(token: str, *, secret: str) -> str:
    """Decrypt what ``seal`` returned; raises ``KeyLocked`` with any other secret."""
    try:
        return _fernet(secret).decrypt(token.encode("ascii")).decode()
    except InvalidToken:
        raise KeyLocked(
            _(
                "problem_other_secret",
                default="The stored key was encrypted with another secret: give Zope the secret that was in force "
                "when the key was saved (CFPRIVATE_SECRET or CFPRIVATE_SECRET_FILE).",
            )
        ) from None
