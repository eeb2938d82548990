"""The workflow states that are in force at an item."""

from Products.CMFCore.interfaces import IWorkflowTool
from typing import NamedTuple
from zope.component import getUtility


class State(NamedTuple):
    """One state, by the ids of its workflow and of itself."""

    workflow: str
    state: str


def states_of(item) -> tuple[State, ...]:
    """A state for each workflow of the item, in the order of its chain; a placeful policy decides the chain."""
    workflows = getUtility(IWorkflowTool).getWorkflowsFor(item)
    return tuple(State(workflow.getId(), _state_in(workflow, item)) for workflow in workflows if _has_states(workflow))


def _has_states(workflow) -> bool:
    return bool(getattr(workflow, "state_var", None))


def _state_in(workflow, item) -> str:
    # An item that came under a workflow without passing through it is in its initial state.
    return workflow.getInfoFor(item, workflow.state_var, workflow.initial_state)
