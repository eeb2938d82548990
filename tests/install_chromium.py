"""Make sure of a browser for the tests: the system's, else Playwright's own, else (for root on Debian) apt's.

Without one the tests that need it are left out, except where CI is set: there it is a failure.
"""

from pathlib import Path
from playwright.sync_api import sync_playwright

import chromium
import os
import shutil
import subprocess
import sys


def runs(command, seconds=300, **options):
    """Whether a command ends well and in time; what it prints is left out."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run(command, timeout=seconds, check=False, **quiet, **options).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def browser():
    """The path of a browser that starts, or None."""
    path = chromium.executable()
    if path is None:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    return path if Path(path).exists() and runs([path, "--version"], seconds=30) else None


def install_from_playwright():
    runs([sys.executable, "-m", "playwright", "install", "chromium"])


def install_from_debian():
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if runs(["apt-get", "update"]):
            runs(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"], env=environment)


def main():
    for install in (install_from_playwright, install_from_debian):
        if browser():
            return None
        print(f"No Chromium or Chrome: {install.__name__.replace('_', ' ')} (up to 5 minutes)", flush=True)
        install()
    if browser():
        return None
    if os.environ.get("CI"):
        return "No browser could be installed, and CI is set: the browser tests must run."
    print("No browser could be installed: the browser tests will be left out. On Debian: apt-get install chromium")
    return None


if __name__ == "__main__":
    sys.exit(main())
