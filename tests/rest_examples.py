"""Writes what a program and the site say to each other as it stands in docs/rest.rst."""

import json
import re


# What is another one at each run, and what stands in its place.
PLACEHOLDERS = (
    (r"http://localhost:\d+/plone", "https://plone.example"),
    (r"http://127\.0\.0\.1:\d+", "https://d111111abcdef8.cloudfront.net"),
    (r"127\.0\.0\.1:\d+", "d111111abcdef8.cloudfront.net"),
    (r"(Expires|Policy|Signature)=[^&\"]+", r"\1=…"),
    (r"(@@guest/)[\w-]+", r"\1TOKEN"),
    (r"[0-9a-f]{64}", "9f86d081…"),
    (r"(\"made\": \")[^\"]+", r"\g<1>2026-12-01T12:00:00Z"),
    (r"(\"(?:ends|expires)\": \")2[^\"]+", r"\g<1>2026-12-08T12:00:00Z"),
    (r"(\"expires_in\": )\d+", r"\g<1>3600"),
    (r"(\"renew_in\": )\d+", r"\g<1>3000"),
    (r"(\"token\": \")[^\"]+", r"\1eyJhbGciOi…"),
    (r"(Authorization: Bearer ).+", r"\1eyJhbGciOi…"),
)
HEADERS = ("Content-Type", "Cache-Control")
BETWEEN = re.compile(r"(?<=^\.\. example: )([\w-]+)\n\n(.*?)(?=^\.\. end of the example$)", re.MULTILINE | re.DOTALL)


def as_http(path, method, sent, answer, only=None):
    """A request and its answer in reStructuredText; ``only`` makes a shorter JSON of the answer's."""
    question = [f"{method} /{path} HTTP/1.1", "Host: plone.example", "Accept: application/json"]
    question += ["Authorization: Bearer x"] if "Authorization" in answer.request.headers else []
    question += ["Content-Type: application/json", "", written(sent)] if sent is not None else []
    head = [f"HTTP/1.1 {answer.status_code} {answer.reason}"]
    head += [f"{name}: {answer.headers[name]}" for name in HEADERS if answer.content and name in answer.headers]
    told = ["", written(only(answer.json()) if only else answer.json())] if answer.content else []
    return block(question) + block(head + told)


def written(value):
    return json.dumps(value, indent=2, ensure_ascii=False)


def block(lines):
    text = "\n".join(lines)
    for pattern, placeholder in PLACEHOLDERS:
        text = re.sub(pattern, placeholder, text)
    indented = "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
    return f".. code-block:: http\n\n{indented}\n\n"


def examples_in(page):
    """The examples of the page by their names."""
    return dict(BETWEEN.findall(page))


def with_examples(page, examples):
    """The page with these examples in place of those that it has."""
    return BETWEEN.sub(lambda found: f"{found[1]}\n\n{examples[found[1]]}", page)
