"""Who answered, CloudFront or the origin behind it, and with what."""

from ..fetch import Answer
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

import re


Speaker = Literal["object", "cloudfront", "origin", "redirect", "blocked", "error-page", "server"]

_CODE = re.compile(rb"<Error>\s*<Code>([A-Za-z.]{1,64})</Code>")
_REQUEST_ID = re.compile(rb"<RequestId>")
# CloudFront's own pages in HTML all say so.
_NOT_SATISFIED = re.compile(rb"The request could not be satisfied", re.IGNORECASE)
_COUNTRY = re.compile(rb"block access from your country", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """An answer, read.

    speaker -- "object": the object or a part of it; "cloudfront": its XML that judges the signature; "origin": S3's
               XML, which has a RequestId; "redirect"; "blocked": CloudFront's page in HTML with 403; "error-page": a
               page that is set up in place of an error; "server": anything else.
    code    -- of the XML, or empty.
    """

    speaker: Speaker
    status: int
    code: str = ""
    by_country: bool = False

    @classmethod
    def of(cls, answer: Answer) -> "Verdict":
        found = _CODE.search(answer.body) if answer.status >= 300 else None
        code = found[1].decode("ascii") if found else ""
        by_country = _COUNTRY.search(answer.body) is not None
        return cls(speaker=_speaker(answer, code), status=answer.status, code=code, by_country=by_country)

    @property
    def delivered(self) -> bool:
        return self.speaker == "object"

    @property
    def accepted(self) -> bool:
        """Whether the signature was taken: the object came, or the origin was asked for it."""
        return self.speaker in {"object", "origin"}

    @property
    def missing(self) -> bool:
        """Whether the bucket does not have the object, or does not give it to CloudFront, which S3 need not tell apart.

        S3 denies access to what is not there, where CloudFront may read the bucket and not list it.
        """
        denied_by_bucket = self.speaker == "origin" and self.code == "AccessDenied"
        return denied_by_bucket or self.code == "NoSuchKey" or (self.speaker == "server" and self.status == 404)


def _speaker(answer: Answer, code: str) -> Speaker:
    if code:
        return "origin" if _REQUEST_ID.search(answer.body) else "cloudfront"
    if answer.status == 403 and _NOT_SATISFIED.search(answer.body):
        return "blocked"
    if 300 <= answer.status < 400:
        return "redirect"
    # CloudFront says so also where an error page of the distribution makes it a 200.
    if answer.status < 500 and answer.headers.get("X-Cache", "").startswith("Error from cloudfront"):
        return "error-page"
    return "object" if answer.status in {200, 206} else "server"


def seconds_ahead(answer: Answer, now: float) -> float | None:
    """By how many seconds `now` is ahead of the server's clock (negative: behind), or None where it does not tell."""
    try:
        date = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
        # A cache repeats the Date of the answer that it keeps, and says for how long it has kept it.
        age = int(answer.headers.get("Age", "0"))
    except (ValueError, TypeError, OverflowError):
        return None
    return now - date - age
