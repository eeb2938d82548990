"""What the tests of playing share."""

from collective.cfprivate import demo
from collective.cfprivate.fetch import fetch
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.playback import playlists
from edge_in_thread import serve_edge
from pathlib import Path
from plone import api
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest
import transaction


FILES = Path(demo.__file__).parent / "media"


@pytest.fixture
def asked(monkeypatch):
    """The paths that are asked of the distribution; each test has playlists of its own."""
    paths = []

    def recorded(url, **options):
        paths.append(unquote(urlsplit(url).path))
        return fetch(url, **options)

    monkeypatch.setattr("collective.cfprivate.playback.hls.PLAYLISTS", playlists.Playlists(fetch=recorded))
    return paths


@pytest.fixture(scope="module")
def edge(signing_key):
    """``host:port`` of an edge that serves the demo's media."""
    with serve_edge(FILES, {signing_key.key_id: signing_key.public_pem}) as host:
        yield host


@pytest.fixture
def hls(served):
    """A function that makes the served item an HLS set, and the distribution this host."""

    def make(host, key="talk/hls/index.m3u8"):
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        IProtectedMedia(served.item).object_key = key
        served.item.reindexObject()
        transaction.commit()
        return served

    return make
