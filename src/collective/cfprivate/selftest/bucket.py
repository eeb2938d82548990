"""Whether the bucket refuses whoever goes past CloudFront."""

from ..cloudfront import Distribution
from ..cloudfront import InvalidDistribution
from ..fetch import NotFetched
from ..i18n import _
from . import places
from .inquiry import Inquiry
from .line import failed
from .line import Finding
from .line import not_run
from .line import passed
from .verdict import Verdict
from urllib.parse import quote
from urllib.parse import SplitResult
from urllib.parse import urlsplit

import re


_S3 = r"s3(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-[0-9]+)?\.amazonaws\.com(?:\.cn)?"
_IN_THE_HOST = re.compile(rf"[a-z0-9][a-z0-9.\-]{{1,61}}[a-z0-9]\.{_S3}")
_IN_THE_PATH = re.compile(_S3)
_WEBSITE = re.compile(r"(?:.*\.)?s3-website[.-].*")
_PATH = re.compile(r"(?:/[A-Za-z0-9\-._~%!$&()+,;=:@]+)*")


def bucket(inquiry: Inquiry) -> Finding:
    """The bucket does not give the object without CloudFront."""
    subject = inquiry.subject
    if not subject.bucket_url:
        return not_run(_("selftest_bucket_none", default="Not asked: no bucket URL was given."))
    refused = _check(subject.bucket_url, subject.distribution)
    if refused:
        return refused
    url = f"{subject.bucket_url.rstrip('/')}/{quote(subject.object_key, safe='/')}"
    try:
        answer = inquiry.ask_other(url, {"Range": "bytes=0-0"})
    except NotFetched:
        return not_run(_("selftest_bucket_unreachable", default="Not known: the bucket URL did not answer."))
    return _judge(Verdict.of(answer))


def _check(url: str, distribution: Distribution) -> Finding | None:
    parts = _split(url)
    if parts and _WEBSITE.fullmatch(parts.hostname):
        message = _(
            "selftest_bucket_website",
            default="Not asked: this is the website address of a bucket, which is public by its nature. Use the address "
            "of the bucket itself, here and as the origin in CloudFront.",
        )
        return not_run(message)
    if parts and (_is_s3(parts) or (distribution.local and _is_loopback(parts))):
        return None
    message = _(
        "selftest_bucket_foreign",
        default="Not asked: the bucket URL is not one of S3, like https://my-bucket.s3.eu-central-1.amazonaws.com.",
    )
    return not_run(message)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        sound = parts.hostname and parts.port != 0 and _PATH.fullmatch(parts.path.rstrip("/"))
    except ValueError:
        return None
    plain = url == f"{parts.scheme}://{parts.netloc}{parts.path}"
    return parts if sound and plain else None


def _is_s3(parts: SplitResult) -> bool:
    in_the_path = _IN_THE_PATH.fullmatch(parts.netloc) and parts.path.strip("/")
    return parts.scheme == "https" and bool(_IN_THE_HOST.fullmatch(parts.netloc) or in_the_path)


def _is_loopback(parts: SplitResult) -> bool:
    try:
        return parts.scheme == "http" and Distribution(parts.netloc).local
    except InvalidDistribution:
        return False


def _judge(verdict: Verdict) -> Finding:
    if verdict.status == 403:
        return passed(
            _("selftest_bucket_passed", default="The bucket refuses requests that do not come from CloudFront.")
        )
    if verdict.delivered:
        message = _(
            "selftest_bucket_public",
            default="The bucket gives the object to everybody, without any signature. Block public access, and let only "
            "CloudFront read.",
        )
        return failed(message, places.BUCKET_POLICY)
    if verdict.code == "NoSuchKey":
        message = _(
            "selftest_bucket_listed",
            default="The bucket tells everybody that it has no such object (NoSuchKey), so that it can be listed by "
            "everybody. Block public access, and let only CloudFront read.",
        )
        return failed(message, places.BUCKET_POLICY)
    return _other(verdict)


def _other(verdict: Verdict) -> Finding:
    message = _(
        "selftest_bucket_other",
        default="Not known: the bucket URL answered with ${answer}. Look at the name and the region in it.",
        mapping={"answer": f"{verdict.status} {verdict.code}".strip()},
    )
    return not_run(message)
