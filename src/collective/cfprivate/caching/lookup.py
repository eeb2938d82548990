"""Whether plone.app.caching may answer in place of an item's page, before that is asked."""

from ..access.grant import entitlement
from ..access.grant import Reason
from ..interfaces import IBrowserLayer
from ..interfaces import IProtectedItem
from ..media.medium import medium_of
from .mark import is_kept_out
from plone import api
from plone.app.caching.lookup import ContentItemLookup
from plone.caching.interfaces import IRulesetLookup
from z3c.caching.registry import lookup
from zope.component import adapter
from zope.interface import implementer
from zope.publisher.interfaces.browser import IBrowserView

import time


@implementer(IRulesetLookup)
@adapter(IBrowserView, IBrowserLayer)
class PageLookup(ContentItemLookup):
    """No ruleset, and so neither 304 nor the RAM cache, for a page whose answer may have changed unnoticed.

    plone.app.caching compares an ETag or a modification date, and neither knows dates, groups, rules or permissions.
    """

    def __call__(self):
        # What was marked is made already: its headers are the business of the transform.
        if not is_kept_out(self.request) and self._has_to_be_asked():
            return None
        return super().__call__()

    def _has_to_be_asked(self) -> bool:
        # Images, files and services have rulesets of their own, and are no pages.
        return lookup(self.published) is None and _is_kept_fresh(getattr(self.published, "__parent__", None))


def _is_kept_fresh(item) -> bool:
    """Whether the item has a medium, and its page would not be the timeless refusal of anonymous now."""
    return IProtectedItem.providedBy(item) and medium_of(item) is not None and not _is_refused_for_good(item)


def _is_refused_for_good(item) -> bool:
    reason = entitlement(item, action="stream", now=int(time.time())).reason
    return api.user.is_anonymous() and reason is Reason.NOT_PERMITTED
