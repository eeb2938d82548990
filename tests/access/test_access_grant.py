"""Who may stream, by role, state and date."""

from collective.cfprivate.access.grant import grant
from collective.cfprivate.access.grant import Reason
from DateTime import DateTime
from plone import api
from Products.DCWorkflow.utils import modifyRolesForPermission

import pytest


NOW = 1_800_000_000
STATES = ["private", "pending", "confidential", "restricted", "members", "public"]
STAFF = ["Manager", "Site Administrator", "Editor", "Contributor"]
STREAM = "collective.cfprivate: Stream protected media"
NOT_PERMITTED = Reason.NOT_PERMITTED

# The table of docs/access.rst, typed by hand: who may watch in which state.
MAY_STREAM = {
    **{role: set(STATES) for role in STAFF},
    "Reviewer": {"pending", "confidential", "restricted", "members", "public"},
    "Media Viewer": {"confidential", "restricted", "members", "public"},
    "Reader": {"members", "public"},
    "Owner": {"members", "public"},
    "Member": {"members", "public"},
    "Anonymous": {"public"},
}


def ask(item, role, now=NOW):
    with api.env.adopt_roles(["Anonymous"] if role == "Anonymous" else [role, "Authenticated", "Anonymous"]):
        return grant(item, action="stream", now=now, address="198.51.100.7")


@pytest.mark.parametrize("role", MAY_STREAM)
@pytest.mark.parametrize("state", STATES)
def test_role_and_state_decide(portal, make_video, role, state):
    item = make_video(portal, state=state)
    assert ask(item, role).allowed == (state in MAY_STREAM[role])


@pytest.fixture
def public(portal, make_video):
    return make_video(portal, state="public")


def test_without_view_nobody_streams(public):
    modifyRolesForPermission(public, "View", ("Manager",))
    assert ask(public, "Anonymous").reason is NOT_PERMITTED


def test_without_stream_nobody_streams(public):
    modifyRolesForPermission(public, STREAM, ("Manager",))
    assert ask(public, "Anonymous").reason is NOT_PERMITTED


def test_what_is_published_now_streams_in_the_same_second(public):
    public.effective_date = DateTime(NOW + 0.7)
    assert ask(public, "Anonymous", now=NOW).allowed


class TestDates:
    @pytest.fixture
    def item(self, public):
        public.effective_date = DateTime(NOW)
        public.expiration_date = DateTime(NOW + 60)
        return public

    @pytest.mark.parametrize(
        ("now", "reason"),
        [
            (NOW - 1, Reason.NOT_YET),
            (NOW, Reason.GRANTED),
            (NOW + 59, Reason.GRANTED),
            (NOW + 60, Reason.EXPIRED),
        ],
    )
    def test_the_window_has_sharp_bounds(self, item, now, reason):
        assert ask(item, "Anonymous", now).reason is reason

    def test_a_grant_ends_with_the_window(self, item):
        assert ask(item, "Anonymous", NOW + 1).expires == NOW + 60

    def test_a_refused_viewer_learns_when_to_come_back(self, item):
        assert ask(item, "Anonymous", NOW - 100).starts == NOW

    @pytest.mark.parametrize("now", [NOW - 100, NOW + 100])
    def test_who_may_see_inactive_content_is_not_bound_by_it(self, item, now):
        assert ask(item, "Manager", now).reason is Reason.GRANTED

    def test_nor_is_their_signature_capped(self, item):
        assert ask(item, "Manager", NOW + 1).expires > NOW + 60

    def test_seeing_inactive_content_does_not_let_watch(self, item):
        modifyRolesForPermission(item, STREAM, ("Manager",))
        assert ask(item, "Owner", NOW + 1).reason is NOT_PERMITTED

    def test_a_date_in_the_parent_does_not_count(self, portal, make_video):
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder")
            api.content.transition(folder, "publish")
        folder.expiration_date = DateTime(NOW - 1)
        assert ask(make_video(folder, state="public"), "Anonymous").reason is Reason.GRANTED


@pytest.mark.parametrize("role", ["Media Viewer", "Editor"])
def test_a_role_given_in_sharing_counts(portal, make_video, add_user, role):
    item = make_video(portal, state="restricted")
    add_user("someone")
    api.user.grant_roles(username="someone", roles=[role], obj=item)
    with api.env.adopt_user("someone"):
        assert grant(item, action="stream", now=NOW, address="198.51.100.7").allowed


def test_a_role_taken_away_counts_at_once(portal, make_video, add_user):
    item = make_video(portal, state="restricted")
    add_user("someone")
    api.user.grant_roles(username="someone", roles=["Media Viewer"], obj=item)
    api.user.revoke_roles(username="someone", roles=["Media Viewer"], obj=item)
    with api.env.adopt_user("someone"):
        assert not grant(item, action="stream", now=NOW, address="198.51.100.7").allowed


def test_a_role_in_another_folder_does_not_count(portal, make_video, add_user):
    item = make_video(portal, state="restricted")
    with api.env.adopt_roles(["Manager"]):
        other = api.content.create(portal, "Folder", "other")
    add_user("someone")
    api.user.grant_roles(username="someone", roles=["Media Viewer"], obj=other)
    with api.env.adopt_user("someone"):
        assert not grant(item, action="stream", now=NOW, address="198.51.100.7").allowed


def test_an_unknown_action_is_no_grant(public):
    with pytest.raises(ValueError, match="There is no action"):
        grant(public, action="copy", now=NOW, address="198.51.100.7")
