"""What the site gave away after keys had been rotated in it, gathered once; and a site in which things fail."""

from canary_exports import EXPORTS
from canary_rotation import canaries_of
from canary_rotation import make_keys
from canary_rotation import PASSPHRASE
from canary_rotation import rotate
from canary_site import canary_site
from canary_storage import STORAGE
from canary_storage import store_beside
from collective.cfprivate.interfaces import IKeyRing
from plone.app.testing import SITE_OWNER_NAME
from plone.testing.zope import login
from types import SimpleNamespace
from zope.component import getUtility

import pytest
import secrets


@pytest.fixture(scope="session")
def evidence(functional_session, tmp_path_factory):
    """``exports`` and ``storage``, each by name the names and contents of what was found there; then the site is gone.

    ``slots`` are what the ring tells of its keys, ``answers`` and ``log`` what was shown and logged until the end.
    """
    keys, secret = make_keys(), secrets.token_urlsafe(32)
    encrypted = keys.with_passphrase.private_pem(PASSPHRASE)
    with canary_site(tmp_path_factory.mktemp("canary") / "Data.fs", secret) as site:
        generated = rotate(site, keys, encrypted)
        slots = {slot: getUtility(IKeyRing).describe(slot) for slot in ("next", "active", "previous")}
        login(site.app["acl_users"], SITE_OWNER_NAME)
        exports = {name: export(site) for name, export in EXPORTS.items()}
        storage = {name: read(site) for name, read in STORAGE.items()}
        beside = store_beside(site, keys.stored)
    return SimpleNamespace(
        keys=keys,
        secret=secret,
        encrypted=encrypted,
        canaries=canaries_of({**vars(keys), "generated": generated}, secret=secret, encrypted=encrypted),
        slots=slots,
        exports=exports,
        storage=storage,
        beside=beside,
    )
