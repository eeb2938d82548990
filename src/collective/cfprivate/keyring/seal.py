"""Encrypts a private key with a secret that is not in the database."""

from ..exceptions import KeyLocked
from ..i18n import _
from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken
from cryptography.fernet import MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import base64


def _fernet(secret: str) -> Fernet:
    # HKDF (RFC 5869) binds the key to this use, so that one secret may serve other programs too.
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"collective.cfprivate.keyring")
    # An environment may hold bytes of any encoding.
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode(errors="surrogateescape"))))


def seal(text: str, *, secrets: tuple[str, ...]) -> str:
    """Encrypt ``text`` with the first of ``secrets`` (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _fernets(secrets).encrypt(text.encode()).decode("ascii")


def unseal(token: str, *, secrets: tuple[str, ...]) -> str:
    """Decrypt what ``seal`` returned; raises ``KeyLocked`` where it was sealed with none of ``secrets``."""
    try:
        return _fernets(secrets).decrypt(token.encode("ascii")).decode()
    except InvalidToken:
        raise _locked() from None


def seal_anew(token: str, *, secrets: tuple[str, ...]) -> str:
    """Encrypt with the first of ``secrets`` what was sealed with any of them; raises ``KeyLocked`` like ``unseal``."""
    try:
        return _fernets(secrets).rotate(token.encode("ascii")).decode("ascii")
    except InvalidToken:
        raise _locked() from None


def _fernets(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in secrets])


def _locked() -> KeyLocked:
    return KeyLocked(
        _(
            "problem_other_secret",
            default="The stored key was encrypted with another secret: give Zope the secret that was in force "
            "when the key was saved (CFPRIVATE_SECRET or CFPRIVATE_SECRET_FILE).",
        )
    )
