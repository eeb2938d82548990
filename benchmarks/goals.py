"""Goals of a run, and from where on they are good."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """``value`` makes a number of a run; ``wanted`` is what it should be, as people read it."""

    text: str
    value: Callable
    wanted: str
    met: Callable


def ratio(name, other):
    """How many times as fast as `other` a contender is."""
    return lambda run: run.ratio(name, other)


def at_least(least):
    return {"wanted": f"at least {least}", "met": lambda value: value >= least}


def at_most(most):
    return {"wanted": f"at most {most}", "met": lambda value: value <= most}


def reached(run, goals):
    """The goals, each with its number."""
    return [(goal, goal.value(run)) for goal in goals]


def conclude(reached):
    """Print which goals are missed; the exit code."""
    missed = [f"{goal.text} is {value:.2f}, wanted {goal.wanted}" for goal, value in reached if not goal.met(value)]
    print("\n".join(f"MISSED: {line}" for line in missed) or "All goals are met.")
    return 1 if missed else 0
