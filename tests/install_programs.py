"""Make sure of the programs that tests need: the system's, else (a browser) Playwright's, else (for root on Debian) apt's.

Arguments are Debian's names of programs that only the long tests need; with some, only those are looked for.
Without one the tests that need it are left out, except where CI is set: there it is a failure.
"""

from caching import varnish
from clients import postgresql
from collections.abc import Callable
from pathlib import Path
from playwright.sync_api import sync_playwright
from typing import NamedTuple

import chromium
import functools
import os
import shutil
import subprocess
import sys
import webkit


class Program(NamedTuple):
    """``works`` tells whether it is there, ``packages`` are Debian's; ``own_way`` is tried before them."""

    name: str
    tests: str
    packages: tuple[str, ...]
    works: Callable[[], bool]
    own_way: list[str] | None = None


def runs(command, seconds=300, **options):
    """Whether a command ends well and in time; what it prints is left out."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run(command, timeout=seconds, check=False, **quiet, **options).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def browser_works():
    path = chromium.executable()
    if path is None:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    return Path(path).exists() and runs([path, "--version"], seconds=30)


def varnish_works():
    path = varnish.program("varnishd")
    return path is not None and runs([path, "-V"], seconds=30)


def postgresql_works():
    path = postgresql.program("initdb")
    return path is not None and runs([path, "--version"], seconds=30)


def ffmpeg_works():
    return all(shutil.which(name) and runs([name, "-version"], seconds=30) for name in ("ffmpeg", "ffprobe"))


def webkit_works():
    return webkit.is_there() and runs(["WebKitWebDriver", "--help"], seconds=30)


PROGRAMS = [
    Program(
        "Chromium",
        "the browser tests",
        ("chromium",),
        browser_works,
        own_way=[sys.executable, "-m", "playwright", "install", "chromium"],
    ),
    Program("WebKitGTK", "the tests in a second browser", webkit.PACKAGES, webkit_works),
    Program("Varnish", "the tests of caches", ("varnish",), varnish_works),
    Program("ffmpeg", "the tests of prepared media", ("ffmpeg",), ffmpeg_works),
]
FOR_LONG_TESTS = [Program("PostgreSQL", "the tests of Zope clients on RelStorage", ("postgresql",), postgresql_works)]


@functools.cache
def debian_offers_packages():
    """Whether apt is there for us and knows what there is now: asked once, for all that has to be installed."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and runs(["apt-get", "update"])


def install_from_debian(packages):
    if debian_offers_packages():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        runs(["apt-get", "install", "--yes", "--no-install-recommends", *packages], env=environment)


def install(program):
    """Whether the program works, in the end."""
    if program.works():
        return True
    print(f"No {program.name}: looking for one to install (up to 15 minutes)", flush=True)
    if program.own_way and runs(program.own_way) and program.works():
        return True
    install_from_debian(program.packages)
    return program.works()


def wanted(packages):
    return [program for program in FOR_LONG_TESTS if {*program.packages} & {*packages}] if packages else PROGRAMS


def main():
    missing = [program for program in wanted(sys.argv[1:]) if not install(program)]
    for program in missing:
        print(
            f"{program.name} could not be installed: {program.tests} will be left out. "
            f"On Debian: apt-get install {' '.join(program.packages)}"
        )
    return "CI is set: all tests must run." if missing and os.environ.get("CI") else None


if __name__ == "__main__":
    sys.exit(main())
