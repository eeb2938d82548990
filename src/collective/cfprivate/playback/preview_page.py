"""The page in the edit form on which an editor sees what is entered there."""

from ..caching.mark import keep_out_of_caches
from ..exceptions import NoMedium
from ..i18n import _
from ..media.behavior import IProtectedMedia
from ..media.medium import Medium
from ..media.medium import medium_in
from ..media.tracks import checked_tracks
from ..media.tracks_field import languages
from .bare_page import BarePage
from .head import without_body_for_head
from .preview import preview_of
from .preview import preview_playlist_of
from .views import PlaylistView
from functools import partial
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from types import SimpleNamespace
from z3c.form.field import Fields
from z3c.form.form import Form

import time


PREFIX = IProtectedMedia.__name__

NOTHING_ENTERED = _("preview_nothing", default="No object key is entered.")


class EnteredMedia(Form):
    """Reads the behavior's fields from what the edit form of an item sends."""

    fields = Fields(IProtectedMedia, prefix=PREFIX)

    def read(self) -> tuple[Medium | None, tuple]:
        """The medium that was entered, which is None without a key, and the views of all that is wrong with it."""
        self.updateWidgets()
        data, errors = self.extractData()
        if errors:
            return None, errors
        fields = SimpleNamespace(**{name: data.get(f"{PREFIX}.{name}") for name in IProtectedMedia})
        fields.tracks = checked_tracks(fields.tracks or (), languages())
        return medium_in(fields), ()


class PreviewPage(BarePage):
    """``@@cfprivate-preview``: what is saved, or by POST what is entered, as who may watch the item would see it."""

    template = ViewPageTemplateFile("preview.pt")
    errors = ()

    def __call__(self):
        keep_out_of_caches(self.request)
        self.leave_theme_out()
        self._look()
        return without_body_for_head(self.request, self.template())

    def _look(self) -> None:
        is_entered = self.request.method == "POST"
        medium, self.errors = EnteredMedia(self.context, self.request).read() if is_entered else (None, ())
        if not self.errors:
            self.show(partial(self._preview, medium, is_entered))

    def _preview(self, medium: Medium | None, is_entered: bool):
        if is_entered and medium is None:
            raise NoMedium(NOTHING_ENTERED)
        return preview_of(self.context, medium, now=int(time.time()), address=self.request.getClientAddr())

    @property
    def document_url(self) -> str:
        """What is entered has no stable link."""
        return self.playback.sources[0].src


class PreviewPlaylistView(PlaylistView):
    """``@@cfprivate-preview-playlist/PATH?master=KEY``: a playlist of an HLS set that is entered, perhaps not saved."""

    def _playlist(self, path: str) -> str:
        master = self.request.form.get("master")
        return preview_playlist_of(self.context, path, master=master if isinstance(master, str) else "", **self._asked)
