"""docs/uploads.rst shows what really is asked and answered; with WRITE_REST_EXAMPLES=1 the page is written anew."""

from collective.cfprivate.selftest.store import TITLES
from pathlib import Path
from plone import api
from rest_examples import as_http
from rest_examples import examples_in
from rest_examples import with_examples

import os
import pytest
import re
import requests
import s3_server
import transaction


PAGE = Path(__file__).parents[2] / "docs" / "uploads.rst"
MIB = 2**20
DATA = bytes(9 * MIB)
FILM = {"filename": "My talk.mp4", "size": len(DATA), "type": "video/mp4"}
STORE = "https://my-media.s3.eu-central-1.amazonaws.com"
PLACEHOLDERS = (
    (r"@cfprivate-uploads/[\w.…-]+", "@cfprivate-uploads/TICKET"),
    (r"\"https://d111111abcdef8[^\"]+/My-talk\.mp4[^\"]+\"", f'"{STORE}/uploads/RANDOM-ID/My-talk.mp4?…"'),
    (r"uploads/[\w-]{22}/", "uploads/RANDOM-ID/"),
)


@pytest.fixture
def exchanges(s3, served, add_user):
    """What the page shows, by the names of its examples."""
    add_user("editor", "Editor")
    for name, value in (("s3_bucket", s3_server.BUCKET), ("s3_region", s3_server.REGION), ("s3_endpoint", s3.endpoint)):
        api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    transaction.commit()

    def ask(path, method="GET", body=None):
        answer = served.get(path, "editor", method, headers={"Accept": "application/json"}, json=body)
        text = as_http(path, method, body, answer)
        for pattern, placeholder in PLACEHOLDERS:
            text = re.sub(pattern, placeholder, text)
        return answer, text

    begun, create = ask("talk/@cfprivate-uploads", "POST", FILM)
    path = begun.json()["@id"].removeprefix(f"{served.url}/")
    signed, sign = ask(f"{path}/sign", "POST", {"numbers": [1, 2]})
    urls = signed.json()["urls"]
    requests.put(urls["1"], data=DATA[: 8 * MIB], timeout=60)
    arrived = ask(path)[1]
    requests.put(urls["2"], data=DATA[8 * MIB :], timeout=60)
    complete = ask(f"{path}/complete", "POST", {})[1]
    other = ask("talk/@cfprivate-uploads", "POST", FILM)[0].json()["@id"].removeprefix(f"{served.url}/")
    return {
        # The lives of all other answers are written as an hour.
        "create": create.replace('"expires_in": 3600', f'"expires_in": {begun.json()["expires_in"]}'),
        "sign": sign,
        "list": arrived,
        "complete": complete,
        "abort": ask(other, "DELETE")[1],
        "too-large": ask("talk/@cfprivate-uploads", "POST", {**FILM, "size": 10**12})[1],
    }


def test_the_examples_are_what_is_answered(exchanges):
    if "WRITE_REST_EXAMPLES" in os.environ:
        PAGE.write_text(with_examples(PAGE.read_text("utf-8"), exchanges), "utf-8")
    assert (examples_in(PAGE.read_text("utf-8")) == exchanges) is True


def test_no_example_holds_a_signature():
    assert re.findall(r"X-Amz-|localhost|127\.0\.0\.1", PAGE.read_text("utf-8")) == []


@pytest.mark.parametrize("name", TITLES)
def test_each_line_of_the_self_test_is_explained(name):
    assert f"``{name}``\n" in PAGE.read_text("utf-8")
