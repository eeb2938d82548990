"""Who may watch, told on the page to those who manage an item."""

from bs4 import BeautifulSoup
from DateTime import DateTime
from plone import api
from Products.DCWorkflow.utils import modifyRolesForPermission

import pytest
import transaction


HTML = {"Accept": "text/html"}


@pytest.fixture
def told(served, add_user):
    """A function that gives the words of the part "Who may watch this?", as an Editor sees it; None without it."""
    add_user("editor", "Editor")
    transaction.commit()

    def ask(login="editor"):
        transaction.commit()
        answer = served.get("talk", login, headers=HTML)
        assert answer.status_code == 200
        part = BeautifulSoup(answer.text, "html.parser").select_one(".cfprivate-audience")
        return part and " ".join(part.get_text(" ").split())

    return ask


@pytest.mark.parametrize("login", ["editor", "manager"])
def test_it_is_told_to_who_manages_media(told, login):
    assert "Who may watch this?" in told(login)


@pytest.mark.parametrize("login", [None, "member", "viewer"])
def test_it_is_told_to_nobody_else(told, login):
    assert told(login) is None


def test_it_is_not_told_of_an_item_without_a_medium(served, told):
    served.item.object_key = None
    assert told() is None


def test_it_names_the_state(told):
    assert "Workflow state: Restricted." in told()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("public", "Everyone may watch."),
        ("members", "Whoever is logged in may watch."),
        ("restricted", "Contributor Editor Manager Media Viewer Reviewer Site Administrator"),
        ("private", "Contributor Editor Manager Site Administrator"),
    ],
)
def test_it_names_the_roles_of_the_state(served, told, state, sentence):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(served.item, to_state=state)
    assert sentence in told()


class TestHolders:
    def test_of_a_role_on_the_item(self, told):
        assert "viewer Media Viewer this item" in told()

    def test_of_a_role_in_the_site(self, told):
        assert "editor Editor the whole site" in told()

    def test_of_the_item_come_before_those_of_the_site(self, told):
        words = told()
        assert words.index("viewer Media Viewer this item") < words.index("editor Editor the whole site")

    def test_of_a_role_given_twice_are_told_once(self, served, told):
        served.portal.manage_setLocalRoles("viewer", ["Media Viewer"])
        assert told().count("viewer Media Viewer") == 1

    def test_that_are_groups(self, served, told):
        with api.env.adopt_roles(["Manager"]):
            api.group.create(groupname="crew", title="The crew")
        served.item.manage_setLocalRoles("crew", ["Media Viewer"])
        assert "The crew (group) Media Viewer this item" in told()

    def test_that_stream_by_several_roles_together(self, served, told, add_user):
        add_user("both")
        add_user("half")
        served.item.manage_setLocalRoles("both", ["Media Viewer", "Reader"])
        served.item.manage_setLocalRoles("half", ["Media Viewer"])
        modifyRolesForPermission(served.item, "View", ("Manager", "Editor", "Reader"))
        words = told()
        assert ("both Media Viewer this item" in words, "half Media Viewer" in words) == (True, False)

    def test_that_stream_by_several_roles_though_no_role_suffices(self, served, told, add_user):
        add_user("both")
        served.item.manage_setLocalRoles("both", ["Media Viewer", "Reader"])
        modifyRolesForPermission(served.item, "View", ("Reader",))
        modifyRolesForPermission(served.item, "collective.cfprivate: Stream protected media", ("Media Viewer",))
        served.portal.manage_setLocalRoles("editor", ["Reader"])
        assert "No role suffices by itself; by several together these may watch" in told()

    def test_are_looked_at_in_part_where_they_are_many(self, served, told):
        for number in range(250):
            served.item.manage_setLocalRoles(f"crew-{number:03}", ["Media Viewer"])
        assert "There are more accounts with such roles than are looked at here." in told()

    def test_are_not_listed_once_everyone_may_watch(self, served, told):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(served.item, to_state="public")
        assert "this item" not in told()

    def test_are_not_those_who_were_deleted(self, served, told):
        with api.env.adopt_roles(["Manager"]):
            api.user.delete(username="viewer")
        assert "Media Viewer this item" not in told()


class TestDates:
    def test_that_lie_ahead(self, served, told):
        served.item.effective_date = DateTime() + 1
        assert "Its publishing date has not come: it begins at" in told()

    def test_that_lie_behind(self, served, told):
        served.item.expiration_date = DateTime() - 1
        assert "It expired at" in told()

    def test_that_will_end_it(self, served, told):
        served.item.expiration_date = DateTime() + 1
        assert "It can be watched until" in told()

    def test_that_are_none(self, served, told):
        served.item.effective_date = "soon"
        assert "Its publication dates cannot be read" in told()

    def test_leave_those_who_see_inactive_content(self, served, told):
        served.item.expiration_date = DateTime() - 1
        assert "Manager Site Administrator Users and groups" in told()

    def test_leave_an_editor_who_owns_it(self, served, told, add_user):
        add_user("author")
        served.item.manage_setLocalRoles("author", ["Editor", "Owner"])
        served.item.expiration_date = DateTime() - 1
        assert "author Editor this item" in told()


class TestConditions:
    def test_name_the_default_lifetime(self, told):
        assert "A signed URL lives 3600 seconds: the default of this site." in told()

    def test_name_the_lifetime_of_the_item(self, served, told):
        served.item.lifetime = 60
        assert "A signed URL lives 60 seconds: this item asks for it." in told()

    def test_name_the_rule_of_the_state(self, told):
        rules = {"protected_media_workflow": {"restricted": {"lifetime": 120}}}
        api.portal.set_registry_record("collective.cfprivate.state_rules", rules)
        assert 'A signed URL lives 120 seconds: the rule of the workflow state "Restricted".' in told()

    def test_name_the_maximum(self, served, told):
        served.item.lifetime = 86401
        assert "The longest lifetime of this site makes it 86400 seconds." in told()

    def test_name_the_length_of_the_video(self, served, told):
        served.item.duration = 7200
        assert "The length of the video makes it 7800 seconds." in told()

    def test_name_the_folders_above(self, told):
        api.portal.set_registry_record("collective.cfprivate.view_on_parents", True)
        assert "Only who may see every folder above, too, may watch." in told()

    def test_name_the_address(self, told):
        api.portal.set_registry_record("collective.cfprivate.bind_ip", True)
        assert "A signed URL plays only from the address" in told()


def test_it_leads_to_sharing(told):
    assert "Change who may watch" in told()


def test_it_does_not_lead_who_may_not_share(served, told, add_user):
    add_user("contributor", "Contributor")
    assert "Change who may watch" not in told("contributor")
