"""A copy opens no door that the original kept shut."""

from collective.cfprivate.media.behavior import IProtectedMedia
from DateTime import DateTime
from plone import api
from plone.protect.authenticator import createToken
from plone.uuid.interfaces import IUUID

import pytest
import requests
import transaction


KEY = "talks/2026/a talk.mp4"


@pytest.fixture
def author(served, add_user, make_video):
    """Somebody who may add and manage media in a folder of his own, and nowhere else."""
    add_user("author")
    with api.env.adopt_roles(["Manager"]):
        api.content.create(served.portal, "Folder", "own")
        group = api.content.create(served.portal, "Folder", "group")
        api.content.transition(group, "publish")
    make_video(group)
    api.user.grant_roles(username="author", roles=["Contributor", "Editor"], obj=served.portal["own"])
    transaction.commit()
    return "author"


def copy(served, path, login):
    """A copy of ``path`` in the author's folder, made over REST; its fields."""
    answer = served.get(
        "own/@copy", login, "POST", json={"source": f"{served.url}/{path}"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    transaction.begin()
    return served.portal["own"]


class TestWhoMayNotStream:
    @pytest.mark.parametrize("field", ["object_key", "poster", "duration", "lifetime"])
    def test_copies_the_page_alone(self, served, author, field):
        served.item.poster, served.item.duration, served.item.lifetime = "talks/2026/poster.jpg", 12, 60
        transaction.commit()
        assert getattr(IProtectedMedia(copy(served, "talk", author)["talk"]), field) is None

    def test_keeps_the_rest_of_it(self, served, author):
        assert copy(served, "talk", author)["talk"].title == "A talk"

    def test_copies_no_medium_within_a_folder(self, served, author):
        assert IProtectedMedia(copy(served, "group", author)["group"]["talk"]).object_key is None

    def test_plays_nothing(self, served, author):
        copy(served, "talk", author)
        assert served.get("own/talk/@@media", author, headers={"Accept": "*/*"}).status_code == 404

    def test_leaves_the_original_as_it_was(self, served, author):
        copy(served, "talk", author)
        assert IProtectedMedia(served.item).object_key == KEY


class TestInTheFolderContents:
    """Copy and paste on the classic page, whose copy action takes whatever the user may view."""

    @pytest.fixture
    def pasted(self, served, author):
        session = requests.Session()
        session.auth = (author, f"secret-of-{author}")
        with api.env.adopt_user(author):
            token = createToken()
        for action in ("fc-copy", "fc-paste"):
            data = {"_authenticator": token, "selection": f'["{IUUID(served.item)}"]', "folder": "/own"}
            answer = session.post(f"{served.url}/own/@@{action}", data=data, timeout=60)
            assert answer.json()["status"] == "success"
        transaction.begin()
        return served.portal["own"]["talk"]

    def test_copies_the_page_alone(self, pasted):
        assert IProtectedMedia(pasted).object_key is None

    @pytest.mark.parametrize("path", ["@@media", "@@media?download=1", "@playback"])
    def test_plays_nothing(self, served, pasted, path):
        answer = served.get(f"own/talk/{path}", "author", headers={"Accept": "application/json"})
        assert answer.status_code == 404


class TestWhoMayStream:
    @pytest.fixture(autouse=True)
    def _viewer(self, served, author):
        api.user.grant_roles(username=author, roles=["Media Viewer"], obj=served.item)
        api.user.grant_roles(username=author, roles=["Media Viewer"], obj=served.portal["group"])
        transaction.commit()

    def test_copies_the_medium_too(self, served, author):
        assert IProtectedMedia(copy(served, "talk", author)["talk"]).object_key == KEY

    def test_copies_it_within_a_folder(self, served, author):
        assert IProtectedMedia(copy(served, "group", author)["group"]["talk"]).object_key == KEY


def test_the_staff_copies_an_expired_medium(served):
    served.item.expiration_date = DateTime() - 1
    with api.env.adopt_roles(["Contributor", "Manager"]):
        api.content.copy(served.item, id="again")
    assert IProtectedMedia(served.portal["again"]).object_key == KEY


def test_moving_keeps_the_medium(served):
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(served.portal, "Folder", "elsewhere")
        moved = api.content.move(served.item, folder)
    assert IProtectedMedia(moved).object_key == KEY
