"""The rules of settings that a schema cannot say."""

from collective.cfprivate.controlpanel.refused import FieldRefused
from collective.cfprivate.controlpanel.validation import checked
from collective.cfprivate.controlpanel.validation import cookie_domain
from collective.cfprivate.controlpanel.validation import embed_ancestors

import pytest


GOOD = {
    "distribution": "media.example.org",
    "lifetime": 60,
    "maximum_lifetime": 60,
    "delivery": "cookies",
    "cookie_domain": "example.org",
    "embed_ancestors": (),
    "key_prefixes": (),
    "s3_bucket": "media",
    "s3_region": "eu-central-1",
    "s3_endpoint": "",
    "upload_prefix": "uploads/",
    "upload_types": ("video/mp4",),
    "mediaconvert_role": "",
    "events_queue": "",
}


def check(site_host="www.example.org", **changes):
    return checked({**GOOD, **changes}, site_host=site_host)


def test_what_is_right_comes_back():
    assert check() == GOOD


@pytest.mark.parametrize("entered", [" example.org ", "EXAMPLE.org", ".example.org"])
def test_a_cookie_domain_is_tidied(entered):
    assert cookie_domain(entered) == "example.org"


@pytest.mark.parametrize("entered", ["", "  ", "."])
def test_no_cookie_domain_is_one_choice(entered):
    assert cookie_domain(entered) == ""


@pytest.mark.parametrize("entered", ["org", "co.uk", "cloudfront.net", "localhost", "github.io"])
def test_a_public_suffix_is_no_cookie_domain(entered):
    with pytest.raises(FieldRefused, match=f"Under {entered} anybody can register a name"):
        cookie_domain(entered)


@pytest.mark.parametrize(
    "entered", ["https://example.org", "example.org/", "example.org:443", "127.0.0.1", "exa mple.org", "*.example.org"]
)
def test_what_is_no_domain_is_no_cookie_domain(entered):
    with pytest.raises(FieldRefused, match="This is no domain name"):
        cookie_domain(entered)


@pytest.mark.parametrize(
    ("domain", "site", "distribution"),
    [
        ("example.org", "www.example.org", "media.example.org"),
        ("example.org", "example.org", "media.example.org"),
        ("example.org", "a.b.example.org", "example.org"),
        ("example.localhost", "site.example.localhost", "cdn.example.localhost"),
    ],
)
def test_a_parent_of_both_hosts_is_taken(domain, site, distribution):
    assert check(site, cookie_domain=domain, distribution=distribution)["cookie_domain"] == domain


@pytest.mark.parametrize(
    ("domain", "site", "distribution", "culprit"),
    [
        ("example.org", "www.example.com", "media.example.org", "www.example.com"),
        ("example.org", "www.example.org", "d111111abcdef8.cloudfront.net", "d111111abcdef8.cloudfront.net"),
        ("www.example.org", "www.example.org", "media.example.org", "media.example.org"),
        ("ample.org", "www.example.org", "media.example.org", "www.example.org"),
    ],
)
def test_what_is_not_above_both_is_refused_with_the_host(domain, site, distribution, culprit):
    with pytest.raises(FieldRefused, match=f"{domain} is not above {culprit}") as refused:
        check(site, cookie_domain=domain, distribution=distribution)
    assert refused.value.field == "cookie_domain"


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1:8080", "169.254.169.254", "198.51.100.7"])
def test_the_address_of_a_machine_is_no_distribution(host):
    with pytest.raises(FieldRefused, match="This is the address of a machine"):
        check("www.example.org", distribution=host)


@pytest.mark.parametrize("host", ["127.0.0.1:8081", "localhost:8081"])
def test_the_local_edge_is_one(host):
    assert check("www.example.org", distribution=host, cookie_domain="", delivery="playlist")["distribution"] == host


def test_a_cookie_domain_needs_a_distribution():
    with pytest.raises(FieldRefused, match="Enter the distribution domain, too"):
        check(distribution="")


def test_signed_cookies_need_a_domain():
    with pytest.raises(FieldRefused, match="Signed cookies need a domain"):
        check(cookie_domain="")


def test_signed_playlists_need_none():
    assert check(cookie_domain="", delivery="playlist")["cookie_domain"] == ""


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ((), ()),
        (("", "  "), ()),
        (("https://partner.example.org",), ("https://partner.example.org",)),
        ((" HTTPS://Partner.example.org ",), ("https://partner.example.org",)),
        (("https://a.example.org:8443", "https://a.example.org:8443"), ("https://a.example.org:8443",)),
        (("http://localhost:8080",), ("http://localhost:8080",)),
    ],
)
def test_origins_are_tidied(entered, kept):
    assert embed_ancestors(entered) == kept


@pytest.mark.parametrize(
    "entered",
    [
        "partner.example.org",
        "https://partner.example.org/",
        "https://partner.example.org/page",
        "https://user@partner.example.org",
        "https://partner.example.org:443",
        "https://*.example.org",
        "https://a.example.org https://b.example.org",
        "https://a.example.org; script-src *",
        "javascript://partner.example.org",
        "*",
        "'self'",
        "https://",
    ],
)
def test_what_is_no_origin_is_refused(entered):
    with pytest.raises(FieldRefused, match="not the origin of a site") as refused:
        embed_ancestors([entered])
    assert refused.value.field == "embed_ancestors"
