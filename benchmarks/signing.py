"""How fast URLs are signed, beside others, and whether the goals are met: exit code 0, else 1. `make bench` runs this."""

from collections.abc import Callable
from collective.cfprivate.cloudfront import SigningKey
from dataclasses import dataclass
from node_signer import NodeSigner
from pathlib import Path
from rounds import Run

import playlists
import report
import signers
import sys


ROUNDS = 100
SLICE = 0.025
RESULTS = Path(__file__).with_name("results.rst")


@dataclass(frozen=True)
class Goal:
    """A ratio of two contenders, and from where on it is good: ``wanted`` as people read it."""

    text: str
    name: str
    other: str
    wanted: str
    met: Callable


def at_least(least):
    return {"wanted": f"at least {least}", "met": lambda value: value >= least}


def at_most(most):
    return {"wanted": f"at most {most}", "met": lambda value: value <= most}


GOALS = [
    Goal("RSA, canned: first, policy at hand ÷ bare key.sign", "RSA canned at hand", "RSA bare", **at_least(0.95)),
    Goal("RSA, custom: first, policy at hand ÷ bare key.sign", "RSA custom at hand", "RSA bare", **at_least(0.95)),
    Goal("EC, canned: first, policy at hand ÷ bare key.sign", "EC canned at hand", "EC bare", **at_least(0.8)),
    Goal("EC, custom: first, policy at hand ÷ bare key.sign", "EC custom at hand", "EC bare", **at_least(0.8)),
    Goal("RSA, canned: remembered ÷ first", "RSA canned remembered", "RSA canned first", **at_least(50)),
    Goal("RSA, custom: remembered ÷ first", "RSA custom remembered", "RSA custom first", **at_least(50)),
    Goal("10,000 segments: time of the rewriting ÷ the join's", "join", "rewrite_playlist", **at_most(10)),
]


def measure(node):
    """The one run of all contenders."""
    rsa, ec = (SigningKey.generate(key_id="K2JCJMDEHXQW5F", algorithm=algorithm) for algorithm in ("RSA", "EC"))
    contenders = [*signers.contenders(rsa, node), *signers.contenders(ec, node), *playlists.contenders(rsa)]
    return Run(contenders, rounds=ROUNDS, seconds=SLICE)


def describe(run, reached, node):
    """The whole report."""
    parts = [report.title("Results of the last run", "="), report.machine(node), report.goals(reached)]
    for algorithm in ("RSA", "EC"):
        for kind in signers.KINDS:
            parts += [report.title(f"{algorithm}, {kind} policy", "-"), report.signers(run, algorithm, kind)]
    return "\n\n".join(parts) + "\n"


def main():
    node = NodeSigner()
    run = measure(node)
    reached = [(goal, run.ratio(goal.name, goal.other)) for goal in GOALS]
    text = describe(run, reached, node)
    node.stop()
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    missed = [f"{goal.text} is {value:.2f}, wanted {goal.wanted}" for goal, value in reached if not goal.met(value)]
    print("\n".join(f"MISSED: {line}" for line in missed) or "All goals are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
