"""The distribution, and all that it is made of: keys, policies, and the way to the bucket."""

from .choices import Choices
from .choices import StackKey
from .words import attribute
from .words import bucket_region
from .words import named
from .words import ref


# The one query string that S3 has to get, in its own spelling: the file name of a download.
FORWARDED = "response-content-disposition"

ORIGIN = "bucket"


def delivery_resources(choices: Choices) -> dict[str, dict]:
    """The distribution and what it refers to."""
    return {
        **{key.resource: _public_key(key) for key in choices.keys},
        "KeyGroup": _config("KeyGroup", Name=named("keys"), Items=[ref(key.resource) for key in choices.keys]),
        "OriginAccessControl": _config("OriginAccessControl", **_origin_access()),
        "CachePolicy": _config("CachePolicy", **_cache_policy()),
        "ResponseHeadersPolicy": _config("ResponseHeadersPolicy", **_response_headers(choices)),
        "Distribution": _config("Distribution", **distribution_config(choices)),
    }


def _config(kind: str, **config: object) -> dict:
    return {"Type": f"AWS::CloudFront::{kind}", "Properties": {f"{kind}Config": config}}


def _public_key(key: StackKey) -> dict:
    return _config(
        "PublicKey",
        Name=named(f"key-{key.digits.lower()}"),
        Comment="A key of Plone, by the first digits of its fingerprint",
        CallerReference=named(key.digits.lower()),
        EncodedKey=key.public_pem,
    )


def _origin_access() -> dict:
    return {
        "Name": named("bucket"),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }


def _cache_policy() -> dict:
    """Amazon's CachingOptimized, and the one query string more."""
    return {
        "Name": named("media"),
        "Comment": "CachingOptimized, and file names of downloads",
        "MinTTL": 1,
        "DefaultTTL": 86400,
        "MaxTTL": 31536000,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": True,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": [FORWARDED]},
        },
    }


def _response_headers(choices: Choices) -> dict:
    return {
        "Name": named("cors"),
        "Comment": "Pages of the site may read playlists and captions",
        "CorsConfig": {
            "AccessControlAllowOrigins": {"Items": list(choices.origins)},
            "AccessControlAllowMethods": {"Items": ["GET", "HEAD"]},
            "AccessControlAllowHeaders": {"Items": ["If-Modified-Since", "If-None-Match", "If-Range", "Range"]},
            "AccessControlExposeHeaders": {"Items": ["Content-Length", "Content-Range", "ETag"]},
            "AccessControlAllowCredentials": bool(choices.cookie_domain),
            "AccessControlMaxAgeSec": 600,
            "OriginOverride": True,
        },
        # What somebody uploaded is never a page or a script that a browser guesses.
        "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}},
    }


def distribution_config(choices: Choices) -> dict:
    """The distribution itself: it gives nothing without a signature of one of the keys."""
    return {
        "Comment": f"Protected media of {choices.origins[0]}"[:128],
        "Enabled": True,
        "HttpVersion": "http2and3",
        # A signature can be bound to an IPv4 address only: viewers with IPv6 would be refused.
        "IPV6Enabled": not choices.binds_ip,
        "Origins": [_origin(choices)],
        "DefaultCacheBehavior": _behavior(),
        **_name_of_its_own(choices),
        **_logging(choices),
    }


def _origin(choices: Choices) -> dict:
    return {
        "Id": ORIGIN,
        "DomainName": _origin_domain(choices),
        "OriginAccessControlId": ref("OriginAccessControl"),
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def _origin_domain(choices: Choices) -> dict:
    if not choices.bucket:
        return attribute("Bucket", "RegionalDomainName")
    return {"Fn::Join": [".", [choices.bucket, "s3", bucket_region(choices), ref("AWS::URLSuffix")]]}


def _behavior() -> dict:
    return {
        "TargetOriginId": ORIGIN,
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
        "CachedMethods": ["GET", "HEAD"],
        "Compress": True,
        "TrustedKeyGroups": [ref("KeyGroup")],
        "CachePolicyId": ref("CachePolicy"),
        "ResponseHeadersPolicyId": ref("ResponseHeadersPolicy"),
    }


def _name_of_its_own(choices: Choices) -> dict:
    if not choices.cname:
        return {}
    certificate = {
        "AcmCertificateArn": choices.certificate,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    return {"Aliases": [choices.cname], "ViewerCertificate": certificate}


def _logging(choices: Choices) -> dict:
    if not choices.logs:
        return {}
    # Never cookies, which may be signed ones.
    bucket = attribute("Logs", "DomainName")
    return {"Logging": {"Bucket": bucket, "IncludeCookies": False, "Prefix": "distribution/"}}


def delivery_outputs(choices: Choices) -> dict[str, dict]:
    """What Plone has to know of it."""
    own = attribute("Distribution", "DomainName")
    outputs = {
        "DistributionDomain": _output("The distribution domain, for the control panel", choices.cname or own),
        "DistributionId": _output("CloudFront's id of the distribution", ref("Distribution")),
        "KeyGroupId": _output("The key group that the distribution trusts", ref("KeyGroup")),
    }
    if choices.cname:
        outputs["DistributionTarget"] = _output(f"Where the DNS has to point {choices.cname}", own)
    if choices.cookie_domain:
        outputs["CookieDomain"] = _output("The domain of signed cookies", choices.cookie_domain)
    return outputs | _key_outputs(choices.keys)


def _key_outputs(keys: tuple[StackKey, ...]) -> dict[str, dict]:
    """Ids beside fingerprints, so that no id is given to another key, also where the site rotated meanwhile."""
    outputs = {}
    for key, prefix in zip(keys, ("", "Second", "Third"), strict=False):
        outputs[f"{prefix}PublicKeyId"] = _output(f"CloudFront's id of the key that was {key.slot}", ref(key.resource))
        outputs[f"{prefix}PublicKeyFingerprint"] = _output("SHA-256 of that key", key.fingerprint)
    return outputs


def _output(description: str, value: object) -> dict:
    return {"Description": description, "Value": value}
