"""A folder of media, a key, and an edge on a real socket: in this process, or the command in its own."""

from collective.cfprivate import cli
from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge
from contextlib import contextmanager
from edge_in_thread import served
from http.client import HTTPConnection
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import os
import pytest
import subprocess
import sys
import time


NOW = 1700000000
MEDIUM = bytes(range(256)) * 1000
SCRIPT = "from collective.cfprivate.cli import main; main()"
ENTRY_POINTS = "[collective.cfprivate.commands]\nedge = collective.cfprivate.edge.commands:edge\n"


@pytest.fixture(scope="session")
def key():
    return SigningKey.generate(key_id="K2JCJMDEHXQW5F")


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    """The media, and a secret beside them that nobody may reach."""
    folder = tmp_path_factory.mktemp("edge")
    media = folder / "media"
    (media / "videos").mkdir(parents=True)
    (folder / "secret.txt").write_text("secret")
    for name in ("a.mp4", "テレビ 1.mp4", "100%+a&b.mp4", "index.html"):
        (media / "videos" / name).write_bytes(MEDIUM)
    (media / "way-out.txt").symlink_to(folder / "secret.txt")
    (media / "circle.txt").symlink_to(media / "circle.txt")
    return media


class Client:
    """Asks an edge with raw requests, and signs for it at the time `now` of its clock."""

    def __init__(self, port, key, now=NOW):
        self.port = port
        self.now = now
        self.distribution = Distribution(f"127.0.0.1:{port}")
        self.signer = Signer(key)

    def sign(self, object_key, expires=None, query="", **conditions):
        url = self.distribution.url(object_key) + query
        policy = Policy.for_url(url, self.now + 60 if expires is None else expires, **conditions)
        return self.target(self.signer.sign_url(url, policy))

    def sign_all(self, target, resource="/*"):
        """`target` under a policy of the directory `resource`, without the checks of a signer."""
        signed = self.signer.sign_url(
            self.distribution.url("a"), Policy(self.distribution.origin + resource, self.now + 60)
        )
        return f"{target}?{signed.partition('?')[2]}"

    def sign_cookies(self, object_key, expires=None, **conditions):
        """The pairs of a Cookie header, under a policy of the one object."""
        expires = self.now + 60 if expires is None else expires
        policy = Policy(self.distribution.url(object_key), expires, **conditions)
        return [f"{name}={value}" for name, value in self.signer.sign_cookies(policy).items()]

    def target(self, url):
        return url.removeprefix(self.distribution.origin)

    def __call__(self, target, method="GET", **headers):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                for line in [value] if isinstance(value, str) else value:
                    connection.putheader(name.replace("_", "-"), line)
            connection.endheaders()
            answer = connection.getresponse()
            return SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def make_client(key, root):
    """A context manager that serves the media or another folder, with the options of `Edge`."""

    @contextmanager
    def make(folder=root, **options):
        app = Edge(folder, Verifier({key.key_id: key.public_pem}), clock=lambda: NOW, **options)
        with served(app) as port:
            yield Client(port, key)

    return make


@pytest.fixture(scope="module")
def ask(make_client):
    with make_client() as client:
        yield client


@pytest.fixture(scope="session")
def medium():
    return MEDIUM


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """The environment of a process that finds the command, also where the package is not installed."""
    folder = tmp_path_factory.mktemp("site")
    if not entry_points(group=cli.GROUP, name="edge"):
        metadata = folder / "collective_cfprivate-0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: collective.cfprivate\nVersion: 0\n")
        (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    source = Path(cli.__file__).parents[2]
    paths = [str(source), str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture(scope="session")
def public(tmp_path_factory, key):
    path = tmp_path_factory.mktemp("public") / "public.pem"
    path.write_text(key.public_pem)
    return path


@pytest.fixture
def options(root, key, public):
    return ["--root", str(root), "--key", f"{key.key_id}={public}", "--port", "0"]


@pytest.fixture
def run(environment):
    """Runs `cfprivate` to its end."""

    def run(*arguments):
        command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def start(environment):
    """A context manager: `cfprivate edge` and the first line that it prints."""

    @contextmanager
    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, "edge", *map(str, arguments)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()
            process.communicate()

    return start


@pytest.fixture
def make_command_client(start, options, key):
    """A context manager: a client of `cfprivate edge` in a process of its own, with the pid of that."""

    @contextmanager
    def make(*more):
        with start(*options, *more) as (process, line):
            client = Client(int(line.rpartition(":")[2]), key, int(time.time()))
            client.pid = process.pid
            yield client

    return make
