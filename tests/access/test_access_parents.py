"""The optional rule that a viewer may see each folder above."""

from collective.cfprivate.access.grant import Reason
from collective.cfprivate.access.parents import parents_of
from plone import api
from plone.base.interfaces import INavigationRoot
from Products.DCWorkflow.utils import modifyRolesForPermission
from zope.interface import alsoProvides

import pytest


@pytest.fixture
def tree(portal, make_video):
    """/outer/inner/talk: all folders published, the video public."""
    with api.env.adopt_roles(["Manager"]):
        outer = api.content.create(portal, "Folder", "outer")
        inner = api.content.create(outer, "Folder", "inner")
        for folder in (outer, inner):
            api.content.transition(folder, "publish")
    return make_video(inner, state="public")


def hide(container):
    modifyRolesForPermission(container, "View", ("Manager",))


class TestOff:
    @pytest.mark.parametrize("hidden", ["outer", "outer/inner"])
    def test_the_item_alone_decides(self, portal, tree, ask, hidden):
        hide(portal.unrestrictedTraverse(hidden))
        assert ask(tree).allowed


class TestOn:
    @pytest.fixture(autouse=True)
    def _on(self, setting):
        setting("view_on_parents", True)

    def test_who_sees_all_folders_watches(self, tree, ask):
        assert ask(tree).allowed

    @pytest.mark.parametrize("hidden", ["outer", "outer/inner"])
    def test_who_does_not_see_one_is_refused(self, portal, tree, ask, hidden):
        hide(portal.unrestrictedTraverse(hidden))
        assert ask(tree).reason is Reason.PARENT_NOT_VIEWABLE

    def test_the_site_counts_too(self, portal, tree, ask):
        hide(portal)
        assert not ask(tree).allowed

    def test_a_private_folder_in_between_counts_though_those_beside_it_are_public(self, portal, tree, ask):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(portal["outer"], "retract")
        assert not ask(tree).allowed

    def test_who_may_see_the_folder_by_sharing_watches(self, portal, tree, ask, add_user):
        hide(portal["outer"])
        modifyRolesForPermission(portal["outer"], "View", ("Manager", "Reader"))
        assert ask(tree, "Reader").allowed

    def test_it_counts_for_downloads(self, portal, tree, ask):
        modifyRolesForPermission(portal["outer"], "View", ("Manager",))
        assert ask(tree, "Editor", action="download").reason is Reason.PARENT_NOT_VIEWABLE

    def test_nothing_above_the_navigation_root_counts(self, portal, tree, ask):
        alsoProvides(portal["outer"]["inner"], INavigationRoot)
        hide(portal["outer"])
        assert ask(tree).allowed

    def test_the_navigation_root_itself_counts(self, portal, tree, ask):
        alsoProvides(portal["outer"]["inner"], INavigationRoot)
        hide(portal["outer"]["inner"])
        assert not ask(tree).allowed

    def test_an_item_reached_through_another_folder_keeps_its_own_parents(self, portal, tree, ask):
        with api.env.adopt_roles(["Manager"]):
            other = api.content.create(portal, "Folder", "other")
            api.content.transition(other, "publish")
        hide(portal["outer"])
        through_other = tree.aq_base.__of__(tree.aq_inner.aq_parent).__of__(other)
        assert ask(through_other).reason is Reason.PARENT_NOT_VIEWABLE


def test_the_parents_are_those_that_contain_it(portal, tree):
    with api.env.adopt_roles(["Manager"]):
        other = api.content.create(portal, "Folder", "other")
    through_other = tree.aq_base.__of__(tree.aq_inner.aq_parent).__of__(other)
    assert [parent.getId() for parent in parents_of(through_other)] == ["inner", "outer", "plone"]


def test_a_navigation_root_has_no_parents_that_count(portal):
    assert list(parents_of(portal)) == []
