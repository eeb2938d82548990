"""One database for several Zope clients: ZEO, or RelStorage on PostgreSQL where CFPRIVATE_TEST_STORAGE says so."""

from clients.postgresql import PostgreSQL
from clients.postgresql import program
from clients.server import Server
from importlib.util import find_spec
from leave_out import leave_out
from running_demo import free_port

import os
import socket
import sys


ZEO_CONF = """\
<zeo>
    address 127.0.0.1:{port}
    pid-filename {folder}/zeo.pid
</zeo>
<filestorage 1>
    path {var}/filestorage/Data.fs
    blob-dir {var}/blobstorage
</filestorage>
"""

CONVERT_CONF = """\
<filestorage source>
    path {var}/filestorage/Data.fs
    blob-dir {var}/blobstorage
</filestorage>
<relstorage destination>
    blob-dir {folder}/converted
    <postgresql>
        dsn {dsn}
    </postgresql>
</relstorage>
"""

# With server-sync each request begins after all invalidations that were sent before it have arrived.
ZEO_CLIENT = """\
    <clientstorage>
        server 127.0.0.1:{port}
        blob-dir {home}/blobs
        server-sync on
    </clientstorage>
"""

RELSTORAGE_CLIENT = """\
    <relstorage>
        blob-dir {home}/blobs
        <postgresql>
            dsn {dsn}
        </postgresql>
    </relstorage>
"""


class Zeo:
    """The Data.fs below ``var``, served by ZEO; ``folder`` is for its own files."""

    package = "ZEO"

    def __init__(self, var, folder):
        self._data = var / "filestorage" / "Data.fs"
        self._port = free_port()
        self._conf = folder / "zeo.conf"
        self._conf.write_text(ZEO_CONF.format(port=self._port, folder=folder, var=var))
        self.log = folder / "zeo.log"
        self._server = None

    def start(self):
        command = [sys.executable, "-m", "ZEO.runzeo", "-C", self._conf]
        self._server = Server(command, self.log, cwd=self._conf.parent)
        self._server.wait_until(self._listens)

    def stop(self):
        if self._server:
            self._server.stop()

    def section(self, home):
        """What zope.conf says of it in a client with this home."""
        return ZEO_CLIENT.format(port=self._port, home=home)

    def dump(self):
        """The bytes of the database."""
        return self._data.read_bytes()

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


class RelStorage:
    """The Data.fs below ``var``, converted into a new PostgreSQL; ``folder`` is for the files of the conversion."""

    package = "relstorage"

    def __init__(self, var, folder):
        self._var = var
        self._folder = folder
        self._postgresql = PostgreSQL()
        self.log = self._postgresql.log

    def start(self):
        self._postgresql.start()
        conf = self._folder / "zodbconvert.conf"
        conf.write_text(CONVERT_CONF.format(var=self._var, folder=self._folder, dsn=self._postgresql.dsn))
        Server([sys.executable, "-m", "relstorage.zodbconvert", conf], self._folder / "zodbconvert.log").wait()

    def stop(self):
        self._postgresql.stop()

    def section(self, home):
        """What zope.conf says of it in a client with this home."""
        return RELSTORAGE_CLIENT.format(home=home, dsn=self._postgresql.dsn)

    def dump(self):
        """The bytes of the database: every revision of every object, and what is noted of transactions."""
        return self._postgresql.rows("object_state") + self._postgresql.rows("transaction")


STORAGES = {"zeo": Zeo, "relstorage": RelStorage}


def chosen_storage():
    """The class of the storage that the environment asks for."""
    chosen = os.environ.get("CFPRIVATE_TEST_STORAGE", "zeo")
    if chosen == "relstorage" and not (program("initdb") and find_spec("relstorage") and find_spec("psycopg2")):
        leave_out("PostgreSQL or the extra relstorage is missing: run it with `make test-long`, or on Debian "
                  "apt-get install postgresql, then pip install -c constraints.txt -e .[relstorage]")  # fmt: skip
    return STORAGES[chosen]
