"""The signed cookies that a browser has: set, renewed, and deleted when they are no longer its user's.

Browsers send them to the distribution alone. So that Plone can delete them, a cookie of its own remembers whose they
are and for which folders; it holds no signature.
"""

from ..caching.mark import keep_out_of_caches
from ..cloudfront.cookies import NAMES
from ..cloudfront.errors import CFPrivateError
from ..cloudfront.host import is_host
from ..exceptions import NotGranted
from ..interfaces import IBrowserLayer
from ..interfaces import IProtectedItem
from ..media.medium import medium_of
from .folder_cookies import FolderCookies
from .folder_cookies import LONGEST_PATH
from .folder_cookies import path_of
from .playback import Playback
from AccessControl import getSecurityManager
from base64 import urlsafe_b64decode
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from plone import api
from plone.rest.traverse import RESTWrapper
from Products.PluggableAuthService.interfaces.events import IPASEvent
from zExceptions import Unauthorized
from zope.globalrequest import getRequest
from ZPublisher.interfaces import IPubBeforeAbort

import re


MEMORY = "cfprivate-folders"

# Folders that a browser has cookies for at a time; their paths together are as long as one may be. Browsers keep 50
# cookies of a domain at least (RFC 6265, 6.1), and proxies take few kilobytes of headers, in which all may be deleted.
MOST_FOLDERS = 6

# Those of a custom policy, with the hash algorithm of an earlier setting.
_SET = sorted(NAMES - {"CloudFront-Expires"})
_USER = re.compile(r"[0-9a-f]{32}")
_PATH = re.compile(r"/(?:[A-Za-z0-9_.~/-]|%[0-9A-F]{2})+/")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Of which ``user`` (a digest), for which ``domain`` and ``paths``, oldest first, a browser has signed cookies."""

    user: str
    domain: str
    paths: tuple[str, ...]

    @classmethod
    def of(cls, request) -> "Memory | None":
        """What the browser says; None for nothing, and for what we would not have written."""
        told = request.cookies.get(MEMORY)
        if not told:
            return None
        try:
            lines = urlsafe_b64decode(told).decode("ascii").split("\n")
        except ValueError:
            return None
        user, domain, paths = lines[0], lines[1:2], tuple(lines[2:])
        sound = (
            _USER.fullmatch(user)
            and domain
            and is_host(domain[0])
            and _fits(paths)
            and all(map(_PATH.fullmatch, paths))
        )
        return cls(user=user, domain=domain[0], paths=paths) if sound else None

    @property
    def text(self) -> str:
        """The value of the cookie."""
        return urlsafe_b64encode("\n".join((self.user, self.domain, *self.paths)).encode()).decode()


def hand_over(request, playback: Playback) -> None:
    """Have the browser take the cookies of a playback, and lose those of whoever used it before."""
    cookies, memory = playback.cookies, Memory.of(request)
    if cookies is None and memory is None:
        return
    user = _user()
    if memory is not None and (memory.user != user or (cookies and memory.domain != cookies.domain)):
        _forget(request, memory, memory.paths)
        memory = None
    if cookies is not None:
        _remember(request, cookies, Memory(user=user, domain=cookies.domain, paths=memory.paths if memory else ()))


def take_back(request, item, error: CFPrivateError) -> None:
    """Have the browser lose the cookies for the item whose medium was refused, or all of whoever used it before."""
    memory = Memory.of(request)
    if memory is not None and memory.user != _user():
        _forget(request, memory, memory.paths)
    elif memory is not None and isinstance(error, NotGranted):
        _forget_item(request, memory, item)


def take_back_hidden(event: IPubBeforeAbort) -> None:
    """Have the browser lose the cookies for an item of which Plone itself refuses to show anything.

    So it does, too, where only another page of the item is refused, such as its form; the player then asks again.
    """
    memory = _memory_of(event.request) if isinstance(event.exc_info[1], Unauthorized) else None
    if memory is not None:
        item = next(filter(IProtectedItem.providedBy, map(_unwrapped, event.request["PARENTS"])), None)
        _forget_item(event.request, memory, item)


def take_all_back(event: IPASEvent) -> None:
    """Have the browser lose all signed cookies, as somebody logs in or out."""
    request = getRequest()
    memory = _memory_of(request)
    if memory is not None:
        _forget(request, memory, memory.paths)


def _unwrapped(parent):
    return parent.context if isinstance(parent, RESTWrapper) else parent


def _memory_of(request) -> Memory | None:
    """What the browser says in a request to a site that has the add-on."""
    return Memory.of(request) if IBrowserLayer.providedBy(request) else None


def _remember(request, cookies: FolderCookies, known: Memory) -> None:
    """Set the cookies, in place of those for a folder around or within theirs, and of the oldest where they get too many."""
    # Of two such folders a browser would send both, and CloudFront could not tell which are meant.
    kept = tuple(path for path in known.paths if not (path.startswith(cookies.path) or cookies.path.startswith(path)))
    while not _fits((*kept, cookies.path)):
        kept = kept[1:]
    _delete(request, known.domain, [path for path in known.paths if path not in (*kept, cookies.path)])
    for name in _SET:
        _add(request, name, cookies.values.get(name), domain=cookies.domain, path=cookies.path)
    _write(request, Memory(user=known.user, domain=known.domain, paths=(*kept, cookies.path)))


def _forget(request, memory: Memory, paths: tuple[str, ...]) -> None:
    if paths:
        _delete(request, memory.domain, paths)
        rest = tuple(path for path in memory.paths if path not in paths)
        _write(request, Memory(user=memory.user, domain=memory.domain, paths=rest))


def _forget_item(request, memory: Memory, item) -> None:
    medium = None if item is None else medium_of(item)
    if medium is not None:
        _forget(request, memory, tuple(path for path in memory.paths if path == path_of(medium)))


def _delete(request, domain: str, paths: Iterable[str]) -> None:
    for path, name in product(paths, _SET):
        _add(request, name, None, domain=domain, path=path)


def _write(request, memory: Memory) -> None:
    # Also for who asks for it later in this request.
    request.cookies[MEMORY] = memory.text if memory.paths else ""
    _add(request, MEMORY, request.cookies[MEMORY] or None, path=api.portal.get().absolute_url_path() or "/")


def _add(request, name: str, value: str | None, *, path: str, domain: str | None = None) -> None:
    """Set a cookie until the browser is closed, or delete the one without ``value``."""
    keep_out_of_caches(request)
    parts = [f"{name}={value or ''}", f"Path={path}", "Secure", "HttpOnly", "SameSite=Lax"]
    parts += [f"Domain={domain}"] if domain else []
    parts += ["Max-Age=0"] if value is None else []
    # setCookie keeps one cookie of a name: there are several, of as many paths.
    request.response.addHeader("Set-Cookie", "; ".join(parts))


def _fits(paths: tuple[str, ...]) -> bool:
    return len(paths) <= MOST_FOLDERS and sum(map(len, paths)) <= LONGEST_PATH


def _user() -> str:
    """Another text for every user, and one for nobody."""
    return sha256((getSecurityManager().getUser().getId() or "").encode()).hexdigest()[:32]
