"""Whether the site is set up, as JSON."""

from ...controlpanel.as_json import status_as_json
from ...controlpanel.status import status_of_site
from plone.restapi.services import Service


class StatusGet(Service):
    """``configured`` or what is missing; asks no other host."""

    def reply(self):
        self.request.response.setHeader("Cache-Control", "private, no-store")
        address = f"{self.context.absolute_url()}/@cfprivate-status"
        return {"@id": address, **status_as_json(status_of_site(), self.request)}
