"""setup.py tells the truth about the code, and git holds no built file."""

from importlib import metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from pathlib import Path
from pathlib import PurePosixPath

import ast
import pytest
import re
import subprocess
import sys


TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "src" / "collective" / "cfprivate"
#: Rooms whose modules may import what an extra brings.
EXTRA_OF_ROOM = {"demo": "demo", "storage": "s3"}
#: First names of modules that are of no distribution: Python's own, and those that lie beside the tests.
OURS = sys.stdlib_module_names | {
    name for path in (TOP / "tests").rglob("*.py") for name in (path.stem, path.relative_to(TOP / "tests").parts[0])
}
PYTHONS = [f"3.{minor}" for minor in range(10, 15)]


def setup_arguments():
    """The literal keyword arguments of the call of setup()."""
    tree = ast.parse((TOP / "setup.py").read_text(encoding="utf-8"))
    [call] = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "setup"]
    arguments = {}
    for keyword in call.keywords:
        try:
            arguments[keyword.arg] = ast.literal_eval(keyword.value)
        except ValueError:
            continue  # computed, such as long_description
    return arguments


def declared(requirements):
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def tracked_files():
    if not (TOP / ".git").exists():
        pytest.skip("not a clone")
    command = ["git", "-c", f"safe.directory={TOP}", "ls-files", "-z"]
    return subprocess.run(command, cwd=TOP, capture_output=True, check=True, text=True).stdout.split("\0")[:-1]


@pytest.fixture(scope="module")
def distribution_of_module():
    """{dotted module: normalised distributions} of all that is installed.

    packages_distributions() knows only the first name, and `plone` and `zope` are of a hundred distributions each.
    """
    modules = {}
    for distribution in metadata.distributions():
        name = canonicalize_name(distribution.metadata["Name"])
        for file in distribution.files or []:
            path = PurePosixPath(str(file))
            if path.suffix not in {".py", ".so", ".pyd"} or ".." in path.parts:
                continue
            parts = [*path.parts[:-1], path.name.partition(".")[0]]
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules.setdefault(module, set()).add(name)
    return modules


def optional(node):
    """Whether this is `try: import … except ImportError:`, with which the code does without a distribution."""
    return isinstance(node, ast.Try) and any(
        handler.type and "ImportError" in ast.unparse(handler.type) for handler in node.handlers
    )


def imported_modules(path):
    """The absolute names that a file needs: `from a import b` gives a.b, which is a module or an attribute of one."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    spared = {inner for node in ast.walk(tree) if optional(node) for part in node.body for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if node in spared:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def providers(module, distribution_of_module):
    """The distributions that provide the longest known beginning of a dotted name."""
    parts = module.split(".")
    beginnings = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((distribution_of_module[name] for name in beginnings if name in distribution_of_module), set())


def undeclared(path, extras, arguments, distribution_of_module):
    """What a file imports though neither install_requires nor these extras of setup.py declare it, as messages."""
    allowed = declared(arguments["install_requires"])
    for extra in extras:
        allowed |= declared(arguments["extras_require"].get(extra, []))
    for module in sorted(set(imported_modules(path))):
        if module.partition(".")[0] in OURS or f"{module}.".startswith("collective.cfprivate."):
            continue
        found = providers(module, distribution_of_module)
        if not found & allowed:
            names = " or ".join(sorted(found)) or "no installed distribution"
            places = " or ".join(["install_requires", *(f"[{extra}]" for extra in extras)])
            yield f"{path.relative_to(TOP)} imports {module}, of {names}: not in {places} of setup.py"


def undeclared_in_package(path, arguments, distribution_of_module):
    """The same for a file of the package: only some rooms have an extra."""
    extra = EXTRA_OF_ROOM.get(path.relative_to(PACKAGE).parts[0])
    return undeclared(path, [extra] if extra else [], arguments, distribution_of_module)


def test_each_imported_distribution_is_declared(distribution_of_module):
    arguments = setup_arguments()
    files = sorted(PACKAGE.rglob("*.py"))
    assert files
    messages = [message for path in files for message in undeclared_in_package(path, arguments, distribution_of_module)]
    assert not messages, "\n".join(messages)


def test_each_distribution_that_the_tests_import_is_declared(distribution_of_module):
    arguments = setup_arguments()
    files = sorted((TOP / "tests").rglob("*.py"))
    extras = ["test", "demo"]
    messages = [message for path in files for message in undeclared(path, extras, arguments, distribution_of_module)]
    assert not messages, "\n".join(messages)


def test_an_undeclared_import_is_named(distribution_of_module, monkeypatch, tmp_path):
    monkeypatch.setattr(f"{__name__}.TOP", tmp_path)
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    path = tmp_path / "module.py"
    path.write_text(
        "import json\nimport zope.interface\nfrom zope import component\nfrom .here import x\n"
        "try:\n    from plone.app import caching\nexcept ImportError:\n    caching = None\n"
    )
    arguments = {"install_requires": ["zope.component"], "extras_require": {}}
    [message] = undeclared_in_package(path, arguments, distribution_of_module)
    assert message.startswith("module.py imports zope.interface, of zope-interface")


def test_only_its_room_may_import_what_an_extra_brings(distribution_of_module, monkeypatch, tmp_path):
    monkeypatch.setattr(f"{__name__}.TOP", tmp_path)
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    arguments = {"install_requires": [], "extras_require": {"demo": ["zope.interface"]}}
    for room, count in (("demo", 0), ("edge", 1)):
        path = tmp_path / room / "module.py"
        path.parent.mkdir()
        path.write_text("import zope.interface\n")
        assert len(list(undeclared_in_package(path, arguments, distribution_of_module))) == count


def test_python_versions():
    arguments = setup_arguments()
    prefix = "Programming Language :: Python :: "
    classifiers = [line.removeprefix(prefix) for line in arguments["classifiers"] if line.startswith(prefix)]
    assert [version for version in classifiers if re.fullmatch(r"3\.\d+", version)] == PYTHONS
    allowed = SpecifierSet(arguments["python_requires"])
    assert all(f"{version}.1" in allowed for version in PYTHONS)
    assert "3.9.20" not in allowed
    # Plone fails with it, but refusing the installation would be worse than saying so (README.rst): pip would look for
    # an older release of this package.
    assert "3.13.0" in allowed


def test_pyproject_has_only_the_build_system_and_tools():
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith("[build-system]\n")
    assert set(re.findall(r"^\[+([\w-]+)", text, re.MULTILINE)) == {"build-system", "tool"}


def test_git_holds_nothing_built_or_vendored():
    directories = {"node_modules", "dist", "build", "eggs", "parts", "static", "site-packages", "__pycache__"}
    suffixes = (".min.js", ".min.css", ".mo", ".pyc", ".so", ".whl", ".egg", ".tar.gz", ".egg-link")
    built = [
        name
        for name in tracked_files()
        if name.endswith(suffixes) or directories & set(name.split("/")[:-1]) or ".egg-info/" in name
    ]
    assert not built, built[:10]


def test_git_ignores_what_is_installed_and_built():
    tracked_files()
    made = [
        ".venv/bin/python",
        "node_modules/esbuild/package.json",
        "src/collective/cfprivate/playback/static/player.js",
        "src/collective.cfprivate.egg-info/PKG-INFO",
        "src/collective/cfprivate/locales/de/LC_MESSAGES/collective.cfprivate.mo",
        "build_backend/__pycache__/cfprivate_player.cpython-311.pyc",
        "bin/instance",
        "eggs/v5/Zope.egg/PKG-INFO",
        "var/filestorage/Data.fs",
    ]
    for name in made:
        assert subprocess.run(["git", "check-ignore", "-q", name], cwd=TOP, check=False).returncode == 0, name


def test_buildout_needs_no_network_but_the_index():
    text = (TOP / "buildout.cfg").read_text(encoding="utf-8") + (TOP / "versions.cfg").read_text(encoding="utf-8")
    assert "dist.plone.org" not in text
    assert "://" not in text
