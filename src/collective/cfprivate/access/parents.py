"""The optional rule that a viewer may see every folder above an item."""

from ..permissions import VIEW
from Acquisition import aq_inner
from Acquisition import aq_parent
from collections.abc import Iterator
from plone import api
from plone.base.interfaces import INavigationRoot


def parents_viewable(item) -> bool:
    """Whether the current user may view each parent of the item, up to its navigation root, which counts too."""
    return all(api.user.has_permission(VIEW, obj=parent) for parent in parents_of(item))


def parents_of(item) -> Iterator:
    """The parents that contain the item, innermost first, until the navigation root.

    Follows where objects lie, never the path by which they were reached.
    """
    current = aq_inner(item)
    while not INavigationRoot.providedBy(current):
        current = aq_parent(aq_inner(current))
        if current is None:
            return
        yield current
