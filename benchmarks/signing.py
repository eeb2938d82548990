"""How fast URLs are signed, beside others, and whether the goals are met: exit code 0, else 1. `make bench` runs this."""

from collective.cfprivate.cloudfront import SigningKey
from goals import at_least
from goals import at_most
from goals import conclude
from goals import Goal
from goals import ratio
from goals import reached
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


GOALS = [
    Goal(
        "RSA, canned: first, policy at hand ÷ bare key.sign", ratio("RSA canned at hand", "RSA bare"), **at_least(0.95)
    ),
    Goal(
        "RSA, custom: first, policy at hand ÷ bare key.sign", ratio("RSA custom at hand", "RSA bare"), **at_least(0.95)
    ),
    Goal("EC, canned: first, policy at hand ÷ bare key.sign", ratio("EC canned at hand", "EC bare"), **at_least(0.8)),
    Goal("EC, custom: first, policy at hand ÷ bare key.sign", ratio("EC custom at hand", "EC bare"), **at_least(0.8)),
    Goal("RSA, canned: remembered ÷ first", ratio("RSA canned remembered", "RSA canned first"), **at_least(50)),
    Goal("RSA, custom: remembered ÷ first", ratio("RSA custom remembered", "RSA custom first"), **at_least(50)),
    Goal("10,000 segments: time of the rewriting ÷ the join's", ratio("join", "rewrite_playlist"), **at_most(10)),
]


def measure(node):
    """The one run of all contenders."""
    rsa, ec = (SigningKey.generate(key_id="K2JCJMDEHXQW5F", algorithm=algorithm) for algorithm in ("RSA", "EC"))
    contenders = [*signers.contenders(rsa, node), *signers.contenders(ec, node), *playlists.contenders(rsa)]
    return Run(contenders, rounds=ROUNDS, seconds=SLICE)


def describe(run, told, node):
    """The whole report."""
    parts = [report.title("Results of the last run", "="), report.machine(node), report.goals(told)]
    for algorithm in ("RSA", "EC"):
        for kind in signers.KINDS:
            parts += [report.title(f"{algorithm}, {kind} policy", "-"), report.signers(run, algorithm, kind)]
    return "\n\n".join(parts) + "\n"


def main():
    node = NodeSigner()
    run = measure(node)
    told = reached(run, GOALS)
    text = describe(run, told, node)
    node.stop()
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return conclude(told)


if __name__ == "__main__":
    sys.exit(main())
