"""WebDAV and FTP ask no permission of a field, so the object keys take no part in them."""

from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api

import pytest
import transaction


BODY = "title: Renamed\nobject_key: other/secret.mp4\nposter: other/secret.jpg\n\n"


@pytest.mark.parametrize("login", [None, "member", "viewer", "manager"])
@pytest.mark.parametrize("method", ["manage_DAVget", "manage_FTPget"])
@pytest.mark.parametrize("key", ["a talk.mp4", "poster.jpg"])
def test_a_message_holds_no_key(served, login, method, key):
    served.item.poster = "talks/2026/poster.jpg"
    transaction.commit()
    assert key not in served.get(f"talk/{method}", login).text


@pytest.fixture
def put(served):
    """A member who owns the item puts a message onto it."""
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(served.item, to_state="members")
    api.user.grant_roles(username="member", roles=["Owner"], obj=served.item)
    transaction.commit()
    answer = served.get("talk", "member", method="PUT", data=BODY, headers={"Content-Type": "text/plain"})
    transaction.begin()
    return answer


def test_control_an_owner_may_put_a_message(served, put):
    assert (put.status_code, served.item.title) == (204, "Renamed")


@pytest.mark.parametrize(("name", "kept"), [("object_key", "talks/2026/a talk.mp4"), ("poster", None)])
def test_a_put_message_changes_no_key(served, put, name, kept):
    assert getattr(IProtectedMedia(served.item), name) == kept
