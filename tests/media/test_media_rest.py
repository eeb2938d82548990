"""Who may manage media edits the fields through the REST API; nobody else sees or changes them."""

from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of

import pytest
import transaction


KEY = "talks/secretword.mp4"
POSTER = "posters/secretposter.jpg"
JSON = {"Accept": "application/json"}
OUTSIDERS = [None, "member", "reader", "reviewer", "owner", "viewer"]
MANAGERS = ["manager", "editor", "contributor"]
LOOKS = [
    "talk",
    "talk?fullobjects=1",
    "@search?metadata_fields=_all&fullobjects=1&portal_type=Protected+Video",
    "@search?metadata_fields=_all&portal_type=Protected+Video",
    "@search?metadata_fields=object_key&metadata_fields=poster&portal_type=Protected+Video",
    "?metadata_fields=_all&fullobjects=1",
]


# what the fields take


@pytest.fixture
def add(served):
    """A function that adds a video through the REST API."""

    def post(**fields):
        values = {"@type": "Protected Video", "id": "new", "title": "New", **fields}
        return served.get(login="manager", method="POST", headers=JSON, json=values)

    return post


@pytest.mark.parametrize("key", ["talks/2026/opening.mp4", "a b.mp4", "a%20b.mp4", "ключ/鍵.webm", "A.MP4"])
def test_a_key_is_taken_as_it_stands(served, add, key):
    add(object_key=key)
    assert served.get("new", "manager", headers=JSON).json()["object_key"] == key


def test_a_poster_is_taken_as_it_stands(served, add):
    add(object_key="a.mp4", poster="posters/A.JPG")
    assert served.get("new", "manager", headers=JSON).json()["poster"] == "posters/A.JPG"


REFUSED = {
    "leading slash": {"object_key": "/talks/a.mp4"},
    "up": {"object_key": "talks/../a.mp4"},
    "scheme": {"object_key": "https://d111111abcdef8.cloudfront.net/a.mp4"},
    "wildcard": {"object_key": "talks/*.mp4"},
    "control character": {"object_key": "talks/a\x07.mp4"},
    "end of line": {"object_key": "talks/a\nb.mp4"},
    "ending": {"object_key": "talks/a.exe"},
    "image beside a video": {"renditions": ["talks/a.jpg"]},
    "rendition with an asterisk": {"renditions": ["talks/*.webm"]},
    "rendition that is a number": {"renditions": [5]},
    "number": {"object_key": 5},
    "list": {"object_key": ["a.mp4"]},
    "video as poster": {"poster": "posters/a.mp4"},
    "poster with a slash": {"poster": "/posters/a.jpg"},
    "drawing as poster": {"poster": "posters/a.svg"},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_wrong_is_refused_at_its_field(add, reason):
    ((name, value),) = REFUSED[reason].items()
    answer = add(**{"object_key": "a.mp4", name: value})
    assert (answer.status_code, name in answer.text) == (400, True)


def test_what_is_refused_is_not_made(served, add):
    add(object_key="/talks/a.mp4")
    assert served.get("new", "manager", headers=JSON).status_code == 404


def test_the_refusal_says_what_to_do(add):
    assert "Leave it out: videos/talk.mp4." in add(object_key="/talks/a.mp4").text


def test_the_refusal_of_an_ending_names_the_right_ones(add):
    assert ".mp4, .m4v, .webm" in add(object_key="talks/a.exe").text


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_an_emptied_key_leaves_no_medium(served, empty):
    served.get("talk", "manager", "PATCH", headers=JSON, json={"object_key": empty})
    transaction.begin()
    assert medium_of(served.portal["talk"]) is None


@pytest.mark.parametrize(("renditions", "status"), [(["a.jpg"], 400), (["a.webm"], 204)])
def test_renditions_that_are_changed_alone_have_to_fit_the_medium_that_is_there(served, renditions, status):
    answer = served.get("talk", "manager", "PATCH", headers=JSON, json={"renditions": renditions})
    assert answer.status_code == status


def test_a_refused_change_keeps_the_medium(served):
    served.get("talk", "manager", "PATCH", headers=JSON, json={"object_key": "/a.mp4"})
    transaction.begin()
    assert medium_of(served.portal["talk"]).object_key == "talks/2026/a talk.mp4"


# who sees them


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("login", OUTSIDERS)
def test_who_may_not_manage_media_sees_no_key(people, login, look):
    answer = people.get(look, login, headers=JSON)
    assert (answer.status_code, "secretword" in answer.text, "secretposter" in answer.text) == (200, False, False)


@pytest.mark.parametrize("login", MANAGERS)
def test_who_may_manage_media_sees_the_key(people, login):
    assert people.get("talk", login, headers=JSON).json()["object_key"] == KEY


@pytest.mark.parametrize("login", MANAGERS)
def test_who_may_manage_media_sees_the_poster(people, login):
    assert people.get("talk", login, headers=JSON).json()["poster"] == POSTER


@pytest.mark.parametrize("name", ["object_key", "poster"])
@pytest.mark.parametrize("login", OUTSIDERS)
def test_the_field_has_no_address_of_its_own(people, login, name):
    assert "secret" not in people.get(f"talk/{name}", login).text


@pytest.mark.parametrize("login", ["manager", None])
def test_nobody_finds_the_item_by_its_key(people, login):
    assert people.get("@search?SearchableText=secretword", login, headers=JSON).json()["items_total"] == 0


@pytest.mark.parametrize("name", ["object_key", "poster"])
def test_the_catalog_has_no_column_for_it(portal, name):
    assert name not in portal.portal_catalog.schema()


@pytest.mark.parametrize("name", ["object_key", "poster"])
def test_the_catalog_has_no_index_for_it(portal, name):
    assert name not in portal.portal_catalog.indexes()


# who changes them


def key_after(people, login, values):
    answer = people.get("talk", login, "PATCH", headers=JSON, json=values)
    transaction.begin()
    return answer.status_code, IProtectedMedia(people.portal["talk"]).object_key


def test_an_editor_changes_the_key(people):
    assert key_after(people, "editor", {"object_key": "talks/other.mp4"}) == (204, "talks/other.mp4")


@pytest.mark.parametrize("login", OUTSIDERS)
def test_nobody_else_changes_the_key(people, login):
    _status, key = key_after(people, login, {"object_key": "talks/other.mp4", "title": "Mine"})
    assert key == KEY


def test_the_owner_changes_the_rest(people):
    people.get("talk", "owner", "PATCH", headers=JSON, json={"title": "Mine", "object_key": "talks/other.mp4"})
    transaction.begin()
    assert people.portal["talk"].title == "Mine"


@pytest.mark.parametrize(("login", "offered"), [("owner", False), ("editor", True), ("manager", True)])
def test_the_edit_form_offers_the_field_to_who_may_write_it(people, login, offered):
    assert ("IProtectedMedia.object_key" in people.get("talk/edit", login).text) is offered


def test_the_owner_has_an_edit_form(people):
    assert "IDublinCore.title" in people.get("talk/edit", "owner").text


@pytest.mark.parametrize("login", ["member", None])
def test_who_may_not_manage_media_adds_no_video(served, login):
    values = {"@type": "Protected Video", "id": "new", "title": "New", "object_key": "a.mp4"}
    assert served.get("", login, "POST", headers=JSON, json=values).status_code == 401
