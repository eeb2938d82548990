"""A redirect and a service that answer what ours do, in size and headers, without asking or signing anything."""

from collective.cfprivate.caching.mark import NO_STORE
from plone.restapi.services import Service
from Products.Five.browser import BrowserView


# As long as one that is signed with an RSA key.
URL = (
    "https://d111111abcdef8.cloudfront.net/talk/talk.mp4"
    f"?Expires=1900000000&Signature={'A' * 342}__&Key-Pair-Id=KLOCALEDGEDEMO"
)
PLAYBACK = {
    "@id": "http://127.0.0.1:8080/Plone/demo/talk/@playback",
    "kind": "video",
    "title": "A protected talk",
    "duration": None,
    "expires": "2030-03-17T17:46:40Z",
    "expires_in": 3600,
    "renew_in": 3000,
    "sources": [{"src": URL, "type": "video/mp4"}],
    "poster": URL,
    "tracks": [],
    "download": None,
}


class BareRedirect(BrowserView):
    """Redirects to a constant URL."""

    def __call__(self):
        response = self.request.response
        response.setHeader("Cache-Control", NO_STORE)
        response.redirect(URL, status=302)
        return ""


class BareService(Service):
    """Answers with a constant."""

    def reply(self):
        self.request.response.setHeader("Cache-Control", NO_STORE)
        return PLAYBACK
