"""The rule of the workflow state that an item is in."""

from .. import settings
from ..settings import Settings
from ..settings import StateRule
from .state import State
from .state import states_of
from typing import NamedTuple


class RuleInForce(NamedTuple):
    """A rule and the state that it was made for."""

    state: State
    rule: StateRule


def rule_of(item, site: Settings | None = None) -> RuleInForce | None:
    """The rule that counts for the item; of several workflows the first that has a rule for its state."""
    rules = (site or settings.current()).state_rules
    for state in states_of(item):
        if state in rules:
            return RuleInForce(state, rules[state])
    return None
