"""Answers to HEAD."""


def without_body_for_head(request, body: str) -> str:
    """The body to send: none for HEAD, but with the length of GET's (RFC 9110, 9.3.2 and 8.6).

    Of a page the length is not known here, for the theme comes after. No server below Zope takes a body away, and a
    proxy would read it as the next answer on the connection, perhaps to somebody else.
    """
    if request.method != "HEAD":
        return body
    if not (request.response.getHeader("Content-Type") or "").startswith("text/html"):
        request.response.setHeader("Content-Length", str(len(body.encode())))
    return ""
