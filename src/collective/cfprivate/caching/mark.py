"""Marks a request whose response no cache may keep."""

from zope.annotation.interfaces import IAnnotations


MARK = "collective.cfprivate.no-store"
NO_STORE = "private, no-store"


def keep_out_of_caches(request) -> None:
    """Forbid caches to keep the response, now and again after plone.app.caching had its say."""
    IAnnotations(request)[MARK] = True
    request.response.setHeader("Cache-Control", NO_STORE)


def is_kept_out(request) -> bool:
    """Whether ``keep_out_of_caches`` was called for this request."""
    return MARK in IAnnotations(request)
