"""What the verbs have in common: who may, which upload, and how a refusal is answered."""

from ...caching.mark import keep_out_of_caches
from ...exceptions import NoSuchObject
from ...exceptions import NoSuchUpload
from ...exceptions import OtherObject
from ...exceptions import PartsMissing
from ...exceptions import sentence_of
from ...exceptions import StorageError
from ...exceptions import StorageUnavailable
from ...exceptions import UploadRefused
from ...i18n import _
from ...media.uploading import check_key
from ...media.uploading import check_place
from ...storage.ticket import InvalidTicket
from ...storage.uploads import Upload
from .owner import upload_of
from plone.restapi.services import Service
from zope.i18n import translate
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse

import time


NAME = "@cfprivate-uploads"

# Seconds until a bucket that is away is asked again.
RETRY_AFTER = 30


@implementer(IPublishTraverse)
class UploadsService(Service):
    """The method ``answer`` of each verb does the work, and may raise what ``reply`` tells."""

    def __init__(self, context, request):
        super().__init__(context, request)
        self.path = []

    def publishTraverse(self, request, name):
        self.path.append(name)
        return self

    def reply(self):
        keep_out_of_caches(self.request)
        try:
            check_place(self.context)
            return self.answer()
        except UploadRefused as error:
            return self._refuse(error.status, error.kind, error)
        except (InvalidTicket, NoSuchUpload, NoSuchObject):
            return self._refuse(404, "unknown-upload", UploadRefused(_UNKNOWN, status=404, kind="unknown-upload"))
        except PartsMissing as error:
            return self._refuse(409, "parts-missing", error)
        except OtherObject as error:
            return self._refuse(409, "other-file", error)
        except StorageError as error:
            if isinstance(error, StorageUnavailable):
                self.request.response.setHeader("Retry-After", str(RETRY_AFTER))
            return self._refuse(503, "storage", error)

    def upload(self) -> Upload:
        """The upload of the ticket in the address; raises ``InvalidTicket``, ``UploadRefused``."""
        upload = upload_of(self.context, self.path[0] if self.path else "", now=time.time())
        check_key(self.context, upload.key)
        return upload

    def url_of(self, ticket: str) -> str:
        """The address of an upload."""
        return f"{self.context.absolute_url()}/{NAME}/{ticket}"

    def _refuse(self, status: int, kind: str, error) -> dict:
        self.request.response.setStatus(status)
        return {"type": kind, "message": translate(sentence_of(error), context=self.request)}


_UNKNOWN = _("upload_unknown", default="There is no such upload of yours here, or it has ended: begin it anew.")
