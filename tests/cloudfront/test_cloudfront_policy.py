"""Policies say what CloudFront reads, and refuse what it would not."""

from collective.cfprivate.cloudfront import InvalidPolicy
from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.cloudfront import Policy
from hypothesis import given
from hypothesis import strategies

import json
import pytest


URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
DIRECTORY = "https://d111111abcdef8.cloudfront.net/videos/*"


def test_canned_statement_is_the_one_of_the_developer_guide():
    expected = '{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":1357034400}}}]}'
    assert Policy(URL, 1357034400).statement == (expected % URL).encode()


def test_custom_statement_has_the_order_of_the_vectors():
    expected = (
        '{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":1900000000},'
        '"DateGreaterThan":{"AWS:EpochTime":1200000000},"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"}}}]}'
    )
    assert Policy(DIRECTORY, 1900000000, 1200000000, "192.0.2.0/24").statement == (expected % DIRECTORY).encode()


def test_an_address_is_a_network_of_one():
    assert b'{"AWS:SourceIp":"192.0.2.10/32"}' in Policy(URL, 2, ip="192.0.2.10").statement


@pytest.mark.parametrize("resource", [URL + "?a=%22", URL + r"\?a=1"])
def test_the_resource_is_escaped_as_json(resource):
    assert json.loads(Policy(resource, 2).statement)["Statement"][0]["Resource"] == resource


@pytest.mark.parametrize(
    ("policy", "canned"),
    [
        (Policy(URL, 2), True),
        (Policy(URL + "?size=large", 2), True),
        (Policy(URL, 2, starts=1), False),
        (Policy(URL, 2, starts=0), False),
        (Policy(URL, 2, ip="192.0.2.1"), False),
        (Policy(DIRECTORY, 2), False),
        (Policy(URL + r"\?size=large", 2), False),
    ],
)
def test_canned(policy, canned):
    assert policy.canned is canned


@pytest.mark.parametrize("expires", [1, 2147483647])
def test_accepts_the_bounds_of_expires(expires):
    assert Policy(URL, expires).expires == expires


@pytest.mark.parametrize("expires", [0, -1, 2147483648, 1700000000000, 1.0, "1900000000", True, None])
def test_refuses_other_expires(expires):
    with pytest.raises(InvalidPolicy, match="expires"):
        Policy(URL, expires)


@pytest.mark.parametrize("starts", [0, 99])
def test_accepts_the_bounds_of_starts(starts):
    assert Policy(URL, 100, starts).starts == starts


@pytest.mark.parametrize("starts", [-1, 100, 101, 1.0, "1", False])
def test_refuses_other_starts(starts):
    with pytest.raises(InvalidPolicy, match="starts"):
        Policy(URL, 100, starts)


@pytest.mark.parametrize("ip", ["192.0.2.10", "192.0.2.0/24", "192.0.2.1/32", "0.0.0.0/0"])
def test_accepts_ipv4(ip):
    assert Policy(URL, 2, ip=ip).ip == ip


@pytest.mark.parametrize(
    "ip",
    [
        "",
        " 192.0.2.1",
        "192.0.2.1\n",
        "192.0.2",
        "192.0.2.256",
        "192.0.02.1",
        "192.0.2.1/24",
        "192.0.2.0/33",
        "192.0.2.0/024",
        "192.0.2.0/255.255.255.0",
        "192.0.2.0/",
        "2001:db8::1",
        "::ffff:192.0.2.1",
        "localhost",
        "192.0.2.1,192.0.2.2",
        3221225985,
        b"192.0.2.1",
    ],
)
def test_refuses_other_addresses(ip):
    with pytest.raises(InvalidPolicy, match="ip "):
        Policy(URL, 2, ip=ip)


@pytest.mark.parametrize(
    "resource",
    [
        DIRECTORY,
        "http://127.0.0.1:8080/*",
        "https://h/a/*.ts",
        r"https://h/a\?*",
        "http*://h/*",
        "*://h/a/*",
        "https://h/a?.ts",
    ],
)
def test_accepts_wildcards_that_name_a_place(resource):
    assert Policy(resource, 2).resource == resource


@pytest.mark.parametrize(
    "resource",
    [
        "",
        "*",
        "*://*",
        "http*://*",
        "http*://*/*",
        "https://*",
        "http**://h/*",
        "htt*://h/*",
        "?://h/*",
        "https://*/a",
        "https://h*/a",
        "https://h?/a",
        "https://h",
        "https:///a",
        "https://user@h/a",
        "ftp://h/a",
        "HTTPS://h/a",
        "videos/*",
        "https://h/videos*",
        "https://h/videos/ab*",
        r"https://h/videos/ab*\?a=1",
        "https://h/videos/ab*?a=1",
        "https://h/**",
        "https://h/ab?*",
        "https://h/ab??*",
        "https://h/ab*?",
        "https://h/a/?*",
        "https://h/a?x=*",
        "https://H/*",
        "https://h:0/*",
        "https://h:99999/*",
        "https://.../*",
        "https://127.1/*",
        "https://h/%2e%2e/*",
        'https://h/"',
        "https://h/a\\",
        r"https://h/\*",
        "https://h/a?",
        "https://h/a b",
        "https://h/\u00e4",
        "https://h/a\n",
        None,
        b"https://h/a",
    ],
)
def test_refuses_other_resources(resource):
    with pytest.raises(InvalidPolicy):
        Policy(resource, 2)


def test_for_url_keeps_a_canned_url_as_it_is():
    assert Policy.for_url(URL + "?a=1", 2) == Policy(URL + "?a=1", 2)


def test_for_url_escapes_the_query_mark_of_a_custom_policy():
    assert Policy.for_url(URL + "?a=1", 2, ip="192.0.2.1").resource == URL + r"\?a=1"


def test_for_url_refuses_a_star():
    with pytest.raises(InvalidPolicy, match="%2A"):
        Policy.for_url(DIRECTORY, 2)


def test_for_url_refuses_what_cannot_be_signed():
    with pytest.raises(InvalidURL):
        Policy.for_url(URL + "#t=10", 2)


def test_a_policy_does_not_change():
    with pytest.raises(AttributeError):
        Policy(URL, 2).expires = 3


@pytest.mark.parametrize("resource", ["*", "*://*", "https://*", "http://*", "http*://*/*", "**"])
def test_says_what_everything_would_open(resource):
    with pytest.raises(InvalidPolicy, match="opens every file"):
        Policy(resource, 2)


def test_everything_has_to_be_asked_for_by_name():
    assert Policy.for_everything(expires=2).statement == (
        b'{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":2}}}]}'
    )


@pytest.mark.parametrize("fields", [{"expires": 0}, {"expires": 2, "starts": 2}, {"expires": 2, "ip": "::1"}])
def test_everything_has_the_other_rules(fields):
    with pytest.raises(InvalidPolicy):
        Policy.for_everything(**fields)


def test_everything_is_not_canned():
    assert not Policy.for_everything(expires=2).canned


def test_a_custom_policy_of_the_url_itself_has_its_query_mark_escaped():
    policy = Policy(URL + "?a=1&b=?", 2, ip="192.0.2.1")
    assert policy.meant_for(URL + "?a=1&b=?") == Policy(URL + r"\?a=1&b=\?", 2, ip="192.0.2.1")


@pytest.mark.parametrize(
    "policy",
    [Policy(URL + "?a=1", 2), Policy(URL + "?a=1", 2, 1), Policy(URL, 2, 1), Policy(DIRECTORY, 2)],
    ids=["canned", "of another url", "no query", "wildcard"],
)
def test_any_other_policy_stays(policy):
    assert policy.meant_for(URL + ("?a=1" if policy.canned else "")) is policy


@pytest.mark.parametrize(
    ("resource", "written"),
    [(r"https://h/a\?b", rb"https://h/a\\?b"), ("https://h/a?b", b"https://h/a?b"), ("https://h/a", b"https://h/a")],
)
def test_the_resource_is_written_as_json(resource, written):
    assert b'"Resource":"' + written + b'",' in Policy(resource, 2, 1).statement


@given(strategies.text("/ab~").map(lambda path: path + r"\?a"), strategies.integers(1, 2147483647))
def test_a_statement_is_what_json_would_write(path, expires):
    policy = Policy(f"https://h/{path}", expires, 0, "192.0.2.1")
    condition = {
        "DateLessThan": {"AWS:EpochTime": expires},
        "DateGreaterThan": {"AWS:EpochTime": 0},
        "IpAddress": {"AWS:SourceIp": "192.0.2.1/32"},
    }
    document = {"Statement": [{"Resource": policy.resource, "Condition": condition}]}
    assert policy.statement == json.dumps(document, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ("https://h*/a", "host of the resource has a wildcard"),
        ("*://h*/a", "host of the resource has a wildcard"),
        ("https://user@h/a", "cannot be signed. The host of the URL is none"),
        ("https://h:443/*", "cannot be signed. The host of the URL is none"),
        ("https://h/a#b", "fragment"),
        ("https://h/100%", "stray %"),
        ("https://h/a?Policy=1", "parameter Policy"),
        ("https://h/a/../*", "segment"),
        ("https://h/a b", "Percent-encode"),
        ("https://h/\u00e4", "Percent-encode"),
        ("videos/a.mp4", "is not http://host/path"),
        ("https://h", "is not http://host/path"),
        (None, r"is \(NoneType\), wanted a URL"),
        ("https://h/ab*", "without a slash before it"),
    ],
)
def test_says_what_is_wrong_with_a_resource(resource, reason):
    with pytest.raises(InvalidPolicy, match=reason):
        Policy(resource, 2)


@pytest.mark.parametrize("name", ["0.mp4", "z.mp4"])
def test_a_custom_policy_of_another_file_stays_for_a_url_with_a_query(name):
    policy = Policy(f"https://d111111abcdef8.cloudfront.net/videos/{name}", 2, 1)
    assert policy.meant_for(URL + "?a=1") is policy


def test_everything_names_what_could_be_swapped():
    with pytest.raises(TypeError):
        Policy.for_everything(2)


@pytest.mark.parametrize("expires", [10**5000, -(10**5000)], ids=["large", "small"])
def test_a_number_that_python_does_not_write_out_is_refused(expires):
    with pytest.raises(InvalidPolicy, match="expires is far away"):
        Policy(URL, expires)


SECRET = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"


@pytest.mark.parametrize("fields", [{"ip": SECRET}, {"ip": "A" * 64}, {"starts": SECRET}])
def test_does_not_show_what_may_be_a_key_in_the_wrong_place(fields):
    with pytest.raises(InvalidPolicy) as caught:
        Policy(URL, 2, **fields)
    assert "MII" not in str(caught.value) and "AAAA" not in str(caught.value)


def test_shows_an_address_that_is_none():
    with pytest.raises(InvalidPolicy, match=r"ip '192\.0\.2\.256' is no IPv4 address"):
        Policy(URL, 2, ip="192.0.2.256")


@pytest.mark.parametrize(
    ("expires", "found"),
    [
        (10**18 - 1, "999999999999999999"),
        (1 - 10**18, "-999999999999999999"),
        (10**18, "far away"),
        (-(10**18), "far away"),
    ],
)
def test_says_which_seconds_it_found(expires, found):
    with pytest.raises(InvalidPolicy, match=f"^expires is {found}, wanted 1 to 2147483647"):
        Policy(URL, expires)


@pytest.mark.parametrize("name", ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"])
def test_a_pattern_has_no_parameter_of_cloudfronts(name):
    with pytest.raises(InvalidPolicy, match=name):
        Policy(rf"{URL}\?{name}=*", 2)
