"""A site whose database is a file, as on the machine of somebody who runs Plone without ZEO."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
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
