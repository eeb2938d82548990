"""The request as it was sent, for a signature covers the spelling on the wire."""

from collective.cfprivate.cloudfront import EdgeError
from urllib.parse import quote

import re


_HOST = re.compile(r"[a-z0-9.\-]+(:[0-9]{1,5})?")


def wire_url(environ: dict) -> str:
    """Scheme, host, path and query of a WSGI request. EdgeError of status 400 without a sound host or path.

    The host is that of the Host header alone, in lower case: a forwarded one could be forged. It holds no slash, or
    the path of another file could pass for a part of it.
    """
    host = (environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}").lower()
    target = wire_target(environ)
    if not _HOST.fullmatch(host) or not target.startswith("/"):
        raise EdgeError(400, "BadRequest", "Bad request", "the Host header names no host, or the target is no path")
    return f"{environ['wsgi.url_scheme']}://{host}{target}"


def wire_target(environ: dict) -> str:
    """Path and query as sent: waitress (3.0 and later) and others give them as REQUEST_URI.

    Behind a server that gives none, the decoded path is quoted again as `Distribution.url` quotes an object key. That
    is the spelling of all our own URLs; one signed in another spelling is then refused.
    """
    if "REQUEST_URI" in environ:
        return environ["REQUEST_URI"]
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    return quote(path.encode("latin-1"), safe="/") + (f"?{query}" if query else "")
