"""CloudFront's base64, in which ``+ = /`` are written ``- _ ~``."""

import base64
import binascii


_TO_CLOUDFRONT = bytes.maketrans(b"+=/", b"-_~")
_FROM_CLOUDFRONT = str.maketrans("-_~", "+=/")


def encode(data: bytes) -> str:
    """`data` in CloudFront's alphabet, with its padding.

    Not the URL-safe alphabet of RFC 4648 (CloudFront Developer Guide, "Create a URL signature").
    """
    return binascii.b2a_base64(data, newline=False).translate(_TO_CLOUDFRONT).decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of which `text` is the one canonical spelling; ValueError for any other text.

    Spare bits that are set, absent padding and foreign characters are refused, so that no two texts mean the same.
    """
    data = base64.b64decode(text.translate(_FROM_CLOUDFRONT), validate=True)
    if encode(data) != text:
        raise ValueError("not canonical in CloudFront's base64")
    return data
