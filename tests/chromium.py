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


def hand_over_choosers(page):
    """Have the file choosers of ``page`` handed over from now on, before a test waits for one.

    Chromium is asked for them when the first listener comes, and a key that is pressed right behind may be faster:
    https://github.com/puppeteer/puppeteer/issues/6040
    """
    page.on("filechooser", lambda _chooser: None)
