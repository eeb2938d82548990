"""A folder of media, a key, and an edge on a real socket."""

from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge
from contextlib import contextmanager
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest
import threading
import waitress


NOW = 1700000000
MEDIUM = bytes(range(256)) * 1000


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


@contextmanager
def served(app):
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4, ident="")
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # Asked in the thread of the loop, which ends when its map is empty.
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown()


class Client:
    """Asks an edge with raw requests, and signs for it."""

    def __init__(self, port, key):
        self.port = port
        self.distribution = Distribution(f"127.0.0.1:{port}")
        self.signer = Signer(key)

    def sign(self, object_key, expires=NOW + 60, query="", **conditions):
        url = self.distribution.url(object_key) + query
        return self.target(self.signer.sign_url(url, Policy.for_url(url, expires, **conditions)))

    def sign_all(self, target, resource="/*"):
        """`target` under a policy of the directory `resource`, without the checks of a signer."""
        signed = self.signer.sign_url(self.distribution.url("a"), Policy(self.distribution.origin + resource, NOW + 60))
        return f"{target}?{signed.partition('?')[2]}"

    def target(self, url):
        return url.removeprefix(self.distribution.origin)

    def __call__(self, target, method="GET", **headers):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def make_client(key, root):
    """A context manager that serves the media, with the options of `Edge`."""

    @contextmanager
    def make(**options):
        app = Edge(root, Verifier({key.key_id: key.public_pem}), clock=lambda: NOW, **options)
        with served(app) as port:
            yield Client(port, key)

    return make


@pytest.fixture(scope="module")
def ask(make_client):
    with make_client() as client:
        yield client


@pytest.fixture
def medium():
    return MEDIUM


@pytest.fixture
def now():
    return NOW
