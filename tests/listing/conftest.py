"""Folders with media, as the staff would make them."""

from lead_images import lead_image
from plone import api

import pytest


@pytest.fixture
def image():
    """A function that makes a lead image of ``width`` by ``height`` pixels."""
    return lead_image


@pytest.fixture
def folder(portal):
    """A published folder."""
    with api.env.adopt_roles(["Manager"]):
        made = api.content.create(portal, "Folder", "media", title="Media")
        api.content.transition(made, "publish")
    return made


@pytest.fixture
def column():
    """A function that gives what the catalog holds of an item in a column, as who looks into the database sees it."""

    def value(item, name):
        catalog = api.portal.get_tool("portal_catalog")
        (brain,) = catalog.unrestrictedSearchResults(path={"query": "/".join(item.getPhysicalPath()), "depth": 0})
        return getattr(brain, name)

    return value
