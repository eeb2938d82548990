"""The lead image of an item with a medium is its poster, so Plone's own viewlet stands back."""

from .medium import medium_of
from pathlib import Path
from plone.app.contenttypes.behaviors import viewlets
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


class LeadImageUnlessMedium(viewlets.LeadImageViewlet):
    """Plone's lead image, unless the player shows it."""

    index = ViewPageTemplateFile("leadimage.pt", str(Path(viewlets.__file__).parent))

    def update(self):
        super().update()
        self.available = self.available and medium_of(self.context) is None
