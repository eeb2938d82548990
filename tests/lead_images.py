"""Lead images for content."""

from plone.namedfile.file import NamedBlobImage
from struct import pack
from zlib import compress
from zlib import crc32


def lead_image(width=1000, height=500):
    """A grey lead image of ``width`` by ``height`` pixels."""
    return NamedBlobImage(data=png(width, height), contentType="image/png", filename="lead.png")


def png(width, height):
    """A grey image of ``width`` by ``height`` pixels (ISO/IEC 15948)."""

    def chunk(name, data):
        return pack(">I", len(data)) + name + data + pack(">I", crc32(name + data))

    header = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")
