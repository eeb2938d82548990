"""The rules of the settings that a schema cannot say; each function returns the value in the spelling that is kept."""

from ..cloudfront.distribution import Distribution
from ..cloudfront.errors import InvalidDistribution
from ..cloudfront.host import ends_in_a_number
from ..cloudfront.host import is_authority
from ..cloudfront.host import is_host
from ..cloudfront.host import is_within
from ..i18n import _
from ..media.prefixes import InvalidPrefix
from ..media.prefixes import Prefix
from . import bucket_settings
from .refused import FieldRefused
from collections.abc import Iterable
from collections.abc import Mapping
from functools import lru_cache
from publicsuffixlist import PublicSuffixList
from zope.i18nmessageid import Message


# Settings that the host name of this site has a part in.
OF_HOSTS = ("distribution", "delivery", "cookie_domain")


def checked(values: Mapping[str, object], *, site_host: str | None) -> dict[str, object]:
    """All ``values`` of ``ISettings``, tidied; raises ``FieldRefused``.

    ``site_host`` is the host name of this site, or None where none of ``OF_HOSTS`` changes: who changes another setting
    may do so under another host name.
    """
    _check_lifetimes(values)
    distribution = distribution_host(values["distribution"] or "")
    if site_host is not None:
        _refuse_address(distribution)
    domain = cookie_domain(values["cookie_domain"] or "")
    if domain and site_host is not None:
        _check_parent(domain, site_host=site_host, distribution=distribution.partition(":")[0])
    if not domain and values["delivery"] == "cookies":
        raise FieldRefused(
            "cookie_domain",
            _(
                "error_cookies_without_domain",
                default="Signed cookies need a domain above both this site and the distribution: enter it, or choose "
                "signed playlists.",
            ),
        )
    return {
        **values,
        "distribution": distribution,
        "cookie_domain": domain,
        "embed_ancestors": embed_ancestors(values["embed_ancestors"] or ()),
        "key_prefixes": key_prefixes(values["key_prefixes"] or ()),
        **bucket_settings.checked(values),
    }


def distribution_host(entered: str) -> str:
    """``host`` or ``host:port``, or the empty string."""
    if not entered.strip():
        return ""
    try:
        distribution = Distribution.parse(entered)
    except InvalidDistribution as error:
        raise FieldRefused("distribution", str(error)) from None
    return distribution.host


def cookie_domain(entered: str) -> str:
    """A domain in which browsers let cookies be set, without the dot that older rules put in front (RFC 6265)."""
    domain = entered.strip().lower().removeprefix(".")
    if not domain:
        return ""
    if not is_host(domain) or ends_in_a_number(domain):
        raise FieldRefused(
            "cookie_domain",
            _(
                "error_cookie_domain_malformed",
                default="This is no domain name: enter a name such as example.org, without https:// and without a path.",
            ),
        )
    if _public_suffixes().is_public(domain):
        raise FieldRefused(
            "cookie_domain",
            _(
                "error_cookie_domain_public",
                default="Under ${domain} anybody can register a name, so browsers refuse cookies for it: enter the "
                "domain below it that is yours.",
                mapping={"domain": domain},
            ),
        )
    return domain


def embed_ancestors(entered: Iterable[str]) -> tuple[str, ...]:
    """Origins in lower case, each once."""
    return tuple(dict.fromkeys(_origin(line) for line in entered if line.strip()))


def key_prefixes(entered: Iterable[str]) -> tuple[str, ...]:
    """Lines as ``Prefix`` reads them, each once."""
    return tuple(dict.fromkeys(_prefix(line) for line in entered if line.strip()))


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    # Made at the first need: reading the list takes a tenth of a second.
    return PublicSuffixList()


def _refuse_address(host: str) -> None:
    # CloudFront has names only. What has an address here is this machine, or something within the network of the server.
    if host and ends_in_a_number(host.partition(":")[0]) and not Distribution(host).local:
        raise FieldRefused(
            "distribution",
            _(
                "error_distribution_address",
                default="This is the address of a machine: enter the host name of the distribution, such as "
                "d111111abcdef8.cloudfront.net.",
            ),
        )


def _check_lifetimes(values: Mapping[str, object]) -> None:
    if values["lifetime"] > values["maximum_lifetime"]:
        raise FieldRefused(
            "lifetime",
            _(
                "error_lifetime_above_maximum",
                default="This is more than the longest lifetime, ${maximum} seconds: make this shorter or that longer.",
                mapping={"maximum": values["maximum_lifetime"]},
            ),
        )


def _check_parent(domain: str, *, site_host: str, distribution: str) -> None:
    if not is_within(site_host, domain):
        raise FieldRefused("cookie_domain", _not_above(domain, site_host))
    if not distribution:
        raise FieldRefused(
            "cookie_domain",
            _(
                "error_cookie_domain_without_distribution",
                default="Enter the distribution domain, too: this domain has to be above it.",
            ),
        )
    if not is_within(distribution, domain):
        raise FieldRefused("cookie_domain", _not_above(domain, distribution))


def _not_above(domain: str, host: str) -> Message:
    return _(
        "error_cookie_domain_not_above",
        default="${domain} is not above ${host}, so that no browser would send the cookies there: enter a domain that "
        "both this site and the distribution are in, or choose signed playlists.",
        mapping={"domain": domain, "host": host},
    )


def _origin(line: str) -> str:
    origin = line.strip().lower()
    scheme, separator, authority = origin.partition("://")
    if not separator or scheme not in {"https", "http"} or not is_authority(authority, scheme=scheme):
        raise FieldRefused(
            "embed_ancestors",
            _(
                "error_not_an_origin",
                default="Found a line that is not the origin of a site: enter scheme and host only, such as "
                "https://partner.example.org, one in a line.",
            ),
        )
    return origin


def _prefix(line: str) -> str:
    try:
        return Prefix.read(line).line()
    except InvalidPrefix:
        raise FieldRefused(
            "key_prefixes",
            _(
                "error_key_prefix",
                default="Found a line that does not begin with a folder of the bucket: enter it as it stands in object keys, "
                "with a slash behind it and none in front, such as talks/2026/, and behind a blank the id of a group or the "
                "path of a folder of this site.",
            ),
        ) from None
