"""Changes cloudfront/ in one place at a time, and shows each change that its tests do not notice.

    make test-long                                       all modules
    .venv/bin/python tests/mutation/run.py keys pem      some

The exit code is 1 where a survivor in a guarded module is not explained in survivors.py, and where an explanation there
fits no survivor.
"""

from collections import Counter
from modules import GUARDED
from modules import TESTS
from mutants import ROOM
from mutants import test_mutants
from pathlib import Path
from survivors import EXPLAINED

import argparse
import sys


TOP = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="module", help=" ".join(TESTS))
    modules = parser.parse_args().modules or sorted(path.stem for path in (TOP / ROOM).glob("[!_]*.py"))
    if unknown := sorted(set(modules) - set(TESTS)):
        parser.error(f"modules.py does not say which tests look at {', '.join(unknown)}")
    totals = Counter()
    for module, results, seconds in test_mutants(TOP, modules):
        totals += report(module, results, seconds)
    print_counts("together", totals)
    sys.exit(1 if totals["wrong"] else 0)


def report(module, results, seconds):
    """Print what came of the mutants of a module, and count it."""
    survivors = {mutant for mutant, verdict in results if verdict == "survived"}
    explained = {mutant for mutant in EXPLAINED if mutant[0] == module}
    counts = Counter(verdict for _, verdict in results)
    counts["seconds"] = round(seconds)
    counts["not explained"] = len(survivors - explained)
    counts["wrong"] = len(explained - survivors) + (len(survivors - explained) if module in GUARDED else 0)
    print_counts(f"{module}.py", counts)
    print_mutants("is not noticed, and not explained", survivors - explained)
    print_mutants("is explained, but noticed or gone", explained - survivors)
    return counts


def print_counts(name, counts):
    mutants = counts["noticed"] + counts["endless"] + counts["survived"]
    print(
        f"{name:15} {mutants:5} mutants: {counts['noticed']} noticed, {counts['endless']} endless, "
        f"{counts['survived']} survived, {counts['not explained']} not explained; {counts['seconds']} s",
        flush=True,
    )


def print_mutants(what, mutants):
    """Print them as survivors.py writes them."""
    for mutant in sorted(mutants):
        print(f"\n{what}:", *(f"    {part!r}," for part in mutant), sep="\n", flush=True)


if __name__ == "__main__":
    main()
