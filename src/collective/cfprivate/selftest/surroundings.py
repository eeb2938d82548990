"""What lies around the distribution: names, addresses, and the clock."""

from ..cloudfront.host import ends_in_a_number
from ..fetch import NotFetched
from ..i18n import _
from . import places
from .inquiry import Inquiry
from .line import failed
from .line import Finding
from .line import not_run
from .line import passed
from urllib.parse import urlsplit
from zope.i18nmessageid import Message

import socket


# In seconds. Up to the first nobody notices; beyond the second, short signatures expire before they are used.
_SLIGHT = 5
_TOLERABLE = 30


def cookie_domain(inquiry: Inquiry) -> Finding:
    """A browser sends the cookies that the site sets to the distribution."""
    subject = inquiry.subject
    site = urlsplit(subject.site_origin).hostname or ""
    domain = subject.cookie_domain.strip().lower().removeprefix(".") or site
    mapping = {"domain": domain, "site": site, "host": subject.host}
    if not _covers(domain, site):
        message = _(
            "selftest_cookie_domain_site",
            default="The domain ${domain} is not one for which ${site} may set cookies. Enter the domain above both it "
            "and ${host}.",
            mapping=mapping,
        )
        return failed(message, places.COOKIE_DOMAIN)
    if not _covers(domain, subject.host):
        message = _(
            "selftest_cookie_domain_host",
            default="Browsers do not send cookies of ${domain} to ${host}. The distribution needs a name under the same "
            "domain as ${site}, and that domain has to be the one of signed cookies.",
            mapping=mapping,
        )
        return failed(message, places.COOKIE_DOMAIN if _are_related(site, subject.host) else places.ALTERNATE_NAMES)
    message = _(
        "selftest_cookie_domain_passed",
        default="Cookies of ${domain} reach both ${site} and ${host}.",
        mapping=mapping,
    )
    return passed(message)


def _covers(domain: str, host: str) -> bool:
    return host == domain or ("." in domain and host.endswith(f".{domain}") and not ends_in_a_number(host))


def _are_related(site: str, host: str) -> bool:
    return site.split(".")[-2:] == host.split(".")[-2:]


def addresses(inquiry: Inquiry) -> Finding:
    """The distribution has no IPv6 address where signatures are bound to IPv4 addresses."""
    subject = inquiry.subject
    if not subject.bind_ip:
        return not_run(_("selftest_ip_off", default="Not asked: signed URLs are not bound to the viewer's address."))
    mapping = {"host": subject.host}
    try:
        families = subject.resolve(subject.host)
    except NotFetched:
        message = _("selftest_ip_unknown", default="Not known: the name ${host} has no address.", mapping=mapping)
        return not_run(message)
    if socket.AF_INET6 in families:
        message = _(
            "selftest_ip_failed",
            default="${host} has an IPv6 address (AAAA). Signed URLs are bound to IPv4 addresses, so that viewers who "
            "come with IPv6 are refused.",
            mapping=mapping,
        )
        return failed(message, places.IPV6)
    return passed(_("selftest_ip_passed", default="${host} has IPv4 addresses only.", mapping=mapping))


def clock(inquiry: Inquiry) -> Finding:
    """The clocks of this server and of CloudFront agree."""
    ahead = inquiry.seconds_ahead
    if ahead is None:
        return not_run(_("selftest_clock_unknown", default="Not known: the distribution did not tell its time."))
    mapping = {"seconds": str(abs(round(ahead)))}
    if abs(ahead) > _TOLERABLE:
        return failed(_wrong_clock(ahead, mapping), places.SERVER_CLOCK)
    if abs(ahead) > _SLIGHT:
        message = _(
            "selftest_clock_slight",
            default="The clock of this server is ${seconds} seconds off. Lifetimes of less than a minute suffer from it.",
            mapping=mapping,
        )
        return passed(message)
    return passed(_("selftest_clock_passed", default="The clock is right to ${seconds} seconds.", mapping=mapping))


def _wrong_clock(ahead: float, mapping: dict[str, str]) -> Message:
    if ahead > 0:
        return _(
            "selftest_clock_ahead",
            default="The clock of this server is ${seconds} seconds ahead: signed URLs live longer than they should.",
            mapping=mapping,
        )
    return _(
        "selftest_clock_behind",
        default="The clock of this server is ${seconds} seconds behind: signed URLs expire too early.",
        mapping=mapping,
    )
