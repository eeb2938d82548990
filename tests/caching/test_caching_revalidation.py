"""A client that revalidates: plone.app.caching would answer 304 before the page is asked, and must not for a medium.

Its ETag is made of the user's id, a counter of the catalog, language, skin, lock and resources. So the page ``plain`` has the
ETag that the page of the item would have for the same visitor, and no change below changes it.
"""

from collections.abc import Callable
from DateTime import DateTime
from datetime import datetime
from datetime import timezone
from email.utils import format_datetime
from plone import api
from plone.namedfile import NamedBlobImage
from Products.DCWorkflow.utils import modifyRolesForPermission
from typing import NamedTuple

import pytest
import transaction


HTML = {"Accept": "text/html"}
STREAM = "collective.cfprivate: Stream protected media"
EVERYBODY = (None, "member", "viewer")
GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")


@pytest.fixture
def site(cached, make_video):
    """``cached`` with a video in a folder that only the staff sees, and a group that may watch it."""
    with api.env.adopt_roles(["Manager"]):
        attic = api.content.create(cached.portal, "Folder", "attic")
    cached.item = make_video(attic)
    api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=cached.item)
    api.group.create("watchers")
    api.group.grant_roles(groupname="watchers", roles=["Media Viewer"], obj=cached.item)
    transaction.commit()
    return cached


def visit(site, login, path="attic/talk", **conditions):
    headers = {name.replace("_", "-"): value for name, value in conditions.items()}
    return site.get(path, login, headers=HTML | headers)


def etag_of_plain(site, login):
    return visit(site, login, "plain").headers["ETag"]


def revalidated(site, login, etag):
    """Status and whether there is a signature, under the conditions that a client may set."""
    now = format_datetime(datetime.now(timezone.utc), usegmt=True)
    answers = [
        visit(site, login, If_None_Match=etag),
        visit(site, login, If_None_Match="*"),
        visit(site, login, If_None_Match=etag, If_Modified_Since=now),
    ]
    return {(answer.status_code, "Signature=" in answer.text) for answer in answers}


def in_state(state):
    def bring(site):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(site.item, to_state=state)

    return bring


def with_field(name, value):
    return lambda site: setattr(site.item, name, value)


def with_setting(name, value):
    return lambda site: api.portal.set_registry_record(f"collective.cfprivate.{name}", value)


def joined(site):
    api.group.add_user(groupname="watchers", username="member")


def left(site):
    api.group.remove_user(groupname="watchers", username="member")


def opened_by_hand(site):
    modifyRolesForPermission(site.item, STREAM, ("Anonymous", "Manager"))


class Case(NamedTuple):
    """What was done ``before`` a visit, the ``change`` after it, and which of the ``logins`` may watch then."""

    before: list[Callable]
    change: Callable
    watches: bool
    logins: tuple = EVERYBODY


public = in_state("public")
yesterday, tomorrow = DateTime() - 1, DateTime() + 1
bound = {"protected_media_workflow": {"public": {"bind_ip": True}}}  # to 127.0.0.1 nothing can be bound

CASES = {
    "its date came": Case(
        [public, with_field("effective_date", tomorrow)], with_field("effective_date", yesterday), watches=True
    ),
    "it expired": Case([public], with_field("expiration_date", yesterday), watches=False),
    "joined a group": Case([], joined, watches=True, logins=("member",)),
    "left a group": Case([joined], left, watches=False, logins=("member",)),
    "folders count": Case([public], with_setting("view_on_parents", True), watches=False),
    "folders no longer count": Case(
        [public, with_setting("view_on_parents", True)], with_setting("view_on_parents", False), watches=True
    ),
    "a rule binds": Case([public], with_setting("state_rules", bound), watches=False),
    "a rule no longer binds": Case(
        [public, with_setting("state_rules", bound)], with_setting("state_rules", {}), watches=True
    ),
    "permitted by hand": Case([], opened_by_hand, watches=True),
    "attached by a program": Case(
        [public, with_field("object_key", None)], with_field("object_key", "talks/2026/talk.mp4"), watches=True
    ),
}
TRIED = [
    *[("without-caching-proxy", name) for name in CASES],
    *[("with-caching-proxy", name) for name in ("its date came", "left a group")],
]


def committed(site, *changes):
    for change in changes:
        change(site)
    transaction.commit()


@pytest.mark.parametrize(("cached", "name"), TRIED, indirect=["cached"])
def test_an_old_etag_brings_the_right_answer(site, name):
    before, change, watches, logins = CASES[name]
    committed(site, *before)
    etags = {login: etag_of_plain(site, login) for login in logins}
    for login in logins:
        visit(site, login)  # into the RAM cache, if it gets there
    committed(site, change)
    assert {login: etag_of_plain(site, login) for login in logins} == etags
    assert {answer for login in logins for answer in revalidated(site, login, etags[login])} == {(200, watches)}


@pytest.mark.parametrize("cached", ["without-caching-proxy"], indirect=True)
class TestEtagThatAClientReallyHas:
    @pytest.fixture
    def empty(self, site):
        committed(site, with_field("object_key", None))
        return site

    def test_control_a_page_without_a_medium_is_not_sent_twice(self, empty):
        etag = visit(empty, "viewer").headers["ETag"]
        assert visit(empty, "viewer", If_None_Match=etag).status_code == 304

    def test_of_a_page_to_which_a_medium_was_attached(self, empty):
        etag = visit(empty, "viewer").headers["ETag"]
        committed(empty, with_field("object_key", "talks/2026/talk.mp4"))
        assert "Signature=" in visit(empty, "viewer", If_None_Match=etag).text


@pytest.mark.parametrize("cached", ["with-caching-proxy"], indirect=True)
class TestSiteThatComparesDatesAlone:
    """With Last-Modified in place of ETags a browser takes along what it has from before it logged in."""

    @pytest.fixture(autouse=True)
    def _last_modified(self, site, operate):
        operate("moderateCaching")
        api.portal.set_registry_record("plone.app.caching.moderateCaching.lastModified", True)
        transaction.commit()

    def test_control_a_plain_page_is_not_sent_twice(self, site):
        seen = visit(site, None, "plain").headers["Last-Modified"]
        assert visit(site, "viewer", "plain", If_Modified_Since=seen).status_code == 304

    def test_who_logs_in_is_not_left_with_the_refusal_of_anonymous(self, site):
        seen = visit(site, None).headers["Last-Modified"]
        assert "Signature=" in visit(site, "viewer", If_Modified_Since=seen).text

    def test_anonymous_is_not_left_with_the_refusal_from_before_the_item_was_public(self, site, move):
        seen = visit(site, None).headers["Last-Modified"]
        move(site.item, "public")
        assert "Signature=" in visit(site, None, If_Modified_Since=seen).text


@pytest.mark.parametrize("cached", ["without-caching-proxy"], indirect=True)
def test_the_lead_image_may_be_revalidated_as_any_image(site):
    committed(site, with_field("image", NamedBlobImage(data=GIF, filename="lead.gif")))
    seen = visit(site, "viewer", "attic/talk/@@images/image").headers["Last-Modified"]
    assert visit(site, "viewer", "attic/talk/@@images/image", If_Modified_Since=seen).status_code == 304
