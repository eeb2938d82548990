"""Signed cookies for the folder of an HLS set, where the site and the distribution share a domain.

A browser that has them plays the playlists as they are in the bucket, so that Plone need not fetch and sign them.
"""

from .. import settings
from ..access.grant import Grant
from ..cloudfront.host import is_within
from ..exceptions import NotConfigured
from ..media.medium import Medium
from .signing import Signing
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import quote
from urllib.parse import urlsplit


# Octets of a Path: browsers take a longer one for none (RFC 6265bis, 5.6), and would send the cookie everywhere.
LONGEST_PATH = 1024


@dataclass(frozen=True, kw_only=True)
class FolderCookies:
    """The cookies ``values``, {name: value}, of the hosts under ``domain``, for the folder with the URL path ``path``."""

    domain: str
    path: str
    values: Mapping[str, str] = field(repr=False, hash=False)


def shared_domain(site_url: str) -> str | None:
    """For which domain a browser at ``site_url`` takes signed cookies and sends them to the distribution; None for none.

    Of two schemes browsers make two sites (SameSite), and over http they take no Secure cookies but from this machine.
    """
    now = settings.current()
    if now.delivery != "cookies" or not now.cookie_domain:
        return None
    try:
        site, distribution = urlsplit(site_url), now.distribution
    except NotConfigured:
        return None
    if site.scheme != distribution.scheme:
        return None
    hosts = (site.hostname or "", distribution.name)
    return now.cookie_domain if all(is_within(host, now.cookie_domain) for host in hosts) else None


def path_of(medium: Medium) -> str | None:
    """The URL path of the folder of the medium's HLS set, as browsers send it; None where no cookie can be for it."""
    path = f"/{quote(medium.hls.directory, safe='/')}" if medium.hls else ""
    return path if 1 < len(path) <= LONGEST_PATH else None


def folder_cookies(medium: Medium, signing: Signing, granted: Grant, domain: str | None) -> FolderCookies | None:
    """The cookies for the medium's HLS set, as it was granted; None without a set or a ``domain``."""
    path = path_of(medium)
    if domain is None or path is None:
        return None
    values = signing.cookies(signing.folder(medium.hls.directory), granted)
    return FolderCookies(domain=domain, path=path, values=values)
