"""A player as HTML, or the reason why there is none: what player.pt asks of its view."""

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
from .playback import Playback
from .refusal import login_url
from .refusal import Refusal
from .refusal import refusal_of
from .resources import PlayerResources
from collections.abc import Callable
from plone import api
from zope.i18nmessageid import Message


DOWNLOAD_LABELS = {
    "video": _("link_download", default="Download the video"),
    "audio": _("link_download_audio", default="Download the sound"),
    "image": _("link_download_image", default="Download the image"),
    "document": _("link_download_document", default="Download the document"),
}


# What stands in place of a medium on paper.
PRINTED = {
    "video": _("printed_video", default="Watch this at ${address}"),
    "audio": _("printed_audio", default="Listen to this at ${address}"),
    "image": _("printed_image", default="See this at ${address}"),
    "document": _("printed_document", default="Open this document at ${address}"),
}


class PlayerMarkup:
    """For a view of an item (``context``, ``request``): after ``show`` or ``refuse``, ``playback`` or ``refusal`` is given."""

    playback: Playback | None = None
    refusal: Refusal | None = None
    problem = ""
    may_configure = False

    # What the page has to load for the player; None where there is nothing to play, or its head has it.
    resources: PlayerResources | None = None

    # Where the player gets new signatures; None where it gets none.
    renewal_url: str | None = None

    # "no" where the player is not to remember, in the visitor's browser, how far he came.
    resume: str | None = None

    def show(self, make: Callable[[], Playback]) -> None:
        """Show what ``make`` returns, or why it was refused."""
        try:
            self.playback = make()
        except CFPrivateError as error:
            self.refuse(error)

    def refuse(self, error: CFPrivateError) -> None:
        """Show why there is no playback."""
        self.refusal = refusal_of(error, self.context)
        mender = MANAGE if isinstance(error, InvalidObjectKey | PlaceTaken) else CONFIGURE
        if self.refusal.status == 503 and api.user.has_permission(mender, obj=self.context):
            self.problem = sentence_of(error)
            self.may_configure = mender is CONFIGURE

    @property
    def srcset(self) -> str | None:
        """The renditions of an image whose widths are known, as HTML's srcset; None for one alone.

        None, too, while the width of the main file is not known: browsers would never take it then. CloudFront's
        signatures have neither blanks nor commas, which part the candidates.
        """
        candidates = [f"{source.src} {source.width}w" for source in self.playback.sources if source.width]
        return ", ".join(candidates) if self.playback.sources[0].width and len(candidates) > 1 else None

    @property
    def crossorigin(self) -> str | None:
        """How the browser is to ask the distribution, as HTML's attribute says it."""
        if self.playback.cookies is not None:
            return "use-credentials"
        return "anonymous" if self._needs_cors else None

    @property
    def _needs_cors(self) -> bool:
        """Whether captions or the segments of a playlist come from the distribution: browsers ask for both by CORS."""
        is_hls = any(source.media_type == HLS_TYPE for source in self.playback.sources)
        return is_hls or any(self._is_foreign(track.src) for track in self.playback.tracks)

    def _is_foreign(self, address: str) -> bool:
        # Of the site, because translations offer their captions, too.
        return not address.startswith((f"{api.portal.get().absolute_url()}/", "data:"))

    @property
    def document_url(self) -> str:
        """Where a document opens."""
        return f"{self.context.absolute_url()}/@@media"

    @property
    def download_url(self) -> str:
        """Where a click downloads."""
        return f"{self.context.absolute_url()}/@@media?download=1"

    @property
    def download_label(self) -> Message:
        """The words on the button that downloads."""
        return DOWNLOAD_LABELS[self.playback.kind]

    @property
    def printed(self) -> Message | None:
        """Where to find the medium, for who has the page on paper; None where it is an image, which is printed itself."""
        medium = self.playback or medium_of(self.context)
        if medium is None or (self.playback and medium.kind == "image"):
            return None
        state = api.content.get_view("plone_context_state", self.context, self.request)
        return Message(PRINTED[medium.kind], mapping={"address": state.view_url()})

    @property
    def labels(self) -> str | None:
        return translated_labels(self.request)

    @property
    def login_url(self) -> str:
        return login_url(self.context.absolute_url())

    @property
    def control_panel_url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@cfprivate-controlpanel"

    @property
    def teaser(self) -> str | None:
        """The lead image, which is the page's own and not part of the medium."""
        return lead_image(self.context)
