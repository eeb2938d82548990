"""``POST item/@cfprivate-guest-links``."""

from ...caching.mark import keep_out_of_caches
from ...guests.form import Entered
from ...guests.form import read
from ...guests.form import Refused
from ...guests.links import hand_out
from ...guests.links import Hindrance
from ...guests.links import hindrance_of
from ...i18n import _
from ..body import json_object_of
from .as_json import link_as_json
from plone.protect.interfaces import IDisableCSRFProtection
from plone.restapi.services import Service
from zExceptions import BadRequest
from zope.i18n import translate
from zope.interface import alsoProvides

import re
import time


TAKEN = frozenset({"note", "ends"})
# RFC 3339, section 5.6; fractions of a second are not taken into account.
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")


class GuestLinksPost(Service):
    """Makes a link of ``{"note", "ends"}``; only this answer ever holds its address."""

    def reply(self):
        keep_out_of_caches(self.request)
        body = json_object_of(self.request)
        now = int(time.time())
        hindrance = hindrance_of(self.context, now=now)
        if hindrance is not None:
            return self._hinder(hindrance)
        try:
            entered = _entered(body, now)
        except Refused as error:
            return self._refuse(error)
        alsoProvides(self.request, IDisableCSRFProtection)
        address, link = hand_out(self.context, entered, now=now)
        self.request.response.setStatus(201)
        return {**link_as_json(self.context, link, now=now), "address": address}

    def _hinder(self, hindrance: Hindrance) -> dict:
        self.request.response.setStatus(hindrance.status)
        return {"type": hindrance.kind, "message": translate(hindrance.message, context=self.request)}

    def _refuse(self, error: Refused) -> dict:
        self.request.response.setStatus(400)
        message = translate(error.args[0], context=self.request)
        return {"type": "BadRequest", "message": message, "errors": [{"field": error.field, "message": message}]}


def _entered(body: dict, now: int) -> Entered:
    if not TAKEN.issuperset(body) or any(not isinstance(value, str) for value in body.values()):
        raise BadRequest("Only note and ends are taken, and they are texts.")
    return read({**body, "ends": _moment(body.get("ends", ""))}, now=now)


def _moment(text: str) -> str:
    """The moment as ``datetime.fromisoformat`` reads it, of Python 3.10 too; "" stays, for which there is a sentence."""
    found = MOMENT.fullmatch(text.upper())
    if text and found is None:
        message = _(
            "error_guest_rfc_3339", default="Write the end with its time zone, as in 2027-01-31T18:00:00Z (RFC 3339)."
        )
        raise Refused(message, "ends")
    return "".join(found.groups()).replace("Z", "+00:00") if found else ""
