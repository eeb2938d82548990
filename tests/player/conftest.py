"""A page of the browser, and a site with the player on strict pages."""

from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import re
import threading


SIZE = {"width": 1280, "height": 720}
SOURCE = Path(__file__).parents[2] / "src" / "collective" / "cfprivate"
STATIC = SOURCE / "playback" / "static"
MEDIA = SOURCE / "demo" / "media"
TYPES = {".js": "text/javascript", ".css": "text/css", ".mp4": "video/mp4", ".jpg": "image/jpeg", ".html": "text/html"}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; img-src 'self'"

PAGE = """<!doctype html><html lang="en"><head>{head}<meta charset="utf-8"><title>Talk</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/poster.jpg">
<link rel="stylesheet" href="/player.css">{script}</head><body>
<cfprivate-player class="cfprivate-player" data-title="Talk"{attributes}>
<video controls playsinline preload="metadata" poster="/poster.jpg"><source src="{source}" type="video/mp4"></video>
</cfprivate-player></body></html>"""


SCRIPT = '<script defer src="/player.js"></script>'


class Site:
    """What the server answers: files by path, and pages that a test adds."""

    def __init__(self, url):
        self.url = url
        self.files = {
            "/player.js": (STATIC / "player.js").read_bytes(),
            "/player.css": (STATIC / "player.css").read_bytes(),
            "/talk.mp4": (MEDIA / "talk" / "talk.mp4").read_bytes(),
            "/poster.jpg": (MEDIA / "talk" / "poster.jpg").read_bytes(),
            "/empty.html": b"",
        }

    def page(self, source="/talk.mp4", attributes="", head="", script=SCRIPT):
        """The address of a page with a player; an empty ``script`` leaves the server's HTML as it is."""
        path = f"/page-{len(self.files)}.html"
        html = PAGE.format(source=source, attributes=attributes, head=head, script=script)
        self.files[path] = html.encode()
        return self.url + path

    def script(self, source):
        """The HTML of a script, for the beginning of a page's head; inline it would be refused."""
        path = f"/script-{len(self.files)}.js"
        self.files[path] = source.encode()
        return f'<script src="{path}"></script>'


class Handler(BaseHTTPRequestHandler):
    """Serves a site, in ranges, under a Content-Security-Policy that allows nothing inline."""

    def do_GET(self):
        body = self.server.site.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(wanted[1]) if wanted else 0
        last = min(int(wanted[2] or len(body)), len(body) - 1) if wanted else len(body) - 1
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", TYPES[Path(self.path).suffix])
        self.send_header("Content-Length", str(last + 1 - first))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body[first : last + 1])

    def log_message(self, *arguments):
        """Keep the tests' output for the tests."""


@pytest.fixture(scope="session")
def site():
    if not (STATIC / "player.js").exists():
        pytest.fail("The player is not built: run make player", pytrace=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.site = Site(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.site
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def only_page(browser, site):
    """The page of all tests, and the errors of scripts in it: a page of its own for each test costs a second."""
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page, errors
    page.close()


@pytest.fixture
def page(only_page, site):
    """A page as new, that fails its test where the browser reported an error of a script."""
    page, errors = only_page
    page.set_viewport_size(SIZE)
    page.emulate_media(reduced_motion="no-preference")
    page.mouse.move(0, 0)
    page.goto(f"{site.url}/empty.html")
    page.evaluate("localStorage.clear()")
    errors.clear()
    yield page
    assert errors == []
