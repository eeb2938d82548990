"""The files of a medium: the main one and its further renditions, one in a line."""

from .formats import HLS_TYPE
from .formats import kind_of
from .formats import media_type_of
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import re


# As in the srcset of HTML: "photos/lake.jpg 800w". Blanks may be part of a key, but not behind its ending.
_WITH_WIDTH = re.compile(r"(.*\S)[ \t]+([1-9][0-9]{0,4})w")


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """One file; ``width`` is in pixels, or None where it is not known."""

    object_key: str
    width: int | None = None

    @property
    def media_type(self) -> str | None:
        """The media type, by the ending of the key; None for a file that is no medium."""
        return media_type_of(self.object_key)

    @property
    def is_hls(self) -> bool:
        """Whether it is a playlist, beside which the files of an HLS set lie."""
        return self.media_type == HLS_TYPE

    @property
    def directory(self) -> str:
        """The folder of the key with a slash behind it; empty for the root of the bucket."""
        return self.object_key[: self.object_key.rfind("/") + 1]

    @property
    def filename(self) -> str:
        """The name under which the file is saved."""
        return self.object_key.rpartition("/")[2]

    @classmethod
    @lru_cache(maxsize=1024)
    def read(cls, line: str) -> "Rendition":
        """What a line says: an object key, and behind that of an image a width like ``800w`` where there is one."""
        match = _WITH_WIDTH.fullmatch(line)
        if match and kind_of(match[1]) == "image":
            return cls(object_key=match[1], width=int(match[2]))
        return cls(object_key=line)


def renditions_of(lines: Iterable[str] | None) -> tuple[Rendition, ...]:
    """The renditions that the lines say; empty ones say none."""
    return tuple(Rendition.read(line) for line in lines or () if line.strip())
