"""Whether the objects of the bucket are there, asked through the distribution as a player would."""

from .. import fetch
from .. import settings
from ..cloudfront.policy import Policy
from ..cloudfront.signer import Signer
from ..exceptions import SiteError
from ..i18n import _
from ..interfaces import IKeyRing
from collections.abc import Callable
from zope.component import getUtility

import re
import time


SECONDS = 60
FIRST_BYTE = {"Range": "bytes=0-0"}

_CODE = re.compile(rb"<Code>([A-Za-z]{1,40})</Code>")
# S3 names the request that it refused, and CloudFront does not: so the signature was taken.
_FROM_THE_BUCKET = re.compile(rb"<RequestId>|<Code>NoSuchKey</Code>")


class Unclear(SiteError):
    """The distribution answered, but not about the object."""


def asking() -> Callable[[str], bool]:
    """A function that tells whether an object (raw key) is there; raises ``NotConfigured`` and ``KeyLocked``.

    The function raises ``Unclear``, ``fetch.NotFetched`` where nothing answered, and ``InvalidObjectKey``.
    """
    signed = _signed_urls()
    return lambda object_key: _is_there(fetch.fetch(signed(object_key), headers=FIRST_BYTE))


def _signed_urls() -> Callable[[str], str]:
    now = settings.current()
    distribution = now.distribution
    signer = Signer(getUtility(IKeyRing).signing_key(), now.hash_algorithm)

    def signed(object_key: str) -> str:
        url = distribution.url(object_key)
        return signer.sign_url(url, Policy.for_url(url, int(time.time()) + SECONDS))

    return signed


def _is_there(answer: fetch.Answer) -> bool:
    if answer.status in {200, 206}:
        return True
    if answer.status == 404 or (answer.status == 403 and _FROM_THE_BUCKET.search(answer.body)):
        return False
    code = _CODE.search(answer.body)
    raise Unclear(
        _(
            "problem_answer_unclear",
            default="The distribution answered ${answer}, which tells nothing of the object.",
            mapping={"answer": f"{answer.status} {code[1].decode() if code else ''}".strip()},
        )
    )
