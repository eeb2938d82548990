"""Run `make test` for the last commit on each Python from 3.10 to 3.14 that is installed; name those that are missing.

    .venv/bin/python scripts/every_python.py 3.12 3.13    only these

Each has a clone in `.pythons`, where what was installed serves the next time, too. The exit code is 1 where tests fail.
"""

from pathlib import Path

import os
import shutil
import subprocess
import sys


TOP = Path(__file__).resolve().parents[1]
CLONES = TOP / ".pythons"
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
# It cannot save a version of a page: CPython gh-125631.
BROKEN = "3.13.0"
DESCRIBE = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


def main():
    outcomes = {version: outcome_of(version) for version in sys.argv[1:] or VERSIONS}
    print("\n".join(f"Python {version}: {outcome}" for version, outcome in outcomes.items()))
    sys.exit(1 if "failed" in outcomes.values() else 0)


def outcome_of(version):
    """`passed`, `failed` or `missing`, for a version such as 3.12."""
    python = find(version)
    if python is None:
        return "missing"
    print(f"Python {version}: {python}", flush=True)
    clone = checked_out(version)
    # Of the make that may run this, which is about another directory.
    environ = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    tests = subprocess.run(["make", "test", f"PYTHON={python}"], cwd=clone, env=environ, check=False)
    return "failed" if tests.returncode else "passed"


def find(version):
    """The path of an interpreter of that version, of PATH or of pyenv, that runs and is not a broken one; None without."""
    return next((each for each in candidates(version) if fits(each, version)), None)


def candidates(version):
    on_path = shutil.which(f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    installed = sorted(pyenv.glob(f"{version}.*/bin/python"), key=patch_level, reverse=True)
    return [path for path in (on_path, *map(str, installed)) if path]


def patch_level(python):
    number = python.parents[1].name.rpartition(".")[2]
    return int(number) if number.isdecimal() else -1


def fits(python, version):
    told = subprocess.run([python, "-c", DESCRIBE], capture_output=True, text=True, check=False)
    found = told.stdout.strip()
    return told.returncode == 0 and found.startswith(f"{version}.") and found != BROKEN


def checked_out(version):
    """A clone with the last commit, and with what was installed there before."""
    clone = CLONES / version
    if not clone.exists():
        git("clone", "--quiet", "--no-checkout", TOP, clone)
    git("-C", clone, "fetch", "--quiet", "origin", "HEAD")
    git("-C", clone, "checkout", "--quiet", "--force", "FETCH_HEAD")
    return clone


def git(*arguments):
    subprocess.run(["git", *arguments], check=True)


if __name__ == "__main__":
    main()
