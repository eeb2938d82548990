"""``GET item/@cfprivate-guest-links``."""

from ...caching.mark import keep_out_of_caches
from ...guests import store
from .as_json import link_as_json
from .as_json import NAME
from plone.restapi.services import Service

import time


class GuestLinksGet(Service):
    """The links of the item, the newest first, those that ended too."""

    def reply(self):
        keep_out_of_caches(self.request)
        now = int(time.time())
        links = store.links_of(self.context)[::-1]
        return {
            "@id": f"{self.context.absolute_url()}/{NAME}",
            "items": [link_as_json(self.context, link, now=now) for link in links],
            "items_total": len(links),
        }
