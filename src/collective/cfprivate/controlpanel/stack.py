"""The outputs of a CloudFormation stack, pasted as they are: shown beside what is set, and saved when asked again."""

from ..exceptions import sentence_of
from ..i18n import _
from ..storage.stack_outputs import InvalidOutputs
from ..storage.stack_outputs import read_outputs
from .page import KeyPage
from .page import Posted
from .page import PRIMARY_BUTTON
from .page import SECONDARY_BUTTON
from .stack_plan import plan_for
from .stack_plan import refusal_of
from .stack_plan import StackPlan
from plone import api
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import button
from z3c.form import field
from z3c.form import form
from z3c.form.interfaces import WidgetActionExecutionError
from zope import schema
from zope.component import getMultiAdapter
from zope.interface import Interface
from zope.interface import Invalid


class IStackInput(Interface):
    """What was copied."""

    outputs = schema.Text(
        title=_("label_stack_outputs", default="Outputs of the stack"),
        description=_(
            "help_stack_outputs",
            default="In the console of AWS open CloudFormation, the stack, its tab “Outputs”, and copy the whole table; or "
            "paste what aws cloudformation describe-stacks prints.",
        ),
        required=True,
    )


class StackForm(Posted, form.Form):
    """Looks first: the button that saves comes with the list of what it would change."""

    label = _("heading_stack", default="Outputs of the AWS stack")
    fields = field.Fields(IStackInput)
    enableCSRFProtection = True
    ignoreContext = True
    enable_autofocus = False
    # The plan of the outputs that were sent, None before.
    plan: StackPlan | None = None

    def updateActions(self):
        super().updateActions()
        self.actions["look"].klass = SECONDARY_BUTTON
        self.actions["save"].klass = PRIMARY_BUTTON

    def render_widget(self) -> str:
        """The field with its label, help and error."""
        return getMultiAdapter((self.widgets["outputs"], self.request), name="ploneform-render-widget")()

    @button.buttonAndHandler(_("button_stack_look", default="Show what changes"), name="look")
    def look(self, action):
        self._plan()

    @button.buttonAndHandler(_("button_stack_save", default="Save these settings"), name="save")
    def save(self, action):
        self._plan()
        if self.plan is None or self.plan.problems:
            return
        if self.request.form.get("shown") != self.plan.mark:
            self.status = _(
                "message_stack_changed",
                default="Nothing was saved, because this is not what the page showed: look at the list, and save again.",
            )
            return
        self.status = refusal_of(self.plan)
        if not self.status:
            self._saved()

    def _plan(self) -> None:
        data, errors = self.extractData()
        if errors:
            return
        try:
            self.plan = plan_for(read_outputs(data["outputs"]))
        except InvalidOutputs as error:
            raise WidgetActionExecutionError("outputs", Invalid(sentence_of(error))) from None

    def _saved(self) -> None:
        message = _("message_stack_saved", default="The settings of the stack are saved. Now test the distribution.")
        api.portal.show_message(message, self.request)
        page = "cfprivate-rotate" if "next" in self.plan.renames else "cfprivate-controlpanel"
        self.request.response.redirect(f"{self.context.absolute_url()}/@@{page}")


class StackPage(KeyPage):
    """The form, and the list of what it would change."""

    index = ViewPageTemplateFile("stack.pt")


Stack = layout.wrap_form(StackForm, StackPage)
