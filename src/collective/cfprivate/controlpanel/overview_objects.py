"""Whether the objects of the bucket are there, asked through the distribution as a player would."""

from .. import fetch
from .. import settings
from ..cloudfront.policy import Policy
from ..cloudfront.signer import Signer
from ..exceptions import SiteError
from ..i18n import _
from ..interfaces import IKeyRing
from ..selftest.verdict import Verdict
from collections.abc import Callable
from zope.component import getUtility

import time


SECONDS = 60
FIRST_BYTE = {"Range": "bytes=0-0"}


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
    verdict = Verdict.of(answer)
    if _is_present(verdict):
        return True
    if verdict.missing:
        return False
    raise Unclear(
        _(
            "problem_answer_unclear",
            default="The distribution answered ${answer}, which tells nothing of the object.",
            mapping={"answer": f"{verdict.status} {verdict.code}".strip()},
        )
    )


def _is_present(verdict: Verdict) -> bool:
    # An empty object has no first byte.
    return verdict.delivered or (verdict.speaker == "origin" and verdict.code == "InvalidRange")
