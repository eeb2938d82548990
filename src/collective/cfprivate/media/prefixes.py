"""Where in the bucket the files must lie that somebody attaches.

Each line of the setting is a folder of the bucket, and perhaps whose it is: nobody's in particular, a group's, or that
of a folder of the site. Who knows a key from elsewhere does not get at the file, nor learns whether anybody uses it.
"""

from .. import settings
from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.object_key import check_object_key
from ..permissions import CONFIGURE
from collections.abc import Iterable
from dataclasses import dataclass
from plone import api

import re


# All keys begin with nothing, and none with a slash.
WHOLE_BUCKET = "/"

# The folder ends with the first slash behind which there is a blank or nothing.
_LINE = re.compile(r"(?P<prefix>.*?/)(?:\s+(?P<whose>.+))?")


class InvalidPrefix(ValueError):
    """A line that names no folder of the bucket."""


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """A folder of the bucket, ``prefix``, with its slash behind.

    ``group`` is the id of the group, or ``folder`` the path in the site (/media/talks), to which it is confined.
    """

    prefix: str
    group: str = ""
    folder: str = ""

    @classmethod
    def read(cls, line: str) -> "Prefix":
        """What a line says; raises ``InvalidPrefix``."""
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise InvalidPrefix(line)
        prefix, whose = found["prefix"], " ".join((found["whose"] or "").split())
        _check_prefix(prefix)
        if whose.startswith("/"):
            return cls(prefix=prefix, folder=whose.rstrip("/"))
        return cls(prefix=prefix, group=whose)

    def line(self) -> str:
        """The line that says so."""
        return f"{self.prefix} {self.folder or self.group}".rstrip()

    def is_for(self, groups: Iterable[str], path: str) -> bool:
        """Whether who is in ``groups`` may use it at ``path``, that of a container in the site."""
        if self.folder:
            return f"{path}/".startswith(f"{self.folder}/")
        return not self.group or self.group in groups

    def holds(self, object_key: str) -> bool:
        """Whether the file lies there."""
        return self.prefix == WHOLE_BUCKET or object_key.startswith(self.prefix)


def prefixes_of_user(container) -> tuple[Prefix, ...] | None:
    """Where the files must lie that the current user attaches in ``container``; None where they may lie anywhere.

    Who may configure the add-on is not confined, for he could change the lines.
    """
    lines = settings.bucket().key_prefixes
    if not lines or api.user.has_permission(CONFIGURE, obj=api.portal.get()):
        return None
    groups, path = _groups(), _path_in_site(container)
    return tuple(prefix for prefix in _read(lines) if prefix.is_for(groups, path))


def is_outside(object_keys: Iterable[str], prefixes: tuple[Prefix, ...] | None) -> bool:
    """Whether one of the files lies in none of ``prefixes``, as ``prefixes_of_user`` gives them."""
    if prefixes is None:
        return False
    return not all(any(prefix.holds(key) for prefix in prefixes) for key in object_keys)


def _read(lines: Iterable[str]) -> list[Prefix]:
    """The prefixes; a line that the control panel would have refused is nobody's."""
    prefixes = []
    for line in lines:
        try:
            prefixes.append(Prefix.read(line))
        except InvalidPrefix:
            continue
    return prefixes


def _check_prefix(prefix: str) -> None:
    if prefix == WHOLE_BUCKET:
        return
    try:
        check_object_key(f"{prefix}file")
    except InvalidObjectKey:
        raise InvalidPrefix(prefix) from None


def _groups() -> frozenset[str]:
    # Users of Zope itself, who are in no group, need not know the word.
    groups = getattr(api.user.get_current(), "getGroups", tuple)
    return frozenset(groups())


def _path_in_site(container) -> str:
    """As an administrator writes it: /media/talks; empty for the site itself, and for what is not within it."""
    site, path = "/".join(api.portal.get().getPhysicalPath()), "/".join(container.getPhysicalPath())
    return path[len(site) :] if path.startswith(f"{site}/") else ""
