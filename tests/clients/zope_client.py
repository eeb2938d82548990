"""One Zope client: a process with an instance home of its own, and what a browser asks of it."""

from bs4 import BeautifulSoup
from clients.forms import filled_in
from clients.server import Server
from collective.cfprivate.demo.instance import SITE_ZCML
from collective.cfprivate.demo.layout import SITE
from running_demo import free_port
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import os
import requests
import sys


ZOPE_CONF = """\
%import {package}
instancehome {home}/instance
clienthome {home}
debug-mode off
default-zpublisher-encoding utf-8

<zodb_db main>
    mount-point /
    cache-size 30000
{storage}</zodb_db>
"""
TALK = "demo/talk"
SECONDS = 120


def session():
    """A session that no proxy of the environment keeps from this machine."""
    asking = requests.Session()
    asking.trust_env = False
    return asking


def key_id_of(url):
    """The id of the key that signed a URL."""
    return parse_qs(urlsplit(url).query)["Key-Pair-Id"][0]


class ZopeClient:
    """A Zope with its home in ``home``, on ``storage``; ``passwords`` are those of the accounts.

    Of this add-on's variables it gets those of ``environ`` and no others.
    """

    def __init__(self, home, storage, passwords, **environ):
        self.home = home
        self.log = home / "zope.log"
        self._environ = environ
        self._passwords = passwords
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}/{SITE}"
        self._server = None
        (home / "instance" / "etc").mkdir(parents=True)
        (home / "blobs").mkdir(mode=0o700)
        (home / "instance" / "etc" / "site.zcml").write_text(SITE_ZCML)
        conf = ZOPE_CONF.format(package=storage.package, home=home, storage=storage.section(home))
        (home / "instance" / "zope.conf").write_text(conf)

    def start(self):
        """Start the process; ``wait`` for it before it is asked."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CFPRIVATE_")}
        module = ["-m", "collective.cfprivate.demo.instance", self.home / "instance" / "zope.conf", str(self._port)]
        command = [sys.executable, *module]
        self._server = Server(command, self.log, env={**inherited, **self._environ}, cwd=self.home)
        return self

    def restart(self, **environ):
        """End it and start it again, with more in its environment."""
        self.stop()
        self._environ |= environ
        return self.start()

    def wait(self):
        """Wait until it answers."""
        self._server.wait_until(self._answers)
        return self

    def stop(self):
        if self._server:
            self._server.stop()

    def get(self, path, login=None, *, asking=None, **options):
        """GET a path of the site."""
        return self._ask("GET", path, login, asking, **options)

    def playback(self, login="viewer", asking=None):
        """What ``@playback`` answers."""
        return self.get(f"{TALK}/@playback", login, asking=asking, headers={"Accept": "application/json"})

    def signed(self):
        """The URL that a viewer gets to play now."""
        return self.playback().json()["sources"][0]["src"]

    def signs_with(self):
        """The id of the key that signs here."""
        return key_id_of(self.signed())

    def press(self, path, html, button, **values):
        """Fill in the page that ``path`` showed, and press a button: the page that follows."""
        return self._ask("POST", path, "manager", None, data=filled_in(html, button, **values))

    def shown_keys(self):
        """Ids and fingerprints of all keys, in the order of the page on which they are rotated."""
        page = self.get("@@cfprivate-rotate", "manager").text
        return [code.text for code in BeautifulSoup(page, "html.parser").select("dl code")]

    def _ask(self, method, path, login, asking, **options):
        auth = (login, self._passwords[login]) if login else None
        return (asking or session()).request(method, f"{self.url}/{path}", auth=auth, timeout=SECONDS, **options)

    def _answers(self):
        try:
            return self.get(TALK).status_code == 200
        except requests.ConnectionError:
            return False
