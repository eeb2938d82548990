"""Feeds and previews of links, as anonymous gets them: title, lead image and duration, never a medium."""

from base64 import b64decode
from lxml import etree
from lxml import html
from plone import api
from plone.base.interfaces.syndication import IFeedSettings
from plone.base.interfaces.syndication import ISiteSyndicationSettings
from plone.namedfile.file import NamedBlobFile
from plone.namedfile.file import NamedBlobImage

import pytest
import transaction


FEEDS = ["RSS", "rss.xml", "atom.xml", "itunes.xml", "newsml.xml"]
# Plone's NewsML fails for every item with an image, also for its own News Item.
WITH_IMAGES = ["folder/RSS", "folder/rss.xml", "folder/atom.xml", "folder/itunes.xml", "collection/atom.xml"]
ENCLOSING = ["folder/atom.xml", "folder/itunes.xml"]
ENCLOSURE = "//*[local-name()='enclosure' or @rel='enclosure']"
# What the item names in the bucket, what a signature consists of, and the service that gives them.
MEDIUM = ["secretword", "secretposter", "secretcaptions", "Signature=", "Key-Pair-Id", "cloudfront.net", "@playback"]
IMAGE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
KEYS = {"video": "secretword.mp4", "audio": "secretword.mp3", "image": "secretword.jpg", "document": "secretword.pdf"}
FIELDS = {
    "title": "Of lakes",
    "description": "A talk.",
    "object_key": KEYS["video"],
    "poster": "secretposter.jpg",
    "tracks": [{"language": "en", "object_key": "secretcaptions.vtt"}],
    "duration": 3723,
}
TOLD = "A talk. (duration: 1:02:03)"


@pytest.fixture
def places(served):
    """A folder and a collection of all that may be protected, each with all its feeds, of whole texts."""
    api.portal.set_registry_record(
        "allowed_feed_types", tuple(f"{name}|{name}" for name in FEEDS), ISiteSyndicationSettings
    )
    types = ["Protected Video", "File", "Document"]
    query = [{"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": types}]
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(served.portal, "Folder", "folder")
        collection = api.content.create(served.portal, "Collection", "collection", query=query)
        for place in (folder, collection):
            api.content.transition(place, "publish")
            settings = IFeedSettings(place)
            settings.enabled, settings.render_body, settings.feed_types = True, True, tuple(FEEDS)
        api.content.delete(served.item)
    return folder


@pytest.fixture
def talk(places, make_video):
    """A function that makes a medium of which all is told; everyone may watch it, unless another state is given."""

    def make(state="public", **fields):
        return make_video(places, state=state, **{**FIELDS, "image": lake(), **fields})

    return make


def lake():
    return NamedBlobImage(IMAGE, filename="lake.png")


@pytest.fixture
def file(places, add_behavior):
    """A function that makes a File, which has a medium if a key is given, and a sound of its own in Plone."""
    add_behavior("File")

    def make(**fields):
        sound = NamedBlobFile(b"sound", filename="trailer.mp3", contentType="audio/mpeg")
        with api.env.adopt_roles(["Manager"]):
            return api.content.create(places, "File", "file", title="A file", file=sound, **fields)

    return make


@pytest.fixture
def get(served):
    """A function that gives what anonymous is answered."""

    def ask(path):
        transaction.commit()
        answer = served.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        return answer

    return ask


def enclosed(answer):
    """The addresses and types of what a feed encloses."""
    found = etree.fromstring(answer.content).xpath(ENCLOSURE)
    return [(each.get("href") or each.get("url"), each.get("type")) for each in found]


class TestFeed:
    @pytest.mark.parametrize("path", WITH_IMAGES)
    def test_shows_title_and_duration(self, talk, get, path):
        talk("restricted")
        shown = get(path).text
        assert ("Of lakes" in shown, TOLD in shown) == (True, True)

    @pytest.mark.parametrize("path", WITH_IMAGES)
    @pytest.mark.parametrize("state", ["restricted", "public"])
    def test_holds_no_medium(self, talk, get, path, state):
        talk(state)
        shown = get(path).text
        assert [secret for secret in MEDIUM if secret in shown] == []

    @pytest.mark.parametrize("path", WITH_IMAGES)
    def test_hides_what_anonymous_may_not_see(self, talk, get, path):
        talk("confidential")
        assert "Of lakes" not in get(path).text

    def test_of_news_tells_the_same(self, talk, get):
        talk(image=None)
        shown = get("folder/newsml.xml").text
        assert (TOLD in shown, [secret for secret in MEDIUM if secret in shown]) == (True, [])

    @pytest.mark.parametrize("path", ENCLOSING)
    def test_encloses_the_lead_image(self, talk, get, served, path):
        talk()
        assert enclosed(get(path)) == [(f"{served.url}/folder/talk/@@download/image/lake.png", "image/png")]

    @pytest.mark.parametrize("path", ENCLOSING)
    def test_encloses_nothing_else(self, talk, get, path):
        talk(image=None)
        assert enclosed(get(path)) == []

    @pytest.mark.parametrize("path", ENCLOSING)
    def test_encloses_no_file_of_an_item_with_a_medium(self, file, get, path):
        file(object_key="secretword.mp3")
        assert enclosed(get(path)) == []

    @pytest.mark.parametrize("path", ENCLOSING)
    def test_encloses_the_file_of_an_item_without_one(self, file, get, served, path):
        file()
        assert enclosed(get(path)) == [(f"{served.url}/folder/file/@@download/file/trailer.mp3", "audio/mpeg")]

    def test_has_no_duration_that_is_not_known(self, talk, get):
        talk(duration=None)
        assert "duration" not in get("folder/rss.xml").text

    def test_has_a_duration_without_a_description(self, talk, get):
        talk(description="")
        assert "<description>Duration: 1:02:03</description>" in get("folder/rss.xml").text

    def test_has_no_duration_of_what_has_no_medium(self, talk, get):
        talk(object_key="")
        assert "1:02:03" not in get("folder/rss.xml").text


def tags(answer):
    """The properties in the head of a page, each with all its values."""
    found = {}
    for tag in html.fromstring(answer.content).xpath("//head/meta[@property]"):
        found.setdefault(tag.get("property"), []).append(tag.get("content"))
    return found


class TestOpenGraph:
    @pytest.mark.parametrize("state", ["restricted", "public"])
    def test_has_title_and_description_once(self, talk, get, state):
        talk(state)
        told = tags(get("folder/talk"))
        assert (told["og:title"], told["og:description"]) == (["Of lakes"], [TOLD])

    @pytest.mark.parametrize(
        ("kind", "told"),
        [
            ("video", {"og:type": ["video.other"], "video:duration": ["3723"]}),
            ("audio", {"og:type": ["music.song"], "music:duration": ["3723"]}),
            ("image", {"og:type": ["website"]}),
            ("document", {"og:type": ["website"]}),
        ],
    )
    def test_has_type_and_duration_of_each_kind(self, talk, get, kind, told):
        talk(object_key=KEYS[kind])
        found = tags(get("folder/talk"))
        assert {name: found[name] for name in found if name == "og:type" or "duration" in name} == told

    def test_has_no_duration_that_is_not_known(self, talk, get):
        talk(duration=None)
        told = tags(get("folder/talk"))
        assert (told["og:type"], "video:duration" in told) == (["video.other"], False)

    def test_has_the_lead_image(self, talk, get, served):
        talk()
        (image,) = tags(get("folder/talk"))["og:image"]
        assert image.startswith(f"{served.url}/folder/talk/@@images/image")

    def test_has_the_logo_without_one(self, talk, get, served):
        talk(image=None)
        (image,) = tags(get("folder/talk"))["og:image"]
        assert image.startswith(f"{served.url}/++resource++plone-logo")

    @pytest.mark.parametrize("image", [lake, lambda: None])
    def test_names_no_medium(self, talk, get, image):
        talk(image=image())
        told = tags(get("folder/talk"))
        values = str(told)
        assert [secret for secret in MEDIUM if secret in values] == []
        assert {"og:video", "og:audio", "og:video:url", "og:audio:url"} & set(told) == set()

    def test_names_no_file_of_an_item_with_a_medium(self, file, get):
        file(object_key="secretword.mp3")
        assert [name for name in tags(get("folder/file/view")) if name.startswith("og:audio")] == []

    def test_of_an_item_without_a_medium_is_plones_own(self, talk, get):
        talk(object_key="")
        told = tags(get("folder/talk"))
        assert (told["og:type"], "video:duration" in told) == (["website"], False)

    def test_is_left_out_where_the_site_shares_nothing(self, talk, get):
        api.portal.set_registry_record("plone.share_social_data", False)
        talk()
        assert tags(get("folder/talk")) == {}

    def test_is_not_shown_to_who_may_not_see_the_page(self, talk, served):
        talk("confidential")
        transaction.commit()
        assert "Of lakes" not in served.get("folder/talk", headers={"Accept": "text/html"}).text
