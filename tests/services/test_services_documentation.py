"""docs/rest.rst shows what really is asked and answered, and docs/playback.d.ts the types of it.

With WRITE_REST_EXAMPLES=1 in the environment the page is written anew.
"""

from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.formats import kind_of
from collective.cfprivate.media.tracks import KINDS
from edge_in_thread import serve_edge
from functools import cache
from pathlib import Path
from plone import api
from rest_examples import as_http
from rest_examples import examples_in
from rest_examples import with_examples

import os
import pytest
import re
import time
import transaction


DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "rest.rst"
TYPES = (DOCS / "playback.d.ts").read_text("utf-8")
JSON = {"Accept": "application/json"}
TRACKS = [{"language": "en", "text": "WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n"}]
NEW = {"@type": "Protected Video", "id": "opening", "title": "Opening", "object_key": "talks/2026/opening.mp4"}
COLUMNS = "metadata_fields=cfprivate_duration&metadata_fields=cfprivate_protected"


def only(*names):
    """A function that leaves an answer these members alone."""

    def shorten(told):
        return {name: told[name] for name in names}

    return shorten


def of_panel(told):
    names = ("distribution", "lifetime", "maximum_lifetime", "key_id", "private_key")
    return {"@id": told["@id"], "data": {name: told["data"][name] for name in names}}


def of_selftest(told):
    return {**told, "lines": [line for line in told["lines"] if line["name"] == "signed"]}


def of_item(told):
    return {**only("@id", "@type", "title")(told), "@components": only("playback")(told["@components"])}


@pytest.fixture
def talk(served, add_user, tmp_path, signing_key):
    """A site with one video of which all is known, whose distribution is an edge."""
    (tmp_path / "talk.mp4").write_bytes(bytes(1000))
    fields = IProtectedMedia(served.item)
    fields.object_key, fields.poster, fields.duration, fields.tracks = "talk.mp4", "poster.jpg", 754, TRACKS
    served.item.reindexObject()
    api.user.grant_roles(username=add_user("editor"), roles=["Contributor", "Editor"])
    with serve_edge(tmp_path, {signing_key.key_id: signing_key.public_pem}, cors="*") as host:
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        transaction.commit()
        yield served


@pytest.fixture
def exchanges(talk):
    """What docs/rest.rst shows, by the names of its examples."""

    @cache
    def token_of(login):
        body = {"login": login, "password": f"secret-of-{login}"}
        return talk.get("@login", None, "POST", headers=JSON, json=body).json()["token"]

    def ask(path, login=None, method="GET", body=None, only=None):
        log_in = {"Authorization": f"Bearer {token_of(login)}"} if login else {}
        answer = talk.get(path, None, method, headers={**JSON, **log_in}, json=body)
        return as_http(path, method, body, answer, only)

    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7 * 86400))
    links = "talk/@cfprivate-guest-links"
    found = {
        "log-in": ask("@login", None, "POST", {"login": "viewer", "password": "secret-of-viewer"}),
        "playback": ask("talk/@playback", "viewer"),
        "refusal": ask("talk/@playback"),
        "component": ask("talk", None, only=of_item),
        "summaries": ask(f"@search?portal_type=Protected+Video&{COLUMNS}", "viewer", only=only("items", "items_total")),
        "add": ask("", "editor", "POST", NEW, only("@id", "@type", "title", "object_key")),
        "captions": ask("opening", "editor", "PATCH", {"duration": 60, "tracks": TRACKS}),
        "wrong": ask("opening", "editor", "PATCH", {"object_key": "/talks/opening.mp4"}, only("type", "message")),
        "make-a-link": ask(links, "editor", "POST", {"note": "The jury", "ends": ends}),
        "wrong-link": ask(links, "editor", "POST", {"note": "The jury", "ends": "tomorrow"}),
        "links": ask(links, "editor"),
    }
    digest = talk.get(links, "editor", headers=JSON).json()["items"][0]["id"]
    return {
        **found,
        "take-a-link-back": ask(f"{links}/{digest}", "editor", "DELETE"),
        "panel": ask("@controlpanels/cfprivate", "manager", only=of_panel),
        "change-the-panel": ask("@controlpanels/cfprivate", "manager", "PATCH", {"lifetime": 1800}),
        "status": ask("@cfprivate-status", "manager", only=only("@id", "configured", "problems")),
        "self-test": ask("@cfprivate-selftest", "manager", "POST", {"object_key": "talk.mp4"}, of_selftest),
    }


def test_the_examples_are_what_is_answered(exchanges):
    page = PAGE.read_text("utf-8")
    if "WRITE_REST_EXAMPLES" in os.environ:
        PAGE.write_text(with_examples(page, exchanges), "utf-8")
    assert examples_in(PAGE.read_text("utf-8")) == exchanges


def test_no_example_holds_a_secret():
    page = PAGE.read_text("utf-8")
    assert re.findall(r"Signature=(?!…)|\"token\": \"(?!eyJhbGciOi…\")|@@guest/(?!TOKEN)\w|localhost", page) == []


@pytest.mark.parametrize("name", ["@playback", "@cfprivate-guest-links", "@cfprivate-status", "@cfprivate-selftest"])
def test_each_service_has_an_example(name):
    assert any(name in example for example in examples_in(PAGE.read_text("utf-8")).values())


def members(name):
    """Of an interface of the types: the names that are always there, and those that may be."""
    body = TYPES.partition(f"export interface {name} {{")[2].partition("\n}")[0]
    found = re.findall(r"^  \"?([@\w]+)\"?(\??): ", body, re.MULTILINE)
    return {name for name, optional in found if not optional}, {name for name, optional in found if optional}


class TestTypes:
    def test_of_the_playback_are_those_of_the_answer(self, talk):
        assert (set(talk.get("talk/@playback", "viewer", headers=JSON).json()), set()) == members("Playback")

    def test_of_a_track_are_those_of_the_answer(self, talk):
        (track,) = talk.get("talk/@playback", "viewer", headers=JSON).json()["tracks"]
        assert (set(track), set()) == members("PlaybackTrack")

    def test_of_a_source_are_those_of_the_answer(self, talk):
        IProtectedMedia(talk.item).object_key = "a.jpg"
        IProtectedMedia(talk.item).renditions = ("b.jpg 800w",)
        transaction.commit()
        always, sometimes = members("PlaybackSource")
        sources = talk.get("talk/@playback", "viewer", headers=JSON).json()["sources"]
        assert sorted(map(set, sources), key=len) == [always, always | sometimes]

    def test_of_the_component_are_those_of_the_answer(self, talk):
        component = talk.get("talk", headers=JSON).json()["@components"]["playback"]
        assert (set(component), set()) == members("PlaybackComponent")

    def test_of_a_refusal_are_those_of_the_answer(self, talk):
        assert (set(talk.get("talk/@playback", headers=JSON).json()), set()) == members("Refusal")

    def test_name_each_kind_of_medium(self):
        kinds = re.findall(r"\"(\w+)\"", re.search(r"^  kind: (.*video.*);$", TYPES, re.MULTILINE)[1])
        assert kinds == [kind_of(f"a.{ending}") for ending in ("mp4", "mp3", "jpg", "pdf")]

    def test_name_each_kind_of_track(self):
        kinds = re.findall(r"\"(\w+)\"", re.search(r"^  kind: (.*captions.*);$", TYPES, re.MULTILINE)[1])
        assert kinds == list(KINDS)
