"""The rule of the workflow state that an item is in."""

from .. import settings
from ..settings import StateRule
from .state import State
from .state import states_of
from typing import NamedTuple


class RuleInForce(NamedTuple):
    """A rule and the state that it was made for; without a state, the rule that leaves all to the site."""

    state: State | None
    rule: StateRule


_NO_RULE = RuleInForce(None, StateRule())


def rule_of(item, site: settings.Settings | None = None) -> RuleInForce:
    """The rule that counts for the item; of several workflows the first that has a rule for its state.

    ``site`` are the settings in force, for who has them at hand.
    """
    rules = (site or settings.current()).state_rules
    for state in states_of(item) if rules else ():
        if state in rules:
            return RuleInForce(state, rules[state])
    return _NO_RULE
