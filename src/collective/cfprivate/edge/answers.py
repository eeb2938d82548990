"""The answers that hold no file, in the words of CloudFront and S3."""

from collective.cfprivate.cloudfront import EdgeError
from webob import Response

import secrets


def refusal(error: EdgeError) -> Response:
    """CloudFront's own answer to a request that it refuses."""
    answer = Response(body=error.body, status=error.status, content_type="text/xml", charset=None)
    answer.headers.update({"Server": "CloudFront", "X-Cache": "Error from cloudfront"})
    return answer


def no_object() -> Response:
    """S3's answer for a key that is not there, to who may not list the bucket: it looks like a refusal."""
    return _origin_error(403, "AccessDenied", "Access Denied")


def bad_disposition() -> Response:
    """S3's answer to a ``response-content-disposition`` that cannot be a header."""
    return _origin_error(400, "InvalidArgument", "Header value cannot be represented using ISO-8859-1.")


def no_cors() -> Response:
    """S3's answer to a preflight where CORS is not set up."""
    return _origin_error(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")


def method_not_allowed() -> Response:
    """The answer to a method that does not read."""
    answer = _origin_error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    answer.allow = ("GET", "HEAD", "OPTIONS")
    return answer


def _origin_error(status: int, code: str, message: str) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message>"
        f"<RequestId>{secrets.token_hex(8).upper()}</RequestId><HostId>{secrets.token_hex(32)}</HostId></Error>"
    )
    answer = Response(text=body, status=status, content_type="application/xml", charset="UTF-8")
    answer.headers.update({"Content-Type": "application/xml", "Server": "AmazonS3", "X-Cache": "Error from cloudfront"})
    return answer
