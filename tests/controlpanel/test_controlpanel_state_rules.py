"""The table of the state rules, as a browser sees it."""

from collective.cfprivate import settings
from collective.cfprivate.settings import StateRule
from plone import api

import pytest
import transaction


PAGE = "cfprivate-state-rules"
RESTRICTED = ("protected_media_workflow", "restricted")


def name(field, state="restricted"):
    return f"rule.protected_media_workflow/{state}.widgets.{field}"


@pytest.fixture
def rules(functional_portal):
    """A function that gives the rules in the database."""

    def read():
        transaction.begin()
        return dict(settings.current().state_rules)

    return read


@pytest.fixture
def table(manager):
    """The table in the browser of a Manager."""
    return manager.recall(PAGE)


def enter(table, field, value, state="restricted"):
    table.browser.getControl(name=name(field, state)).value = value
    return table


def test_the_panel_leads_to_it(manager):
    assert manager.open().follow("Rules of workflow states").status == 200


def test_no_state_has_a_rule_at_first(rules):
    assert rules() == {}


@pytest.mark.parametrize("state", ["Private", "Pending review", "Confidential", "Restricted", "For members", "Public"])
def test_it_names_each_state(table, state):
    assert f">{state}<" in "".join(table.page.split("\n"))


class TestSaving:
    def test_keeps_a_lifetime(self, table, rules):
        enter(table, "lifetime", "600").send("Save")
        assert rules() == {RESTRICTED: StateRule(lifetime=600)}

    @pytest.mark.parametrize(("choice", "bound"), [("bound", True), ("unbound", False)])
    def test_keeps_the_binding(self, table, rules, choice, bound):
        enter(table, "bind_ip:list", [choice]).send("Save")
        assert rules() == {RESTRICTED: StateRule(bind_ip=bound)}

    def test_keeps_who_may_download(self, table, rules):
        enter(table, "download:list", ["viewers"]).send("Save")
        assert rules() == {RESTRICTED: StateRule(download=True)}

    def test_shows_what_was_kept(self, table):
        enter(table, "lifetime", "600").send("Save").open(PAGE)
        assert table.browser.getControl(name=name("lifetime")).value == "600"

    def test_says_so(self, table):
        assert "The rules were saved." in enter(table, "lifetime", "600").press("Save").page

    def test_forgets_a_rule_that_was_emptied(self, table, rules):
        enter(table, "lifetime", "600").send("Save").open(PAGE)
        enter(table, "lifetime", "").send("Save")
        assert rules() == {}

    def test_keeps_the_rules_of_other_states(self, table, rules):
        enter(table, "lifetime", "600").send("Save").open(PAGE)
        enter(table, "lifetime", "60", "public").send("Save")
        assert len(rules()) == 2


class TestRefusal:
    @pytest.mark.parametrize("entered", ["0", "-5", "604801", "soon", "1.5"])
    def test_of_what_is_no_lifetime_saves_nothing(self, table, rules, entered):
        enter(table, "lifetime", "60", "public")
        enter(table, "lifetime", entered).press("Save")
        assert rules() == {}

    def test_is_told_above_the_table(self, table):
        assert "Nothing was saved" in enter(table, "lifetime", "0").press("Save").page

    def test_is_told_at_the_field(self, table):
        assert "invalid-feedback" in enter(table, "lifetime", "0").press("Save").page

    def test_keeps_what_was_entered_on_the_page(self, table):
        enter(table, "lifetime", "60", "public")
        enter(table, "lifetime", "0").press("Save")
        assert table.browser.getControl(name=name("lifetime", "public")).value == "60"


def test_cancelling_saves_nothing(table, rules):
    enter(table, "lifetime", "600").send("Cancel")
    assert rules() == {}


def test_a_post_of_another_site_saves_nothing(table, rules):
    table.post(PAGE, f"{name('lifetime')}=600&form.buttons.save=Save")
    assert rules() == {}


@pytest.mark.parametrize("roles", [("Member",), ("Editor",), ("Site Administrator",)])
def test_it_is_for_who_may_configure(visit, add_user, roles):
    add_user("someone", *roles)
    transaction.commit()
    assert 'name="rule.' not in visit("someone").open(PAGE).page


class TestWhichStates:
    def test_those_of_any_type_with_the_behavior(self, manager, add_behavior):
        add_behavior("Document")
        transaction.commit()
        assert "rule.simple_publication_workflow/published.widgets.lifetime" in manager.open(PAGE).page

    def test_none_of_other_types(self, table):
        assert "simple_publication_workflow" not in table.page

    def test_one_that_is_gone_as_long_as_it_has_a_rule(self, manager):
        kept = {"old_workflow": {"sold": {"lifetime": 60}}}
        api.portal.set_registry_record("collective.cfprivate.state_rules", kept)
        transaction.commit()
        assert "rule.old_workflow/sold.widgets.lifetime" in manager.open(PAGE).page
