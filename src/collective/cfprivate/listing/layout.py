"""The view as a choice of the menu Display."""

from ..media.catalogued import object_of
from Acquisition import aq_base
from plone import api


VIEW = "media_listing"


def take_away() -> None:
    """Have no type offer the view, and show what was shown with it in its type's own view."""
    for fti in api.portal.get_tool("portal_types").objectValues():
        methods = tuple(getattr(fti, "view_methods", ()))
        if VIEW in methods:
            _take_from_type(fti, [name for name in methods if name != VIEW] or [fti.immediate_view])
            _take_from_content(fti.getId())


def _take_from_type(fti, methods: list[str]) -> None:
    default = methods[0] if fti.default_view == VIEW else fti.default_view
    fti.manage_changeProperties(view_methods=methods, default_view=default)


def _take_from_content(portal_type: str) -> None:
    for brain in api.portal.get_tool("portal_catalog").unrestrictedSearchResults(portal_type=portal_type):
        item = object_of(brain)
        if getattr(aq_base(item), "layout", None) == VIEW:
            item.manage_delProperties(["layout"])
