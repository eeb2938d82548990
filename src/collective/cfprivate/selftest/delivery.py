"""Whether players and browsers get what they need with the object."""

from ..fetch import NotFetched
from ..i18n import _
from . import places
from .inquiry import Inquiry
from .line import failed
from .line import Finding
from .line import not_run
from .line import passed
from .refusals import explain
from .verdict import Verdict


_DISPOSITION = "attachment; filename*=UTF-8''test.bin"
_DISPOSITION_QUERY = "?response-content-disposition=attachment%3B%20filename%2A%3DUTF-8%27%27test.bin"


def https(inquiry: Inquiry) -> Finding:
    """Plain http is sent to https, or refused."""
    subject = inquiry.subject
    if subject.distribution.local:
        return not_run(_("selftest_https_local", default="Not asked: the local edge speaks http only."))
    try:
        answer = inquiry.ask_other(f"http://{subject.host}{subject.url.removeprefix(subject.distribution.origin)}")
    except NotFetched:
        message = _(
            "selftest_https_unreachable",
            default="Not known: there was no answer over plain http. A firewall between may be the reason.",
        )
        return not_run(message)
    verdict = Verdict.of(answer)
    if verdict.speaker == "redirect":
        return _redirected(answer.headers.get("Location", ""))
    return _without_redirect(verdict, inquiry.verdict)


def _redirected(location: str) -> Finding:
    if location.lower().startswith("https://"):
        return passed(_("selftest_https_redirect", default="A request over plain http is redirected to https."))
    message = _(
        "selftest_https_elsewhere", default="A request over plain http is redirected, but not to an address with https."
    )
    return failed(message, places.VIEWER_PROTOCOL)


def _without_redirect(verdict: Verdict, by_https: Verdict) -> Finding:
    if verdict.speaker == "error-page":
        return explain(verdict)
    if verdict.speaker == by_https.speaker == "blocked":
        message = _(
            "selftest_https_blocked",
            default="Not known: CloudFront refuses this server over https as well as over http.",
        )
        return not_run(message)
    if verdict.speaker == "blocked":
        return passed(_("selftest_https_refused", default="A request over plain http is refused."))
    message = _(
        "selftest_https_failed",
        default="CloudFront answers over plain http (status ${status}), so that media and signatures can be read "
        "on the way. Choose Redirect HTTP to HTTPS, or HTTPS only.",
        mapping={"status": str(verdict.status)},
    )
    return failed(message, places.VIEWER_PROTOCOL)


def cors(inquiry: Inquiry) -> Finding:
    """The pages of the site may read the object."""
    subject = inquiry.subject
    answer = inquiry.ask(subject.signed_url(), {"Origin": subject.site_origin, "Range": "bytes=0-0"})
    if not Verdict.of(answer).delivered:
        return explain(Verdict.of(answer))
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    if subject.delivery == "cookies":
        credentials = answer.headers.get("Access-Control-Allow-Credentials", "")
        return _cors_with_cookies(subject.site_origin, allowed == subject.site_origin and credentials == "true")
    return _cors(subject.site_origin, allowed)


def _cors(origin: str, allowed: str) -> Finding:
    mapping = {"origin": origin}
    if allowed in {"*", origin}:
        message = _("selftest_cors_passed", default="Pages of ${origin} may read media.", mapping=mapping)
        return passed(message)
    if not allowed:
        message = _(
            "selftest_cors_missing",
            default="The answer has no Access-Control-Allow-Origin, so that players on ${origin} cannot read playlists, "
            "segments and captions.",
            mapping=mapping,
        )
        return failed(message, places.CORS)
    message = _(
        "selftest_cors_other",
        default="Access-Control-Allow-Origin names another origin than ${origin}, so that its players cannot read "
        "playlists, segments and captions.",
        mapping=mapping,
    )
    return failed(message, places.CORS)


def _cors_with_cookies(origin: str, allowed: bool) -> Finding:
    mapping = {"origin": origin}
    if allowed:
        message = _(
            "selftest_cors_credentials_passed",
            default="Pages of ${origin} may read media and send cookies.",
            mapping=mapping,
        )
        return passed(message)
    message = _(
        "selftest_cors_credentials_failed",
        default="Signed cookies need Access-Control-Allow-Origin: ${origin} (not *) and "
        "Access-Control-Allow-Credentials: true, and the answer does not have both.",
        mapping=mapping,
    )
    return failed(message, places.CORS)


def disposition(inquiry: Inquiry) -> Finding:
    """A download gets the name for which it was asked."""
    answer = inquiry.ask(inquiry.subject.signed_url(_DISPOSITION_QUERY), {"Range": "bytes=0-0"})
    if not Verdict.of(answer).delivered:
        return explain(Verdict.of(answer))
    if answer.headers.get("Content-Disposition", "") == _DISPOSITION:
        return passed(_("selftest_disposition_passed", default="Downloads get the file name for which they ask."))
    message = _(
        "selftest_disposition_failed",
        default="The answer does not have the Content-Disposition that was asked for: CloudFront does not forward the "
        "query string response-content-disposition, so that downloads open in the browser or get another name.",
    )
    return failed(message, places.QUERY_STRINGS)


def cookies(inquiry: Inquiry) -> Finding:
    """The object comes for signed cookies."""
    subject = inquiry.subject
    pairs = [f"{name}={value}" for name, value in subject.signed_cookies().items()]
    verdict = Verdict.of(inquiry.ask(subject.url, {"Cookie": "; ".join(pairs), "Range": "bytes=0-0"}))
    if verdict.code == "MissingKey":
        message = _(
            "selftest_cookies_missing",
            default="CloudFront takes signed URLs, but found no key id in the signed cookies (MissingKey). Something takes "
            "the cookies away before the signature is checked.",
        )
        return failed(message, places.FUNCTIONS)
    if not verdict.delivered:
        return explain(verdict)
    return passed(_("selftest_cookies_passed", default="CloudFront takes signed cookies and serves the object."))
