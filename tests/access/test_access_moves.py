"""Moving takes no medium to where the mover belongs to the staff."""

from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api
from Products.DCWorkflow.utils import modifyRolesForPermission

import pytest
import transaction


KEY = "talks/2026/a talk.mp4"
JSON = {"Accept": "application/json"}


@pytest.fixture
def mover(served, add_user, make_video):
    """The Owner of the video and of a folder with another; in a folder of his own he is all of the staff."""
    add_user("mover")
    with api.env.adopt_roles(["Manager"]):
        group = api.content.create(served.portal, "Folder", "group")
        own = api.content.create(served.portal, "Folder", "own")
    make_video(group)
    for container in (served.item, group):
        api.user.grant_roles(username="mover", roles=["Owner"], obj=container)
    api.user.grant_roles(username="mover", roles=["Contributor", "Editor"], obj=own)
    # So that nothing but the medium stands in the way of moving.
    for permission in ("Delete objects", "Copy or Move"):
        served.portal.manage_permission(permission, ["Authenticated"], acquire=True)
    transaction.commit()
    return "mover"


def move(served, path, login):
    """Move ``path`` into the folder of one's own over REST; the status."""
    answer = served.get("own/@move", login, "POST", json={"source": f"{served.url}/{path}"}, headers=JSON)
    transaction.begin()
    return answer


@pytest.mark.parametrize("path", ["talk", "group"])
class TestWhoMayNotStream:
    def test_moves_nothing(self, served, mover, path):
        move(served, path, mover)
        assert served.portal["own"].objectIds() == []

    def test_is_told_so(self, served, mover, path):
        assert move(served, path, mover).status_code in {401, 403}

    def test_loses_nothing(self, served, mover, path):
        move(served, path, mover)
        assert path in served.portal.objectIds()


@pytest.mark.parametrize("path", ["talk", "group"])
def test_who_may_stream_moves_it(served, mover, path):
    for item in (served.item, served.portal["group"]):
        api.user.grant_roles(username=mover, roles=["Owner", "Media Viewer"], obj=item)
    transaction.commit()
    move(served, path, mover)
    assert served.portal["own"].objectIds() == [path]


def test_an_item_without_a_medium_is_moved(served, mover):
    served.item.object_key = None
    transaction.commit()
    move(served, "talk", mover)
    assert served.portal["own"].objectIds() == ["talk"]


@pytest.fixture
def nobodys(served):
    """The video, which not even a Manager may stream or manage."""
    for permission in ("Stream", "Manage"):
        modifyRolesForPermission(served.item, f"collective.cfprivate: {permission} protected media", ("Media Viewer",))
    return served.item


def test_who_may_not_stream_pastes_it_where_it_was(served, nobodys):
    with api.env.adopt_user("manager"):
        through_itself = served.portal.aq_base.__of__(served.portal.aq_parent)
        through_itself.manage_pasteObjects(served.portal.manage_cutObjects(["talk"]))
    assert IProtectedMedia(served.portal["talk"]).object_key == KEY


def test_who_may_not_stream_renames_it(served, nobodys):
    with api.env.adopt_user("manager"):
        api.content.rename(served.item, "speech")
    assert IProtectedMedia(served.portal["speech"]).object_key == KEY


def test_who_may_not_stream_deletes_it(served, mover):
    with api.env.adopt_user(mover):
        served.portal.manage_delObjects(["talk"])
    assert "talk" not in served.portal.objectIds()


class TestOwner:
    """Whoever made an item hands out no role that lets watch, and so takes none."""

    @pytest.mark.parametrize("role", ["Editor", "Contributor", "Media Viewer", "Reviewer"])
    def test_gives_himself_no_role_of_those_who_watch(self, served, mover, role):
        entry = {"id": mover, "type": "user", "roles": {role: True}}
        served.get("talk/@sharing", mover, "POST", json={"entries": [entry]}, headers=JSON)
        transaction.begin()
        assert role not in served.portal["talk"].get_local_roles_for_userid(mover)

    def test_shows_the_page_to_others(self, served, mover):
        entry = {"id": "member", "type": "user", "roles": {"Reader": True}}
        served.get("talk/@sharing", mover, "POST", json={"entries": [entry]}, headers=JSON)
        transaction.begin()
        assert "Reader" in served.portal["talk"].get_local_roles_for_userid("member")
