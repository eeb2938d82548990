"""Digests of object keys and of folders, by which the catalog finds items.

They are made with a secret of the site: who may query the catalog learns no object key, and cannot test a guess.
"""

from collections.abc import Iterable
from hashlib import sha256
from plone import api
from Products.CMFCore.indexing import processQueue
from zope.annotation.interfaces import IAnnotations

import hmac
import secrets


ANNOTATION = "collective.cfprivate.places"


def digests_to_index(uses: Iterable[tuple[str, str]]) -> list[str]:
    """A digest of each use, a word with an object key or folder; makes the secret of the site, if it has none."""
    return _digests(IAnnotations(api.portal.get()).setdefault(ANNOTATION, secrets.token_hex(32)), uses)


def digests_to_find(uses: Iterable[tuple[str, str]]) -> list[str]:
    """As ``digests_to_index``; none where nothing was indexed yet."""
    # The first item that is indexed makes the secret, and may still wait for it.
    processQueue()
    secret = IAnnotations(api.portal.get()).get(ANNOTATION)
    return [] if secret is None else _digests(secret, uses)


def forget() -> None:
    """Take the secret from the current site, whose indexes are gone."""
    IAnnotations(api.portal.get()).pop(ANNOTATION, None)


def _digests(secret: str, uses: Iterable[tuple[str, str]]) -> list[str]:
    texts = (f"{word}\0{use}".encode(errors="surrogatepass") for word, use in uses)
    return [hmac.new(secret.encode(), text, sha256).hexdigest() for text in texts]
