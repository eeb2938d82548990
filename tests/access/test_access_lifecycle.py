"""Whatever is done to an item, its medium plays for those whom its new place lets watch, and for nobody else."""

from collective.cfprivate.media.behavior import IProtectedMedia
from lifecycle import Forms
from lifecycle import Rest
from plone import api
from plone.app.testing import applyProfile
from types import SimpleNamespace

import pytest
import transaction


KEY = "talks/2026/a talk.mp4"
OTHER = "talks/2026/another talk.mp4"
HIDDEN = "hidden"
MOVING = ("Delete objects", "Copy or Move")


@pytest.fixture
def site(served, make_video, add_user, add_behavior):
    """A talk in ``group``, whose viewer may watch it; ``desk`` has a viewer of its own, and ``own`` is the outsider's.

    ``editor`` has the role in the site, ``outsider`` all roles of the staff in ``own`` only.
    """
    applyProfile(served.portal, "plone.app.iterate:default")
    add_behavior("Document")
    with api.env.adopt_roles(["Manager"]):
        for name in ("group", "desk", "own"):
            folder = api.content.create(served.portal, "Folder", name)
            api.content.transition(folder, "publish")
    for name in ("group", "desk"):
        add_user(f"{name}viewer")
        served.portal[name].manage_setLocalRoles(f"{name}viewer", ["Media Viewer"])
    add_user("editor", "Editor", "Contributor")
    add_user("outsider")
    served.portal["own"].manage_setLocalRoles("outsider", ["Contributor", "Editor", "Reviewer"])
    make_video(served.portal["group"], "lecture")
    served.portal.portal_catalog.refreshCatalog()
    transaction.commit()

    def played(path, login):
        """The object key that plays, or the status of the refusal; that the page itself is refused."""
        answer = served.get(f"{path}/@@media", login, headers={"Accept": "*/*"})
        address = answer.headers.get("Location", "").partition("?")
        if "/require_login" in address[0]:
            return HIDDEN
        if "Signature=" not in address[2]:
            return answer.status_code
        return address[0].removeprefix("https://d111111abcdef8.cloudfront.net/").replace("%20", " ")

    return SimpleNamespace(portal=served.portal, played=played, get=served.get)


@pytest.fixture(params=[Rest, Forms], ids=["rest", "forms"])
def client(request, site):
    """A function that makes the client of somebody."""
    return lambda login: request.param(site.portal, login)


def allow(portal, *permissions):
    """Let everybody who is logged in do this, so that nothing but the medium stands in the way."""
    for permission in permissions:
        portal.manage_permission(permission, ["Authenticated", "Manager"], acquire=True)
    transaction.commit()


def restrict(item):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, to_state="restricted")
    transaction.commit()


def plays(site, path):
    """What plays for the viewers of both folders, and for anonymous."""
    return [site.played(path, login) for login in ("groupviewer", "deskviewer", None)]


def test_before_all_it_plays_for_those_of_its_folder(site):
    assert plays(site, "group/lecture") == [KEY, 403, 401]


class TestCopy:
    def test_by_an_editor_plays_for_those_of_its_new_folder(self, site, client):
        client("editor").copy("group/lecture", "desk")
        restrict(site.portal["desk"]["lecture"])
        assert plays(site, "desk/lecture") == [403, KEY, 401]

    def test_by_an_editor_is_private_at_first(self, site, client):
        client("editor").copy("group/lecture", "desk")
        assert plays(site, "desk/lecture") == [HIDDEN, HIDDEN, HIDDEN]

    def test_by_an_editor_leaves_the_original_as_it_was(self, site, client):
        client("editor").copy("group/lecture", "desk")
        assert plays(site, "group/lecture") == [KEY, 403, 401]

    def test_by_an_outsider_has_no_medium(self, site, client):
        client("outsider").copy("group/lecture", "own")
        assert site.played("own/lecture", "outsider") == 404

    def test_by_an_outsider_elsewhere_is_refused(self, site, client):
        client("outsider").copy("group/lecture", "desk")
        assert site.portal["desk"].objectIds() == []


class TestCutAndPaste:
    def test_by_an_editor_plays_for_those_of_its_new_folder(self, site, client):
        client("editor").move("group/lecture", "desk")
        assert plays(site, "desk/lecture") == [403, KEY, 401]

    def test_by_an_editor_leaves_nothing(self, site, client):
        client("editor").move("group/lecture", "desk")
        assert site.portal["group"].objectIds() == []

    def test_by_an_outsider_is_refused_though_plone_lets_him_move(self, site, client):
        allow(site.portal, *MOVING)
        client("outsider").move("group/lecture", "own")
        assert (site.portal["own"].objectIds(), plays(site, "group/lecture")) == ([], [KEY, 403, 401])

    def test_by_an_outsider_moves_what_he_may_watch(self, site, client):
        allow(site.portal, *MOVING)
        site.portal["group"].manage_setLocalRoles("outsider", ["Media Viewer"])
        transaction.commit()
        client("outsider").move("group/lecture", "own")
        assert site.portal["own"].objectIds() == ["lecture"]


class TestRename:
    def test_by_an_editor_plays_for_the_same_people(self, site, client):
        client("editor").rename("group/lecture", "speech")
        assert plays(site, "group/speech") == [KEY, 403, 401]

    def test_by_an_outsider_is_refused(self, site, client):
        client("outsider").rename("group/lecture", "speech")
        assert site.portal["group"].objectIds() == ["lecture"]


class TestDelete:
    def test_by_an_editor_plays_no_more(self, site, client):
        client("editor").delete("group/lecture")
        assert plays(site, "group/lecture") == [404, 404, 404]

    def test_by_an_outsider_is_refused(self, site, client):
        client("outsider").delete("group/lecture")
        assert plays(site, "group/lecture") == [KEY, 403, 401]


@pytest.fixture
def page(site):
    """A versioned page with another medium in its first version."""
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(site.portal["group"], "Document", "page", title="Old", object_key=OTHER)
        api.content.transition(page, "publish")
        repository = api.portal.get_tool("portal_repository")
        repository.save(page, comment="old")
        page.title, page.object_key = "New", KEY
        repository.save(page, comment="new")
    transaction.commit()
    return page


COPY = "group/copy_of_lecture"
COPY_OF_PAGE = "group/copy_of_page"


class TestWorkingCopy:
    @pytest.fixture
    def author(self, site, page, add_user):
        """Somebody who edits the page without watching or managing its medium."""
        add_user("author")
        site.portal["group"].manage_setLocalRoles("author", ["Owner"])
        page.manage_setLocalRoles("author", ["Owner"])
        transaction.commit()
        return "author"

    def test_by_an_editor_plays_for_him_and_not_for_those_of_the_folder(self, site, client):
        client("editor").check_out("group/lecture")
        assert [site.played(COPY, login) for login in ("editor", "groupviewer", None)] == [KEY, HIDDEN, HIDDEN]

    def test_leaves_the_original_as_it_was(self, site, client):
        client("editor").check_out("group/lecture")
        assert plays(site, "group/lecture") == [KEY, 403, 401]

    def test_checked_in_with_another_medium_plays_that(self, site, client):
        editor = client("editor")
        editor.check_out("group/lecture")
        Rest(site.portal, "editor").json(COPY, "PATCH", object_key=OTHER)
        editor.check_in(COPY)
        assert plays(site, "group/lecture") == [OTHER, 403, 401]

    def test_checked_in_leaves_no_copy(self, site, client):
        editor = client("editor")
        editor.check_out("group/lecture")
        editor.check_in(COPY)
        assert site.portal["group"].objectIds() == ["lecture"]

    def test_by_who_may_not_watch_has_no_medium(self, site, client, author):
        client(author).check_out("group/page")
        assert IProtectedMedia(site.portal["group"]["copy_of_page"]).object_key is None

    def test_by_who_may_not_watch_plays_nothing(self, site, client, author):
        client(author).check_out("group/page")
        assert [site.played(COPY_OF_PAGE, login) for login in (author, "groupviewer")] == [403, HIDDEN]

    def test_by_who_may_not_watch_brings_the_page_and_leaves_the_medium(self, site, client, author):
        somebody = client(author)
        somebody.check_out("group/page")
        Rest(site.portal, author).json(COPY_OF_PAGE, "PATCH", title="Another title", object_key=OTHER)
        somebody.check_in(COPY_OF_PAGE)
        assert (site.portal["group"]["page"].title, *plays(site, "group/page")) == ("Another title", KEY, 403, 401)

    def test_by_an_outsider_is_refused(self, site, client):
        client("outsider").check_out("group/lecture")
        assert site.portal["group"].objectIds() == ["lecture"]

    def test_an_outsider_checks_in_no_copy_of_another(self, site, client):
        client("editor").check_out("group/lecture")
        Rest(site.portal, "editor").json(COPY, "PATCH", object_key=OTHER)
        client("outsider").check_in(COPY)
        assert plays(site, "group/lecture") == [KEY, 403, 401]


class TestRevert:
    def test_by_an_editor_brings_the_page_back_and_plays_the_medium_of_today(self, site, client, page):
        client("editor").revert("group/page", 0)
        assert (page.title, site.played("group/page", "groupviewer")) == ("Old", KEY)

    def test_by_an_editor_lets_nobody_else_watch(self, site, client, page):
        client("editor").revert("group/page", 0)
        assert [site.played("group/page", login) for login in ("deskviewer", None)] == [403, 401]

    def test_by_an_outsider_is_refused(self, site, client, page):
        client("outsider").revert("group/page", 0)
        assert (page.title, IProtectedMedia(page).object_key) == ("New", KEY)
