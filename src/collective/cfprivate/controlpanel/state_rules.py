"""What each workflow state decides about signed URLs, in one table."""

from .. import settings
from ..i18n import _
from ..interfaces import ISettings
from ..settings import PREFIX
from ..settings import StateRule
from .page import Posted
from .states import states_to_rule
from .states import StateToRule
from .status import UPGRADE_FIRST
from itertools import groupby
from plone import api
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from plone.registry.interfaces import IRegistry
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from urllib.parse import quote
from z3c.form import button
from z3c.form import field
from z3c.form import form
from zope import schema
from zope.component import getUtility
from zope.interface import Interface
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


BINDING = SimpleVocabulary([
    SimpleTerm(True, "bound", _("choice_bound", default="Yes")),
    SimpleTerm(False, "unbound", _("choice_unbound", default="No")),
])
DOWNLOAD = SimpleVocabulary([
    SimpleTerm(True, "viewers", _("choice_viewers", default="Whoever may watch")),
])


class IStateRuleInput(Interface):
    """What the form asks about one state; what is left empty is left to the site."""

    lifetime = schema.Int(
        title=_("label_rule_lifetime", default="Lifetime in seconds"),
        required=False,
        min=ISettings["lifetime"].min,
        max=ISettings["lifetime"].max,
    )
    bind_ip = schema.Choice(
        title=_("label_rule_bind_ip", default="Bind to the viewer's address"), required=False, vocabulary=BINDING
    )
    download = schema.Choice(
        title=_("label_rule_download", default="Who may download"), required=False, vocabulary=DOWNLOAD
    )


class StateRuleForm(form.Form):
    """The fields of one state: a row of the table."""

    fields = field.Fields(IStateRuleInput)

    def __init__(self, context, request, state: StateToRule):
        super().__init__(context, request)
        self.state = state
        # Named by the state and not by its place in the table, which may be another one when the form comes back.
        self.prefix = f"rule.{quote(state.workflow, safe='')}/{quote(state.state, safe='')}."

    def getContent(self):
        rules = settings.current().state_rules
        rule = rules.get((self.state.workflow, self.state.state), StateRule())
        return {"lifetime": rule.lifetime, "bind_ip": rule.bind_ip, "download": rule.download or None}

    def updateWidgets(self, prefix=None):
        super().updateWidgets(prefix)
        self.widgets["bind_ip"].noValueMessage = _("choice_as_the_site", default="As the site")
        self.widgets["download"].noValueMessage = _("choice_permission", default="Who has the permission")

    def entered(self) -> dict | None:
        """What is to be stored for the state, empty where it has no rule; None where something is wrong."""
        data, errors = self.extractData()
        return None if errors else {name: value for name, value in data.items() if value is not None}


class StateRulesForm(Posted, form.Form):
    """Saves all rules or, where one is wrong, none."""

    label = _("heading_state_rules", default="Rules of workflow states")
    enableCSRFProtection = True
    ignoreContext = True

    def update(self):
        self.rows = [StateRuleForm(self.context, self.request, state) for state in states_to_rule()]
        for row in self.rows:
            row.update()
        super().update()

    def updateActions(self):
        super().updateActions()
        self.actions["save"].addClass("btn btn-primary")
        self.actions["cancel"].addClass("btn btn-secondary")

    @button.buttonAndHandler(_("button_save", default="Save"), name="save")
    def save(self, action):
        if settings.upgrade_needed():
            self.status = UPGRADE_FIRST
            return
        entered = [row.entered() for row in self.rows]
        if None in entered:
            self.status = _("message_rules_refused", default="Nothing was saved: see the fields that are marked.")
            return
        getUtility(IRegistry)[f"{PREFIX}.state_rules"] = _nested(self.rows, entered)
        api.portal.show_message(_("message_rules_saved", default="The rules were saved."), self.request)
        self._go_to("cfprivate-state-rules")

    @button.buttonAndHandler(_("button_cancel", default="Cancel"), name="cancel")
    def cancel(self, action):
        self._go_to("cfprivate-controlpanel")

    def _go_to(self, name: str) -> None:
        self.request.response.redirect(f"{self.context.absolute_url()}/@@{name}")


def _nested(rows: list[StateRuleForm], entered: list[dict]) -> dict[str, dict[str, dict]]:
    rules = {}
    for row, rule in zip(rows, entered, strict=True):
        if rule:
            rules.setdefault(row.state.workflow, {})[row.state.state] = rule
    return rules


class StateRulesPage(ControlPanelFormWrapper):
    """The table, one part for each workflow."""

    index = ViewPageTemplateFile("state_rules.pt")

    @property
    def workflows(self) -> list[tuple[str, list[StateRuleForm]]]:
        """Title and rows of each workflow, in the order of the rows."""
        grouped = groupby(self.form_instance.rows, key=lambda row: row.state.workflow)
        tables = [list(rows) for _workflow, rows in grouped]
        return [(rows[0].state.workflow_title, rows) for rows in tables]


StateRules = layout.wrap_form(StateRulesForm, StateRulesPage)
