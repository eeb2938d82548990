"""The demo's site and its edge, as processes that are ended with the block in which they are used."""

from base64 import b64encode
from clients.server import Server
from clients.zope_client import session
from collective.cfprivate.demo.instance import SITE_ZCML
from collective.cfprivate.demo.instance import write_instance
from collective.cfprivate.demo.layout import HOST
from collective.cfprivate.demo.layout import KEY_ID
from collective.cfprivate.demo.layout import Layout
from collective.cfprivate.demo.layout import SITE
from contextlib import contextmanager
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from running_demo import free_port

import os
import requests
import signal
import sys


BENCHMARKS = Path(__file__).parent
VIDEO_SIZE = 32_000_000
STREAMS = 8
SECONDS = 60


class Visitor:
    """A connection to Zope that stays open; `login` says who asks, and `headers` go with each request."""

    def __init__(self, plone, login=None, **headers):
        self._connection = HTTPConnection(HOST, plone.layout.plone_port, timeout=SECONDS)
        self._headers = {**plone.credentials(login), **headers}

    def get(self, path, statuses):
        """GET a path of the site, to the last byte; the answer, which has to have one of these statuses."""
        response = self.open(f"/{SITE}/{path}")
        response.read()
        if response.status not in statuses:
            raise ValueError(f"{path} is answered by {response.status}")
        return response

    def open(self, path, **headers):
        """The answer to a GET of a path of the server, with its body still to be read."""
        self._connection.request("GET", path, headers={**self._headers, **headers})
        return self._connection.getresponse()

    def cpu_seconds(self):
        """What the processor has worked for Zope so far."""
        answer = self.open("/cpu-seconds")
        answer.read()
        return float(answer.getheader("CPU-Seconds"))

    def close(self):
        self._connection.close()


class ServedSite:
    """All files are below `folder`; the module `making` makes the site, as the demo's does."""

    making = "collective.cfprivate.demo.site"

    def __init__(self, folder):
        self.layout = Layout(folder, free_port(), free_port())
        self._started = ExitStack()

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._started.close()
            raise
        return self

    def __exit__(self, *exc_info):
        self._started.close()

    def credentials(self, login):
        """The header that logs in; none for the anonymous visitor."""
        if login is None:
            return {}
        pair = f"{login}:{self.layout.read_record()['passwords'][login]}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    @contextmanager
    def stalled_edge(self):
        """A block during which the edge takes connections and never answers."""
        self._edge.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._edge.process.send_signal(signal.SIGCONT)
            self._edge.wait_until(self._edge_answers)

    def _start(self):
        write_instance(self.layout)
        ports = map(str, (self.layout.plone_port, self.layout.edge_port))
        self._server("site", self.making, self.layout.var, *ports).wait()
        self._write_site_zcml()
        edge = ["edge", "--root", self.layout.bucket, "--key", f"{KEY_ID}={self.layout.public_key}"]
        self._edge = self._server("edge", "collective.cfprivate", *edge, "--port", str(self.layout.edge_port))
        zope = self._server("zope", "measured_zope", self.layout.zope_conf, str(self.layout.plone_port))
        self._edge.wait_until(self._edge_answers)
        zope.wait_until(self._zope_answers)

    def _server(self, name, module, *arguments):
        path = os.pathsep.join([str(BENCHMARKS), os.environ.get("PYTHONPATH", "")])
        environ = {**os.environ, "PYTHONPATH": path, "zope_i18n_compile_mo_files": "true"}
        server = Server([sys.executable, "-m", module, *arguments], self.layout.log(name), env=environ)
        self._started.callback(server.stop)
        return server

    def _write_site_zcml(self):
        path = self.layout.var / "instance" / "etc" / "site.zcml"
        path.write_text(SITE_ZCML.replace("</configure>", '<include package="bare" />\n</configure>'))

    def _edge_answers(self):
        return _status(self.layout.edge_url) == 403

    def _zope_answers(self):
        return _status(self.layout.site_url) == 200


class MeasuredPlone(ServedSite):
    """The demo's site with more to watch."""

    def _start(self):
        super()._start()
        self._add_films()
        self._add_streams()

    def _add_films(self):
        """The same video twice: ``demo/ours`` at the edge, and ``demo/blob`` in a blob of Plone."""
        talk = (self.layout.bucket / "talk" / "talk.mp4").read_bytes()
        film = (talk * (VIDEO_SIZE // len(talk) + 1))[:VIDEO_SIZE]
        (self.layout.bucket / "talk" / "film.mp4").write_bytes(film)
        file = {"data": b64encode(film).decode(), "encoding": "base64", "filename": "film.mp4"}
        self._add_video("ours", "talk/film.mp4")
        self._post("demo", {"@type": "File", "id": "blob", "file": {**file, "content-type": "video/mp4"}})

    def _add_streams(self):
        """A stream for each who asks the stalled edge: none is ever played, so their playlists need not be there."""
        for number in range(STREAMS):
            self._add_video(f"stream-{number}", f"streams/{number}/index.m3u8")

    def _add_video(self, name, object_key):
        self._post("demo", {"@type": "Protected Video", "id": name, "title": name, "object_key": object_key})
        self._post(f"demo/{name}/@workflow/make_restricted", {})

    def _post(self, path, values):
        headers = {**self.credentials("manager"), "Accept": "application/json"}
        url = f"{self.layout.site_url}/{path}"
        session().post(url, json=values, headers=headers, timeout=SECONDS).raise_for_status()


def _status(url):
    try:
        return session().get(url, timeout=SECONDS).status_code
    except requests.ConnectionError:
        return None
