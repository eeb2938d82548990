"""Pictures of pages, for the documentation."""

import os


def picture(page, name, **options):
    """Save what the page shows for the documentation, when `make screenshots` asks for it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", **options)
