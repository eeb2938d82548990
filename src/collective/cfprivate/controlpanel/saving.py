"""The one way in which form and REST save what the control panel asks: all of it or, where something is wrong, nothing."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..cloudfront.errors import InvalidKey
from ..cloudfront.keys import check_key_id
from ..cloudfront.keys import SigningKey
from ..exceptions import sentence_of
from ..interfaces import IKeyRing
from ..interfaces import ISettings
from ..settings import PREFIX
from .key_input import entered_key
from .refused import FieldRefused
from .status import UPGRADE_FIRST
from .validation import checked
from .validation import OF_HOSTS
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from plone import api
from plone.registry.interfaces import IRegistry
from urllib.parse import urlsplit
from zope.component import getUtility
from zope.schema import getFieldNames


@dataclass(frozen=True, kw_only=True)
class KeyInput:
    """What was entered about the signing key; empty where it is left as it is."""

    key_id: str = ""
    private_key: str | bytes = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)


def key_of(data: Mapping[str, object]) -> KeyInput:
    """What form or body say about the key; raises ``FieldRefused`` where it is both pasted and uploaded."""
    try:
        private_key = entered_key(data)
    except InvalidKey as error:
        raise FieldRefused("private_key", str(error)) from None
    key_id = (data.get("key_id") or "").strip()
    return KeyInput(key_id=key_id, private_key=private_key, passphrase=data.get("passphrase") or "")


def stored_settings() -> dict[str, object]:
    """The settings of ``ISettings`` as they are stored, or their defaults."""
    registry = getUtility(IRegistry)
    return {name: registry.get(f"{PREFIX}.{name}", ISettings[name].default) for name in getFieldNames(ISettings)}


def save(changes: Mapping[str, object], key: KeyInput) -> bool:
    """Save the ``changes`` of settings and the key; raises ``FieldRefused`` before anything is written.

    A key that is entered where another one signs becomes the next key, so that nobody is cut off: True for that.
    """
    if settings.upgrade_needed():
        raise FieldRefused("", UPGRADE_FIRST)
    values = _checked(stored_settings(), changes)
    waits = _keep_key(key)
    records = getUtility(IRegistry).forInterface(ISettings, prefix=PREFIX)
    for name in changes:
        setattr(records, name, values[name])
    return waits


def _checked(stored: dict[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    of_hosts = any(changes[name] != stored[name] for name in OF_HOSTS if name in changes)
    site_host = urlsplit(api.portal.get().absolute_url()).hostname if of_hosts else None
    return checked({**stored, **changes}, site_host=site_host)


def _keep_key(key: KeyInput) -> bool:
    _check_id(key.key_id)
    try:
        return _store(getUtility(IKeyRing), key) if key.private_key else _rename(getUtility(IKeyRing), key.key_id)
    except CFPrivateError as error:
        raise FieldRefused("private_key" if key.private_key else "key_id", sentence_of(error)) from None


def _check_id(key_id: str) -> None:
    try:
        if key_id:
            check_key_id(key_id)
    except InvalidKey as error:
        raise FieldRefused("key_id", str(error)) from None


def _store(ring, key: KeyInput) -> bool:
    active = ring.describe()
    entered = SigningKey.from_pem(key.private_key, key.key_id or "UNNAMED", key.passphrase)
    if active is None or active.fingerprint == entered.fingerprint:
        ring.store(pem=key.private_key, key_id=key.key_id, passphrase=key.passphrase)
        return False
    # The form comes with the id of the active key filled in: the new key has another.
    key_id = "" if key.key_id == active.key_id else key.key_id
    ring.store_next(pem=key.private_key, key_id=key_id, passphrase=key.passphrase)
    return True


def _rename(ring, key_id: str) -> bool:
    active = ring.describe()
    if key_id and (active is None or active.key_id != key_id):
        ring.rename(key_id)
    return False
