"""The known answers to a request that was not served, each with the setting that makes it."""

from ..fetch import NotFetched
from ..i18n import _
from . import places
from .line import failed
from .line import Finding
from .verdict import Verdict


_REFUSALS = {
    ("cloudfront", "MissingKey"): (
        _(
            "selftest_missing_key",
            default="CloudFront found no key id in a signed request (MissingKey). Something takes the query string away "
            "before the signature is checked.",
        ),
        places.FUNCTIONS,
    ),
    ("cloudfront", "InvalidKey"): (
        _(
            "selftest_invalid_key",
            default="CloudFront does not know the key id (InvalidKey). It is in no key group of the behavior that covers "
            "this path. Add the public key to the key group, and choose the key group in the behavior.",
        ),
        places.KEY_GROUPS,
    ),
    ("cloudfront", "AccessDenied"): (
        _(
            "selftest_access_denied",
            default="CloudFront knows the key id and refuses the signature (AccessDenied). The public key under this id "
            "belongs to another private key, or CloudFront does not take the hash algorithm of this site.",
        ),
        places.PUBLIC_KEYS,
    ),
    ("cloudfront", "MalformedPolicy"): (
        _(
            "selftest_malformed_policy",
            default="CloudFront cannot read the policy (MalformedPolicy). Something changes the query string on the way.",
        ),
        places.FUNCTIONS,
    ),
    ("cloudfront", "MalformedSignature"): (
        _(
            "selftest_malformed_signature",
            default="CloudFront cannot read the signature (MalformedSignature). Something changes the query string on "
            "the way.",
        ),
        places.FUNCTIONS,
    ),
    ("origin", "AccessDenied"): (
        _(
            "selftest_origin_denied",
            default="The signature is right, but S3 does not give the object to CloudFront (AccessDenied of S3). The "
            "bucket policy does not allow this distribution to read, or there is no such object.",
        ),
        places.ORIGIN_ACCESS,
    ),
    ("origin", "NoSuchKey"): (
        _(
            "selftest_no_such_key",
            default="The signature is right, but the bucket has no such object (NoSuchKey of S3). Choose another one, or "
            "look at the path of the origin in CloudFront.",
        ),
        places.OBJECT_KEY,
    ),
    ("origin", "NoSuchBucket"): (
        _("selftest_no_such_bucket", default="The signature is right, but the bucket of the origin does not exist."),
        places.ORIGINS,
    ),
    ("origin", "PermanentRedirect"): (
        _(
            "selftest_other_region",
            default="The signature is right, but the bucket is in another region than the origin names.",
        ),
        places.ORIGINS,
    ),
    ("origin", "InvalidRange"): (
        _("selftest_empty_object", default="The object is empty, so that it has no first byte. Choose another one."),
        places.OBJECT_KEY,
    ),
    ("origin", "InvalidRequest"): (
        _(
            "selftest_unsigned_origin",
            default="S3 refuses what CloudFront asks (InvalidRequest of S3). It answers so where CloudFront does not "
            "sign its requests to the bucket.",
        ),
        places.ORIGIN_ACCESS,
    ),
}


def explain(verdict: Verdict) -> Finding:
    """The finding for an answer that should have been the object."""
    known = _REFUSALS.get((verdict.speaker, verdict.code))
    return failed(*known) if known else _SPEAKERS[verdict.speaker](verdict)


def explain_clock(seconds_ahead: float) -> Finding:
    """The finding for a signature that had expired before it was made."""
    return failed(
        _(
            "selftest_expired_by_clock",
            default="CloudFront refuses the signature (AccessDenied). The clock of this server is ${seconds} seconds "
            "behind, so that the signed URL had expired before it was used.",
            mapping={"seconds": str(abs(round(seconds_ahead)))},
        ),
        places.SERVER_CLOCK,
    )


def _cloudfront(verdict: Verdict) -> Finding:
    message = _(
        "selftest_cloudfront_other",
        default="CloudFront refuses the request with the code ${code}.",
        mapping={"code": verdict.code},
    )
    return failed(message, places.RESTRICT_VIEWER_ACCESS)


def _origin(verdict: Verdict) -> Finding:
    message = _(
        "selftest_origin_other",
        default="The request got through CloudFront, and S3 answered with ${code} and status ${status}.",
        mapping={"code": verdict.code, "status": str(verdict.status)},
    )
    return failed(message, places.ORIGIN_ACCESS)


def _redirect(verdict: Verdict) -> Finding:
    message = _(
        "selftest_redirect",
        default="The answer is a redirect (status ${status}), which is not followed. CloudFront does not redirect https "
        "by itself: a function does, or the domain is not that of the distribution.",
        mapping={"status": str(verdict.status)},
    )
    return failed(message, places.FUNCTIONS)


def _blocked(verdict: Verdict) -> Finding:
    if verdict.by_country:
        message = _(
            "selftest_blocked_country",
            default="CloudFront blocks requests from the country of this server (status 403).",
        )
        return failed(message, places.GEOGRAPHY)
    message = _(
        "selftest_blocked",
        default="CloudFront refuses before it looks at the signature (status 403, a page in HTML). A firewall rule blocks "
        "this server, or the distribution does not know this domain.",
    )
    return failed(message, places.FIREWALL)


def _error_page(verdict: Verdict) -> Finding:
    message = _(
        "selftest_error_page",
        default="CloudFront sent an error page of the distribution (status ${status}) in place of its own error. What it "
        "refused cannot be told, neither here nor by players. Take out the error page for 403.",
        mapping={"status": str(verdict.status)},
    )
    return failed(message, places.ERROR_PAGES)


def _server(verdict: Verdict) -> Finding:
    message = _(
        "selftest_server_other",
        default="The answer has status ${status} and comes neither from CloudFront's check of signatures nor from S3. "
        "Look at the origin of the distribution.",
        mapping={"status": str(verdict.status)},
    )
    return failed(message, places.ORIGINS)


def _object(verdict: Verdict) -> Finding:
    message = _(
        "selftest_served",
        default="The object was served (status ${status}), though the request should be refused. The behavior that covers "
        "this path does not ask for signatures.",
        mapping={"status": str(verdict.status)},
    )
    return failed(message, places.RESTRICT_VIEWER_ACCESS)


_SPEAKERS = {
    "cloudfront": _cloudfront,
    "origin": _origin,
    "redirect": _redirect,
    "blocked": _blocked,
    "error-page": _error_page,
    "server": _server,
    "object": _object,
}


def explain_unreachable(error: NotFetched) -> Finding:
    """The finding for a distribution that does not answer."""
    make, place = _UNREACHABLE[error.kind]
    return failed(make(error.host), place)


_UNREACHABLE = {
    "unresolved": (
        lambda host: _(
            "selftest_unresolved",
            default="The name ${host} has no address. The domain is wrong, or its DNS record is missing.",
            mapping={"host": host},
        ),
        places.DISTRIBUTION_DOMAIN,
    ),
    "refused": (
        lambda host: _(
            "selftest_refused",
            default="Nothing takes connections at ${host}. The domain or its port is wrong, or the server is not running.",
            mapping={"host": host},
        ),
        places.DISTRIBUTION_DOMAIN,
    ),
    "timeout": (
        lambda host: _(
            "selftest_timeout",
            default="There was no whole answer from ${host} in time. Plone's server may not be allowed to connect, or the "
            "other side is too slow.",
            mapping={"host": host},
        ),
        places.SERVER_NETWORK,
    ),
    "tls": (
        lambda host: _(
            "selftest_tls",
            default="No safe connection to ${host} could be made. Its certificate is not for this name or not trusted, "
            "or it does not speak https.",
            mapping={"host": host},
        ),
        places.CERTIFICATE,
    ),
    "broken": (
        lambda host: _(
            "selftest_broken",
            default="The connection to ${host} broke off before there was an answer in HTTP.",
            mapping={"host": host},
        ),
        places.SERVER_NETWORK,
    ),
}
