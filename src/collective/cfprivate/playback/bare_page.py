"""A page that is nothing but the player: without the theme, for a frame."""

from .markup import PlayerMarkup
from importlib.metadata import version
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


class BarePage(PlayerMarkup, BrowserView):
    """What such pages share; ``player`` is the HTML of what ``show`` was given."""

    player = ViewPageTemplateFile("player.pt")

    def leave_theme_out(self) -> None:
        """Have the response stay as it is: the theme would put the whole site around it."""
        self.request.response.setHeader("X-Theme-Disabled", "1")

    @property
    def resources_url(self) -> str:
        return f"{api.portal.get().absolute_url()}/++plone++collective.cfprivate"

    @property
    def version(self) -> str:
        """Browsers keep the resources, so that their addresses change with every release."""
        return version("collective.cfprivate")

    @property
    def language(self) -> str:
        return api.portal.get_current_language()
