"""The demo, started from nothing and ended: once for all processes that run tests. Others go on with copies of its site."""

from collective.cfprivate.demo.instance import write_instance
from collective.cfprivate.demo.layout import SITE
from collective.cfprivate.settings import PREFIX
from running_demo import RunningDemo
from typing import NamedTuple
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage

import fcntl
import json
import shutil
import signal


class Seen(NamedTuple):
    """The ports; what was printed; the processes while it ran, its exit code, and the processes after that."""

    plone_port: int
    edge_port: int
    s3_port: int
    lines: list
    serving: list
    code: int
    left: list


class FirstStart:
    """What is in ``folder``; ``seen`` is what was seen when the demo was started there."""

    def __init__(self, folder):
        self._folder = folder
        self._compiled = folder / "compiled"
        folder.mkdir(exist_ok=True)
        note = folder / "seen.json"
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not note.exists():
                note.write_text(json.dumps(self._start()))
        self.seen = Seen(*json.loads(note.read_text()))

    @property
    def compiled(self):
        """The environment of a Zope that finds page templates compiled: that is much of what its first pages cost."""
        return {"CHAMELEON_CACHE": str(self._compiled)}

    def demo(self, var, *, same_ports=False):
        """A demo that is still to be started, on a copy of all that the first start left."""
        demo = RunningDemo(shutil.copytree(self._folder / "var", var, symlinks=True))
        demo.environ = self.compiled
        if same_ports:
            demo.plone_port, demo.edge_port, demo.s3_port = self.seen[:3]
        return demo

    def make_site(self, layout):
        """Copy the site to where ``layout`` has it, and have it sign for the edge of that layout; nothing is uploaded there."""
        shutil.copytree(self._folder / "var", layout.var, symlinks=True)
        write_instance(layout)
        database = DB(FileStorage(str(layout.var / "filestorage" / "Data.fs")))
        with database.transaction() as connection:
            registry = connection.root()["Application"][SITE].portal_registry
            registry[f"{PREFIX}.distribution"] = layout.edge_url.removeprefix("http://")
            registry[f"{PREFIX}.s3_bucket"] = ""
        database.close()

    def copy_compiled(self, folder):
        """The same environment as ``compiled``, with the templates in a folder that only one room writes to."""
        return {"CHAMELEON_CACHE": str(shutil.copytree(self._compiled, folder))}

    def _start(self):
        shutil.rmtree(self._folder / "var", ignore_errors=True)
        self._compiled.mkdir(exist_ok=True)
        demo = RunningDemo(self._folder / "var")
        demo.environ = self.compiled
        demo.start()
        serving = demo.processes()
        code = demo.stop(signal.SIGTERM)
        ports = (demo.plone_port, demo.edge_port, demo.s3_port)
        return Seen(*ports, demo.lines, serving, code, demo.processes())
