"""What installing gives a site: roles, permissions, a type, a workflow, a panel."""

from AccessControl.PermissionRole import rolesForPermissionOn
from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.setuphandlers import add_what_profiles_cannot
from plone import api
from plone.base.interfaces.installable import INonInstallable
from Products.CMFPlone.controlpanel.browser.quickinstaller import ManageProductsView
from Products.CMFPlone.patterns.tinymce import TinyMCESettingsGenerator
from zope.component import getUtilitiesFor

import json
import pytest


PACKAGE = "collective.cfprivate"
STREAM = "collective.cfprivate: Stream protected media"
STAFF = {"Manager", "Site Administrator", "Editor", "Contributor"}

# design.md, "access"
PERMISSIONS = {
    "collective.cfprivate: Stream protected media": STAFF | {"Media Viewer"},
    "collective.cfprivate: Download protected media": {"Manager", "Site Administrator", "Editor"},
    "collective.cfprivate: Manage protected media": STAFF,
    "collective.cfprivate: Configure": {"Manager"},
    "collective.cfprivate: Delegate Media Viewer role": {"Manager", "Site Administrator", "Editor"},
}
PRIVATE_VIEW = STAFF | {"Owner", "Reader"}
WATCHERS = STAFF | {"Reviewer", "Media Viewer"}
WORKFLOW = {
    "private": (PRIVATE_VIEW, STAFF),
    "pending": (PRIVATE_VIEW | {"Reviewer"}, STAFF | {"Reviewer"}),
    "confidential": (PRIVATE_VIEW | {"Reviewer", "Media Viewer"}, WATCHERS),
    "restricted": ({"Anonymous"}, WATCHERS),
    "members": ({"Anonymous"}, {"Authenticated"}),
    "public": ({"Anonymous"}, {"Anonymous"}),
}
PUBLISHING = {"make_confidential", "make_restricted", "make_members", "make_public"}


def selected(item, permission):
    return {role["name"] for role in item.rolesOfPermission(permission) if role["selected"]}


@pytest.fixture
def workflow(portal):
    return portal.portal_workflow["protected_media_workflow"]


@pytest.fixture
def fti(portal):
    return portal.portal_types["Protected Video"]


# the add-on


def test_it_is_installed(installer):
    assert installer.is_product_installed(PACKAGE) is True


@pytest.mark.parametrize(("profile", "version"), [("default", "1005"), ("uninstall", "1000")])
def test_the_profiles_have_their_version(setup_tool, profile, version):
    assert setup_tool.getVersionForProfile(f"{PACKAGE}:{profile}") == version


def test_the_installed_version_is_the_one_of_the_profile(profile_last_version):
    assert profile_last_version(f"{PACKAGE}:default") == "1005"


def test_the_browser_layer_is_registered(browser_layers):
    assert IBrowserLayer in browser_layers


def test_the_add_ons_panel_offers_it_once(portal, http_request):
    addon = ManageProductsView(portal, http_request).marshall_addons()[PACKAGE]
    assert addon["other_profiles"] == []


def test_the_uninstall_profile_is_found(installer):
    assert installer.get_uninstall_profile(PACKAGE)["id"] == "collective.cfprivate:uninstall"


def test_the_profile_to_install_is_the_default_one(installer):
    assert installer.get_install_profile(PACKAGE)["id"] == "collective.cfprivate:default"


def test_the_uninstall_profile_is_hidden(portal):
    hidden = [name for _name, entry in getUtilitiesFor(INonInstallable) for name in entry.getNonInstallableProfiles()]
    assert "collective.cfprivate:uninstall" in hidden


# the control panel


def test_the_configlet_is_there(controlpanel_actions):
    assert "cfprivate" in controlpanel_actions


@pytest.mark.parametrize(
    ("name", "value"),
    [("appId", PACKAGE), ("category", "Products"), ("permissions", ("collective.cfprivate: Configure",))],
)
def test_the_configlet_is_for_who_may_configure(portal, name, value):
    (configlet,) = [entry for entry in portal.portal_controlpanel.listActions() if entry.getId() == "cfprivate"]
    assert getattr(configlet, name) == value


# roles and permissions


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_these_roles_and_no_other_have_the_permission(portal, permission):
    assert selected(portal, permission) == PERMISSIONS[permission]


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_the_permission_is_not_acquired(portal, permission):
    assert portal.permission_settings(permission)[0]["acquire"] == ""


@pytest.mark.parametrize("permission", PERMISSIONS)
@pytest.mark.parametrize("role", ["Owner", "Member", "Reader", "Authenticated", "Anonymous"])
def test_who_has_only_this_role_is_not_allowed(portal, permission, role):
    with api.env.adopt_roles([role]):
        assert not api.user.has_permission(permission, obj=portal)


def test_there_are_these_permissions_and_no_more(portal):
    ours = {name for name, *_rest in portal.ac_inherited_permissions(all=True) if name.startswith(PACKAGE)}
    assert ours == set(PERMISSIONS)


def test_the_role_exists(portal):
    assert "Media Viewer" in portal.valid_roles()


def test_the_role_can_be_given_in_the_users_panel(portal):
    assert "Media Viewer" in portal.acl_users.portal_role_manager.listRoleIds()


def test_nobody_has_the_role_yet(portal):
    assert portal.acl_users.portal_role_manager.listAssignedPrincipals("Media Viewer") == []


@pytest.fixture
def sharing(portal, http_request):
    """A function that tells what Sharing offers to somebody with ``role``: title by role id."""

    def offered(role):
        with api.env.adopt_roles([role]):
            view = api.content.get_view("sharing", portal, http_request)
            return {entry["id"]: entry["title"] for entry in view.roles()}

    return offered


@pytest.mark.parametrize("role", ["Manager", "Site Administrator", "Editor"])
def test_who_may_delegate_is_offered_can_watch(sharing, role):
    assert sharing(role)["Media Viewer"] == "Can watch"


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Owner", "Reader", "Member", "Media Viewer", "Anonymous"])
def test_nobody_else_is_offered_can_watch(sharing, role):
    assert "Media Viewer" not in sharing(role)


# the type


def test_the_type_has_the_behavior(fti):
    assert "collective.cfprivate.protected_media" in fti.behaviors


@pytest.mark.parametrize("name", ["Document", "News Item", "Folder", "File", "Link", "Event", "Image", "Collection"])
def test_no_other_type_has_it(portal, name):
    assert "collective.cfprivate.protected_media" not in portal.portal_types[name].behaviors


def test_the_type_makes_protected_items(portal, make_video):
    assert IProtectedItem.providedBy(make_video(portal))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("Manager", True),
        ("Site Administrator", True),
        ("Editor", True),
        ("Contributor", True),
        ("Owner", False),
        ("Reviewer", False),
        ("Member", False),
        ("Anonymous", False),
    ],
)
def test_the_staff_may_add_it(portal, fti, role, may):
    with api.env.adopt_roles([role]):
        assert fti.isConstructionAllowed(portal) is may


def test_adding_it_needs_the_permission_to_manage(fti):
    assert fti.add_permission == "collective.cfprivate.Manage"


def test_the_type_is_in_the_navigation_once(portal):
    assert api.portal.get_registry_record("plone.displayed_types").count("Protected Video") == 1


def test_the_type_has_its_workflow(portal):
    assert portal.portal_workflow.getChainFor("Protected Video") == ("protected_media_workflow",)


def test_no_other_type_has_its_workflow(portal):
    tool = portal.portal_workflow
    bound = [name for name in portal.portal_types.objectIds() if "protected_media_workflow" in tool.getChainFor(name)]
    assert bound == ["Protected Video"]


# the workflow


def test_there_are_these_states(workflow):
    assert set(workflow.states.objectIds()) == set(WORKFLOW)


TITLES = {
    "private": "Private",
    "pending": "Pending review",
    "confidential": "Confidential",
    "restricted": "Restricted",
    "members": "For members",
    "public": "Public",
}


@pytest.mark.parametrize("state", WORKFLOW)
def test_the_state_has_its_title(workflow, state):
    assert workflow.states[state].title == TITLES[state]


def test_the_menu_names_every_transition(workflow):
    names = [transition.actbox_name for transition in workflow.transitions.objectValues()]
    assert ("" in names, len(set(names))) == (False, len(names))


@pytest.mark.parametrize(
    ("role", "state", "listed"),
    [
        ("Reviewer", "pending", ["talk"]),
        ("Site Administrator", "pending", ["talk"]),
        ("Reviewer", "restricted", []),
        ("Contributor", "pending", []),
        ("Owner", "pending", []),
    ],
)
def test_reviewers_find_what_waits_for_them(portal, make_video, role, state, listed):
    make_video(portal, state=state)
    with api.env.adopt_roles([role, "Authenticated"]):
        assert [item.getId() for item in portal.portal_workflow.getWorklistsResults()] == listed


def test_things_start_out_private(workflow):
    assert workflow.initial_state == "private"


@pytest.mark.parametrize("state", WORKFLOW)
@pytest.mark.parametrize(("permission", "column"), [("View", 0), (STREAM, 1)])
def test_the_state_sets_these_roles(workflow, state, permission, column):
    assert set(workflow.states[state].getPermissionInfo(permission)["roles"]) == WORKFLOW[state][column]


@pytest.mark.parametrize("state", WORKFLOW)
@pytest.mark.parametrize("permission", ["View", "Access contents information", "Modify portal content", STREAM])
def test_the_state_acquires_nothing(workflow, state, permission):
    assert not workflow.states[state].getPermissionInfo(permission)["acquired"]


@pytest.mark.parametrize("state", WORKFLOW)
def test_who_sees_the_page_sees_what_is_in_it(workflow, state):
    info = workflow.states[state].getPermissionInfo("Access contents information")
    assert set(info["roles"]) == WORKFLOW[state][0]


@pytest.mark.parametrize("state", WORKFLOW)
def test_who_may_change_it_is_never_a_visitor(workflow, state):
    roles = set(workflow.states[state].getPermissionInfo("Modify portal content")["roles"])
    assert roles & {"Anonymous", "Authenticated", "Member", "Reader", "Media Viewer"} == set()


@pytest.mark.parametrize("state", WORKFLOW)
@pytest.mark.parametrize("permission", [name for name in PERMISSIONS if name != STREAM])
def test_the_other_permissions_are_left_to_the_site(workflow, state, permission):
    assert permission not in workflow.permissions


@pytest.mark.parametrize("state", WORKFLOW)
@pytest.mark.parametrize(("permission", "column"), [("View", 0), (STREAM, 1)])
def test_an_item_in_the_state_has_these_roles(portal, make_video, state, permission, column):
    assert set(rolesForPermissionOn(permission, make_video(portal, state=state))) == WORKFLOW[state][column]


@pytest.mark.parametrize("start", WORKFLOW)
def test_every_state_can_be_reached_from_every_other(workflow, start):
    reached, new = set(), {start}
    while new:
        reached |= new
        ways = [workflow.transitions[way] for state in new for way in workflow.states[state].transitions]
        new = {transition.new_state_id for transition in ways} - reached
    assert reached == set(WORKFLOW)


def test_every_transition_is_used(workflow):
    used = {way for state in workflow.states.objectValues() for way in state.transitions}
    assert used == set(workflow.transitions.objectIds())


@pytest.mark.parametrize(
    ("transition", "permission"),
    [
        ("submit", "Request review"),
        ("retract", "Request review"),
        ("reject", "Review portal content"),
        *((name, "Review portal content") for name in sorted(PUBLISHING)),
    ],
)
def test_every_transition_is_guarded(workflow, transition, permission):
    assert workflow.transitions[transition].getGuard().permissions == (permission,)


def test_no_transition_is_without_a_guard(workflow):
    unguarded = [entry.id for entry in workflow.transitions.objectValues() if not entry.getGuard().permissions]
    assert unguarded == []


@pytest.fixture
def ways(portal, make_video):
    """A function that tells the transitions that somebody with ``role`` is offered in ``state``."""

    def offered(role, state):
        item = make_video(portal, state=state)
        with api.env.adopt_roles([role]):
            return {transition["id"] for transition in portal.portal_workflow.getTransitionsFor(item)}

    return offered


@pytest.mark.parametrize("state", WORKFLOW)
@pytest.mark.parametrize("role", ["Owner", "Contributor", "Editor", "Media Viewer", "Member", "Anonymous"])
def test_who_may_not_review_publishes_nothing(ways, role, state):
    assert ways(role, state) & PUBLISHING == set()


@pytest.mark.parametrize("state", WORKFLOW)
def test_who_may_review_publishes_to_every_other_state(ways, state):
    assert ways("Site Administrator", state) & PUBLISHING == PUBLISHING - {f"make_{state}"}


@pytest.mark.parametrize(("state", "way"), [("private", "submit"), ("pending", "retract"), ("public", "retract")])
def test_the_owner_may_submit_and_retract(ways, state, way):
    assert ways("Owner", state) == {way}


# the editor of texts


@pytest.fixture
def tiny(portal, http_request):
    """A function that gives the settings with which TinyMCE starts."""
    return lambda: TinyMCESettingsGenerator(portal, http_request).get_tiny_config()


def inline(config):
    """The formats of the menu "Inline", by title."""
    (menu,) = (menu for menu in config["style_formats"] if menu["title"] == "Inline")
    return {item["title"]: item["format"] for item in menu["items"]}


def test_the_editor_offers_its_format(tiny):
    assert inline(tiny())["Protected medium"] == "cfprivate-medium"


def test_the_format_marks_a_link(tiny):
    assert tiny()["formats"]["cfprivate-medium"] == {"selector": "a", "classes": "cfprivate-medium"}


def test_the_editor_keeps_its_other_formats(tiny):
    assert ("Bold" in inline(tiny()), "alignleft" in tiny()["formats"]) == (True, True)


def test_the_editor_offers_its_format_once(setup_tool, tiny):
    add_what_profiles_cannot(setup_tool)
    styles = api.portal.get_registry_record("plone.inline_styles")
    assert styles.count("Protected medium|cfprivate-medium") == 1


def test_the_editor_keeps_what_a_site_put_into_it(installer, tiny):
    own = {"own": {"inline": "span", "classes": "own"}}
    api.portal.set_registry_record("plone.formats", json.dumps(own))
    api.portal.set_registry_record("plone.inline_styles", ["Own|own"])
    installer.uninstall_product(PACKAGE)
    without = tiny()
    installer.install_product(PACKAGE)
    assert (without["formats"], inline(without)) == (own, {"Own": "own"})
    assert inline(tiny()) == {"Own": "own", "Protected medium": "cfprivate-medium"}
