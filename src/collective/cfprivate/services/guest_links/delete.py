"""``DELETE item/@cfprivate-guest-links/ID``."""

from ...caching.mark import keep_out_of_caches
from ...guests.links import take_back
from ...i18n import _
from plone.protect.interfaces import IDisableCSRFProtection
from plone.restapi.services import Service
from zope.i18n import translate
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


@implementer(IPublishTraverse)
class GuestLinksDelete(Service):
    """Takes the link with this id back."""

    def __init__(self, context, request):
        super().__init__(context, request)
        self._path = []

    def publishTraverse(self, request, name):
        self._path.append(name)
        return self

    def reply(self):
        keep_out_of_caches(self.request)
        # No form sends DELETE, and no script of another site may, without the consent that plone.rest gives to CORS.
        alsoProvides(self.request, IDisableCSRFProtection)
        if len(self._path) == 1 and take_back(self.context, self._path[0]) is not None:
            return self.reply_no_content()
        self.request.response.setStatus(404)
        message = _("refused_unknown_link", default="There is no such link, or it was taken back.")
        return {"type": "unknown-link", "message": translate(message, context=self.request)}
