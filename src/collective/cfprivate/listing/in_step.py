"""Who may watch is asked of permissions, and these change without a change of the item."""

from ..interfaces import IProtectedItem
from .columns import PROTECTED
from Products.CMFCore.interfaces import IIndexQueueProcessor
from Products.CMFCore.utils import getToolByName
from zope.interface import implementer


# What Plone indexes of each item, and of all below it, when a state, a workflow or the Sharing page changes permissions.
SECURITY = "allowedRolesAndUsers"


@implementer(IIndexQueueProcessor)
class ProtectedInStep:
    """Brings index and column ``PROTECTED`` up to date wherever Plone indexes who may see a protected item.

    Plone then leaves other indexes as they are, and of what lies below a container the columns too.
    """

    def index(self, obj, attributes=None):
        """Nothing: all is indexed already."""

    def reindex(self, obj, attributes=None, update_metadata=1):
        if not attributes or SECURITY not in attributes or not IProtectedItem.providedBy(obj):
            return
        catalog = getToolByName(obj, "portal_catalog", None)
        if catalog is not None and PROTECTED in catalog.indexes():
            catalog._reindexObject(obj, idxs=[PROTECTED], update_metadata=True)

    def unindex(self, obj):
        """Nothing: all is taken out already."""

    def begin(self):
        """Nothing is begun."""

    def commit(self):
        """Nothing is left to do."""

    def abort(self):
        """Nothing is to be undone: the catalog is of the same transaction."""
