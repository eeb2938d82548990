"""The key ring: one annotation of the site, of builtin types only."""

from .. import settings
from ..cloudfront.keys import SigningKey
from ..exceptions import KeyLocked
from ..exceptions import NoSecret
from ..exceptions import NotConfigured
from ..i18n import _
from ..interfaces import IKeyRing
from .seal import seal
from .seal import unseal
from .secret import find_or_make_secret
from .secret import find_secret
from dataclasses import dataclass
from functools import lru_cache
from plone import api
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer

import time


ANNOTATION = "collective.cfprivate.keyring"


@dataclass(frozen=True, kw_only=True)
class KeyDescription:
    """What may be shown of a stored key; ``since`` is in epoch seconds."""

    key_id: str
    algorithm: str
    fingerprint: str
    since: int


@lru_cache(maxsize=16)
def _open(token: str, key_id: str, secret: str) -> SigningKey:
    # Keyed by what was stored, so that a change made by another Zope client needs no invalidation.
    return SigningKey.from_pem(unseal(token, secret=secret), key_id)


@implementer(IKeyRing)
class KeyRing:
    """See ``IKeyRing``."""

    def describe(self) -> KeyDescription | None:
        entry = self._entry()
        if entry is None:
            return None
        return KeyDescription(**{name: entry[name] for name in KeyDescription.__dataclass_fields__})

    def signing_key(self) -> SigningKey:
        entry = self._entry()
        if entry is None:
            raise NotConfigured(
                _("problem_no_key", default="No private key is stored: paste it into the control panel.")
            )
        try:
            secret = find_secret(settings.current(), self._storage())
        except NoSecret as error:
            raise KeyLocked(
                _(
                    "problem_key_locked",
                    default="The stored key is locked: ${reason}",
                    mapping={"reason": error.args[0]},
                )
            ) from None
        return _open(entry["token"], entry["key_id"], secret)

    def store(self, *, pem: str | bytes, key_id: str, passphrase: str | None = None) -> None:
        key = SigningKey.from_pem(pem, key_id, passphrase)
        if self._entry() is not None:
            self.signing_key()  # a locked key is not overwritten: its secret may come back
        secret = find_or_make_secret(settings.current(), self._storage())
        self._write({
            "key_id": key.key_id,
            "algorithm": key.algorithm,
            "fingerprint": key.fingerprint,
            "since": int(time.time()),
            "token": seal(key.private_pem(), secret=secret),
        })

    def rename(self, key_id: str) -> None:
        key = SigningKey.from_pem(self.signing_key().private_pem(), key_id)
        self._write({**self._entry(), "key_id": key.key_id})

    def erase(self) -> None:
        IAnnotations(api.portal.get()).pop(ANNOTATION, None)

    def _entry(self) -> dict | None:
        return IAnnotations(api.portal.get()).get(ANNOTATION, {}).get("active")

    def _write(self, entry: dict) -> None:
        # A new dict each time: the database notices assignment, not a change within a dict.
        annotations = IAnnotations(api.portal.get())
        annotations[ANNOTATION] = {**annotations.get(ANNOTATION, {}), "active": entry}

    def _storage(self):
        return api.portal.get()._p_jar.db().storage
