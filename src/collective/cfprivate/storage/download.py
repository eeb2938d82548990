"""The links to a file go on working after it was moved: they lead to its medium, for those who may have that."""

from ..caching.mark import keep_out_of_caches
from .moved import is_in_bucket
from .moved import moved_of
from pathlib import Path
from plone.app.contenttypes.browser import file
from plone.app.contenttypes.browser.file import FileView
from plone.app.contenttypes.interfaces import IFile
from plone.base.utils import human_readable_size
from plone.namedfile.browser import DisplayFile
from plone.namedfile.browser import Download
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound


class _ToMedium:
    """Redirects to the stable link of the medium, which asks for the grant; gives no byte of what the field has."""

    query = ""

    def __call__(self):
        # Asks whether the field may be read, as it would for a file that is here.
        value = self._getFile()
        if not is_in_bucket(self.context, self.fieldname, value):
            return super().__call__()
        keep_out_of_caches(self.request)
        self.request.response.redirect(f"{self.context.absolute_url()}/@@media{self.query}", status=302)
        return ""


class MovedDownload(_ToMedium, Download):
    """``@@download``, to be saved."""

    query = "?download=1"


class MovedDisplayFile(_ToMedium, DisplayFile):
    """``@@display-file``, which a File itself is, too."""


class MovedFileView(FileView):
    """The page of a File: where its file was moved, the player is the only one, and the size is that of the medium."""

    template = ViewPageTemplateFile("templates/file.pt", str(Path(file.__file__).parent))

    def __call__(self):
        if not IFile.providedBy(self.context):
            raise NotFound(self.__name__)
        return self.template()

    def is_videotype(self):
        """Whether there is a video here for the browser's own player."""
        return not self._is_moved and super().is_videotype()

    def is_audiotype(self):
        """Whether there is a sound here for the browser's own player."""
        return not self._is_moved and super().is_audiotype()

    def human_readable_size(self):
        """That of the file, wherever it is."""
        moved = moved_of(self.context)
        return super().human_readable_size() if moved is None else human_readable_size(moved.size)

    @property
    def _is_moved(self) -> bool:
        return is_in_bucket(self.context, "file", self.context.file)
