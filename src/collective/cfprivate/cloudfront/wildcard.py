r"""CloudFront's wildcards: ``*`` any text, ``?`` any one character, ``\?`` a question mark."""

from collections import defaultdict

import re


_SYMBOL = re.compile(r"\\\?|.", re.DOTALL)
_URL = re.compile(r"(https?)://([^/?#]+)([^#]*)", re.DOTALL)


class Pattern:
    """One section of a resource, compiled.

    Matching runs all alternatives at once, each one bit of an integer (the "shift-and" method): nothing is ever tried
    twice, so that the worst pattern costs as much as the plainest of its length.
    """

    def __init__(self, text: str) -> None:
        self._literals: dict[str, int] = defaultdict(int)
        self._anything = 0
        self._stars = 0
        self._end = 1
        for symbol in _SYMBOL.findall(text):
            self._add(symbol)

    def _add(self, symbol: str) -> None:
        if symbol == "*":
            self._stars |= self._end
            return
        if symbol == "?":
            self._anything |= self._end
        else:
            self._literals[symbol[-1]] |= self._end
        self._end <<= 1

    def matches(self, text: str, border: int = -1) -> bool:
        """Whether the whole `text` fits. No ``*`` but the last of the pattern runs over the index `border`."""
        states = 1
        for index, character in enumerate(text):
            steps = states & (self._literals.get(character, 0) | self._anything)
            stays = states & (self._stars & self._end if index == border else self._stars)
            states = steps << 1 | stays
        return bool(states & self._end)


def covers(resource: str, url: str) -> bool:
    r"""Whether the `resource` of a custom policy covers the request `url`, section by section.

    Protocol, domain, path and query each match by themselves, so that ``/*.mp4`` does not cover ``/a.txt?.mp4``. A
    ``*`` at the end of the path also covers any query, one at the end of the domain all that follows. The mark before
    a query is ``\?``; a raw ``?`` matches it too, as any character. A resource that starts with ``*`` without ``://``
    has any protocol. Letters match in their own case. (CloudFront Developer Guide, "Create a signed URL using a custom
    policy", "Using wildcard characters".)
    """
    sections = _URL.fullmatch(url)
    if not sections:
        return False
    protocol, domain, rest = _sections(resource)
    return (
        Pattern(protocol).matches(sections[1])
        and Pattern(domain).matches(sections[2])
        and _covers_rest(domain, rest, sections[3])
    )


def _sections(resource: str) -> tuple[str, str, str]:
    protocol, mark, rest = resource.partition("://")
    if not mark:
        protocol, rest = ("*" if resource.startswith("*") else ""), resource
    domain, slash, path = rest.partition("/")
    return protocol, domain, slash + path


def _covers_rest(domain: str, pattern: str, rest: str) -> bool:
    if not pattern:
        return domain.endswith("*") or rest in {"", "/"}
    return Pattern(pattern).matches(rest, rest.find("?"))
