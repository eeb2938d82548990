"""PostgreSQL in a folder of its own, at a socket of its own: nothing of the system's is touched."""

from clients.server import Server
from pathlib import Path

import os
import shutil
import signal
import subprocess
import tempfile


USER = "zope"


def program(name):
    """The path of one of PostgreSQL's programs, also where Debian keeps them out of the PATH; None without it."""
    versions = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name))
    return shutil.which(name) or next((shutil.which(name, path=str(path)) for path in reversed(versions)), None)


class PostgreSQL:
    """A cluster with one user, who needs no password; it refuses to run as root, who lends it the user postgres."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="cfprivate-postgresql-"))
        self._options = {"cwd": self.folder}
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._options |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        self.log = self.folder / "postgresql.log"
        self._server = None

    def start(self):
        """Make the cluster and serve it."""
        data = self.folder / "data"
        settings = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        Server([program("initdb"), "-D", data, *settings], self.log, **self._options).wait()
        listen = ["-k", self.folder, "-c", "listen_addresses="]
        # On INT it ends at once; on TERM it waits for its clients to leave.
        ends_on = signal.SIGINT
        self._server = Server([program("postgres"), "-D", data, *listen], self.log, ends_on=ends_on, **self._options)
        self._server.wait_until(lambda: self._ask("SELECT 1").returncode == 0)

    def stop(self):
        """End it and remove its folder."""
        if self._server:
            self._server.stop()
        shutil.rmtree(self.folder)

    @property
    def dsn(self):
        """How libpq finds it."""
        return f"dbname='postgres' user='{USER}' host='{self.folder}'"

    def rows(self, table):
        """The bytes of all rows of a table, as they are stored."""
        done = self._ask(f"COPY {table} TO STDOUT (FORMAT BINARY)")
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def _ask(self, statement):
        command = [program("psql"), "--no-psqlrc", "-d", self.dsn, "-c", statement]
        return subprocess.run(command, capture_output=True, check=False)
