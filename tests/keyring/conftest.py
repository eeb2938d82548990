"""A site whose database is a file, as on the machine of somebody who runs Plone without ZEO."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.keyring.ring import KeyRing
from key_ring import sign_with
from site_in_a_file import SiteInAFile
from types import SimpleNamespace
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage
from zope.component import getSiteManager
from zope.component import getUtility
from zope.component.hooks import getSite
from zope.component.hooks import setSite

import pytest
import transaction


@pytest.fixture
def ring(portal):
    """The key ring of the site of the tests."""
    return getUtility(IKeyRing)


@pytest.fixture(scope="session")
def other_key():
    """A second key, of the other algorithm."""
    return SigningKey.generate(key_id="K3OTHEROTHEROT", algorithm="EC")


@pytest.fixture(scope="session")
def keys():
    """A key for each slot, ``keys.next``, ``keys.active`` and ``keys.previous``: of EC, which is quick to open."""
    return SimpleNamespace(**{
        slot: SigningKey.generate(key_id=f"K{slot.upper()}", algorithm="EC") for slot in ("next", "active", "previous")
    })


@pytest.fixture
def fill(keys):
    """A function that puts a key of ``keys`` into each slot of the current site's ring."""

    def fill_slots():
        ring = KeyRing()
        for key in (keys.previous, keys.active):
            sign_with(ring, key)
        ring.store_next(pem=keys.next.private_pem(), key_id=keys.next.key_id)

    return fill_slots


@pytest.fixture
def full(ring, fill):
    """The ring of the site of the tests with a key in each slot."""
    fill()
    return ring


@pytest.fixture
def outside(monkeypatch, tmp_path, other_key):
    """A key file; ``give(KEY_ID)`` has the environment name it, ``withdraw()`` no more. The key is ``other_key``."""
    path = tmp_path / "outside.pem"
    path.write_text(other_key.private_pem(), encoding="ascii")

    def give(key_id=other_key.key_id):
        monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(path))
        monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", key_id)

    def withdraw():
        monkeypatch.delenv("CFPRIVATE_PRIVATE_KEY_FILE")
        monkeypatch.delenv("CFPRIVATE_KEY_PAIR_ID")

    return SimpleNamespace(path=path, key=other_key, give=give, withdraw=withdraw)


@pytest.fixture
def without_secret(monkeypatch):
    """The environment gives no secret."""
    monkeypatch.delenv("CFPRIVATE_SECRET")


@pytest.fixture
def file_site(app, portal, tmp_path):
    """A site in a FileStorage; ``commit()`` and ``read()`` the database's file, ``jar`` is the connection."""
    manager = transaction.TransactionManager()
    database = DB(FileStorage(str(tmp_path / "Data.fs")))
    connection = database.open(manager)
    site = SiteInAFile("site")
    connection.root()["site"] = site
    manager.commit()
    site._v_site_manager = getSiteManager(portal)
    before = getSite()
    setSite(site.__of__(app))
    yield SimpleNamespace(
        site=site,
        jar=connection,
        commit=manager.commit,
        abort=manager.abort,
        read=(tmp_path / "Data.fs").read_bytes,
        secret_file=tmp_path / "Data.fs.cfprivate-secret",
    )
    setSite(before)
    manager.abort()
    connection.close()
    database.close()
