"""The settings that the self-test names, in the words of the AWS console, of Plone's control panel and of the server."""

from ..i18n import _


RESTRICT_VIEWER_ACCESS = _(
    "selftest_place_restrict", default="CloudFront: Distributions, Behaviors, Restrict viewer access"
)
KEY_GROUPS = _("selftest_place_key_groups", default="CloudFront: Key groups")
PUBLIC_KEYS = _("selftest_place_public_keys", default="CloudFront: Public keys")
VIEWER_PROTOCOL = _(
    "selftest_place_viewer_protocol", default="CloudFront: Distributions, Behaviors, Viewer protocol policy"
)
CORS = _("selftest_place_cors", default="CloudFront: Distributions, Behaviors, Response headers policy (CORS)")
QUERY_STRINGS = _(
    "selftest_place_query_strings",
    default="CloudFront: Distributions, Behaviors, Cache policy or Origin request policy: query string "
    "response-content-disposition",
)
FUNCTIONS = _("selftest_place_functions", default="CloudFront: Distributions, Behaviors, Function associations")
ERROR_PAGES = _("selftest_place_error_pages", default="CloudFront: Distributions, Error pages")
ORIGINS = _("selftest_place_origins", default="CloudFront: Distributions, Origins")
ORIGIN_ACCESS = _("selftest_place_origin_access", default="S3: Bucket policy / CloudFront: Origin access control")
BUCKET_POLICY = _("selftest_place_bucket_policy", default="S3: Permissions, Block Public Access and Bucket policy")
GEOGRAPHY = _("selftest_place_geography", default="CloudFront: Distributions, Security, Geographic restrictions")
FIREWALL = _(
    "selftest_place_firewall",
    default="CloudFront: Distributions, Security, AWS WAF, and General, Alternate domain names",
)
ALTERNATE_NAMES = _(
    "selftest_place_alternate_names", default="CloudFront: Distributions, General, Alternate domain names"
)
CERTIFICATE = _(
    "selftest_place_certificate",
    default="CloudFront: Distributions, General, Alternate domain names and Custom SSL certificate",
)
IPV6 = _("selftest_place_ipv6", default="CloudFront: Distributions, General, Settings, IPv6: off")
OBJECT_KEY = _("selftest_place_object_key", default="Self-test: the object that is asked for")
DISTRIBUTION_DOMAIN = _("selftest_place_distribution", default="Plone: Protected media, Distribution domain")
COOKIE_DOMAIN = _("selftest_place_cookie_domain", default="Plone: Protected media, Domain of signed cookies")
SERVER_CLOCK = _("selftest_place_clock", default="Server of Plone: clock (NTP)")
SERVER_NETWORK = _("selftest_place_network", default="Server of Plone: firewall and proxy for outgoing connections")
