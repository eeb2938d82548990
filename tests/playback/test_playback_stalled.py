"""A distribution that never answers takes one worker at a time; one that answers badly is told in words.

The site is served by waitress with four worker threads, as in the demo.
"""

from base64 import b64encode
from bs4 import BeautifulSoup
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.playback import playlists
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from plone import api
from plone.testing.zope import Browser
from Products.SiteErrorLog.SiteErrorLog import IPubFailureSubscriber
from queue import SimpleQueue
from selftest.plain_servers import answering
from selftest.plain_servers import closed_port
from selftest.plain_servers import dripping
from selftest.plain_servers import head_of
from selftest.plain_servers import raw
from stalled_edge import stalled_edge
from types import SimpleNamespace
from urllib.parse import urlsplit
from zope.component import getGlobalSiteManager

import gzip
import json
import logging
import pytest
import re
import threading
import time
import transaction


ITEMS = ("first", "second", "third", "fourth")
PATHS = tuple(f"{item}/@@playlist/{path}" for item in ITEMS for path in ("index.m3u8", "180p/index.m3u8"))
VIEWERS = tuple(f"viewer{number}" for number in range(8))
MASTER = "talk/@@playlist/index.m3u8"
KEY = "talks/2026/a talk.mp4"
# A busy machine may be late; the edges here would go on for ever.
SLACK = 6
HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}

BUSY = "Too many playlists are being fetched: ask again in a second."
UNREACHABLE = "The distribution does not answer: ask again later."
MISSING = "The distribution has no such playlist."
REFUSED = "The distribution did not give out the playlist."
TOO_LARGE = "The playlist is too large."
NO_TEXT = "The playlist is no text in UTF-8."
MALFORMED = "The playlist cannot be read, or leads out of its folder."


def alert_of(page):
    """The words of a page that tells why something cannot be watched."""
    return BeautifulSoup(page.text, "html.parser").select_one("#content-core .alert").text


@pytest.fixture
def edge():
    with stalled_edge() as edge:
        yield edge


# a distribution that does not answer


class Crowd:
    """Eight viewers, each with a playlist of their own."""

    def __init__(self, site):
        self._statuses = SimpleQueue()
        self._site = site
        self._pool = ThreadPoolExecutor(2 * len(VIEWERS))
        self._over = threading.Event()

    def ask(self, number, **options):
        """Have one viewer ask once."""
        return self._pool.submit(self._site.get, PATHS[number], VIEWERS[number], **options)

    def ask_on(self):
        """Have all ask at once, and again and again."""
        for number in range(len(VIEWERS)):
            self._pool.submit(self._ask_on, number)

    def statuses(self, number):
        """Those of the next answers to who asks again and again."""
        return {self._statuses.get(timeout=60) for _ in range(number)}

    def _ask_on(self, number):
        while not self._over.is_set():
            # A connection that is kept open counts among the hundred that waitress takes.
            answer = self._site.get(PATHS[number], VIEWERS[number], headers={"Connection": "close"})
            self._statuses.put(answer.status_code)

    def go_home(self):
        self._over.set()
        self._pool.shutdown()


@pytest.fixture
def site(served, make_video, add_user, edge):
    """The served site with four HLS sets at the stalled edge, and eight viewers."""
    api.portal.set_registry_record("collective.cfprivate.distribution", edge.host)
    for name in ITEMS:
        make_video(served.portal, name, object_key=f"{name}/index.m3u8")
    for login in VIEWERS:
        add_user(login, "Media Viewer")
    transaction.commit()
    return served


@pytest.fixture
def crowd(site, edge):
    crowd = Crowd(site)
    yield crowd
    edge.close()
    crowd.go_home()


def test_the_server_has_the_four_workers_of_the_demo(site):
    assert sum(thread.name.startswith("waitress") for thread in threading.enumerate()) == 4


class TestWhileOneWaits:
    """One viewer waits for the edge, and does so until the test is over."""

    @pytest.fixture
    def waiting(self, monkeypatch, crowd, edge):
        monkeypatch.setattr(playlists, "SECONDS", 60)
        waiting = crowd.ask(0)
        edge.wait_until_begun(1)
        return waiting

    def test_all_others_are_told_to_come_back(self, waiting, crowd):
        others = [each.result(60) for each in [crowd.ask(number) for number in range(8)]]
        told = {(other.status_code, other.headers["Retry-After"], other.text) for other in others}
        assert (told, waiting.done()) == ({(503, "1", f"{BUSY}\n")}, False)

    def test_browsers_are_told_on_a_page(self, waiting, crowd):
        other = crowd.ask(2, headers=HTML).result(60)
        assert (other.status_code, alert_of(other), waiting.done()) == (503, BUSY, False)

    def test_nobody_else_waits_however_often_all_ask(self, waiting, crowd, edge):
        crowd.ask_on()
        assert crowd.statuses(40) == {503}
        assert (edge.most, edge.begun, waiting.done()) == (1, 1, False)

    @pytest.mark.parametrize(
        ("path", "login", "words"),
        [
            ("", None, "<title>Plone site</title>"),
            ("first", None, "Log in to watch this."),
            ("first", VIEWERS[0], "<cfprivate-player"),
        ],
    )
    def test_a_page_is_answered_as_before(self, waiting, site, crowd, edge, path, login, words):
        crowd.ask_on()
        page = site.get(path, login, headers=HTML)
        assert (page.status_code, words in page.text) == (200, True)
        assert (edge.open, edge.begun, waiting.done()) == (1, 1, False)


class TestAfterTheTimeLimit:
    def test_one_worker_at_a_time_waits_for_the_next_playlist(self, monkeypatch, crowd, edge):
        monkeypatch.setattr(playlists, "SECONDS", 0.4)
        crowd.ask_on()
        edge.wait_until_begun(len(ITEMS))
        assert (edge.most, crowd.statuses(5)) == (1, {503})

    def test_who_waited_three_seconds_is_told_when_to_come_back(self, site, edge):
        begun = time.monotonic()
        answer = site.get(PATHS[0], VIEWERS[0])
        assert 3 <= time.monotonic() - begun < 3 + SLACK
        assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (503, "10", f"{UNREACHABLE}\n")

    @pytest.mark.parametrize("login", VIEWERS[:2])
    def test_the_same_is_not_asked_of_the_edge_again(self, monkeypatch, site, edge, login):
        monkeypatch.setattr(playlists, "SECONDS", 0.2)
        site.get(PATHS[0], VIEWERS[0])
        again = site.get(PATHS[0], login)
        assert (again.status_code, again.text, edge.begun) == (503, f"{UNREACHABLE}\n", 1)


def test_an_edge_that_drips_has_three_seconds_too(hls):
    with raw(dripping(b"HTTP/1.1 200 OK\r\n\r\n#EXTM3U\n", b"#", every=1)) as port:
        site, begun = hls(f"127.0.0.1:{port}"), time.monotonic()
        answer = site.get(MASTER, "viewer")
    assert 3 <= time.monotonic() - begun < 3 + SLACK
    assert (answer.status_code, answer.text) == (503, f"{UNREACHABLE}\n")


# a distribution that answers badly


def response(body, *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


XML = "Content-Type: application/xml"
PAGE = b"<!DOCTYPE html>\n<html><body><h1>Please log in</h1></body></html>\n"
NO_SUCH_KEY = b"<Error><Code>NoSuchKey</Code><RequestId>1</RequestId></Error>"
ERRORS = {
    "a page": (response(PAGE, "Content-Type: text/html"), 502, MALFORMED),
    "an error page": (response(PAGE, "Content-Type: text/html", "X-Cache: Error from cloudfront"), 502, REFUSED),
    "a redirect": (response(b"", "Location: https://login.example.org/", status="302 Found"), 502, REFUSED),
    "an error": (response(PAGE, "Content-Type: text/html", status="500 Internal Server Error"), 502, REFUSED),
    "no such key": (response(NO_SUCH_KEY, XML, status="404 Not Found"), 404, MISSING),
    "three megabytes": (response(b"#EXTM3U\n" + b"#" * 3_000_000), 502, TOO_LARGE),
    "UTF-16": (response("\ufeff#EXTM3U\n".encode("utf-16-le")), 502, NO_TEXT),
    "compressed": (response(gzip.compress(b"#EXTM3U\n"), "Content-Encoding: gzip"), 502, NO_TEXT),
    "NUL first": (response(b"\0#EXTM3U\n#EXTINF:1,\na.ts\n"), 502, MALFORMED),
    "NUL in an address": (response(b"#EXTM3U\n#EXTINF:1,\na\0.ts\n"), 502, MALFORMED),
    "tab in a scheme": (response(b"#EXTM3U\n#EXTINF:1,\njava\tscript:alert(1)\n"), 502, MALFORMED),
    "backslashes": (response(b"#EXTM3U\n#EXTINF:1,\n..\\..\\a.ts\n"), 502, MALFORMED),
    "half a body": (response(b"#EXTM3U\n", "Content-Length: 99"), 503, UNREACHABLE),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", 503, UNREACHABLE),
    "down": (None, 503, UNREACHABLE),
}


@pytest.fixture
def reported(served, caplog):
    """A function that gives what was logged as an error or with a traceback, and what the site's error log has."""
    # Zope loads this subscriber for its product; the layer of the tests does not.
    getGlobalSiteManager().registerHandler(IPubFailureSubscriber)
    entries = served.portal.error_log.getLogEntries
    # It is kept in memory, from one test to the next.
    before = [entry["id"] for entry in entries()]

    def found():
        logged = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR or each.exc_info]
        return [*logged, *(entry["type"] for entry in entries() if entry["id"] not in before)]

    yield found
    getGlobalSiteManager().unregisterHandler(IPubFailureSubscriber)


@pytest.fixture
def told(hls, monkeypatch):
    """A function that asks for a playlist, with the headers given, of a distribution that sends these bytes."""
    monkeypatch.setattr("collective.cfprivate.playback.hls.PLAYLISTS", playlists.Playlists())

    def ask(data, **headers):
        if data is None:
            return hls(f"127.0.0.1:{closed_port()}").get(MASTER, "viewer", headers=headers)
        with raw(answering(data)) as port:
            return hls(f"127.0.0.1:{port}").get(MASTER, "viewer", headers=headers)

    return ask


@pytest.mark.parametrize("kind", ERRORS)
def test_a_bad_answer_is_told_in_a_line_or_on_a_page(told, reported, kind):
    data, status, message = ERRORS[kind]
    line, page = told(data), told(data, Accept="text/html")
    assert (line.status_code, line.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert (page.status_code, page.headers["Content-Type"]) == (status, "text/html;charset=utf-8")
    assert (line.text, alert_of(page)) == (f"{message}\n", message)
    assert ("Traceback" in page.text, reported()) == (False, [])


def test_control_an_error_of_the_server_is_reported(hls, reported, monkeypatch):
    broken = playlists.Playlists(fetch=lambda *arguments, **options: 1 / 0)
    monkeypatch.setattr("collective.cfprivate.playback.hls.PLAYLISTS", broken)
    assert hls("127.0.0.1:1").get(MASTER, "viewer").status_code == 500
    assert {"ZeroDivisionError"} < set(reported())


def test_the_log_names_the_line_and_no_address(told, caplog):
    told(response(b"#EXTM3U\n#EXTINF:1,\n../other/secret.ts\n"))
    (line,) = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert ("Line 3" in line, "secret" in line, "http" in line) == (True, False, False)


# playlists that are unusual, and right


class TestUnusualPlaylist:
    def test_may_have_a_mark_and_the_line_ends_of_windows(self, told):
        lines = "\ufeff#EXTM3U\r\n#EXTINF:1,\r\na.ts\r\n#EXT-X-ENDLIST\r\n"
        first, second, segment, *rest = told(response(lines.encode())).content.decode().split("\r\n")
        assert (first, second, rest) == ("#EXTM3U", "#EXTINF:1,", ["#EXT-X-ENDLIST", ""])
        assert (urlsplit(segment).path, "Signature=" in segment) == ("/talk/hls/a.ts", True)

    def test_may_be_called_a_page(self, told):
        answer = told(response(b"#EXTM3U\n", "Content-Type: text/html"))
        assert answer.headers["Content-Type"] == "application/vnd.apple.mpegurl"

    @pytest.mark.parametrize(
        "lines",
        [
            "#EXTINF:1,\nJavaScript:alert(1)",
            "#EXTINF:1,\n javascript:alert(1)",
            "#EXT-X-STREAM-INF:BANDWIDTH=1\njavascript:alert(1)//a.m3u8",
            "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttps://ads.example.org/a.m3u8",
            "#EXT-X-STREAM-INF:BANDWIDTH=1\n//ads.example.org/talk/hls/a.m3u8",
            '#EXT-X-KEY:METHOD=AES-128,URI="javascript:alert(1)"',
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="javascript:alert(1)//a.m3u8"',
            '#EXT-X-DEFINE:NAME="a",VALUE="javascript"\n#EXTINF:1,\n{$a}:alert(1)',
        ],
    )
    def test_keeps_foreign_addresses_without_a_signature(self, told, lines):
        assert told(response(f"#EXTM3U\n{lines}\n".encode())).content.decode() == f"#EXTM3U\n{lines}\n"

    def test_is_not_signed_for_another_scheme_of_the_same_host(self, hls):
        def talk(connection, stop):
            host = re.search(rb"Host: ([^\r]+)", head_of(connection))[1]
            connection.sendall(response(b"#EXTM3U\n#EXTINF:1,\njavascript://%b/talk/hls/a.ts\n" % host))

        with raw(talk) as port:
            answer = hls(f"127.0.0.1:{port}").get(MASTER, "viewer")
        assert answer.text.splitlines()[2] == f"javascript://127.0.0.1:{port}/talk/hls/a.ts"

    @pytest.mark.parametrize("name", ["javascript%3Aalert(1)", "./javascript:alert(1)"])
    def test_may_name_a_file_like_a_script_which_leads_to_the_distribution(self, told, name):
        segment = told(response(f"#EXTM3U\n#EXTINF:1,\n{name}\n".encode())).text.splitlines()[2]
        assert segment.startswith("http://127.0.0.1:")
        assert urlsplit(segment).path == f"/talk/hls/{name.removeprefix('./')}"


# addresses and keys that lead elsewhere


@pytest.fixture
def at(hls, edge):
    """A function that asks for a path exactly as it is spelled: `requests` would resolve its dots."""

    def ask(path):
        url = urlsplit(hls(edge.host).url)
        connection = HTTPConnection(url.hostname, url.port, timeout=60)
        login = b64encode(b"viewer:secret-of-viewer").decode()
        connection.request("GET", f"{url.path}/{path}", headers={"Authorization": f"Basic {login}"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return SimpleNamespace(status=answer.status, text=text)

    return ask


@pytest.mark.parametrize(
    "path",
    [
        "../x.m3u8",
        "%2E%2E/x.m3u8",
        "..%2Fx.m3u8",
        "..%5Cx.m3u8",
        "x%00.m3u8",
        "x%0D%0A.m3u8",
        "x%3F.m3u8",
        f"{'x' * 1020}.m3u8",
    ],
)
def test_a_path_that_leads_elsewhere_is_not_asked_of_the_distribution(at, edge, reported, path):
    answer = at(f"talk/@@playlist/{path}")
    assert (answer.status, edge.begun, "Traceback" in answer.text, reported()) == (404, 0, False, [])


@pytest.mark.parametrize("key", ["../set/index.m3u8", "a\\b/index.m3u8", "set/\0/index.m3u8"])
def test_a_key_that_no_form_would_take_is_not_asked_of_the_distribution(hls, edge, reported, key):
    answer = hls(edge.host, key).get("talk/@@media", "viewer", allow_redirects=True)
    assert (answer.status_code, edge.begun, "Traceback" in answer.text, reported()) == (404, 0, False, [])


class TestKey:
    """What a form and REST say of a key, to who edits and does not administer the site."""

    @pytest.fixture
    def editor(self, served, add_user):
        add_user("editor")
        api.user.grant_roles(username="editor", roles=["Editor"], obj=served.item)
        transaction.commit()
        return "editor"

    @pytest.fixture
    def patch(self, served, editor):
        def send(**fields):
            headers = {**JSON, "Content-Type": "application/json"}
            answer = served.get("talk", editor, "PATCH", headers=headers, data=json.dumps(fields))
            transaction.begin()
            return answer

        return send

    @pytest.mark.parametrize(
        ("key", "words"),
        [
            ("../a.mp4", "empty, . or .. segment"),
            ("talks//a.mp4", "empty, . or .. segment"),
            ("..\\a.mp4", "not the same to all systems"),
            ("talks/a\0.mp4", "at 8, no text"),
            ("talks/a\x85.mp4", "at 8, no text"),
            ("talks/\ud800.mp4", "at 7, no text"),
            (f"{'a' * 1021}.mp4", "1025 bytes of UTF-8; S3 takes 1024"),
            ("talks/a.mp4.exe", "must end in one of .m3u8, .mp4"),
            ("index.m3u8", "put the set into a folder of its own"),
        ],
    )
    def test_that_is_wrong_is_refused_by_rest(self, served, patch, key, words):
        answer = patch(object_key=key)
        assert (answer.status_code, words in answer.json()["message"]) == (400, True)
        assert ("traceback" in answer.text.lower(), IProtectedMedia(served.item).object_key) == (False, KEY)

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("renditions", ["../a.mp4"], "empty, . or .. segment"),
            ("poster", "..\\a.png", "not the same to all systems"),
            ("tracks", [{"language": "de", "object_key": "../de.vtt"}], "Caption track 1: This is not an object key"),
            ("tracks", [{"language": "de", "object_key": "de.png"}], "the key must end in .vtt"),
            ("tracks", [{"language": "de", "text": "\x89PNG\r\n\x1a\n\0\0"}], "no text"),
            ("tracks", [{"language": "de", "text": PAGE.decode()}], "Line 1"),
        ],
    )
    def test_of_another_file_is_refused_by_rest(self, patch, field, value, words):
        answer = patch(**{field: value})
        assert (answer.status_code, words in answer.json()["message"]) == (400, True)
        assert "traceback" not in answer.text.lower()

    def test_that_is_wrong_is_refused_by_the_form(self, served, functional_app, editor, reported):
        browser = Browser(functional_app)
        browser.addHeader("Authorization", f"Basic {editor}:secret-of-{editor}")
        browser.open(f"{served.url}/talk/edit")
        browser.getControl(name="form.widgets.IProtectedMedia.object_key").value = "talks\\..\\a.mp4"
        browser.getControl("Save").click()
        assert "not the same to all systems" in browser.contents
        assert ("Traceback" in browser.contents, reported()) == (False, [])
