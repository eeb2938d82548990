"""A page that is nothing but the player: without the theme, for a frame."""

from .markup import PlayerMarkup
from .resources import resource_path
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


class BarePage(PlayerMarkup, BrowserView):
    """What such pages share; ``player`` is the HTML of what ``show`` was given."""

    player = ViewPageTemplateFile("player.pt")

    def leave_theme_out(self) -> None:
        """Have the response stay as it is: the theme would put the whole site around it."""
        self.request.response.setHeader("X-Theme-Disabled", "1")

    def resource(self, name: str) -> str:
        """The URL of a file of the player."""
        return f"{api.portal.get().absolute_url()}/{resource_path(name)}"

    @property
    def language(self) -> str:
        return api.portal.get_current_language()
