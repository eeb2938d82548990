"""The component ``playback`` of an item's JSON: caches keep it, so that it is the same for all and decides nothing."""

from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api

import pytest
import transaction


JSON = {"Accept": "application/json"}
LOGINS = [None, "member", "viewer", "manager"]
LOOKS = ["talk", "talk?expand=playback", "talk?expand=breadcrumbs,playback", "talk?expand:list=playback"]


@pytest.fixture
def component(served):
    """A function that gives the component as it stands in JSON; None where it is absent."""

    def look(path="talk", login=None):
        return served.get(path, login, headers=JSON).json()["@components"].get("playback")

    return look


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("login", LOGINS)
def test_is_the_same_for_all(served, component, login, look):
    assert component(look, login) == {"@id": f"{served.url}/talk/@playback", "kind": "video", "duration": None}


@pytest.mark.parametrize(("key", "kind"), [("a.mp3", "audio"), ("a.jpg", "image"), ("a.pdf", "document")])
def test_tells_kind_and_duration(served, component, key, kind):
    IProtectedMedia(served.item).object_key = key
    IProtectedMedia(served.item).duration = 754
    transaction.commit()
    assert component() == {"@id": f"{served.url}/talk/@playback", "kind": kind, "duration": 754}


def test_is_absent_without_a_medium(served, component):
    IProtectedMedia(served.item).object_key = None
    transaction.commit()
    assert component(login="manager") is None


def test_is_absent_of_other_content(served, component):
    with api.env.adopt_roles(["Manager"]):
        api.content.create(served.portal, "Document", "page")
    transaction.commit()
    assert component("page", "manager") is None


def test_is_in_whole_items_of_a_listing(served):
    found = served.get("@search?fullobjects=1&portal_type=Protected+Video", headers=JSON).json()["items"]
    assert [item["@components"]["playback"]["kind"] for item in found] == ["video"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("login", LOGINS)
def test_is_no_question_to_watch(served, caplog, login, look):
    caplog.set_level("INFO", logger="collective.cfprivate.audit")
    served.get(look, login, headers=JSON)
    assert [record for record in caplog.records if record.name == "collective.cfprivate.audit"] == []


@pytest.mark.parametrize("login", [None, "member", "viewer"])
def test_holds_no_key_and_no_signature(served, login):
    answer = served.get("talk?expand=playback", login, headers=JSON)
    assert [word in answer.text for word in ("Signature=", "cloudfront.net", "a talk.mp4")] == [False] * 3


def test_is_not_in_the_way_where_nothing_is_configured(served, component):
    api.portal.set_registry_record("collective.cfprivate.distribution", "")
    transaction.commit()
    assert component()["kind"] == "video"
