"""``GET place/@cfprivate-uploads/TICKET``."""

from ...exceptions import NoSuchUpload
from ...storage import uploads
from ...storage.bucket import Bucket
from ...storage.site_bucket import bucket_of_site
from ...storage.ticket import InvalidTicket
from ...storage.uploads import Upload
from .service import UploadsService


class UploadsGet(UploadsService):
    """Which parts have arrived; of an upload that is complete, all."""

    def answer(self):
        upload = self.upload()
        if len(self.path) != 1:
            raise InvalidTicket
        return {
            "@id": self.url_of(self.path[0]),
            "key": upload.key,
            "size": upload.size,
            "part_size": upload.parts.part_size,
            "parts": upload.parts.count,
            "arrived": [{"number": number, "size": size} for number, size in _arrived(bucket_of_site(), upload)],
        }


def _arrived(bucket: Bucket, upload: Upload) -> list[tuple[int, int]]:
    try:
        return [(part.number, part.size) for part in uploads.arrived(bucket, upload)]
    except NoSuchUpload:
        if uploads.stored_of(bucket, upload) is None:
            raise
        return [(number, upload.parts.size_of(number)) for number in range(1, upload.parts.count + 1)]
