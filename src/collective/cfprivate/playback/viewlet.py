"""The player on an item's page, or the reason why there is none."""

from ..access.grant import grant
from ..caching.mark import keep_out_of_caches
from ..cloudfront.errors import CFPrivateError
from ..cloudfront.errors import InvalidObjectKey
from ..exceptions import PlaceTaken
from ..exceptions import sentence_of
from ..i18n import _
from ..media.formats import HLS_TYPE
from ..media.medium import medium_of
from ..permissions import CONFIGURE
from ..permissions import MANAGE
from .labels import translated_labels
from .playback import lead_image
from .playback import playback_of
from .refusal import login_url
from .refusal import refusal_of
from plone import api
from plone.app.layout.viewlets import ViewletBase
from plone.app.layout.viewlets.httpheaders import HeaderViewlet
from Products.CMFPlone.resources import add_bundle_on_request
from zope.i18nmessageid import Message

import time


BUNDLE = "collective-cfprivate-player"

# What the player plays; the rest needs no script.
PLAYED = {"video", "audio"}

DOWNLOAD_LABELS = {
    "video": _("link_download", default="Download the video"),
    "audio": _("link_download_audio", default="Download the sound"),
    "image": _("link_download_image", default="Download the image"),
    "document": _("link_download_document", default="Download the document"),
}


class PlayerResources(HeaderViewlet):
    """Asks for the player's script and style while the head of the page is not yet rendered."""

    def getHeaders(self):
        medium = medium_of(self.context)
        if medium is not None and medium.kind in PLAYED and self._granted():
            add_bundle_on_request(self.request, BUNDLE)
        return []

    def _granted(self) -> bool:
        address = self.request.getClientAddr()
        return grant(self.context, action="stream", now=int(time.time()), address=address).allowed


class PlayerViewlet(ViewletBase):
    """``playback`` for who may watch, else ``refusal``; neither for an item without a medium."""

    playback = None
    refusal = None
    problem = ""
    may_configure = False

    def update(self):
        super().update()
        if medium_of(self.context) is None:
            return
        try:
            self.playback = playback_of(
                self.context, now=int(time.time()), address=self.request.getClientAddr(), asked=False
            )
        except CFPrivateError as error:
            self._refuse(error)
        if self.playback is not None or not self.refusal.timeless:
            keep_out_of_caches(self.request)

    def _refuse(self, error: CFPrivateError) -> None:
        self.refusal = refusal_of(error, self.context)
        mender = MANAGE if isinstance(error, InvalidObjectKey | PlaceTaken) else CONFIGURE
        if self.refusal.status == 503 and api.user.has_permission(mender, obj=self.context):
            self.problem = sentence_of(error)
            self.may_configure = mender is CONFIGURE

    @property
    def srcset(self) -> str | None:
        """The renditions of an image whose widths are known, as HTML's srcset; None for one alone.

        CloudFront's signatures have neither blanks nor commas, which part the candidates.
        """
        candidates = [f"{source.src} {source.width}w" for source in self.playback.sources if source.width]
        return ", ".join(candidates) if len(candidates) > 1 else None

    @property
    def needs_cors(self) -> bool:
        """Whether captions or the segments of a playlist come from the distribution: browsers ask for both by CORS."""
        own = self.context.absolute_url()
        is_hls = any(source.media_type == HLS_TYPE for source in self.playback.sources)
        return is_hls or any(not track.src.startswith(f"{own}/") for track in self.playback.tracks)

    @property
    def download_label(self) -> Message:
        """The words on the button that downloads."""
        return DOWNLOAD_LABELS[self.playback.kind]

    @property
    def labels(self) -> str | None:
        return translated_labels(self.request)

    @property
    def login_url(self) -> str:
        return login_url(self.context.absolute_url())

    @property
    def control_panel_url(self) -> str:
        return f"{self.site_url}/@@cfprivate-controlpanel"

    @property
    def teaser(self) -> str | None:
        """The lead image, which is the page's own and not part of the medium."""
        return lead_image(self.context)
