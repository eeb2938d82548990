"""A bucket of S3, or of a store that speaks its protocol: the few calls that the add-on makes, with errors that help."""

from ..exceptions import StorageNotConfigured
from ..i18n import _
from .refusals import told
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from pathlib import Path


# Seconds. Zope's threads wait for no answer longer than that, and botocore asks once more at the most.
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 20
ATTEMPTS = 2

# How long a signed part of an upload may wait to be sent, in seconds.
PART_LIFETIME = 3600

NO_BOTO3 = _(
    "storage_no_boto3",
    default="The bucket cannot be reached without boto3: install collective.cfprivate[s3].",
)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An object as the bucket has it: ``size`` in bytes, ``modified`` in epoch seconds.

    ``etag`` is without quotation marks: the MD5 in hexadecimal of what was sent in one piece, of other objects whatever
    the store made of the parts. ``content_type`` is empty where a list, which does not tell it, was asked.
    ``sha256`` is the checksum in base64 that was sent with it, or empty.
    """

    key: str
    size: int
    modified: float
    etag: str
    content_type: str = ""
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of an upload that has arrived: ``number`` from 1, ``size`` in bytes, ``etag`` without quotation marks."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """An upload in parts that was begun and neither completed nor aborted; ``begun`` in epoch seconds."""

    key: str
    upload_id: str
    begun: float


@dataclass(frozen=True)
class Bucket:
    """A bucket by ``name``; ``endpoint`` is empty for AWS itself, else the origin of an S3-compatible store.

    Credentials come from boto3's own chain (environment, profile, role of the instance). Every call raises a
    ``StorageError`` whose sentence names the setting, or the circumstance, to look at.
    """

    name: str
    region: str = ""
    endpoint: str = ""
    _client: object = field(default=None, repr=False, compare=False)

    def head(self, key: str) -> Stored:
        """What is stored under ``key``; raises ``NoSuchObject``."""
        answer = self._ask("head_object", Key=key, ChecksumMode="ENABLED")
        return Stored(
            key=key,
            size=answer["ContentLength"],
            modified=answer["LastModified"].timestamp(),
            etag=_bare(answer["ETag"]),
            content_type=answer.get("ContentType", ""),
            sha256=answer.get("ChecksumSHA256", ""),
        )

    def objects(self, prefix: str = "") -> Iterator[Stored]:
        """All objects whose keys begin with ``prefix``, in the order of their keys."""
        for page in self._pages("list_objects_v2", Prefix=prefix):
            for each in page.get("Contents", ()):
                yield Stored(
                    key=each["Key"],
                    size=each["Size"],
                    modified=each["LastModified"].timestamp(),
                    etag=_bare(each["ETag"]),
                )

    def put_file(
        self,
        path: Path,
        key: str,
        *,
        content_type: str,
        cache_control: str = "",
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Store a file; one that is large is sent in parts. ``progress`` is called with the bytes sent since the last call."""
        extra = {"ContentType": content_type, **({"CacheControl": cache_control} if cache_control else {})}
        with told(self, key=key):
            self.client.upload_file(str(path), self.name, key, ExtraArgs=extra, Callback=progress)

    def get_file(self, key: str, path: Path, *, progress: Callable[[int], object] | None = None) -> None:
        """Fetch an object into a file; raises ``NoSuchObject``."""
        with told(self, key=key):
            self.client.download_file(self.name, key, str(path), Callback=progress)

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        self._ask("delete_object", Key=key)

    def begin_upload(self, key: str, *, content_type: str) -> str:
        """The id of a new upload in parts."""
        return self._ask("create_multipart_upload", Key=key, ContentType=content_type)["UploadId"]

    def sign_part(self, key: str, upload_id: str, number: int) -> str:
        """A URL to which a browser may PUT this one part (numbered from 1) within ``PART_LIFETIME`` seconds."""
        parameters = {"Bucket": self.name, "Key": key, "UploadId": upload_id, "PartNumber": number}
        with told(self, key=key):
            return self.client.generate_presigned_url("upload_part", Params=parameters, ExpiresIn=PART_LIFETIME)

    def parts(self, key: str, upload_id: str) -> list[Part]:
        """The parts that have arrived, in their order; raises ``NoSuchUpload``."""
        pages = self._pages("list_parts", Key=key, UploadId=upload_id)
        return [
            Part(number=each["PartNumber"], size=each["Size"], etag=_bare(each["ETag"]))
            for page in pages
            for each in page.get("Parts", ())
        ]

    def complete_upload(self, key: str, upload_id: str, parts: list[Part]) -> None:
        """Make one object of the parts; raises ``NoSuchUpload``."""
        listed = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in parts]
        self._ask("complete_multipart_upload", Key=key, UploadId=upload_id, MultipartUpload={"Parts": listed})

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Forget an upload with all its parts; raises ``NoSuchUpload``."""
        self._ask("abort_multipart_upload", Key=key, UploadId=upload_id)

    def unfinished(self, prefix: str = "") -> Iterator[Unfinished]:
        """The uploads that were begun and not ended, for keys that begin with ``prefix``."""
        for page in self._pages("list_multipart_uploads", Prefix=prefix):
            for each in page.get("Uploads", ()):
                yield Unfinished(key=each["Key"], upload_id=each["UploadId"], begun=each["Initiated"].timestamp())

    @property
    def client(self):
        """boto3's client, one for all threads; raises ``StorageNotConfigured``."""
        return self._client or client_for(self.region, self.endpoint)

    def _ask(self, call: str, **parameters) -> Mapping:
        with told(self, key=parameters.get("Key", "")):
            return getattr(self.client, call)(Bucket=self.name, **parameters)

    def _pages(self, call: str, **parameters) -> Iterator[Mapping]:
        with told(self, key=parameters.get("Key", "")):
            yield from self.client.get_paginator(call).paginate(Bucket=self.name, **parameters)


@lru_cache(maxsize=8)
def client_for(region: str, endpoint: str):
    """boto3's client of S3; raises ``StorageNotConfigured`` without boto3, and where the endpoint is no address."""
    try:
        from botocore.config import Config

        import boto3
    except ImportError:
        raise StorageNotConfigured(NO_BOTO3) from None
    config = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        signature_version="s3v4",
        # Stores other than AWS seldom have a host name for each bucket.
        s3={"addressing_style": "path" if endpoint else "virtual"},
        # A checksum that the protocol does not ask for would be a part of what a browser has to send.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return boto3.session.Session().client(
            "s3", region_name=region or None, endpoint_url=endpoint or None, config=config
        )
    except ValueError:
        raise StorageNotConfigured(
            _(
                "storage_bad_endpoint",
                default="${endpoint} is no address of a store: look at the endpoint and the region in the settings.",
                mapping={"endpoint": endpoint or region},
            )
        ) from None


def _bare(etag: str) -> str:
    return etag.strip('"')
