"""What stands in the files of the database, byte by byte and record by record."""

from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.keyring.ring import KeyRing
from unittest.mock import patch
from ZODB.serialize import referencesf
from zope.component import getUtility

import time
import transaction


def files(site):
    """Every file beside the database, and it itself."""
    return {path.name: path.read_bytes() for path in site.path.parent.iterdir() if path.is_file()}


def records(site):
    """Every record of every transaction that the database keeps, and what is noted with it."""
    found = {}
    for number, kept in enumerate(site.storage.iterator()):
        found[f"note {number}"] = b" ".join((kept.user, kept.description, kept.extension_bytes))
        found.update({f"record {number} {record.oid.hex()}": record.data or b"" for record in kept})
    return found


def everything(site):
    return {**files(site), **records(site)}


def packed(site):
    site.storage.pack(time.time(), referencesf, gc=False)
    return everything(site)


def erased(site):
    getUtility(IKeyRing).erase_all()
    transaction.commit()
    return everything(site)


def erased_and_packed(site):
    """Packing leaves the database as it was before in ``Data.fs.old``, until it is taken away."""
    found = packed(site)
    return {name: content for name, content in found.items() if not name.endswith(".old")}


def store_beside(site, key):
    """The files after a key was stored where nobody gave a secret, so that it lies beside the database."""
    with patch.dict("os.environ", CFPRIVATE_SECRET=""), patch.object(KeyRing, "_storage", lambda ring: site.storage):
        getUtility(IKeyRing).store(pem=key.private_pem(), key_id=key.key_id)
        transaction.commit()
    return files(site)


# In this order: each goes on where the one before stopped.
STORAGE = {
    "rotated": everything,
    "packed": packed,
    "erased": erased,
    "erased and packed": erased_and_packed,
}
