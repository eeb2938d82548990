"""One HTTP request to another host, bounded in time and size: nothing is followed, and nothing is kept. Needs no Zope."""

from .cloudfront import CFPrivateError
from .cloudfront import InvalidURL
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection
from http.client import HTTPException
from http.client import HTTPResponse
from http.client import HTTPSConnection
from ipaddress import ip_address
from requests import Session
from requests.certs import where
from requests.structures import CaseInsensitiveDict
from requests.utils import select_proxy
from types import MappingProxyType
from typing import Literal
from urllib.parse import SplitResult
from urllib.parse import unquote
from urllib.parse import urlsplit

import errno
import os
import queue
import re
import socket
import ssl
import threading
import time


Failure = Literal["unresolved", "refused", "timeout", "tls", "broken"]

_REASONS = {
    "unresolved": "has no address. Look for a mistake in the name, or in its DNS.",
    "refused": "does not take connections. Look for a mistake in the host or port, or start the server.",
    "timeout": "did not answer in time. Look whether a firewall lies between, or whether the server is busy.",
    "tls": "has no certificate for this name that can be trusted. Give the server one, or speak its protocol.",
    "broken": "broke off, or did not answer in HTTP. Look at that server, and at the proxy where there is one.",
}
# Blanks and control characters would end the request line; none is ever sent raw.
_TARGET = re.compile(r"[!-~]+")


class NotFetched(CFPrivateError):
    """There was no answer from `host`; `kind` tells why.

    "unresolved" -- the name has no address; "refused" -- no connection could be made; "timeout" -- the answer was not
    whole in time; "tls" -- the certificate is not trusted or not for this name, or the server speaks no TLS;
    "broken" -- anything else between connection and answer, and a proxy that cannot be used.
    """

    def __init__(self, kind: Failure, host: str) -> None:
        super().__init__(kind, host)
        self.kind = kind
        self.host = host

    def __str__(self) -> str:
        return f"The host {self.host} {_REASONS[self.kind]}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered, whatever the status.

    headers -- are found in any case; repeated ones are joined with a comma. A Location may hold a signature.
    body    -- the raw bytes; where `cut`, there were more than the limit and the rest was left unread.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    seconds: float = 3.0,
    limit: int = 65536,
) -> Answer:
    """The answer to one request for `url`, which goes on the wire as it is spelled, without a fragment.

    `seconds` hold for all of it: name, connection, TLS, headers and body; `limit` (bytes) for the body. Redirects are
    answers like any other; cookies, netrc and compression are not in use. The proxies and the authorities (like
    REQUESTS_CA_BUNDLE) of the environment are honoured as `requests` does, proxies never for loopback hosts; a proxy is
    one with http://. NotFetched where there is no whole answer; InvalidURL for what is no http or https URL.
    """
    errand = _Errand(
        method=method,
        url=_split(url),
        path=_path(url),
        headers=dict(headers or {}),
        seconds=seconds,
        limit=limit,
    )
    return _Attempt(errand).outcome()


def _split(url: str) -> SplitResult:
    parts = _parse(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidURL("The URL to fetch is not http://host/path or https://host/path. Give a whole URL, quoted.")
    return parts


def _path(url: str) -> str:
    """Path and query as they are spelled: put together from their parts, an empty query would be lost."""
    found = re.search(r"[/?].*", url.partition("#")[0].partition("://")[2])
    return "/" + found[0].removeprefix("/") if found else "/"


def _parse(url: str) -> SplitResult | None:
    # None in place of an exception, whose context would hold the URL.
    try:
        parts = urlsplit(url) if _TARGET.fullmatch(url) else None
        return parts if parts and parts.port != 0 else None
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True, repr=False)
class _Errand:
    method: str
    url: SplitResult
    path: str
    headers: Mapping[str, str]
    seconds: float
    limit: int

    @property
    def host(self) -> str:
        port = f":{self.url.port}" if self.url.port else ""
        return f"{self.url.hostname}{port}"

    @property
    def sent_headers(self) -> CaseInsensitiveDict:
        sent = CaseInsensitiveDict({"User-Agent": "collective.cfprivate", "Accept": "*/*"})
        sent.update(self.headers)
        sent.update({"Accept-Encoding": "identity", "Connection": "close"})
        return sent


class _Attempt:
    """One request in a thread of its own, for neither DNS nor a server that drips can be given a time otherwise."""

    def __init__(self, errand: _Errand) -> None:
        self._errand = errand
        self._until = time.monotonic() + errand.seconds
        self._outcomes: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        self._over = False
        threading.Thread(target=self._run, name="cfprivate-fetch", daemon=True).start()

    def outcome(self) -> Answer:
        outcome = self._wait()
        self._hang_up()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _wait(self) -> Answer | Exception:
        try:
            return self._outcomes.get(timeout=self._remaining)
        except queue.Empty:
            return NotFetched("timeout", self._errand.host)

    def _hang_up(self) -> None:
        """End the thread where it still reads: closing would not wake it."""
        self._over = True
        if self._socket is not None:
            with suppress(OSError):
                # Not the method of an SSLSocket, which takes the TLS away from the thread that reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    @property
    def _remaining(self) -> float:
        return max(self._until - time.monotonic(), 0.001)

    def _run(self) -> None:
        try:
            outcome = self._ask()
        except Exception as error:
            # Another error in its place: that of a library may hold the URL or a header.
            outcome = _failure(error, self._errand.host)
        self._outcomes.put(outcome)

    def _ask(self) -> Answer:
        way = _Way.to(self._errand)
        with closing(way.connection(self._remaining)) as connection:
            way.connect(connection)
            self._socket = connection.sock
            if self._over:
                raise TimeoutError
            connection.request(self._errand.method, way.target, headers=way.sent_headers)
            with closing(connection.getresponse()) as response:
                return _answer(response, self._errand.limit)


class _NoTLS(Exception):
    pass


class _NoProxy(Exception):
    pass


_KINDS = (
    (socket.gaierror, "unresolved"),
    (TimeoutError, "timeout"),
    (_NoTLS, "tls"),
    ((OSError, HTTPException, ValueError, _NoProxy), "broken"),
)
_NO_CONNECTION = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH}


def _failure(error: Exception, host: str) -> Exception:
    if getattr(error, "errno", None) in _NO_CONNECTION:
        return NotFetched("refused", host)
    return next((NotFetched(kind, host) for kinds, kind in _KINDS if isinstance(error, kinds)), error)


@dataclass(frozen=True, kw_only=True, repr=False)
class _Way:
    """How an errand gets to its host: straight, through a proxy, or through a tunnel of a proxy."""

    url: SplitResult
    path: str
    proxy: SplitResult | None
    authorities: str
    headers: Mapping[str, str]

    @classmethod
    def to(cls, errand: _Errand) -> "_Way":
        url = errand.url
        environment = Session().merge_environment_settings(url.geturl(), {}, None, None, None)
        named = None if _is_loopback(url.hostname) else select_proxy(url.geturl(), environment["proxies"])
        authorities = where() if environment["verify"] is True else environment["verify"]
        proxy = _split_proxy(named) if named else None
        return cls(url=url, path=errand.path, proxy=proxy, authorities=authorities, headers=errand.sent_headers)

    @property
    def target(self) -> str:
        return f"http://{self.url.netloc.rpartition('@')[2]}{self.path}" if self._is_relayed else self.path

    @property
    def _is_relayed(self) -> bool:
        return self.proxy is not None and self.url.scheme == "http"

    def connect(self, connection: HTTPConnection) -> None:
        try:
            connection.connect()
        except ssl.SSLError:
            raise _NoTLS from None
        except OSError as error:
            raise (error if self.proxy is None or isinstance(error, TimeoutError) else _NoProxy()) from None

    def connection(self, seconds: float) -> HTTPConnection:
        at = self.proxy or self.url
        if self.url.scheme == "http":
            return HTTPConnection(at.hostname, at.port, timeout=seconds)
        connection = HTTPSConnection(at.hostname, at.port or 443, timeout=seconds, context=_trust(self.authorities))
        if self.proxy:
            connection.set_tunnel(self.url.hostname, self.url.port or 443, _leave(self.proxy))
        return connection

    @property
    def sent_headers(self) -> dict[str, str]:
        return {**self.headers, **_leave(self.proxy)} if self._is_relayed else dict(self.headers)


def _split_proxy(text: str) -> SplitResult:
    proxy = _parse(text if "://" in text else f"http://{text}")
    if proxy is None or proxy.scheme != "http" or not proxy.hostname:
        raise _NoProxy
    return proxy


def _leave(proxy: SplitResult) -> dict[str, str]:
    """The header with the name and password of the proxy's URL, if it has any."""
    if not proxy.username:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _trust(authorities: str) -> ssl.SSLContext:
    place = "capath" if os.path.isdir(authorities) else "cafile"
    return ssl.create_default_context(**{place: authorities})


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _answer(response: HTTPResponse, limit: int) -> Answer:
    body = _read(response, limit + 1)
    if len(body) <= limit and response.length:
        raise HTTPException("the body is shorter than its Content-Length")
    return Answer(
        status=response.status,
        headers=MappingProxyType(CaseInsensitiveDict(_joined(response.getheaders()))),
        body=body[:limit],
        cut=len(body) > limit,
    )


def _read(response: HTTPResponse, most: int) -> bytes:
    pieces, missing = [], most
    while missing and (piece := response.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name.lower(), []).append(value)
    return {name: ", ".join(several) for name, several in values.items()}
