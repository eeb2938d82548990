"""What the catalog tells of an item in its columns, and that it stays right."""

from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api
from plone.app.workflow.remap import remap_workflow
from Products.CMFCore.indexing import processQueue
from Products.DCWorkflow.utils import modifyRolesForPermission
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent

import Missing
import pytest


DURATION = "cfprivate_duration"
PROTECTED = "cfprivate_protected"
COLUMNS = [DURATION, PROTECTED]
STREAM = "collective.cfprivate: Stream protected media"

# design.md, "access": in the state public alone Anonymous may stream.
STATES = {
    "private": True,
    "pending": True,
    "confidential": True,
    "restricted": True,
    "members": True,
    "public": False,
}


@pytest.fixture
def workflow(portal):
    """The workflow of Protected Videos."""
    return portal.portal_workflow["protected_media_workflow"]


@pytest.fixture
def give_workflow(portal):
    """A function that puts a type under the workflow, or under none."""

    def give(portal_type, *chain):
        portal.portal_workflow.setChainForPortalTypes([portal_type], chain)

    return give


@pytest.fixture
def page_in(add_behavior, give_workflow):
    """A function that makes a Document with a medium, which acquires who may watch it from its folder."""

    def make(container):
        add_behavior("Document")
        give_workflow("Document")
        with api.env.adopt_roles(["Manager"]):
            return api.content.create(container, "Document", "page", object_key="talks/b.mp4")

    return make


@pytest.fixture
def protected_folder(portal, give_workflow):
    """A folder under the workflow of Protected Videos."""
    give_workflow("Folder", "protected_media_workflow")
    with api.env.adopt_roles(["Manager"]):
        return api.content.create(portal, "Folder", "media")


def move_to(item, state):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, to_state=state)


class TestProtected:
    @pytest.mark.parametrize("state", STATES)
    def test_is_said_by_the_state(self, portal, make_video, column, state):
        assert column(make_video(portal, state=state), PROTECTED) is STATES[state]

    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("before", ["public", "members"])
    def test_follows_a_change_of_state(self, portal, make_video, column, before, state):
        item = make_video(portal, state=before)
        processQueue()
        move_to(item, state)
        assert column(item, PROTECTED) is STATES[state]

    @pytest.mark.parametrize(("state", "roles"), [("members", ("Anonymous",)), ("public", ("Authenticated",))])
    def test_follows_a_change_of_the_workflow(self, portal, make_video, column, workflow, state, roles):
        item = make_video(portal, state=state)
        processQueue()
        workflow.states[state].setPermission(STREAM, False, roles)
        portal.portal_workflow.updateRoleMappings()
        assert column(item, PROTECTED) is not STATES[state]

    def test_follows_a_change_of_the_workflow_of_the_type(self, portal, make_video, column):
        item = make_video(portal, state="public")
        processQueue()
        with api.env.adopt_roles(["Manager"]):
            remap_workflow(portal, ("Protected Video",), ("simple_publication_workflow",), {"public": "published"})
        assert column(item, PROTECTED) is True

    def test_who_may_stream_but_not_see_the_page_is_not_all(self, portal, make_video, column):
        item = make_video(portal, state="public")
        modifyRolesForPermission(item, "View", ("Manager",))
        item.reindexObject()
        assert column(item, PROTECTED) is True

    def test_a_right_given_in_sharing_is_not_for_all(self, portal, make_video, column):
        item = make_video(portal)
        item.manage_setLocalRoles("AuthenticatedUsers", ["Media Viewer"])
        item.reindexObjectSecurity()
        assert column(item, PROTECTED) is True

    def test_is_false_without_a_medium(self, portal, make_video, column):
        assert column(make_video(portal, object_key=None), PROTECTED) is False

    def test_follows_the_medium(self, portal, make_video, column):
        item = make_video(portal)
        IProtectedMedia(item).object_key = None
        notify(ObjectModifiedEvent(item))
        assert column(item, PROTECTED) is False


class TestProtectedByTheFolder:
    """An item without a workflow acquires who may watch it."""

    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("before", ["public", "members"])
    def test_follows_the_state_of_the_folder(self, protected_folder, page_in, column, before, state):
        page = page_in(protected_folder)
        move_to(protected_folder, before)
        processQueue()
        move_to(protected_folder, state)
        assert column(page, PROTECTED) is STATES[state]

    def test_follows_the_state_of_a_folder_far_above(self, protected_folder, page_in, column):
        with api.env.adopt_roles(["Manager"]):
            inner = api.content.create(protected_folder, "Folder", "inner")
        modifyRolesForPermission(inner, STREAM, [])
        modifyRolesForPermission(inner, "View", [])
        page = page_in(inner)
        processQueue()
        move_to(protected_folder, "public")
        assert column(page, PROTECTED) is False

    def test_other_content_of_the_folder_is_left_alone(self, protected_folder, column):
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(protected_folder, "Document", "plain", title="Plain")
        processQueue()
        page.title = "Never indexed"
        move_to(protected_folder, "public")
        assert column(page, "Title") == "Plain"

    def test_what_the_catalog_lists_though_it_is_gone_does_not_stop_it(self, protected_folder, page_in):
        page_in(protected_folder)
        processQueue()
        protected_folder._delOb("page")
        move_to(protected_folder, "public")
        assert api.content.get_state(protected_folder) == "public"

    @pytest.mark.parametrize("name", COLUMNS)
    def test_a_site_without_the_column_changes_states(self, portal, protected_folder, page_in, name):
        page_in(protected_folder)
        processQueue()
        portal.portal_catalog.delColumn(name)
        move_to(protected_folder, "public")
        assert api.content.get_state(protected_folder) == "public"


class TestDuration:
    @pytest.mark.parametrize("seconds", [12, None])
    def test_is_that_of_the_medium(self, portal, make_video, column, seconds):
        assert column(make_video(portal, duration=seconds), DURATION) == seconds

    def test_follows_an_edit(self, portal, make_video, column):
        item = make_video(portal, duration=12)
        IProtectedMedia(item).duration = 3723
        notify(ObjectModifiedEvent(item))
        assert column(item, DURATION) == 3723

    def test_is_unknown_without_a_medium(self, portal, make_video, column):
        assert column(make_video(portal, object_key=None, duration=12), DURATION) is None


class TestOtherContent:
    @pytest.mark.parametrize("name", COLUMNS)
    def test_has_no_value(self, folder, column, name):
        assert column(folder, name) is Missing.Value

    @pytest.mark.parametrize("name", COLUMNS)
    def test_acquires_none_from_a_protected_folder(self, portal, add_behavior, column, name):
        add_behavior("Folder")
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "set", object_key="talks/set.mp4", duration=12)
            page = api.content.create(folder, "Document", "page")
        assert (column(folder, DURATION), column(page, name)) == (12, Missing.Value)

    @pytest.mark.parametrize("name", COLUMNS)
    def test_has_none_when_its_type_loses_the_behavior(self, portal, add_behavior, column, name):
        fti = portal.portal_types["Document"]
        before = fti.behaviors
        add_behavior("Document")
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(portal, "Document", "page", object_key="talks/b.mp4", duration=12)
        processQueue()
        fti.manage_changeProperties(behaviors="\n".join(before))
        assert column(page, name) is Missing.Value

    @pytest.mark.parametrize(("name", "value"), [(DURATION, 12), (PROTECTED, True)])
    def test_has_one_when_its_type_gets_the_behavior(self, portal, add_behavior, column, name, value):
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(portal, "Document", "page")
        page.object_key, page.duration = "talks/b.mp4", 12
        processQueue()
        add_behavior("Document")
        assert column(page, name) == value


class TestListOfJson:
    """plone.restapi gives columns to who asks for them."""

    @pytest.fixture
    def found(self, served):
        """A function that asks for a column of the talk, as a visitor."""

        def ask(name):
            headers = {"Accept": "application/json"}
            path = f"@search?portal_type=Protected%20Video&metadata_fields={name}"
            (item,) = served.get(path, headers=headers).json()["items"]
            return item[name]

        return ask

    @pytest.mark.parametrize(("name", "value"), [(DURATION, None), (PROTECTED, True)])
    def test_has_the_column(self, found, name, value):
        assert found(name) is value
