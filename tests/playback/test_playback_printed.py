"""What a page says on paper in place of a medium; whether it is seen there only, tests/browser knows."""

from bs4 import BeautifulSoup
from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api

import pytest
import transaction


HTML = {"Accept": "text/html"}
LINES = [
    ("a talk.mp4", "Watch this at {}/talk"),
    ("a talk.mp3", "Listen to this at {}/talk"),
    ("a talk.pdf", "Open this document at {}/talk"),
]


def printed(served, login, path="talk"):
    page = BeautifulSoup(served.get(path, login, headers=HTML).text, "html.parser")
    return [line.get_text(strip=True) for line in page.select("p.cfprivate-printed.d-none.d-print-block")]


def attach(served, key):
    IProtectedMedia(served.item).object_key = key
    transaction.commit()


@pytest.mark.parametrize("login", ["viewer", "member", None])
@pytest.mark.parametrize(("key", "line"), LINES)
def test_tells_everybody_where_the_medium_is(served, login, key, line):
    attach(served, key)
    assert printed(served, login) == [line.format(served.url)]


def test_an_image_is_printed_itself(served):
    attach(served, "a lake.jpg")
    assert printed(served, "viewer") == []


def test_an_image_is_named_to_who_may_not_see_it(served):
    attach(served, "a lake.jpg")
    assert printed(served, "member") == [f"See this at {served.url}/talk"]


def test_an_item_without_a_medium_says_nothing(served):
    attach(served, "")
    assert printed(served, "viewer") == []


def test_a_frame_names_the_page(served):
    page = BeautifulSoup(served.get("talk/@@embed", "viewer").text, "html.parser")
    assert page.select_one("p.cfprivate-printed").get_text(strip=True) == f"Watch this at {served.url}/talk"


def test_of_a_file_the_page_is_named_and_not_what_it_downloads(served, add_behavior):
    add_behavior("File")
    with api.env.adopt_roles(["Manager"]):
        api.content.create(served.portal, "File", "file", title="A file", object_key="a talk.mp4")
    transaction.commit()
    assert printed(served, "manager", "file/view") == [f"Watch this at {served.url}/file/view"]


@pytest.mark.parametrize("part", ["cfprivate-player", ".cfprivate-audience", ".cfprivate-embed-code"])
def test_what_is_of_no_use_on_paper_is_left_out(served, part):
    page = BeautifulSoup(served.get("talk", "manager", headers=HTML).text, "html.parser")
    assert "d-print-none" in page.select_one(part)["class"]
