"""The Chromium that browser tests drive, and how they start it."""

import shutil


NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable():
    """Path of the system's Chromium or Chrome; None lets Playwright take the one that it installed itself."""
    return next(filter(None, map(shutil.which, NAMES)), None)
