"""The WSGI application of the local edge."""

from .answers import bad_disposition
from .answers import method_not_allowed
from .answers import no_cors
from .answers import no_object
from .answers import refusal
from .cookies import Cookies
from .cors import Cors
from .files import find_file
from .files import send_file
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
# In the environ of a request: why the answer is a refusal, for the log.
_REASON = "collective.cfprivate.edge.reason"


class Edge:
    """Serves the files under `root` to requests that `verifier` accepts, and answers the others as CloudFront does.

    clock       -- returns epoch seconds.
    cors        -- the origin, or ``*``, to which a browser may show every answer, refusals too; None for no CORS.
    credentials -- whether pages of that one origin may send cookies. ValueError without an origin, or with ``*``.

    It caches nothing and knows one behaviour: every file is protected. The log gets method, path, status and the reason
    of a refusal; never the query or a cookie, where signatures are.
    """

    def __init__(
        self,
        root: str | Path,
        verifier: Verifier,
        *,
        clock: Callable[[], float] = time.time,
        cors: str | None = None,
        credentials: bool = False,
    ) -> None:
        if credentials and cors is None:
            raise ValueError("CORS with credentials needs an origin. Name the one whose pages send cookies.")
        self._root = Path(root).resolve()
        self._verifier = verifier
        self._clock = clock
        self._cors = None if cors is None else Cors(cors, credentials)

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable:
            line = (environ["REQUEST_METHOD"], _path(environ), status[:3], environ.get(_REASON, ""))
            logger.info("%s %a %s%s", *line)
            return start_response(status, headers + (self._cors.headers if self._cors else []), exc_info)

        return self._answer(environ)(environ, start)

    def _answer(self, environ: dict) -> Callable:
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return self._cors.preflight() if self._cors else no_cors()
        if method not in {"GET", "HEAD"}:
            return method_not_allowed()
        try:
            self._verify(environ)
        except EdgeError as error:
            environ[_REASON] = _reason(error)
            return refusal(error)
        return self._file(environ)

    def _verify(self, environ: dict) -> None:
        cookies = Cookies(environ.get("HTTP_COOKIE", ""))
        self._verifier.verify(wire_url(environ), self._clock(), environ.get("REMOTE_ADDR"), cookies)

    def _file(self, environ: dict) -> Callable:
        disposition = _disposition(environ)
        if disposition and not _is_header(disposition):
            return bad_disposition()
        path = find_file(self._root, _path(environ))
        answer = send_file(environ, path, disposition) if path else None
        if answer is None:
            environ[_REASON] = " NoSuchKey: the root has no such file that can be read"
            return no_object()
        return answer


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


def _reason(error: EdgeError) -> str:
    reason = _CONTROL.sub(" ", error.reason)
    return f" {error.code}: {reason}" if reason else f" {error.code}"
