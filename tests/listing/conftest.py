"""Folders with media, as the staff would make them."""

from plone import api
from plone.namedfile.file import NamedBlobImage
from struct import pack
from zlib import compress
from zlib import crc32

import pytest


def png(width, height):
    """A grey image of ``width`` by ``height`` pixels (ISO/IEC 15948)."""

    def chunk(name, data):
        return pack(">I", len(data)) + name + data + pack(">I", crc32(name + data))

    header = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def image():
    """A function that makes a lead image of ``width`` by ``height`` pixels."""

    def make(width=1000, height=500):
        return NamedBlobImage(data=png(width, height), contentType="image/png", filename="lead.png")

    return make


@pytest.fixture
def folder(portal):
    """A published folder."""
    return publish(portal)


def publish(portal):
    """A published folder ``media`` in ``portal``."""
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
