"""The rules of the settings of the bucket and of uploads; each function returns the spelling that is kept."""

from ..cloudfront.distribution import Distribution
from ..cloudfront.host import is_authority
from ..i18n import _
from ..media.prefixes import InvalidPrefix
from ..media.prefixes import Prefix
from ..media.uploading import media_type
from .refused import FieldRefused
from collections.abc import Iterable
from collections.abc import Mapping

import re


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_RESERVED_BEGIN = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_END = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")
_REGION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_REGION = 40
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}")
_QUEUE = re.compile(r"https://[a-z0-9.-]+/[0-9]{12}/[A-Za-z0-9_-]{1,80}(?:\.fifo)?")


def checked(values: Mapping[str, object]) -> dict[str, object]:
    """The settings of the bucket among ``values``, tidied; raises ``FieldRefused``."""
    return {
        "s3_bucket": bucket(values["s3_bucket"] or ""),
        "s3_region": region(values["s3_region"] or ""),
        "s3_endpoint": endpoint(values["s3_endpoint"] or ""),
        "upload_prefix": folder(values["upload_prefix"] or ""),
        "upload_types": types(values["upload_types"] or ()),
        "mediaconvert_role": role(values["mediaconvert_role"] or ""),
        "events_queue": queue(values["events_queue"] or ""),
    }


def bucket(entered: str) -> str:
    """A name as S3 takes it, or the empty string."""
    name = entered.strip()
    if name and not _is_bucket(name):
        raise FieldRefused(
            "s3_bucket",
            _(
                "error_bucket_name",
                default="This is no name of a bucket: it has 3 to 63 small letters, digits, hyphens and single dots, and no "
                "address in front or behind.",
            ),
        )
    return name


def region(entered: str) -> str:
    """The code of a region in small letters, or the empty string."""
    code = entered.strip().lower()
    if code and (len(code) > _LONGEST_REGION or not _REGION.fullmatch(code)):
        raise FieldRefused(
            "s3_region", _("error_region", default="This is no region: enter its code, such as eu-central-1.")
        )
    return code


def endpoint(entered: str) -> str:
    """An origin, or the empty string; http only on this machine, for what is sent tells what the bucket holds."""
    origin = entered.strip().lower().removesuffix("/")
    if not origin:
        return ""
    scheme, _separator, authority = origin.partition("://")
    if scheme not in {"https", "http"} or not is_authority(authority, scheme=scheme) or _is_open(scheme, authority):
        raise FieldRefused(
            "s3_endpoint",
            _(
                "error_endpoint",
                default="This is no endpoint: enter https:// and the host only, such as https://s3.example.org; http:// is for "
                "a store on this machine.",
            ),
        )
    return origin


def folder(entered: str) -> str:
    """A folder of the bucket with its slash behind; empty for the bucket itself."""
    text = entered.strip()
    if text in {"", "/"}:
        return ""
    slashed = text if text.endswith("/") else f"{text}/"
    try:
        read = Prefix.read(slashed)
    except InvalidPrefix:
        read = None
    if read is None or read.prefix != slashed:
        raise FieldRefused(
            "upload_prefix",
            _(
                "error_upload_prefix",
                default="This is no folder of the bucket: enter it as it stands in object keys, with a slash behind it and none "
                "in front, such as uploads/.",
            ),
        )
    return slashed


def types(entered: Iterable[str]) -> tuple[str, ...]:
    """Media types in small letters, each once; ``video/*`` stands for all of a kind."""
    return tuple(dict.fromkeys(_type(line) for line in entered if line.strip()))


def _type(line: str) -> str:
    text = line.strip().lower()
    # What is allowed in place of the star shows that the rest is a type.
    if media_type(text.removesuffix("*") + "x" if text.endswith("/*") else text) and ";" not in text:
        return text
    raise FieldRefused(
        "upload_types",
        _(
            "error_upload_type",
            default="Found a line that is no media type: enter one such as video/mp4 or video/* in a line.",
        ),
    )


def _is_open(scheme: str, authority: str) -> bool:
    """Whether what is sent there may be read on the way."""
    return scheme == "http" and not Distribution(authority.partition(":")[0]).local


def _is_bucket(name: str) -> bool:
    if not _BUCKET.fullmatch(name) or _ADDRESS.fullmatch(name):
        return False
    return not name.startswith(_RESERVED_BEGIN) and not name.endswith(_RESERVED_END)


def role(entered: str) -> str:
    """The ARN of a role, or the empty string."""
    arn = entered.strip()
    if arn and not _ROLE.fullmatch(arn):
        raise FieldRefused(
            "mediaconvert_role",
            _(
                "error_role",
                default="This is no ARN of a role: enter it as IAM shows it, such as arn:aws:iam::123456789012:role/mediaconvert.",
            ),
        )
    return arn


def queue(entered: str) -> str:
    """The URL of a queue, or the empty string."""
    url = entered.strip()
    if url and not _QUEUE.fullmatch(url):
        raise FieldRefused(
            "events_queue",
            _(
                "error_queue",
                default="This is no URL of a queue: enter it as SQS shows it, such as "
                "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs.",
            ),
        )
    return url
