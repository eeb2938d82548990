"""Follows every address in every answer, as a most curious visitor would: GETs only, and within the origins given."""

from collections import deque
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qsl
from urllib.parse import unquote
from urllib.parse import urldefrag
from urllib.parse import urljoin
from urllib.parse import urlsplit

import gzip
import json
import lxml.html
import re
import requests


HTML, JSON = "text/html", "application/json"

ABSOLUTE = re.compile(r"https?://[^\s\"'<>\\]+")
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)")
IN_TAG = re.compile(r'URI="([^"]*)"')
IN_LINK_HEADER = re.compile(r"<([^>]*)>")

# A service of plone.restapi, which answers programs only; and content, which has an answer for them too.
SERVICE = re.compile(r"/@(?!@)|/\+\+api\+\+")
CONTENT = re.compile(r"(/\w+)+/?")
# What is the same for everybody, the words of a form, a list in another order, or no mere look.
LEFT_OUT = re.compile(
    r"/\+\+(resource|plone|theme|webresource)\+\+|/@vocabularies/|[?&]sort_on=|/(@@)?(logout|manage-dashboard)"
)
# One form, whatever it leads back to.
LOG_IN = re.compile(r"/(login|require_login)$")

ATTRIBUTES = {"href", "src", "poster", "action", "formaction", "cite", "background", "data"}


class Step(NamedTuple):
    """One request: an address, and what the visitor accepts."""

    url: str
    accept: str = HTML


class Answer(NamedTuple):
    """What a step was answered."""

    step: Step
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def unpacked(self) -> bytes:
        """The body, as it was before somebody packed it."""
        return gzip.decompress(self.body) if self.body.startswith(b"\x1f\x8b") else self.body

    @property
    def text(self) -> str:
        """The body, as text."""
        return self.unpacked.decode(errors="replace")

    @property
    def legible(self) -> str:
        """Headers and body, as they are and without the escapes of URLs, of HTML and of JSON."""
        said = "\n".join([*self.headers.values(), self.text, *self.strings])
        return "\n".join([said, unescape(said), unquote(unescape(said))])

    @property
    def strings(self) -> list[str]:
        """All names and values in JSON."""
        is_json = self.headers.get("Content-Type", "").startswith(JSON)
        return list(_strings(json.loads(self.text))) if is_json else []


class Walker:
    """Asks ``site`` with the log-in given, if any, and ``edge`` without; ``limit`` is the number of requests."""

    def __init__(self, site: str, edge: str, *, auth: tuple[str, str] | None, limit: int):
        self._origins = {_origin(site): auth, _origin(edge): None}
        self._limit = limit

    def walk(self, starts: Iterable[Step]) -> dict[Step, Answer | None]:
        """The answer to each step, in the order in which it was found; None where the limit was reached before."""
        found = dict.fromkeys(starts)
        ahead = deque(found)
        for _ in range(self._limit):
            if not ahead:
                break
            answer = self._ask(ahead.popleft())
            found[answer.step] = answer
            new = [step for step in dict.fromkeys(self._steps(answer)) if step not in found]
            found |= dict.fromkeys(new)
            ahead.extend(new)
        return found

    def _ask(self, step: Step) -> Answer:
        options = {"auth": self._origins[_origin(step.url)], "headers": {"Accept": step.accept}}
        with requests.get(step.url, allow_redirects=False, timeout=60, **options) as got:
            return Answer(step, got.status_code, got.headers, got.content)

    def _steps(self, answer: Answer) -> Iterator[Step]:
        for url in links_of(answer):
            path = urlsplit(url).path
            if _origin(url) not in self._origins or LEFT_OUT.search(url):
                continue
            if not SERVICE.search(path):
                yield Step(url)
            if SERVICE.search(path) or (answer.step.accept == JSON and CONTENT.fullmatch(path)):
                yield Step(url, JSON)


def links_of(answer: Answer) -> Iterator[str]:
    """Every address in an answer, without its fragment, and every address in the query of one."""
    for found in _references(answer):
        try:
            url = urldefrag(urljoin(answer.step.url, found.strip())).url
            parts = urlsplit(url)
        except ValueError:
            continue
        yield parts._replace(query="").geturl() if LOG_IN.search(parts.path) else url
        yield from (urljoin(url, value) for name, value in parse_qsl(parts.query) if value.startswith(("http", "/")))


def _references(answer: Answer) -> Iterator[str]:
    if "Location" in answer.headers:
        yield answer.headers["Location"]
    yield from IN_LINK_HEADER.findall(answer.headers.get("Link", ""))
    text = answer.text
    if text.startswith("#EXTM3U"):
        yield from _in_playlist(text)
    elif "\0" not in text:
        for string in answer.strings or [text]:
            yield from _in_string(string)


def _in_playlist(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from IN_TAG.findall(line) if line.startswith("#") else [line]


def _in_string(text: str) -> Iterator[str]:
    """Absolute addresses anywhere, those in markup, and the whole of it where that is a path."""
    yield from (url.rstrip(",;)") for url in ABSOLUTE.findall(unescape(text)))
    if text.startswith("/") and not re.search(r"\s", text):
        yield text
    if re.search(r"<[a-z]", text):
        yield from _in_markup(text)


def _in_markup(text: str) -> Iterator[str]:
    parser = lxml.html.HTMLParser(encoding="utf-8")
    for element in lxml.html.document_fromstring(text.encode(), parser=parser).iter():
        if element.tag == "style":
            yield from IN_STYLE.findall(element.text or "")
        for name, value in element.attrib.items():
            yield from _in_attribute(name, value)


def _in_attribute(name: str, value: str) -> Iterator[str]:
    yield from IN_STYLE.findall(value)
    if name in ATTRIBUTES or (name.startswith("data-") and value.startswith(("/", "./", "../"))):
        yield value
    if name.endswith("srcset"):
        yield from (candidate.split()[0] for candidate in value.split(",") if candidate.strip())


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _strings(each)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
