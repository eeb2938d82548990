"""Item, state and site decide, in this order; the workflow in force is asked."""

from collective.cfprivate.access.lifetime import lifetime_of
from collective.cfprivate.access.lifetime import Source
from collective.cfprivate.access.rules import rule_of
from collective.cfprivate.access.state import states_of
from plone import api
from plone.app.testing import applyProfile
from plone.registry.interfaces import IRegistry
from Products.CMFPlacefulWorkflow.PlacefulWorkflowTool import WorkflowPolicyConfig_id
from zope.component import getUtility
from zope.schema.interfaces import WrongContainedType

import pytest


OURS = "protected_media_workflow"


@pytest.fixture
def item(portal, make_video):
    return make_video(portal, state="restricted")


class TestState:
    def test_is_that_of_the_types_workflow(self, item):
        assert states_of(item) == ((OURS, "restricted"),)

    def test_is_none_without_a_workflow(self, item):
        api.portal.get_tool("portal_workflow").setChainForPortalTypes(["Protected Video"], "")
        assert states_of(item) == ()

    def test_is_one_for_each_workflow_of_the_chain(self, item):
        api.portal.get_tool("portal_workflow").setChainForPortalTypes(["Protected Video"], [OURS, "folder_workflow"])
        assert states_of(item) == ((OURS, "restricted"), ("folder_workflow", "visible"))

    def test_under_a_workflow_that_the_item_never_entered_is_its_initial_one(self, item):
        api.portal.get_tool("portal_workflow").setChainForPortalTypes(
            ["Protected Video"], "simple_publication_workflow"
        )
        assert states_of(item) == (("simple_publication_workflow", "private"),)


class TestPlacefulWorkflow:
    @pytest.fixture
    def placed(self, portal, make_video):
        """An item in a folder with a policy of its own, which puts it under Plone's workflow of one state."""
        applyProfile(portal, "Products.CMFPlacefulWorkflow:CMFPlacefulWorkflow")
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "placed")
            policies = portal.portal_placeful_workflow
            policies.manage_addWorkflowPolicy("policy", duplicate_id="empty")
            policies["policy"].setChainForPortalTypes(["Protected Video"], ["one_state_workflow"])
            folder.manage_addProduct["CMFPlacefulWorkflow"].manage_addWorkflowPolicyConfig()
            folder[WorkflowPolicyConfig_id].setPolicyBelow("policy")
            return make_video(folder, state="private")

    def test_is_the_one_that_is_asked(self, placed):
        assert states_of(placed) == (("one_state_workflow", "published"),)

    def test_has_rules_of_its_own(self, placed, rule):
        rule("published", workflow="one_state_workflow", lifetime=77)
        assert lifetime_of(placed).seconds == 77

    def test_leaves_the_rules_of_the_other_aside(self, placed, rule):
        rule("private", lifetime=77)
        assert lifetime_of(placed).source is Source.SITE

    def test_counts_only_below_its_folder(self, placed, portal, make_video):
        assert states_of(make_video(portal, "outside", state="private")) == ((OURS, "private"),)


class TestRule:
    def test_counts_in_its_state(self, item, rule):
        rule("restricted", lifetime=60)
        assert rule_of(item).rule.lifetime == 60

    def test_does_not_count_in_another_state(self, item, rule):
        rule("public", lifetime=60)
        assert rule_of(item).state is None

    def test_does_not_count_for_another_workflow(self, item, rule):
        rule("restricted", workflow="simple_publication_workflow", lifetime=60)
        assert rule_of(item).state is None

    def test_counts_from_the_transition_on(self, item, rule):
        rule("public", lifetime=60)
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(item, to_state="public")
        assert rule_of(item).rule.lifetime == 60

    def test_of_the_first_workflow_that_has_one_counts(self, item, rule):
        api.portal.get_tool("portal_workflow").setChainForPortalTypes(["Protected Video"], [OURS, "folder_workflow"])
        rule("visible", workflow="folder_workflow", lifetime=60)
        assert rule_of(item).state == ("folder_workflow", "visible")

    @pytest.mark.parametrize(
        "rule",
        [{"lifetime": 0}, {"lifetime": 604801}, {"lifetime": "60"}, {"bind_ip": "yes"}, {"download": 1}, {"colour": 1}],
    )
    def test_that_means_nothing_cannot_be_kept(self, portal, rule):
        with pytest.raises(WrongContainedType):
            getUtility(IRegistry)["collective.cfprivate.state_rules"] = {OURS: {"public": rule}}


class TestLifetime:
    def test_is_the_sites(self, item):
        assert (lifetime_of(item).seconds, lifetime_of(item).source) == (3600, Source.SITE)

    def test_of_the_state_comes_before_the_sites(self, item, rule):
        rule("restricted", lifetime=60)
        assert (lifetime_of(item).seconds, lifetime_of(item).source) == (60, Source.STATE)

    def test_of_a_state_is_whole_though_json_says_300_0(self, item, ask, rule):
        rule("restricted", lifetime=300.0)
        assert type(ask(item, "Manager").expires) is int

    def test_of_the_item_comes_before_the_states(self, item, rule):
        rule("restricted", lifetime=60)
        item.lifetime = 90
        assert (lifetime_of(item).seconds, lifetime_of(item).source) == (90, Source.ITEM)

    def test_of_a_rule_without_one_is_the_sites(self, item, rule):
        rule("restricted", bind_ip=True)
        assert lifetime_of(item).source is Source.SITE

    @pytest.mark.parametrize("source", ["item", "state", "site"])
    def test_is_capped_by_the_maximum(self, item, rule, setting, source):
        setting("maximum_lifetime", 300)
        rule("restricted", lifetime=1000 if source == "state" else 301)
        item.lifetime = 1000 if source == "item" else None
        assert lifetime_of(item).seconds == 300

    def test_reaches_beyond_the_end_of_the_video(self, item):
        item.duration = 7200
        assert lifetime_of(item).seconds == 7200 + 600

    def test_of_a_long_one_is_not_shortened_to_the_video(self, item):
        item.duration, item.lifetime = 60, 5000
        assert lifetime_of(item).seconds == 5000

    def test_is_capped_though_the_video_is_longer(self, item, setting):
        setting("maximum_lifetime", 3600)
        item.duration = 7200
        assert lifetime_of(item).seconds == 3600

    def test_is_what_a_grant_lasts(self, item, ask, rule):
        rule("restricted", lifetime=1000)
        assert ask(item, "Manager", now=1_800_000_000).expires == 1_800_001_000

    def test_of_a_parent_is_not_a_childs(self, portal, item, add_behavior, make_video):
        add_behavior("Folder")
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder", lifetime=60, duration=9000)
        assert lifetime_of(make_video(folder)).seconds == 3600


class TestDownload:
    """Manager, Site Administrator and Editor may; a rule widens it to whoever may stream."""

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("Manager", True),
            ("Site Administrator", True),
            ("Editor", True),
            ("Contributor", False),
            ("Reviewer", False),
            ("Media Viewer", False),
            ("Reader", False),
            ("Owner", False),
        ],
    )
    def test_is_for_these_roles(self, item, ask, role, allowed):
        assert ask(item, role, "Authenticated", action="download").allowed is allowed

    @pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Media Viewer"])
    def test_is_for_viewers_where_the_state_says_so(self, item, ask, rule, role):
        rule("restricted", download=True)
        assert ask(item, role, "Authenticated", action="download").allowed

    @pytest.mark.parametrize("role", ["Reader", "Owner", "Member"])
    def test_is_never_for_who_may_not_stream(self, item, ask, rule, role):
        rule("restricted", download=True)
        assert not ask(item, role, "Authenticated", action="download").allowed

    def test_of_another_state_does_not_count(self, item, ask, rule):
        rule("public", download=True)
        assert not ask(item, "Media Viewer", action="download").allowed
