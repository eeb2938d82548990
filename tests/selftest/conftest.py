"""A key, a folder with one object, the real local edge, and reports of self-tests."""

from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge
from collective.cfprivate.selftest.run import run
from collective.cfprivate.selftest.subject import Subject
from edge_in_thread import served

import pytest
import socket


SITE = "http://localhost:8080"


@pytest.fixture(scope="session")
def key():
    return SigningKey.generate(key_id="K2JCJMDEHXQW5F", algorithm="EC")


@pytest.fixture(scope="session")
def other_key():
    return SigningKey.generate(key_id="K3OTHER0000000", algorithm="EC")


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("objects")
    (folder / "talks").mkdir()
    (folder / "talks" / "a talk+1.mp4").write_bytes(b"abc" * 1000)
    return folder


@pytest.fixture(scope="session")
def edge(root, key):
    """A function that makes the edge; it trusts `key`."""

    def make(**options):
        return Edge(root, Verifier({key.key_id: key.public_pem}), **({"cors": SITE} | options))

    return make


@pytest.fixture(scope="session")
def make_subject(key):
    """A function that makes the subject of a self-test at a port."""

    def make(port=None, **options):
        usual = {
            "distribution": Distribution(f"127.0.0.1:{port}") if port else None,
            "key": key,
            "hash_algorithm": "SHA1",
            "object_key": "talks/a talk+1.mp4",
            "site_origin": SITE,
            "delivery": "playlist",
            "bind_ip": False,
            "resolve": lambda host: {socket.AF_INET},
        }
        return Subject(**(usual | options))

    return make


@pytest.fixture(scope="session")
def report(make_subject):
    """A function that serves an application, runs the self-test against it, and gives its lines by name."""

    def make(app, **options):
        with served(app) as port:
            return lines_of(make_subject(port, **options))

    return make


def lines_of(subject, *arguments):
    return {line.name: line for line in run(subject, *arguments)}


@pytest.fixture(scope="session")
def report_of():
    """A function that runs the self-test of a subject, and gives its lines by name."""
    return lines_of
