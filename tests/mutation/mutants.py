"""Finds the mutants of a module with Cosmic Ray, and tests each in a copy of the checkout."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from modules import TESTS
from operators import OPERATORS
from pathlib import Path
from typing import NamedTuple

import ast
import difflib
import importlib
import multiprocessing
import os
import pytest
import re
import shutil
import sys
import tempfile
import time


try:
    from cosmic_ray.commands import init
    from cosmic_ray.mutating import use_mutation
    from cosmic_ray.plugins import get_operator
    from cosmic_ray.plugins import OPERATOR_PROVIDERS
    from cosmic_ray.work_db import use_db
except ImportError:
    sys.exit("Cosmic Ray is not installed here. Run make test-long, which installs it.")

ROOM = Path("src/collective/cfprivate/cloudfront")
NEEDED = (ROOM.parent, Path("tests/cloudfront"), Path("pyproject.toml"))
# Nothing that explains a failure or looks for leaks: the exit code is all that is wanted, soon.
WITHOUT = ("cacheprovider", "faulthandler", "threadexception", "unraisableexception")
PYTEST = ["-x", "-q", "--confcutdir=tests/cloudfront", "--assert=plain", *(f"-pno:{name}" for name in WITHOUT)]
ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_PROFILE": "mutants"}
# A forked process has pytest and hypothesis at hand, whose import takes longer than most tests.
FORK = multiprocessing.get_context("fork")
PRELOADED = ("hypothesis.strategies", "cryptography.hazmat.primitives.serialization")
# A mutant that needs this many times the seconds of the unchanged module, and at least some, would run for ever.
PATIENCE = 10
SHORTEST_LIMIT = 20
# Whether equal texts and numbers are one object is the interpreter's choice; what is one object is equal.
POINTLESS = re.compile(r"core/ReplaceComparisonOperator_((Eq|NotEq|Lt|LtE|Gt|GtE)_Is|Is_Eq|IsNot_NotEq)")

OPERATOR_PROVIDERS["cfprivate"] = OPERATORS


class Mutant(NamedTuple):
    """One change: the lines that it takes out and puts in, without the blanks around them."""

    module: str
    function: str
    before: str
    after: str


def test_mutants(top, modules):
    """(module, [(mutant, verdict)], seconds) for each of `modules`; a verdict is noticed, endless or survived."""
    with tempfile.TemporaryDirectory() as directory:
        snapshot = _copy(top, Path(directory) / "snapshot")
        _work_in(snapshot)
        sys.dont_write_bytecode = False
        limits = {module: _limit(module) for module in modules}
        with ProcessPoolExecutor(mp_context=FORK, initializer=_work_in_a_copy, initargs=(snapshot,)) as pool:
            for module in modules:
                started = time.monotonic()
                test = partial(_test_mutant, module, limits[module])
                yield module, list(pool.map(test, _find_mutants(module))), time.monotonic() - started


def _copy(source, target):
    for path in NEEDED:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (source / path).is_dir() else shutil.copy2
        copy(source / path, target / path)
    return target


def _work_in(directory):
    os.chdir(directory)
    os.environ.update(ENVIRONMENT, PYTHONPATH=str(directory / "src"))
    sys.path.insert(0, str(directory / "src"))
    for name in PRELOADED:
        importlib.import_module(name)


def _work_in_a_copy(snapshot):
    _work_in(_copy(snapshot, Path(tempfile.mkdtemp(dir=snapshot.parent))))
    # The unchanged modules came compiled. A compiled mutant could be taken for the next one.
    sys.dont_write_bytecode = True


def _limit(module):
    started = time.monotonic()
    output = Path("output").resolve()
    if _run_tests(module, output=output):
        raise SystemExit(f"{output.read_text()}\nThe tests of {module}.py fail before anything is changed.")
    return max(SHORTEST_LIMIT, PATIENCE * (time.monotonic() - started))


def _run_tests(module, limit=None, output=os.devnull):
    """The exit code of pytest for the module as it is now, or None where it took more than `limit` seconds."""
    process = FORK.Process(target=_run_tests_here, args=(module, output))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode


def _run_tests_here(module, output):
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(file, stream)
    sys.exit(pytest.main([*PYTEST, *(f"tests/cloudfront/test_cloudfront_{subject}.py" for subject in TESTS[module])]))


def _find_mutants(module):
    """Cosmic Ray's mutations of a module: operator and occurrence, and the function that it is in."""
    path = ROOM / f"{module}.py"
    hints = list(_spans_of_hints(path))
    with tempfile.TemporaryDirectory() as directory, use_db(f"{directory}/session") as session:
        init([path], session, {})
        for item in session.work_items:
            [mutation] = item.mutations
            in_hint = any(start <= mutation.start_pos < end for start, end in hints)
            if not in_hint and not POINTLESS.match(mutation.operator_name):
                yield mutation


def _spans_of_hints(path):
    """The places of type hints, which no test can notice."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_literal = isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"
        hints = (getattr(node, "annotation", None), getattr(node, "returns", None), node if is_literal else None)
        for hint in filter(None, hints):
            yield (hint.lineno, hint.col_offset), (hint.end_lineno, hint.end_col_offset)


def _test_mutant(module, limit, mutation):
    operator = get_operator(mutation.operator_name)()
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as codes:
        code = _run_tests(module, limit)
    verdict = {0: "survived", None: "endless"}.get(code, "noticed")
    return Mutant(module, mutation.definition_name or "", *_changed_lines(*codes)), verdict


def _changed_lines(before, after):
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return ["\n".join(line[2:].strip() for line in lines if line[0] == sign and line[2:].strip()) for sign in "-+"]
