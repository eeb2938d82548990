"""``POST place/@cfprivate-uploads``, and ``sign`` and ``complete`` behind a ticket."""

from ...exceptions import UploadRefused
from ...i18n import _
from ...media.uploading import check_file
from ...media.uploading import key_of_upload
from ...media.uploading import media_type
from ...storage import uploads
from ...storage.bucket import PART_LIFETIME
from ...storage.site_bucket import bucket_of_site
from ...storage.ticket import InvalidTicket
from ...storage.ticket import TICKET_LIFETIME
from ..body import json_object_of
from .owner import ticket_for
from .service import UploadsService

import time


FIELDS = frozenset({"filename", "size", "type"})

# Parts that are signed by one request.
MOST_NUMBERS = 1000


class UploadsPost(UploadsService):
    """Begins an upload, signs its parts, completes it. Nothing of it is written into the ZODB."""

    def answer(self):
        if not self.path:
            return self._begin()
        upload = self.upload()
        if self.path[1:] == ["sign"]:
            return self._sign(upload)
        if self.path[1:] == ["complete"]:
            return self._complete(upload)
        raise InvalidTicket

    def _begin(self) -> dict:
        filename, size, content_type = _read(json_object_of(self.request))
        check_file(size=size, content_type=content_type)
        key = key_of_upload(self.context, filename)
        now = int(time.time())
        upload = uploads.begin(bucket_of_site(), key=key, size=size, content_type=content_type, now=now)
        address = self.url_of(ticket_for(self.context, upload))
        self.request.response.setStatus(201)
        self.request.response.setHeader("Location", address)
        return {
            "@id": address,
            "key": key,
            "part_size": upload.parts.part_size,
            "parts": upload.parts.count,
            "expires_in": TICKET_LIFETIME,
        }

    def _sign(self, upload: uploads.Upload) -> dict:
        numbers = json_object_of(self.request).get("numbers")
        if not _are_numbers(numbers, upload.parts.count):
            raise _wrong(
                _(
                    "upload_wrong_numbers",
                    default="Send numbers: a list of 1 to ${most} numbers of parts, from 1 to ${count}.",
                    mapping={"most": MOST_NUMBERS, "count": upload.parts.count},
                )
            )
        bucket = bucket_of_site()
        urls = {str(number): bucket.sign_part(upload.key, upload.upload_id, number) for number in numbers}
        return {"urls": urls, "expires_in": PART_LIFETIME}

    def _complete(self, upload: uploads.Upload) -> dict:
        json_object_of(self.request)
        stored = uploads.complete(bucket_of_site(), upload)
        return {"key": stored.key, "size": stored.size, "type": upload.content_type}


def _read(body: dict) -> tuple[str, int, str]:
    if set(body) != FIELDS:
        raise _wrong(_("upload_wrong_fields", default="Send filename, size and type, and nothing else."))
    filename, size, content_type = body["filename"], body["size"], body["type"]
    if not isinstance(filename, str) or not filename.strip():
        raise _wrong(_("upload_wrong_name", default="The filename is missing, or is no text."))
    if type(size) is not int or size < 1:
        raise _wrong(_("upload_wrong_size", default="The size has to be a whole number of bytes, 1 at least."))
    if not isinstance(content_type, str):
        raise _wrong(_("upload_wrong_type", default="The type has to be a media type such as video/mp4."))
    return filename, size, media_type(content_type)


def _are_numbers(numbers: object, count: int) -> bool:
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_NUMBERS:
        return False
    return all(type(number) is int and 1 <= number <= count for number in numbers)


def _wrong(sentence) -> UploadRefused:
    return UploadRefused(sentence, status=400, kind="BadRequest")
