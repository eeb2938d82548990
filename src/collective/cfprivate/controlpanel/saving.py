"""The one way in which form and REST save what the control panel asks: all of it or, where something is wrong, nothing."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..cloudfront.errors import InvalidKey
from ..cloudfront.keys import check_key_id
from ..exceptions import IdRefused
from ..exceptions import sentence_of
from ..i18n import _
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


PASSPHRASE_ALONE = _(
    "error_passphrase_alone",
    default="There is no private key that this could decrypt: give the key, too, or leave the passphrase empty.",
)


@dataclass(frozen=True, kw_only=True)
class KeyInput:
    """What was entered about the signing key; empty where it is left as it is."""

    key_id: str = ""
    private_key: str | bytes = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)


def key_of(data: Mapping[str, object]) -> KeyInput:
    """What form or body say about the key; raises ``FieldRefused`` where it is given twice, or a passphrase of none."""
    try:
        private_key = entered_key(data)
    except InvalidKey as error:
        raise FieldRefused("private_key", str(error)) from None
    key_id, passphrase = (data.get("key_id") or "").strip(), data.get("passphrase") or ""
    if passphrase and not private_key:
        raise FieldRefused("passphrase", PASSPHRASE_ALONE)
    return KeyInput(key_id=key_id, private_key=private_key, passphrase=passphrase)


def save(changes: Mapping[str, object], key: KeyInput) -> bool:
    """Save the ``changes`` of settings and the key; raises ``FieldRefused`` before anything is written.

    A key that is entered where another one signs becomes the next key, so that nobody is cut off: True for that.
    """
    if settings.upgrade_needed():
        raise FieldRefused("", UPGRADE_FIRST)
    values = _checked(settings.stored(), changes)
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
    ring = getUtility(IKeyRing)
    try:
        if key.private_key:
            return ring.store(pem=key.private_key, key_id=key.key_id, passphrase=key.passphrase) == "next"
        active = ring.describe()
        if key.key_id and (active is None or active.key_id != key.key_id):
            ring.rename(key.key_id)
    except IdRefused as error:
        raise FieldRefused("key_id", sentence_of(error)) from None
    except CFPrivateError as error:
        raise FieldRefused("private_key" if key.private_key else "key_id", sentence_of(error)) from None
    return False


def _check_id(key_id: str) -> None:
    try:
        if key_id:
            check_key_id(key_id)
    except InvalidKey as error:
        raise FieldRefused("key_id", str(error)) from None
