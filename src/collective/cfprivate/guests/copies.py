"""What is made of an item has none of its links: they were given for that item, at its place."""

from .store import forget


def leave_links_behind(copy, event) -> None:
    """Take the links from a copy, also from one inside a copied folder."""
    forget(copy)


def check_in(copy, event) -> None:
    """Keep those of the baseline, in whose place plone.app.iterate would put those of its working copy."""
    forget(copy)
