"""A class that a database can load again, so in a module of its own."""

from OFS.Folder import Folder
from Products.CMFCore.interfaces import ISiteRoot
from zope.annotation.interfaces import IAttributeAnnotatable
from zope.interface import implementer


@implementer(ISiteRoot, IAttributeAnnotatable)
class SiteInAFile(Folder):
    """Stands in for the site: it can be annotated, and is kept in a database of its own."""

    def getSiteManager(self):
        return self._v_site_manager
