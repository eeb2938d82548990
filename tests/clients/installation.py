"""The demo site on one database, for several Zope clients, and an edge that trusts every key of the tests."""

from clients.server import end_of
from clients.server import Server
from clients.storage import chosen_storage
from clients.zope_client import key_id_of
from clients.zope_client import session
from clients.zope_client import ZopeClient
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.demo.layout import KEY_ID
from collective.cfprivate.demo.layout import Layout
from contextlib import ExitStack
from running_demo import free_port

import requests
import sys


# As many as all tests here give to the site, and some more.
KEYS = 12


class Installation:
    """All that the clients share; the edge trusts ``keys`` and the site's own key, which ``secret_file`` opens."""

    def __init__(self, folder, first_start):
        self.folder = folder
        self.keys = [
            SigningKey.generate(key_id=f"KTESTS{number}", algorithm=("RSA", "EC")[number % 2]) for number in range(KEYS)
        ]
        self._unused = iter(self.keys)
        self.clients = []
        self._started = ExitStack()
        self._compiled = first_start.copy_compiled(folder / "compiled")
        self._layout = Layout(folder / "var", free_port(), free_port())
        first_start.make_site(self._layout)
        self.secret_file = self._layout.var / "filestorage" / "Data.fs.cfprivate-secret"

    def start(self):
        """Serve the site's database, and its media."""
        self.storage = chosen_storage()(self._layout.var, self.folder)
        self._started.callback(self.storage.stop)
        self.storage.start()
        self._start_edge()

    def stop(self):
        """End all, the last that was started first."""
        self._started.close()

    def start_client(self, name, **environ):
        """Start a Zope client; ``environ`` is what it gets of this add-on's variables: nothing, unless it is named."""
        passwords = self._layout.read_record()["passwords"]
        client = ZopeClient(self.folder / name, self.storage, passwords, **self._compiled, **environ)
        self.clients.append(client)
        self._started.callback(client.stop)
        return client.start()

    @property
    def right_secret(self):
        """The environment of a client that has the secret."""
        return {"CFPRIVATE_SECRET_FILE": str(self.secret_file)}

    @property
    def logs(self):
        """The logs of all processes, by name."""
        found = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*.log")}
        return {**found, "storage": self.storage.log}

    def ends_of_logs(self):
        """What the logs say last, for a test that failed."""
        return "\n\n".join(end_of(path) for path in self.logs.values())

    def new_key(self):
        """One of ``keys`` that the site has not seen yet."""
        return next(self._unused)

    def signed_by(self, client):
        """The id of the key that signs in a client now, and the status with which the edge takes it."""
        url = client.signed()
        return key_id_of(url), self.served(url)

    def served(self, url, asking=None):
        """The status with which the edge answers a signed URL."""
        return (asking or session()).get(url, headers={"Range": "bytes=0-99"}, timeout=60).status_code

    def _start_edge(self):
        trusted = [f"{KEY_ID}={self._layout.public_key}"]
        for key in self.keys:
            path = self.folder / f"{key.key_id}.pem"
            path.write_text(key.public_pem)
            trusted.append(f"{key.key_id}={path}")
        command = [sys.executable, "-m", "collective.cfprivate", "edge", "--root", self._layout.bucket]
        for each in trusted:
            command += ["--key", each]
        command += ["--port", str(self._layout.edge_port)]
        self._edge = Server(command, self.folder / "edge.log")
        self._started.callback(self._edge.stop)
        self._edge.wait_until(self._edge_answers)

    def _edge_answers(self):
        try:
            return self.served(self._layout.edge_url) == 403
        except requests.ConnectionError:
            return False
