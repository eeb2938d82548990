"""Each kind of user on each surface, in each state, before, within and after the publication window."""

from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.playback import hls
from functools import cache
from itertools import product
from matrix import ask
from matrix import CAPTIONS
from matrix import furnish
from matrix import path_of
from matrix import STATES
from matrix import USERS
from matrix import WINDOWS
from plone import api
from surfaces import FORBIDDEN
from surfaces import GUESTS
from surfaces import HIDDEN
from surfaces import LOG_IN
from surfaces import NO_LINK
from surfaces import Playlists
from surfaces import PREVIEWS
from surfaces import SIGNED
from surfaces import SURFACES
from typing import NamedTuple
from zope.component import getGlobalSiteManager
from zope.component import getUtility

import pytest
import transaction


HOST = "d111111abcdef8.cloudfront.net"
SECRETS = ["Signature=", "Key-Pair-Id", HOST, "yellow"]

# The tables of docs/access.rst, typed by hand.
STAFF = {"manager", "siteadmin", "editor", "contributor"}
VIEWERS = {"viewer", "viewer-by-group"}
LOGGED_IN = {*STAFF, *VIEWERS, "reviewer", "owner", "reader", "member"}
EVERYBODY = {*LOGGED_IN, "anonymous"}

MAY_VIEW = {
    "private": {*STAFF, "owner", "reader"},
    "pending": {*STAFF, "owner", "reader", "reviewer"},
    "confidential": {*STAFF, *VIEWERS, "owner", "reader", "reviewer"},
    "restricted": EVERYBODY,
    "members": EVERYBODY,
    "public": EVERYBODY,
}
MAY_STREAM = {
    "private": STAFF,
    "pending": {*STAFF, "reviewer"},
    "confidential": {*STAFF, *VIEWERS, "reviewer"},
    "restricted": {*STAFF, *VIEWERS, "reviewer"},
    "members": LOGGED_IN,
    "public": EVERYBODY,
}
MAY_DOWNLOAD = {"manager", "siteadmin", "editor"}

# "Access inactive portal content", as Products.CMFPlone's own rolemap.xml gives it: to Owner and Site Administrator,
# and to Manager, to whom Zope gives every permission.
NOT_BOUND_BY_DATES = {"manager", "siteadmin", "owner"}


def expected(user, state, window, surface):
    # The page for a frame says why itself: Plone would put its log-in form there.
    if user not in MAY_VIEW[state] and surface != "embed":
        return HIDDEN
    entitled = user in MAY_STREAM[state] and (SURFACES[surface].action == "stream" or user in MAY_DOWNLOAD)
    if entitled and (window == "within" or user in NOT_BOUND_BY_DATES):
        return SIGNED
    return LOG_IN if user == "anonymous" else FORBIDDEN


def expected_of_preview(user, state, window):
    if user not in MAY_VIEW[state] & STAFF:
        return HIDDEN
    return SIGNED if window == "within" or user in NOT_BOUND_BY_DATES else FORBIDDEN


CELLS = [pytest.param(*cell, id="-".join(cell)) for cell in product(USERS, STATES, WINDOWS, SURFACES)]
UNSIGNED_CELLS = [cell for cell in CELLS if expected(*cell.values) != SIGNED]
PREVIEW_CELLS = [pytest.param(*cell, id="-".join(cell)) for cell in product(USERS, STATES, WINDOWS, PREVIEWS)]

# Without a token it is all the same who asks: of each kind one.
GUEST_CELLS = [
    pytest.param(*cell, id="-".join(cell))
    for cell in product(["anonymous", "member", "viewer", "manager"], STATES, WINDOWS, GUESTS)
]

# Registered for protected items too, but without a signature: the page's own text, the script of the player, the tags of
# Open Graph, what an item's JSON says of its playback, the links to a file and its page, which lead to the medium where
# that was moved, and for editors the list of who may watch, the code to embed, and the guest links.
NO_SURFACES = {
    "protected_video_view",
    "collective.cfprivate.audience",
    "collective.cfprivate.embed",
    "collective.cfprivate.guests",
    "collective.cfprivate.stream",
    "cfprivate-guests",
    "cfprivate-stream",
    "display-file",
    "download",
    "file_view",
    "DELETE_application_json_@cfprivate-guest-links",
    "DELETE_application_json_@cfprivate-uploads",
    "GET_application_json_@cfprivate-guest-links",
    "GET_application_json_@cfprivate-uploads",
    "POST_application_json_@cfprivate-guest-links",
    "POST_application_json_@cfprivate-uploads",
    "playback",
    "plone.htmlhead.socialtags",
}


class TestLists:
    def test_have_every_state(self, portal):
        workflow = api.portal.get_tool("portal_workflow")["protected_media_workflow"]
        assert set(STATES) == set(workflow.states.objectIds())

    def test_have_every_surface(self, portal):
        registered = {
            component.name
            for component in getGlobalSiteManager().registeredAdapters()
            if {IProtectedItem, IBrowserLayer} <= set(component.required) and not component.name.startswith("HEAD_")
        }
        assert registered - NO_SURFACES == {surface.component for surface in (SURFACES | PREVIEWS | GUESTS).values()}


class Outcome(NamedTuple):
    """``word`` is what the surface answered, ``given_away`` what of the medium is in body and headers."""

    word: str
    given_away: list[str]


@pytest.fixture(scope="class")
def outcome_of(functional_portal_class, signing_key):
    """A function that gives the outcome of a cell; each is asked once, all of one site."""
    api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
    getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    furnish(functional_portal_class)
    transaction.commit()
    url = functional_portal_class.absolute_url()

    # Not the answer itself is remembered: it would keep its connection open, of which the server takes a hundred.
    @cache
    def outcome(user, state, window, surface):
        asked = (SURFACES | PREVIEWS | GUESTS)[surface]
        answer = ask(f"{url}/{path_of(state, window)}", user, asked)
        given = answer.text + str(answer.headers)
        return Outcome(asked.read(answer), [secret for secret in SECRETS if secret in given])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hls, "PLAYLISTS", Playlists())
        yield outcome


class TestMatrix:
    @pytest.mark.parametrize(("user", "state", "window", "surface"), CELLS)
    def test_gives_what_the_tables_say(self, outcome_of, user, state, window, surface):
        assert outcome_of(user, state, window, surface).word == expected(user, state, window, surface)

    @pytest.mark.parametrize(("user", "state", "window", "surface"), UNSIGNED_CELLS)
    def test_gives_away_nothing_with_a_refusal(self, outcome_of, user, state, window, surface):
        assert outcome_of(user, state, window, surface).given_away == []


class TestPreview:
    @pytest.mark.parametrize(("user", "state", "window", "surface"), PREVIEW_CELLS)
    def test_is_for_who_manages_the_medium_and_may_watch_it(self, outcome_of, user, state, window, surface):
        wanted = expected_of_preview(user, state, window)
        outcome = outcome_of(user, state, window, surface)
        assert (outcome.word, outcome.given_away == []) == (wanted, wanted != SIGNED)


class TestGuest:
    @pytest.mark.parametrize(("user", "state", "window", "surface"), GUEST_CELLS)
    def test_is_nobody_without_a_token(self, outcome_of, user, state, window, surface):
        assert outcome_of(user, state, window, surface) == Outcome(NO_LINK, [])


WATCHING = {"stream": "Media Viewer", "download": "Editor"}
IN_FOLDER = "folder/talk"


@pytest.fixture
def folder(served, make_video, add_user, monkeypatch):
    """A folder with a restricted video, ``someone`` who may not watch it, but is in a group, and people with a role."""
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(served.portal, "Folder", "folder")
        api.content.transition(folder, "publish")
    make_video(folder, renditions=("talks/hls/index.m3u8",), tracks=[{"language": "en", "text": CAPTIONS}])
    monkeypatch.setattr(hls, "PLAYLISTS", Playlists())
    api.group.create(groupname="group")
    api.group.add_user(groupname="group", username=add_user("someone"))
    for role in ("Editor", "Contributor", "Reviewer", "Owner"):
        api.user.grant_roles(username=add_user(role.lower()), roles=[role], obj=folder)
    transaction.commit()
    return folder


@pytest.fixture
def someone(served, folder):
    """A function that gives what ``someone`` is answered by a surface of the video."""

    def asks(surface="media"):
        return SURFACES[surface].read(ask(f"{served.url}/{IN_FOLDER}", "someone", SURFACES[surface]))

    return asks


@pytest.fixture
def share(served, folder):
    """A function that changes the sharing of an object by REST."""

    def post(login, path, **changes):
        served.get(f"{path}/@sharing", login, "POST", json=changes, headers={"Accept": "application/json"})

    return post


@pytest.mark.parametrize("surface", SURFACES)
class TestNextRequest:
    def test_is_refused_after_a_local_role_was_revoked(self, folder, someone, surface):
        role = WATCHING[SURFACES[surface].action]
        api.user.grant_roles(username="someone", roles=[role], obj=folder["talk"])
        transaction.commit()
        before = someone(surface)
        api.user.revoke_roles(username="someone", roles=[role], obj=folder["talk"])
        transaction.commit()
        assert (before, someone(surface)) == (SIGNED, FORBIDDEN)

    def test_is_refused_after_leaving_the_group(self, folder, someone, surface):
        api.group.grant_roles(groupname="group", roles=[WATCHING[SURFACES[surface].action]], obj=folder["talk"])
        transaction.commit()
        before = someone(surface)
        api.group.remove_user(groupname="group", username="someone")
        transaction.commit()
        assert (before, someone(surface)) == (SIGNED, FORBIDDEN)

    def test_is_refused_after_inheritance_was_blocked(self, folder, someone, share, surface):
        api.user.grant_roles(username="someone", roles=[WATCHING[SURFACES[surface].action]], obj=folder)
        transaction.commit()
        before = someone(surface)
        share("manager", IN_FOLDER, inherit=False)
        assert (before, someone(surface)) == (SIGNED, FORBIDDEN)


def entry(principal, kind, *, can_watch):
    return {"id": principal, "type": kind, "roles": {"Media Viewer": can_watch}}


class TestCanWatch:
    @pytest.mark.parametrize(("principal", "kind"), [("someone", "user"), ("group", "group")])
    def test_is_given_in_a_folder_by_an_editor(self, someone, share, principal, kind):
        before = someone()
        share("editor", "folder", entries=[entry(principal, kind, can_watch=True)])
        assert (before, someone()) == (FORBIDDEN, SIGNED)

    @pytest.mark.parametrize(("principal", "kind"), [("someone", "user"), ("group", "group")])
    def test_is_taken_away_by_an_editor(self, someone, share, principal, kind):
        share("editor", "folder", entries=[entry(principal, kind, can_watch=True)])
        before = someone()
        share("editor", "folder", entries=[entry(principal, kind, can_watch=False)])
        assert (before, someone()) == (SIGNED, FORBIDDEN)

    # Reviewer and Owner may open Sharing, but not delegate this role; a Contributor may not even open it.
    @pytest.mark.parametrize("login", ["contributor", "reviewer", "owner", "someone"])
    def test_is_given_by_nobody_else(self, someone, share, login):
        share(login, "folder", entries=[entry("someone", "user", can_watch=True)])
        assert someone() == FORBIDDEN

    @pytest.mark.parametrize("login", ["contributor", "reviewer", "owner", "someone"])
    def test_is_taken_away_by_nobody_else(self, someone, share, login):
        share("editor", "folder", entries=[entry("someone", "user", can_watch=True)])
        share(login, "folder", entries=[entry("someone", "user", can_watch=False)])
        assert someone() == SIGNED
