"""A form with the upload, the service of the contract behind it, and a bucket of another origin."""

from collective.cfprivate.playback.upload_labels import LABELS
from html import escape
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from player_site import STATIC
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import json
import re
import threading


PART = 1000
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self' {bucket}"
)
FIELDS = ("object_key", "renditions", "poster")
NAME = "form.widgets.IProtectedMedia"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Edit</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon"><link rel="stylesheet" href="/upload.css">
<script defer src="/upload.js"></script></head><body><main><h1>Edit</h1><form action="/saved.html">{fields}
<label>Duration <input name="{name}.duration"></label>
<button name="form.buttons.save">Save</button><button name="form.buttons.cancel">Cancel</button></form></main></body></html>"""
FIELD = """<p><label for="{field}">{field}</label> <textarea id="{field}" name="{name}.{field}"></textarea></p>
<cfprivate-upload data-service="{service}" data-field="{field}" data-input="{field}" data-accept="video/*,image/*"
 data-labels="{labels}"></cfprivate-upload>"""


class UploadSite:
    """``parts`` has what arrived, by ticket and number; tests change the rest.

    ``put`` and ``service`` answer in place of the bucket and of the service where they return something.
    """

    def __init__(self):
        self._servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
        self.url, self.bucket = (f"http://127.0.0.1:{server.server_port}" for server in self._servers)
        for server in self._servers:
            server.site = self
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.reset()

    def reset(self):
        self.parts, self.sizes, self.names, self.finished, self.asked = {}, {}, {}, {}, []
        self.allows = True
        self.put = self.service = lambda number: None

    def close(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def page(self):
        labels = escape(json.dumps({name: label.default for name, label in LABELS.items()}))
        service = f"{self.url}/item/@cfprivate-uploads"
        fields = "".join(FIELD.format(field=field, labels=labels, name=NAME, service=service) for field in FIELDS)
        return PAGE.format(fields=fields, name=NAME)

    def answer(self, method, path, body):
        """Status and body of the service."""
        if (told := self.service(f"{method} {path}")) is not None:
            return told
        ticket, _, action = path.removeprefix("/item/@cfprivate-uploads").strip("/").partition("/")
        if not ticket:
            return self._begin(json.loads(body))
        if ticket not in self.parts:
            return 404, {"type": "NotFound", "message": "There is no such upload."}
        return getattr(self, f"_{method.lower()}_{action}".rstrip("_"))(ticket, json.loads(body or b"{}"))

    def _begin(self, content):
        ticket = f"ticket{len(self.sizes)}"
        self.parts[ticket], self.sizes[ticket], self.names[ticket] = {}, content["size"], content["filename"]
        return 201, self._state(ticket)

    def _state(self, ticket):
        return {
            "@id": f"{self.url}/item/@cfprivate-uploads/{ticket}",
            "key": self.key(ticket),
            "size": self.sizes[ticket],
            "part_size": PART,
            "parts": -(-self.sizes[ticket] // PART),
            "expires_in": 3600,
        }

    def key(self, ticket):
        return f"uploads/{ticket}/{self.names[ticket]}"

    def _get(self, ticket, _content):
        arrived = [{"number": number, "size": len(part)} for number, part in sorted(self.parts[ticket].items())]
        return 200, self._state(ticket) | {"arrived": arrived}

    def _post_sign(self, ticket, content):
        urls = {str(n): f"{self.bucket}/{ticket}?number={n}&asked={len(self.asked)}" for n in content["numbers"]}
        return 200, {"urls": urls, "expires_in": 3600}

    def _post_complete(self, ticket, _content):
        parts = self.parts[ticket]
        self.finished[ticket] = b"".join(parts[number] for number in sorted(parts))
        return 200, {"key": self.key(ticket), "size": self.sizes[ticket], "type": "video/mp4"}

    def _delete(self, ticket, _content):
        del self.parts[ticket]
        return 204, None

    def count(self, pattern):
        """How many requests there were that begin so."""
        return sum(bool(re.match(pattern, asked)) for asked in self.asked)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = urlsplit(self.path).path.strip("/")
        if "@cfprivate-uploads" in name:
            self._service()
        elif name == "form.html":
            self._send(200, self.server.site.page.encode(), "text/html")
        elif name in ("upload.js", "upload.css"):
            self._send(200, (STATIC / name).read_bytes(), "text/javascript" if name.endswith("js") else "text/css")
        else:
            self._send(200, b"", "text/html")

    def do_POST(self):
        self._service()

    do_DELETE = do_POST

    def do_OPTIONS(self):
        self._send(200, b"", "text/plain")

    def do_PUT(self):
        site, address = self.server.site, urlsplit(self.path)
        number, ticket = int(parse_qs(address.query)["number"][0]), address.path.strip("/")
        body = self._body()
        site.asked.append(f"PUT {ticket} {number}")
        told = site.put(number)
        if told == "cut":
            self.close_connection = True
            return
        if told is None:
            site.parts[ticket][number] = body
        status, code = told or (200, "")
        self._send(status, f"<Error><Code>{code}</Code></Error>".encode(), "application/xml")

    def _service(self):
        site, body = self.server.site, self._body()
        site.asked.append(f"{self.command} {self.path}")
        status, answer = site.answer(self.command, self.path, body)
        self._send(status, b"" if answer is None else json.dumps(answer).encode(), "application/json")

    def _body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, status, body, content_type):
        site = self.server.site
        self.send_response(status)
        if site.allows and f"127.0.0.1:{self.server.server_port}" in site.bucket:
            self.send_header("Access-Control-Allow-Origin", site.url)
            self.send_header("Access-Control-Allow-Methods", "PUT")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP.format(bucket=site.bucket))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Keep the tests' output for the tests."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A browser closes connections as it likes."""
