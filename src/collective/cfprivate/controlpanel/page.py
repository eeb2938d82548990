"""What the pages of the control panel share."""

from ..playback.dates import localized
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


# Plone knows the buttons of its own forms by their names, and makes all others secondary.
PRIMARY_BUTTON = "submit-widget btn btn-primary"


class KeyPage(ControlPanelFormWrapper):
    """A page that shows keys."""

    _key = ViewPageTemplateFile("key.pt")

    def details_of(self, key) -> str:
        """The HTML of what may be shown of a ``KeyDescription``."""
        return self._key(key=key)

    def when(self, seconds: int) -> str:
        """Epoch seconds in the site's format."""
        return localized(seconds)
