"""Sounds, images and documents, and further renditions: on the page, by the stable link and by REST."""

from bs4 import BeautifulSoup
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.media.behavior import IProtectedMedia
from urllib.parse import unquote
from urllib.parse import urlsplit

import pytest
import time
import transaction


HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
KEYS = {
    "video": ("talks/a talk.mp4", ("talks/a talk.webm",)),
    "audio": ("talks/a talk.mp3", ("talks/a talk.ogg",)),
    "image": ("photos/a lake.jpg", ("photos/a lake-800.jpg 800w", "photos/a lake-1600.jpg 1600w")),
    "document": ("handouts/a talk.pdf", ()),
}


@pytest.fixture
def attach(served):
    """A function that makes the served item one of a kind of medium."""

    def make(kind):
        fields = IProtectedMedia(served.item)
        fields.object_key, fields.renditions = KEYS[kind]
        transaction.commit()
        return served

    return make


@pytest.fixture
def opened(signing_key):
    """A function that gives the object key that a signed URL opens."""
    verifier = Verifier({signing_key.key_id: signing_key.public_pem})

    def open_url(url):
        verifier.verify(url, now=int(time.time()))
        return unquote(urlsplit(url).path).removeprefix("/")

    return open_url


def page(served, login="viewer"):
    return BeautifulSoup(served.get("talk", login, headers=HTML).text, "html.parser")


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_the_page_plays_each_rendition(attach, opened, kind):
    sources = page(attach(kind)).select(f"{kind}[controls] > source")
    key, renditions = KEYS[kind]
    assert [opened(source["src"]) for source in sources] == [key, *renditions]


@pytest.mark.parametrize(
    ("kind", "types"), [("video", ["video/mp4", "video/webm"]), ("audio", ["audio/mpeg", "audio/ogg"])]
)
def test_each_source_says_what_it_is(attach, kind, types):
    assert [source["type"] for source in page(attach(kind)).select(f"{kind} > source")] == types


@pytest.mark.parametrize(("kind", "plays"), [("video", True), ("audio", True), ("image", False), ("document", False)])
def test_the_player_comes_with_what_plays_only(attach, kind, plays):
    html = attach(kind).get("talk", "viewer", headers=HTML).text
    assert ("<cfprivate-player" in html, "++plone++collective.cfprivate" in html) == (plays, plays)


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_the_player_knows_where_and_when_to_ask_anew(attach, kind):
    player = page(attach(kind)).select_one("cfprivate-player")
    # Five sixths of the lifetime of an hour, which is rounded down to buckets of five minutes.
    assert player["data-playback"].endswith("/talk/@playback")
    assert 2750 <= int(player["data-renew-in"]) <= 3000


class TestImage:
    @pytest.fixture
    def image(self, attach):
        return page(attach("image")).select_one(".cfprivate-image img")

    def test_is_shown(self, image, opened):
        assert opened(image["src"]) == "photos/a lake.jpg"

    def test_is_named(self, image):
        assert image["alt"] == "A talk"

    def test_comes_in_the_widths_that_are_known(self, attach, served, opened):
        attach("image")
        IProtectedMedia(served.item).object_key = "photos/a lake.jpg 2400w"
        transaction.commit()
        candidates = [each.split(" ") for each in page(served).select_one("img[srcset]")["srcset"].split(", ")]
        assert [(opened(url), width) for url, width in candidates] == [
            ("photos/a lake.jpg", "2400w"),
            ("photos/a lake-800.jpg", "800w"),
            ("photos/a lake-1600.jpg", "1600w"),
        ]

    def test_that_is_the_largest_is_not_kept_from_browsers(self, image):
        # The width of the main file is not known here, and of a srcset with widths browsers never take the src.
        assert ("srcset" in image.attrs, "sizes" in image.attrs) == (False, False)

    def test_without_widths_has_no_srcset(self, attach, served):
        attach("image")
        IProtectedMedia(served.item).renditions = ("photos/other.webp", "photos/small.jpg 320w")
        transaction.commit()
        image = page(served).select_one(".cfprivate-image img")
        assert ("srcset" in image.attrs, "sizes" in image.attrs) == (False, False)

    def test_widths_are_told_to_programs(self, attach):
        sources = attach("image").get("talk/@playback", "viewer", headers=JSON).json()["sources"]
        assert [source.get("width") for source in sources] == [None, 800, 1600]


class TestDocument:
    def test_is_opened_by_the_stable_link(self, attach, served):
        link = page(attach("document")).select_one(".cfprivate-document a")
        assert link["href"] == f"{served.url}/talk/@@media"

    def test_has_no_signature_in_the_page(self, attach):
        assert "Signature=" not in attach("document").get("talk", "viewer", headers=HTML).text

    def test_the_stable_link_leads_to_it(self, attach, opened):
        location = attach("document").get("talk/@@media", "viewer").headers["Location"]
        assert opened(location) == "handouts/a talk.pdf"


@pytest.mark.parametrize("kind", KEYS)
def test_programs_are_told_the_kind(attach, kind):
    assert attach(kind).get("talk/@playback", "viewer", headers=JSON).json()["kind"] == kind


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("login", [None, "member"])
@pytest.mark.parametrize("path", ["talk", "talk/@@media", "talk/@playback"])
def test_who_may_not_watch_is_given_nothing_of_it(attach, kind, login, path):
    answer = attach(kind).get(path, login, headers=JSON if path.endswith("playback") else HTML)
    told = answer.text + str(answer.headers)
    files = [key.split(" ")[-1].rpartition("/")[2] for key in (KEYS[kind][0], *KEYS[kind][1])]
    assert [secret for secret in ("Signature=", "cloudfront.net", *files) if secret in told] == []


class TestOffer:
    def test_without_it_a_viewer_may_not_download(self, served):
        assert served.get("talk/@@media?download=1", "viewer").status_code == 403

    @pytest.fixture
    def offered(self, served):
        IProtectedMedia(served.item).offer_download = True
        transaction.commit()
        return served

    def test_lets_a_viewer_download(self, offered):
        assert "response-content-disposition" in offered.get("talk/@@media?download=1", "viewer").headers["Location"]

    @pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403)])
    def test_lets_nobody_else(self, offered, login, status):
        assert offered.get("talk/@@media?download=1", login).status_code == status

    @pytest.mark.parametrize(
        ("kind", "words"),
        [("audio", "Download the sound"), ("image", "Download the image"), ("document", "Download the document")],
    )
    def test_is_named_after_the_medium(self, offered, attach, kind, words):
        assert page(attach(kind)).select_one(".cfprivate-download a").get_text(strip=True) == words
