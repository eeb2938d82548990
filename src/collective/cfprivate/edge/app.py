"""The WSGI application of the local edge."""

from .answers import bad_disposition
from .answers import method_not_allowed
from .answers import no_cors
from .answers import no_object
from .answers import preflight
from .answers import refusal
from .files import file_app
from .files import find_file
from .wire import wire_target
from .wire import wire_url
from collections.abc import Callable
from collections.abc import Iterable
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import Verifier
from pathlib import Path
from urllib.parse import parse_qs

import logging
import re
import time


logger = logging.getLogger("collective.cfprivate.edge")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Edge:
    """Serves the files under `root` to requests that `verifier` accepts, and answers the others as CloudFront does.

    clock -- returns epoch seconds.
    cors  -- the origin, or ``*``, to which a browser may show every answer, refusals too; None for no CORS.

    It caches nothing and knows one behaviour: every file is protected. The log gets method, path and status; never
    the query, where signatures are.
    """

    def __init__(
        self,
        root: str | Path,
        verifier: Verifier,
        *,
        clock: Callable[[], float] = time.time,
        cors: str | None = None,
    ) -> None:
        self._root = Path(root).resolve()
        self._verifier = verifier
        self._clock = clock
        self._cors = cors

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if "HTTP_RANGE" in environ:
            # With the server's wrapper, webob reads a file up to the range; without, it seeks.
            environ.pop("wsgi.file_wrapper", None)

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable:
            logger.info("%s %a %s", environ["REQUEST_METHOD"], _path(environ), status[:3])
            return start_response(status, headers + self._cors_headers(), exc_info)

        return self._answer(environ)(environ, start)

    def _answer(self, environ: dict) -> Callable:
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return preflight() if self._cors else no_cors()
        if method not in {"GET", "HEAD"}:
            return method_not_allowed()
        try:
            self._verifier.verify(wire_url(environ), self._clock(), environ.get("REMOTE_ADDR"))
        except EdgeError as error:
            return refusal(error)
        return self._file(environ)

    def _file(self, environ: dict) -> Callable:
        path = find_file(self._root, _path(environ))
        if path is None:
            return no_object()
        disposition = _disposition(environ)
        if disposition and not _is_header(disposition):
            return bad_disposition()
        return file_app(path, disposition)

    def _cors_headers(self) -> list[tuple[str, str]]:
        if not self._cors:
            return []
        headers = [
            ("Access-Control-Allow-Origin", self._cors),
            ("Access-Control-Expose-Headers", "Content-Length, Content-Range, ETag, X-Cache"),
        ]
        return headers if self._cors == "*" else [*headers, ("Vary", "Origin")]


def _path(environ: dict) -> str:
    return wire_target(environ).partition("?")[0]


def _disposition(environ: dict) -> str | None:
    query = wire_target(environ).partition("?")[2]
    return parse_qs(query).get("response-content-disposition", [None])[0]


def _is_header(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return not _CONTROL.search(text)
