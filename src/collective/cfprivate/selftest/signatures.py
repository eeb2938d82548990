"""Whether CloudFront serves what is signed, and nothing else."""

from ..i18n import _
from . import places
from .inquiry import Inquiry
from .line import failed
from .line import Finding
from .line import passed
from .refusals import explain
from .refusals import explain_clock
from .subject import LIFETIME
from .verdict import Verdict

import re


_FIRST_BYTE = {"Range": "bytes=0-0"}
_ONE_BYTE = re.compile(r"bytes 0-0/(\d+|\*)")
_SIGNATURE = re.compile(r"(?<=[?&]Signature=)[^&]+")


def unsigned(inquiry: Inquiry) -> Finding:
    """The object without a signature is refused with MissingKey."""
    verdict = Verdict.of(inquiry.ask(inquiry.subject.url, _FIRST_BYTE))
    if verdict.speaker == "cloudfront" and verdict.code == "MissingKey":
        return passed(_("selftest_unsigned_passed", default="CloudFront refuses it and asks for a key (MissingKey)."))
    if verdict.speaker == "origin":
        message = _(
            "selftest_unsigned_origin_denied",
            default="S3 answered in place of CloudFront (${code}): the behavior that covers this path does not ask for "
            "signatures, and only the bucket refuses.",
            mapping={"code": verdict.code},
        )
        return failed(message, places.RESTRICT_VIEWER_ACCESS)
    return _unsigned_code(verdict) if verdict.speaker == "cloudfront" else explain(verdict)


def _unsigned_code(verdict: Verdict) -> Finding:
    message = _(
        "selftest_unsigned_code",
        default="CloudFront refuses it with the code ${code} in place of MissingKey. Something adds a signature of its "
        "own to the request.",
        mapping={"code": verdict.code},
    )
    return failed(message, places.FUNCTIONS)


def signed(inquiry: Inquiry) -> Finding:
    """The first byte of the object comes with a signature."""
    inquiry.signed = inquiry.ask(inquiry.subject.signed_url(), _FIRST_BYTE)
    verdict = Verdict.of(inquiry.signed)
    if verdict.delivered:
        return passed(_("selftest_signed_passed", default="CloudFront takes the key and serves the object."))
    ahead = inquiry.seconds_ahead
    if (verdict.speaker, verdict.code) == ("cloudfront", "AccessDenied") and ahead is not None and ahead <= -LIFETIME:
        return explain_clock(ahead)
    return explain(verdict)


def one_byte(inquiry: Inquiry) -> Finding:
    """Only the byte that was asked for came."""
    if inquiry.signed.status == 206 and _ONE_BYTE.fullmatch(inquiry.signed.headers.get("Content-Range", "")):
        return passed(_("selftest_range_passed", default="One byte was asked for, and one byte came (status 206)."))
    message = _(
        "selftest_range_failed",
        default="One byte was asked for, and the answer has status ${status}: players cannot seek. The origin has to "
        "answer requests with Range.",
        mapping={"status": str(inquiry.signed.status)},
    )
    return failed(message, places.ORIGINS)


def expired(inquiry: Inquiry) -> Finding:
    """A signature of yesterday is refused."""
    verdict = Verdict.of(inquiry.ask(inquiry.subject.expired_url(), _FIRST_BYTE))
    message = _("selftest_expired_passed", default="CloudFront refuses a signed URL that has expired.")
    return _refused(verdict, passed(message))


def tampered(inquiry: Inquiry) -> Finding:
    """A signature in which one character was changed is refused."""
    url = _SIGNATURE.sub(lambda found: change_one(found[0]), inquiry.subject.signed_url())
    message = _("selftest_tampered_passed", default="CloudFront refuses a signature that was changed.")
    return _refused(Verdict.of(inquiry.ask(url, _FIRST_BYTE)), passed(message))


def other_object(inquiry: Inquiry) -> Finding:
    """The signature of one object does not open another."""
    base, mark, query = inquiry.subject.signed_url().partition("?")
    message = _("selftest_other_passed", default="CloudFront refuses the signature of one object for another object.")
    return _refused(Verdict.of(inquiry.ask(f"{base}.other{mark}{query}", _FIRST_BYTE)), passed(message))


def change_one(signature: str) -> str:
    """`signature` with another character at three quarters of its length.

    There no spare bits are, so that it can still be decoded; and of EC it is a number, not the frame around it.
    """
    position = len(signature) * 3 // 4
    return signature[:position] + ("B" if signature[position] == "A" else "A") + signature[position + 1 :]


def _refused(verdict: Verdict, good: Finding) -> Finding:
    if verdict.speaker == "cloudfront" and verdict.code in {"AccessDenied", "MalformedSignature"}:
        return good
    if verdict.speaker == "origin":
        message = _(
            "selftest_not_checked",
            default="The request got through to S3 (${code}), though CloudFront should refuse it. The behavior that "
            "covers this path does not ask for signatures.",
            mapping={"code": verdict.code},
        )
        return failed(message, places.RESTRICT_VIEWER_ACCESS)
    return explain(verdict)
