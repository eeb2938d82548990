"""Whose an upload is: of the current user, at one place of one site."""

from ...storage import ticket
from ...storage.uploads import Upload
from AccessControl import getSecurityManager
from Acquisition import aq_inner
from Acquisition import aq_parent
from plone import api
from plone.keyring.interfaces import IKeyManager
from plone.uuid.interfaces import IUUID
from zope.component import getUtility

import json


def ticket_for(place, upload: Upload) -> str:
    """A ticket that is good for the current user at ``place`` alone."""
    return ticket.sealed(upload, owner=_owner(place), secret=_secrets()[0])


def upload_of(place, text: str, *, now: float) -> Upload:
    """What a ticket is for; ``now`` in epoch seconds. Raises ``InvalidTicket``."""
    return ticket.opened(text, owner=_owner(place), secrets=_secrets(), now=now)


def _owner(place) -> str:
    user = getSecurityManager().getUser()
    # An account of Zope and one of the site may have the same id.
    folder = aq_parent(aq_inner(user))
    whence = "" if folder is None else "/".join(folder.getPhysicalPath())
    site = "/".join(api.portal.get().getPhysicalPath())
    return json.dumps([whence, user.getId(), IUUID(place, None) or "/".join(place.getPhysicalPath()), site])


def _secrets() -> list[str]:
    """Plone's own for the site, the newest first: they are there from its beginning, so that nothing is written for them."""
    return [secret for secret in getUtility(IKeyManager)["_system"] if secret]
