"""``DELETE place/@cfprivate-uploads/TICKET``."""

from ...exceptions import UploadRefused
from ...i18n import _
from ...storage import uploads
from ...storage.site_bucket import bucket_of_site
from ...storage.ticket import InvalidTicket
from .service import UploadsService


class UploadsDelete(UploadsService):
    """Aborts an upload; twice is no error."""

    def answer(self):
        upload = self.upload()
        if len(self.path) != 1:
            raise InvalidTicket
        if not uploads.abort(bucket_of_site(), upload):
            sentence = _("upload_is_complete", default="This upload is complete, so that it cannot be cancelled.")
            raise UploadRefused(sentence, status=409, kind="complete")
        return self.reply_no_content()
