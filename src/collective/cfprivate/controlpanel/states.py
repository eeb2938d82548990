"""The workflow states for which rules make sense."""

from .. import settings
from ..media.behavior import BEHAVIOR_NAMES
from ..settings import StateRule
from collections.abc import Iterator
from dataclasses import dataclass
from plone import api
from plone.dexterity.interfaces import IDexterityFTI


@dataclass(frozen=True, kw_only=True)
class StateToRule:
    """A state by the ids and the titles of its workflow and of itself."""

    workflow: str
    state: str
    workflow_title: str
    state_title: str


def states_to_rule() -> list[StateToRule]:
    """The states of all workflows that protected content can be in, and those for which a rule is kept."""
    ruled = settings.current().state_rules
    workflows = dict.fromkeys((*_workflows_in_use(), *(workflow for workflow, _state in ruled)))
    return [state for workflow in workflows for state in _states_of(workflow, ruled)]


def _workflows_in_use() -> Iterator[str]:
    for portal_type in _protected_types():
        yield from api.portal.get_tool("portal_workflow").getChainForPortalType(portal_type)
        yield from _placeful_chains(portal_type)


def _protected_types() -> Iterator[str]:
    for fti in api.portal.get_tool("portal_types").objectValues():
        if IDexterityFTI.providedBy(fti) and BEHAVIOR_NAMES.intersection(fti.behaviors):
            yield fti.getId()


def _placeful_chains(portal_type: str) -> Iterator[str]:
    policies = getattr(api.portal.get(), "portal_placeful_workflow", None)
    for policy in policies.objectValues() if policies is not None else ():
        yield from policy.getChainFor(portal_type) or ()


def _states_of(workflow: str, ruled: dict[tuple[str, str], StateRule]) -> Iterator[StateToRule]:
    definition = api.portal.get_tool("portal_workflow").get(workflow)
    states = getattr(definition, "states", None)
    titles = {state.getId(): state.title for state in states.objectValues()} if states is not None else {}
    known = (*titles, *(state for of_workflow, state in ruled if of_workflow == workflow))
    for state in dict.fromkeys(known):
        yield StateToRule(
            workflow=workflow,
            state=state,
            workflow_title=getattr(definition, "title", "") or workflow,
            state_title=titles.get(state) or state,
        )
