"""A site with the player on strict pages, and a distribution with signed URLs."""

from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import io
import json
import re
import wave


SOURCE = Path(__file__).parents[2] / "src" / "collective" / "cfprivate"
STATIC = SOURCE / "playback" / "static"
MEDIA = SOURCE / "demo" / "media"
HLS_TYPE = "application/vnd.apple.mpegurl"
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".m3u8": HLS_TYPE,
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ts": "video/mp2t",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; img-src 'self'; connect-src 'self'"

PAGE = """<!doctype html><html lang="en"><head>{head}<meta charset="utf-8"><title>Talk</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/poster.jpg">
<link rel="stylesheet" href="/player.css">{script}</head><body>
<cfprivate-player class="cfprivate-player" data-title="Talk"{attributes}>{medium}</cfprivate-player></body></html>"""
VIDEO = '<video controls playsinline preload="metadata" poster="/poster.jpg">{sources}{tracks}</video>'
# Chromium plays HLS by itself, too, where it may read segments of another server; without preload it waits.
HLS_VIDEO = VIDEO.replace("<video", '<video crossorigin="anonymous"').replace("metadata", "none")
AUDIO = '<audio controls preload="metadata">{sources}{tracks}</audio>'
SCRIPT = '<script defer src="/player.js"></script>'

# Where this is there, the player takes the browser for one of Apple's.
AIRPLAY = "HTMLMediaElement.prototype.webkitShowPlaybackTargetPicker = () => {};"


def tone(seconds, rate):
    """A silent WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(b"\x80" * rate * seconds)
    return file.getvalue()


def source(src, media_type="video/mp4"):
    return {"src": src, "type": media_type}


class Site:
    """What the servers answer: files by path, pages that a test adds, and services that a test writes.

    A file asked with ``?Signature=`` is forbidden unless the signature is among ``valid``. Where ``tells_refusals`` is
    false, that answer has no CORS headers: a script cannot read it.
    """

    def __init__(self, url, cdn):
        self.url = url
        self.cdn = cdn
        self.files = {
            "/poster.jpg": (MEDIA / "talk" / "poster.jpg").read_bytes(),
            "/talk.mp4": (MEDIA / "talk" / "talk.mp4").read_bytes(),
            "/tone.mp3": (MEDIA / "audio" / "tone.mp3").read_bytes(),
            "/long.wav": tone(60, 3000),
            "/huge.wav": tone(600, 48000),
            "/empty.html": b"",
        }
        for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css"), *(MEDIA / "talk").glob("*.vtt")]:
            self.files[f"/{path.name}"] = path.read_bytes()
        for path in (MEDIA / "talk" / "hls").rglob("*.*"):
            self.files[f"/hls/{path.relative_to(MEDIA / 'talk' / 'hls')}"] = path.read_bytes()
        self.reset()

    def reset(self):
        """Forget what a test has added."""
        self.csp = {}
        self.requests = []
        self.services = {}
        self.signatures = 0
        self.valid = set()
        self.tells_refusals = True
        self.cors = {"Access-Control-Allow-Origin": "*"}

    def page(self, sources="/talk.mp4", attributes="", head="", script=SCRIPT, medium=VIDEO, tracks="", csp=CSP):
        """The address of a page with a player; an empty ``script`` leaves the server's HTML as it is."""
        path = f"/page-{len(self.files)}.html"
        given = [source(sources)] if isinstance(sources, str) else sources
        elements = "".join(f'<source src="{told["src"]}" type="{told["type"]}">' for told in given)
        medium = medium.format(sources=elements, tracks=tracks)
        html = PAGE.format(medium=medium, attributes=attributes, head=head, script=script)
        self.files[path] = html.encode()
        self.csp[path] = csp
        return self.url + path

    def script(self, text):
        """The HTML of a script, for the beginning of a page's head; inline it would be refused."""
        path = f"/script-{len(self.files)}.js"
        self.files[path] = text.encode()
        return f'<script src="{path}"></script>'

    def signed(self, path):
        """An address that is valid until ``expire``."""
        self.signatures += 1
        self.valid.add(f"Signature={self.signatures}")
        return f"{path}?Signature={self.signatures}"

    def expire(self):
        """From now on all signatures made before are forbidden."""
        self.valid.clear()

    def asked(self, text):
        """The requests whose address has this in it."""
        return [request for request in self.requests if text in request.address]

    def answer(self, path, status=200, body=None, **headers):
        """Let a service answer always the same."""
        self.services[path] = lambda: (status, body, headers)

    def renew(self, path, make, **times):
        """Let a service answer with new sources."""
        told = {"poster": None, "tracks": [], "expires_in": 72, "renew_in": 60, **times}
        self.services[path] = lambda: (200, {**told, "sources": make()}, {})

    def take_cookies(self):
        """Let pages of the site send cookies to the distribution."""
        self.cors = {"Access-Control-Allow-Origin": self.url, "Access-Control-Allow-Credentials": "true"}

    def playlists(self):
        """Serve the HLS set's playlists, whose segments are signed as the playlist is fetched."""
        self.services["/@@playlist/index.m3u8"] = lambda: (200, self.files["/hls/index.m3u8"], {})
        for size in ("180p", "360p"):
            self.services[f"/@@playlist/{size}/index.m3u8"] = lambda size=size: (200, self._playlist(size), {})

    def _playlist(self, size):
        """One signature is for all, as Plone makes it."""
        text = self.files[f"/hls/{size}/index.m3u8"].decode()
        signature = self.signed("")
        return re.sub(r"\d+\.ts", lambda found: f"{self.cdn}/hls/{size}/{found[0]}{signature}", text).encode()


class Handler(BaseHTTPRequestHandler):
    """Serves a site, in ranges, under a Content-Security-Policy that allows nothing inline."""

    def do_GET(self):
        site, asked = self.server.site, urlsplit(self.path)
        status, body, headers = 404, None, {}
        if asked.path in site.services:
            status, body, headers = site.services[asked.path]()
        elif asked.path in site.files:
            status, body = 200, site.files[asked.path]
        if asked.query.startswith("Signature=") and asked.query not in site.valid:
            status, body = 403, b"expired"
        cookie = self.headers.get("Cookie")
        site.requests.append(SimpleNamespace(address=self.path, port=self.server.server_port, cookie=cookie))
        self._send(asked.path, status, body, headers)

    def _send(self, path, status, body, headers):
        content_type = TYPES.get(Path(path).suffix, "application/json")
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        wanted = status == 200 and re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(wanted[1]) if wanted else 0
        last = min(int(wanted[2] or len(body)), len(body) - 1) if wanted else len(body) - 1
        self.send_response(206 if wanted else status)
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 403 or self.server.site.tells_refusals:
            for name, value in self.server.site.cors.items():
                self.send_header(name, value)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(last + 1 - first))
        self.send_header("Content-Security-Policy", self.server.site.csp.get(path, CSP))
        self.end_headers()
        self.wfile.write(body[first : last + 1])

    def log_message(self, *arguments):
        """Keep the tests' output for the tests."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the five of the standard library a page's own requests may overflow it

    def handle_error(self, request, client_address):
        """A browser closes connections as it likes."""
