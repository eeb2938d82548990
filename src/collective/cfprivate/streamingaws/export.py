"""What an export of a site with c2.app.streamingaws holds: items as plone.restapi serializes them. Needs no Zope."""

from ..cloudfront.errors import CFPrivateError
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

import json


TYPE = "streamingvideo"
FILES = ("hls_video", "mp4_video")


class BadExport(CFPrivateError):
    """A file that is no such export, or an export that does not tell where its site was."""


class Refused(CFPrivateError):
    """An item that cannot be imported; the text says why."""


@dataclass(frozen=True)
class Export:
    """The items of an export, and the address of the site that they were in, without a slash behind."""

    items: tuple[dict, ...]
    site: str

    @classmethod
    def read(cls, data: bytes, *, site: str | None = None) -> "Export":
        """The export in a file; ``site`` is the address of the old site where the export does not tell it."""
        items = _items(read_json(data, what="export"))
        return cls(items, _site(items) if site is None else site.rstrip("/"))

    @property
    def videos(self) -> list[dict]:
        """The items that are streaming videos, in their order."""
        return [item for item in self.items if is_video(item)]

    def path(self, item: dict) -> tuple[str, ...]:
        """The ids from the site to the item; raises ``Refused`` where it was not in the site."""
        address = item.get("@id")
        if not isinstance(address, str) or not address.startswith(f"{self.site}/"):
            raise Refused(
                f"Its @id is not below {self.site or 'the site'}: give the address of the old site by --old-site."
            )
        return tuple(unquote(name) for name in address[len(self.site) :].strip("/").split("/"))

    def at(self, path: tuple[str, ...]) -> dict:
        """What the export has at a path; empty where it has nothing."""
        return next((item for item in self.items if self._is_at(item, path)), {})

    def _is_at(self, item: dict, path: tuple[str, ...]) -> bool:
        try:
            return self.path(item) == path
        except Refused:
            return False


def is_video(item: dict) -> bool:
    """Whether it has the fields of a streaming video, however its type was called."""
    return item.get("@type") == TYPE or not {*FILES}.isdisjoint(item)


def read_json(data: bytes, *, what: str) -> object:
    """What a file of JSON holds; ``what`` is its name in ``BadExport``, which repeats nothing of it."""
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        raise BadExport(f"The {what} is no JSON: see line {error.lineno}, column {error.colno}.") from None
    except UnicodeDecodeError as error:
        raise BadExport(f"The {what} is no JSON in UTF-8: see byte {error.start}.") from None
    except RecursionError:
        raise BadExport(f"The {what} has too many lists in lists.") from None


def _items(read: object) -> tuple[dict, ...]:
    found = read.get("items") if isinstance(read, dict) else read
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise BadExport("The export is no list of items as plone.restapi serializes them.")
    return tuple(found)


def _site(items: Iterable[dict]) -> str:
    parents = [item["parent"] for item in items if isinstance(item.get("parent"), dict)]
    found = {
        parent["@id"].rstrip("/")
        for parent in parents
        if parent.get("@type") == "Plone Site" and isinstance(parent.get("@id"), str)
    }
    if all(str(item.get("@id")).startswith("/") for item in items):
        return ""  # plone.exportimport takes the address of the site away
    if len(found) != 1:
        raise BadExport("The export does not tell the address of the site that it is of: give it by --old-site.")
    return found.pop()
