"""The course of the self-test."""

from ..fetch import fetch
from ..fetch import NotFetched
from ..i18n import _
from . import bucket
from . import delivery
from . import signatures
from . import surroundings
from .inquiry import Fetch
from .inquiry import Inquiry
from .line import Finding
from .line import Line
from .line import not_run
from .refusals import explain_unreachable
from .subject import Subject
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from zope.i18nmessageid import Message


_NEEDS_REACHED = _("selftest_not_reached", default="Not run, because the distribution could not be reached.")
_NEEDS_ACCEPTED = _(
    "selftest_not_accepted",
    default="Not run, because the signed request was refused already: another refusal would prove nothing.",
)
_NEEDS_DELIVERED = _("selftest_not_delivered", default="Not run, because the signed request did not get the object.")
_NEEDS_SITE = _(
    "selftest_no_site",
    default="Not run, because the address at which visitors see the site was not given.",
)
_NEEDS_COOKIES = _("selftest_no_cookies", default="Not run, because this site does not deliver with signed cookies.")


@dataclass(frozen=True, kw_only=True)
class _Question:
    """`needs` is what has to hold before it makes sense to ask; each need includes those before it.

    `cookies` is for sites that deliver with signed cookies alone; `site` needs the address of the site.
    """

    name: str
    title: Message
    ask: Callable[[Inquiry], Finding]
    needs: Literal["nothing", "reached", "accepted", "delivered"] = "nothing"
    cookies: bool = False
    site: bool = False


_QUESTIONS = (
    _Question(
        name="unsigned",
        title=_("selftest_title_unsigned", default="Without a signature the object is refused"),
        ask=signatures.unsigned,
        needs="reached",
    ),
    _Question(
        name="signed",
        title=_("selftest_title_signed", default="With a signature the object is served"),
        ask=signatures.signed,
        needs="reached",
    ),
    _Question(
        name="range",
        title=_("selftest_title_range", default="A part of the object can be asked for"),
        ask=signatures.one_byte,
        needs="delivered",
    ),
    _Question(
        name="expired",
        title=_("selftest_title_expired", default="An expired signature is refused"),
        ask=signatures.expired,
        needs="accepted",
    ),
    _Question(
        name="tampered",
        title=_("selftest_title_tampered", default="A changed signature is refused"),
        ask=signatures.tampered,
        needs="accepted",
    ),
    _Question(
        name="other-object",
        title=_("selftest_title_other_object", default="The signature of another object is refused"),
        ask=signatures.other_object,
        needs="accepted",
    ),
    _Question(
        name="https",
        title=_("selftest_title_https", default="Media are delivered over https only"),
        ask=delivery.https,
        needs="reached",
    ),
    _Question(
        name="cors",
        title=_("selftest_title_cors", default="Pages of this site may read media (CORS)"),
        ask=delivery.cors,
        needs="delivered",
        site=True,
    ),
    _Question(
        name="disposition",
        title=_("selftest_title_disposition", default="Downloads get a file name"),
        ask=delivery.disposition,
        needs="delivered",
    ),
    _Question(
        name="cookies",
        title=_("selftest_title_cookies", default="Signed cookies are accepted"),
        ask=delivery.cookies,
        needs="delivered",
        cookies=True,
    ),
    _Question(
        name="cookie-domain",
        title=_("selftest_title_cookie_domain", default="Signed cookies reach the distribution"),
        ask=surroundings.cookie_domain,
        cookies=True,
        site=True,
    ),
    _Question(
        name="bucket",
        title=_("selftest_title_bucket", default="The bucket is closed to the public"),
        ask=bucket.bucket,
    ),
    _Question(
        name="ip",
        title=_("selftest_title_ip", default="Viewers come with the addresses to which signatures are bound"),
        ask=surroundings.addresses,
    ),
    _Question(
        name="clock",
        title=_("selftest_title_clock", default="The clock of this server is right"),
        ask=surroundings.clock,
    ),
)


def run(subject: Subject, fetch: Fetch = fetch) -> tuple[Line, ...]:
    """The lines of the report, always the same names in the same order, and `subject.page_cache` behind them.

    Only the distribution is asked, over http too where it is public, and the bucket URL where one is given. After the
    first request without an answer the distribution is asked no more. `fetch` makes the requests.
    """
    inquiry = Inquiry(subject, fetch)
    return (*(_line(question, inquiry) for question in _QUESTIONS), *subject.page_cache)


def _line(question: _Question, inquiry: Inquiry) -> Line:
    finding = _obstacle(question, inquiry) or _answer(question, inquiry)
    return Line(
        name=question.name,
        title=question.title,
        outcome=finding.outcome,
        message=finding.message,
        setting=finding.setting,
    )


def _obstacle(question: _Question, inquiry: Inquiry) -> Finding | None:
    if question.cookies and inquiry.subject.delivery != "cookies":
        return not_run(_NEEDS_COOKIES)
    if question.site and not inquiry.subject.site_origin:
        return not_run(_NEEDS_SITE)
    if question.needs == "nothing":
        return None
    if inquiry.unreachable:
        return not_run(_NEEDS_REACHED)
    if question.needs == "accepted" and not inquiry.verdict.accepted:
        return not_run(_NEEDS_ACCEPTED)
    if question.needs == "delivered" and not inquiry.verdict.delivered:
        return not_run(_NEEDS_DELIVERED)
    return None


def _answer(question: _Question, inquiry: Inquiry) -> Finding:
    try:
        return question.ask(inquiry)
    except NotFetched as error:
        return explain_unreachable(error)
