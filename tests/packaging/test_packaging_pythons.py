"""Which Pythons `make test-long` finds."""

from pathlib import Path

import importlib.util
import pytest


SCRIPT = Path(__file__).parents[2] / "scripts" / "every_python.py"
WORKS = '#!/bin/sh\necho "{version}"\n'


@pytest.fixture(scope="module")
def every_python():
    spec = importlib.util.spec_from_file_location("every_python", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def install(tmp_path, monkeypatch):
    """A function that puts something that says it is a Python at a path; PATH and pyenv have nothing else."""
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))

    def put(place, version, script=WORKS):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script.format(version=version), encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return put


def test_one_of_the_path_is_found(every_python, install):
    python = install("bin/python3.12", "3.12.4")
    assert every_python.find("3.12") == python


def test_one_of_pyenv_is_found(every_python, install):
    python = install("pyenv/versions/3.12.1/bin/python", "3.12.1")
    assert every_python.find("3.12") == python


def test_the_newest_of_pyenv_is_found(every_python, install):
    install("pyenv/versions/3.12.9/bin/python", "3.12.9")
    python = install("pyenv/versions/3.12.10/bin/python", "3.12.10")
    assert every_python.find("3.12") == python


def test_a_shim_that_does_not_run_is_passed_over(every_python, install):
    install("bin/python3.12", "", script="#!/bin/sh\nexit 127\n")
    python = install("pyenv/versions/3.12.1/bin/python", "3.12.1")
    assert every_python.find("3.12") == python


def test_the_broken_one_is_missing(every_python, install):
    install("bin/python3.13", "3.13.0")
    assert every_python.find("3.13") is None


def test_one_that_is_something_else_is_missing(every_python, install):
    install("bin/python3.12", "3.1.2")
    assert every_python.find("3.12") is None


def test_what_is_not_installed_is_missing(every_python, install):
    assert every_python.find("3.14") is None
