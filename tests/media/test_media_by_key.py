"""Which items use a file of the bucket."""

from collective.cfprivate.media.by_key import items_with
from plone import api

import pytest


@pytest.fixture
def talk(portal, make_video):
    """A video with a file of each kind, which nobody but the staff sees."""
    return make_video(
        portal,
        state="private",
        object_key="talks/a talk.m3u8",
        renditions=("talks/a talk.mp4",),
        poster="talks/a.jpg",
        tracks=[{"language": "en", "object_key": "talks/en.vtt"}],
    )


@pytest.mark.parametrize("key", ["talks/a talk.m3u8", "talks/a talk.mp4", "talks/a.jpg", "talks/en.vtt"])
def test_each_file_leads_to_the_item(talk, key):
    with api.env.adopt_roles(["Anonymous"]):
        assert [item.getId() for item in items_with(key)] == ["talk"]


@pytest.mark.parametrize("key", ["", "talks/", "talks/a", "talks/A.jpg", "talks/a%20talk.mp4", "/talks/a.jpg", "a.jpg"])
def test_no_other_key_does(talk, key):
    assert items_with(key) == []


def test_all_items_with_a_file_are_found(portal, talk, make_video):
    make_video(portal, "copy", object_key="talks/a talk.mp4")
    assert sorted(item.getId() for item in items_with("talks/a talk.mp4")) == ["copy", "talk"]


def test_an_item_without_a_medium_is_none(portal, make_video):
    make_video(portal, object_key=None)
    assert items_with("talks/a.jpg") == []


def test_an_item_that_is_gone_is_none(portal, talk):
    portal._delOb("talk")
    assert items_with("talks/a.jpg") == []
