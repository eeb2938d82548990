"""The self-test, as JSON."""

from ...cloudfront.errors import CFPrivateError
from ...controlpanel.as_json import lines_as_json
from ...controlpanel.selftest import Asked
from ...controlpanel.selftest import selftest
from ...exceptions import sentence_of
from ...keyring.slots import SLOTS
from ..body import json_object_of
from plone.protect.interfaces import IDisableCSRFProtection
from plone.restapi.services import Service
from zExceptions import BadRequest
from zope.i18n import translate
from zope.interface import alsoProvides


TAKEN = frozenset({"key", "object_key", "bucket_url"})


class SelftestPost(Service):
    """Asks the distribution; ``{"key", "object_key", "bucket_url"}`` may each be left out."""

    def reply(self):
        self.request.response.setHeader("Cache-Control", "private, no-store")
        body = json_object_of(self.request)
        alsoProvides(self.request, IDisableCSRFProtection)
        try:
            lines = selftest(_asked(body, self.context.absolute_url()))
        except CFPrivateError as error:
            raise BadRequest(translate(sentence_of(error), context=self.request)) from None
        address = f"{self.context.absolute_url()}/@cfprivate-selftest"
        return {"@id": address, **lines_as_json(lines, self.request)}


def _asked(body: dict, site_url: str) -> Asked:
    if not TAKEN.issuperset(body) or any(not isinstance(value, str) for value in body.values()):
        raise BadRequest("Only key, object_key and bucket_url are taken, and they are texts.")
    if body.get("key", "active") not in SLOTS:
        raise BadRequest("key is active, next or previous.")
    return Asked(
        site_url=site_url,
        slot=body.get("key", "active"),
        object_key=body.get("object_key", ""),
        bucket_url=body.get("bucket_url", ""),
    )
