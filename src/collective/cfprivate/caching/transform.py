"""The last word on caching headers: plone.app.caching replaces what a view has set."""

from ..interfaces import IBrowserLayer
from .mark import is_kept_out
from .mark import NO_STORE
from plone.app.caching.interfaces import IRAMCached
from plone.transformchain.interfaces import ITransform
from zope.component import adapter
from zope.interface import implementer
from zope.interface import Interface
from zope.interface import noLongerProvides


VALIDATORS = {"etag", "last-modified", "expires"}


@implementer(ITransform)
@adapter(Interface, IBrowserLayer)
class NoStore:
    """Gives marked responses ``no-store``, without validators, and keeps them out of the RAM cache."""

    # After plone.caching (12000), before the store of plone.app.caching's RAM cache (90000).
    order = 80000

    def __init__(self, published, request):
        self.published = published
        self.request = request

    def transformBytes(self, result, encoding):
        self._forbid()

    def transformUnicode(self, result, encoding):
        self._forbid()

    def transformIterable(self, result, encoding):
        self._forbid()

    def _forbid(self):
        if not is_kept_out(self.request):
            return
        response = self.request.response
        response.setHeader("Cache-Control", NO_STORE)
        # plone.app.caching writes "ETag" with its capitals, which setHeader would not find.
        for name in [name for name in response.headers if name.lower() in VALIDATORS]:
            del response.headers[name]
        if IRAMCached.providedBy(self.request):
            noLongerProvides(self.request, IRAMCached)
