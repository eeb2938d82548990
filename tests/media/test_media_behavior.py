"""The behavior makes any item a protected one, and its fields are the item's own."""

from Acquisition import aq_base
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.behavior import valid_image_key
from collective.cfprivate.media.behavior import valid_media_key
from collective.cfprivate.media.medium import Medium
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.renditions import Rendition
from zope.interface import Invalid
from zope.interface.verify import verifyObject
from zope.schema import getFieldNames

import pytest


KIND_OF_TYPE = {"video": "video", "audio": "audio", "image": "image", "application": "document"}


BEHAVIOR = "collective.cfprivate.protected_media"


@pytest.fixture
def video(portal, make_video):
    return make_video(portal)


# the behavior on a type


def test_a_document_is_not_protected_by_itself(create):
    assert not IProtectedItem.providedBy(create("Document"))


def test_with_the_behavior_a_document_is_protected(create, give_behavior):
    give_behavior("Document")
    assert IProtectedItem.providedBy(create("Document"))


def test_items_that_were_there_before_become_protected_too(create, give_behavior):
    document = create("Document")
    give_behavior("Document")
    assert IProtectedItem.providedBy(document)


def test_other_types_stay_as_they_are(create, give_behavior):
    give_behavior("Document")
    assert not IProtectedItem.providedBy(create("News Item"))


def test_without_the_behavior_again_nothing_is_protected(create, give_behavior, portal):
    give_behavior("Document")
    document = create("Document", object_key="a.mp4")
    fti = portal.portal_types["Document"]
    fti.manage_changeProperties(behaviors=[name for name in fti.behaviors if name != BEHAVIOR])
    assert medium_of(document) is None


@pytest.mark.parametrize("portal_type", ["Document", "News Item", "Event", "File", "Image", "Folder"])
def test_any_type_can_have_a_medium(create, give_behavior, portal_type):
    give_behavior(portal_type)
    assert medium_of(create(portal_type, object_key="talks/a.mp4")).object_key == "talks/a.mp4"


def test_the_behavior_provides_what_its_schema_says(video):
    assert verifyObject(IProtectedMedia, IProtectedMedia(video))


def test_the_behavior_has_these_fields(video):
    assert set(getFieldNames(IProtectedMedia)) == {
        *("object_key", "renditions", "poster", "tracks", "duration"),
        *("offer_download", "lifetime"),
    }


def test_the_values_are_attributes_of_the_item(video):
    IProtectedMedia(video).object_key = "talks/other.mp4"
    assert vars(aq_base(video))["object_key"] == "talks/other.mp4"


def test_an_adapter_keeps_nothing_for_itself(video):
    IProtectedMedia(video).object_key = "talks/other.mp4"
    assert IProtectedMedia(video).object_key == "talks/other.mp4"


# own, not acquired


@pytest.fixture
def folder(create, give_behavior):
    """A folder that has a medium itself."""
    give_behavior("Folder")
    return create("Folder", object_key="talks/folder.mp4", poster="posters/folder.jpg")


@pytest.fixture
def child(create, folder):
    """A document in that folder, of a type without the behavior."""
    return create("Document", folder)


@pytest.fixture
def protected_child(create, folder, give_behavior):
    """A document in that folder, of a type with the behavior, without a medium."""
    give_behavior("Document")
    return create("Document", folder)


def test_the_folder_has_its_medium(folder):
    assert medium_of(folder).object_key == "talks/folder.mp4"


def test_a_careless_reader_would_get_the_folders_medium(child):
    assert child.object_key == "talks/folder.mp4"


def test_the_child_has_no_medium(child):
    assert medium_of(child) is None


def test_the_child_does_not_adapt(child):
    assert IProtectedMedia(child, None) is None


@pytest.mark.parametrize("name", ["object_key", "poster"])
def test_a_child_with_the_behavior_has_its_own_empty_fields(protected_child, name):
    assert getattr(IProtectedMedia(protected_child), name) is None


def test_a_child_with_the_behavior_has_no_medium_of_its_folder(protected_child):
    assert medium_of(protected_child) is None


def test_a_child_with_its_own_medium_does_not_take_the_folders_poster(protected_child):
    IProtectedMedia(protected_child).object_key = "talks/child.mp4"
    assert medium_of(protected_child).poster_key is None


def test_writing_at_the_child_leaves_the_folder(protected_child, folder):
    IProtectedMedia(protected_child).object_key = "talks/child.mp4"
    assert medium_of(folder).object_key == "talks/folder.mp4"


# the medium


def test_the_medium_says_everything(create):
    video = create("Protected Video", object_key="talks/2026/a talk.mp4", poster="posters/a.jpg")
    assert medium_of(video) == Medium(
        kind="video", files=(Rendition(object_key="talks/2026/a talk.mp4"),), poster_key="posters/a.jpg"
    )


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("mp4", "video/mp4"),
        ("m4v", "video/mp4"),
        ("webm", "video/webm"),
        ("MP4", "video/mp4"),
        ("WebM", "video/webm"),
        ("mp3", "audio/mpeg"),
        ("m4a", "audio/mp4"),
        ("ogg", "audio/ogg"),
        ("flac", "audio/flac"),
        ("jpg", "image/jpeg"),
        ("webp", "image/webp"),
        ("pdf", "application/pdf"),
        ("epub", "application/epub+zip"),
    ],
)
def test_the_media_type_follows_the_ending(create, ending, media_type):
    medium = medium_of(create("Protected Video", object_key=f"a.{ending}"))
    assert (medium.kind, medium.files[0].media_type) == (KIND_OF_TYPE[media_type.partition("/")[0]], media_type)


@pytest.mark.parametrize("key", ["A.MP4", "Talks/Ä.Mp4"])
def test_the_key_keeps_its_case(create, key):
    assert medium_of(create("Protected Video", object_key=key)).object_key == key


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_there_is_no_medium(create, key):
    assert medium_of(create("Protected Video", object_key=key)) is None


@pytest.mark.parametrize("key", ["a.exe", "a.html", "a", "mp4", ".mp4", "a.mp4.exe", "a.svg"])
def test_what_is_no_medium_is_none_however_it_came_there(create, key):
    assert medium_of(create("Protected Video", object_key=key)) is None


@pytest.mark.parametrize("poster", [None, ""])
def test_without_a_poster_there_is_none(create, poster):
    assert medium_of(create("Protected Video", object_key="a.mp4", poster=poster)).poster_key is None


def test_a_poster_alone_is_no_medium(create):
    assert medium_of(create("Protected Video", poster="a.jpg")) is None


def test_the_site_has_no_medium(portal):
    assert medium_of(portal) is None


# what the fields take

VIDEOS = [
    "talks/2026/opening.mp4",
    "a.mp4",
    "a b.mp4",
    "a%20b.mp4",
    "a+b&c=d;e.mp4",
    "ключ/鍵.webm",
    "A.MP4",
    "a.b.c.m4v",
    "..a/b..mp4",
    "x" * 1020 + ".mp4",
]
NO_KEYS = {
    "leading slash": "/talks/a.mp4",
    "trailing slash": "talks/a.mp4/",
    "two slashes": "talks//a.mp4",
    "up": "talks/../a.mp4",
    "up first": "../a.mp4",
    "here": "./a.mp4",
    "scheme": "https://d111111abcdef8.cloudfront.net/a.mp4",
    "other scheme": "s3://bucket/a.mp4",
    "asterisk": "talks/*.mp4",
    "question mark": "talks/a?.mp4",
    "backslash": "talks\\a.mp4",
    "null": "talks/a\x00.mp4",
    "bell": "talks/a\x07.mp4",
    "end of line": "talks/a\nb.mp4",
    "delete": "talks/a\x7f.mp4",
    "1025 bytes": "x" * 1021 + ".mp4",
    "1025 bytes of UTF-8": "é" * 510 + "x.mp4",
}
OTHERS = ["a.mp3", "a.pdf", "a.jpg", "a.PDF"]
NO_MEDIA = ["a.exe", "a.svg", "a.mp4 ", "a.mp4.html", "a", "mp4", "a.js"]
IMAGES = ["p.jpg", "p.JPEG", "p.png", "posters/p.webp", "p.avif"]
NO_IMAGES = ["p.mp4", "p.svg", "p.gif.html", "p", "p.tiff"]


@pytest.mark.parametrize("key", [*VIDEOS, *OTHERS])
def test_a_key_of_a_medium_is_taken(key):
    assert valid_media_key(key)


@pytest.mark.parametrize("key", IMAGES)
def test_a_key_of_an_image_is_taken(key):
    assert valid_image_key(key)


@pytest.mark.parametrize("reason", NO_KEYS)
def test_what_is_no_key_is_no_medium(reason):
    with pytest.raises(Invalid):
        valid_media_key(NO_KEYS[reason])


@pytest.mark.parametrize("reason", NO_KEYS)
def test_what_is_no_key_is_no_image(reason):
    with pytest.raises(Invalid):
        valid_image_key(NO_KEYS[reason].replace("mp4", "jpg"))


@pytest.mark.parametrize("key", NO_MEDIA)
def test_a_key_with_another_ending_is_no_medium(key):
    with pytest.raises(Invalid):
        valid_media_key(key)


@pytest.mark.parametrize("key", NO_IMAGES)
def test_a_key_with_another_ending_is_no_image(key):
    with pytest.raises(Invalid):
        valid_image_key(key)


@pytest.mark.parametrize("empty", [None, "", "  "])
@pytest.mark.parametrize("name", ["object_key", "poster"])
def test_an_empty_field_is_allowed(name, empty):
    assert IProtectedMedia[name].validate(empty) is None
