"""What pages of another origin may read (Fetch standard, "CORS protocol")."""

from dataclasses import dataclass
from webob import Response


_EXPOSED = "Content-Length, Content-Range, ETag, X-Cache"
# What a player sends beyond the headers that need no leave.
_ALLOWED = "If-Modified-Since, If-None-Match, If-Range, Range"


@dataclass(frozen=True)
class Cors:
    """The CORS of a CloudFront response headers policy that names one origin.

    origin      -- like ``http://localhost:8080``, or ``*`` for all.
    credentials -- whether a page may send cookies. ValueError with ``*``, which browsers do not take then.

    No answer depends on what the request says about itself.
    """

    origin: str
    credentials: bool = False

    def __post_init__(self) -> None:
        if self.credentials and self.origin == "*":
            raise ValueError("CORS with credentials is not for all origins. Name the one whose pages send cookies.")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of every answer, refusals too."""
        headers = [("Access-Control-Allow-Origin", self.origin), ("Access-Control-Expose-Headers", _EXPOSED)]
        if self.credentials:
            headers.append(("Access-Control-Allow-Credentials", "true"))
        return headers if self.origin == "*" else [*headers, ("Vary", "Origin")]

    def preflight(self) -> Response:
        """The answer to the OPTIONS of a browser, without the headers of every answer.

        With credentials ``*`` would be the name of a header ("CORS protocol and credentials"): they are listed.
        """
        answer = Response(status=200)
        del answer.content_type
        answer.headers.update({
            "Access-Control-Allow-Methods": "GET, HEAD",
            "Access-Control-Allow-Headers": _ALLOWED if self.credentials else "*",
            "Access-Control-Max-Age": "600",
        })
        return answer
