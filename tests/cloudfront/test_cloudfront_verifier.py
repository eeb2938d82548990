"""The verifier decides as CloudFront does, and raises nothing else."""

from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.cloudfront.encoding import encode
from collective.cfprivate.cloudfront.request import Request
from functools import cache
from hypothesis import example
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies
from pathlib import Path

import json
import pytest


VECTORS = Path(__file__).parent / "vectors"
BOTO = [c for c in json.loads((VECTORS / "boto2.json").read_text())["cases"] if c["name"] != "rtmp_stream_path"]
AMAZON = [c for c in json.loads((VECTORS / "aws_sdk_js.json").read_text())["cases"] if c["kind"] == "url"]
SIGNED = {f"boto {c['name']}": c["signed_url"] for c in BOTO} | {f"amazon {c['name']}": c["result"] for c in AMAZON}

URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
DIRECTORY = "https://d111111abcdef8.cloudfront.net/videos/*"
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def refusal(verifier, url, now=1500, ip=None):
    with pytest.raises(EdgeError) as caught:
        verifier.verify(url, now=now, ip=ip)
    return caught.value.code


def sign_text(key, text, url=URL):
    """`url` under a custom policy of any text at all."""
    data = text if isinstance(text, bytes) else text.encode()
    return f"{url}?Policy={encode(data)}&Signature={encode(key.sign(data))}&Key-Pair-Id={key.key_id}"


def sign_condition(key, condition):
    return sign_text(key, json.dumps({"Statement": [{"Resource": URL, "Condition": condition}]}))


# known-good results of others


@pytest.mark.parametrize("name", SIGNED)
def test_accepts_the_vectors(verifier, name):
    assert verifier.verify(SIGNED[name], now=1700000000, ip="192.0.2.10").expires in {
        1700086400,
        1900000000,
        2147483647,
    }


@pytest.mark.parametrize("name", SIGNED)
def test_the_vectors_expire(verifier, name):
    assert refusal(verifier, SIGNED[name], now=2147483647, ip="192.0.2.10") == "AccessDenied"


@pytest.mark.parametrize("name", SIGNED)
def test_the_vectors_need_their_key(ec_key, name):
    assert refusal(Verifier({ec_key.key_id: ec_key.public_pem}), SIGNED[name]) == "InvalidKey"


# what we sign


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
@pytest.mark.parametrize(
    "policy",
    [
        Policy(URL, 2000),
        Policy(DIRECTORY, 2000),
        Policy(URL, 2000, starts=1000),
        Policy(URL, 2000, ip="192.0.2.0/24"),
        Policy(DIRECTORY, 2000, 1000, "192.0.2.10/32"),
    ],
)
def test_returns_the_policy_that_was_signed(either_key, verifier, policy, hash_algorithm):
    signed = Signer(either_key, hash_algorithm).sign_url(URL, policy)
    assert verifier.verify(signed, now=1500, ip="192.0.2.10") == policy


def test_a_custom_policy_for_one_url_with_a_query(key, verifier):
    url = URL + "?a=1&b=?"
    policy = Policy.for_url(url, 2000, ip="192.0.2.10")
    assert verifier.verify(Signer(key).sign_url(url, policy), 1500, "192.0.2.10").resource == policy.resource


WORDS = strategies.text("abcXYZ019-_~", min_size=1, max_size=12)
OWN = strategies.lists(strategies.tuples(WORDS, WORDS), max_size=3)


@SHARED
@given(WORDS, OWN, strategies.integers(1, 2147483647), strategies.sampled_from(["SHA1", "SHA256"]))
def test_whatever_is_signed_is_accepted_until_it_expires(verifier, ec_key, name, own, expires, hash_algorithm):
    query = "&".join(f"{left}={right}" for left, right in own)
    url = f"https://d1.cloudfront.net/{name}" + (f"?{query}" if query else "")
    signed = Signer(ec_key, hash_algorithm).sign_url(url, Policy(url, expires))
    assert verifier.verify(signed, now=expires - 1) == Policy(url, expires)


@SHARED
@given(strategies.data(), strategies.sampled_from(["SHA1", "SHA256"]))
def test_any_changed_character_is_refused(verifier, either_key, data, hash_algorithm):
    url = URL + "?a=1&b=2"
    signed = Signer(either_key, hash_algorithm).sign_url(url, Policy(url, 2000))
    position = data.draw(strategies.integers(0, len(signed) - 1))
    other = data.draw(
        strategies.characters(exclude_characters=signed[position]) | strategies.sampled_from("#%&=?_~-*0")
    )
    changed = signed[:position] + other + signed[position + 1 :]
    assert changed == signed or refusal(verifier, changed)


# order and spelling


def split(url):
    base, _, query = url.partition("?")
    return base, query.split("&")


def test_the_order_of_cloudfronts_parameters_does_not_matter(key, verifier):
    base, pieces = split(Signer(key).sign_url(URL, Policy(URL, 2000)))
    assert verifier.verify(f"{base}?{'&'.join(reversed(pieces))}", 1500)


def test_your_own_may_stand_between_them(key, verifier):
    base, (first, second, *others) = split(Signer(key).sign_url(URL + "?a=1&b=2", Policy(URL + "?a=1&b=2", 2000)))
    url = f"{base}?{others[0]}&{first}&{others[1]}&{second}&{others[2]}"
    assert verifier.verify(url, 1500).resource == URL + "?a=1&b=2"


def test_the_order_of_your_own_matters(key, verifier):
    signed = Signer(key).sign_url(URL + "?a=1&b=2", Policy(URL + "?a=1&b=2", 2000))
    assert refusal(verifier, signed.replace("a=1&b=2", "b=2&a=1")) == "AccessDenied"


@pytest.mark.parametrize("query", ["?a=1&", "?&", "?a", "?a=1&&b=2", "?a=%7e&b=+"])
def test_your_own_keep_their_spelling(key, verifier, query):
    assert verifier.verify(Signer(key).sign_url(URL + query, Policy(URL + query, 2000)), 1500).resource == URL + query


@pytest.mark.parametrize("addition", ["&a=1", "&", "&download=1", "&expires=9"])
def test_nothing_may_be_added_to_a_canned_url(key, verifier, addition):
    assert refusal(verifier, Signer(key).sign_url(URL, Policy(URL, 2000)) + addition) == "AccessDenied"


def test_a_wildcard_covers_additions(key, verifier):
    assert verifier.verify(Signer(key).sign_url(URL, Policy(DIRECTORY, 2000)) + "&a=1", 1500)


@pytest.mark.parametrize(
    "url", ["http://d111111abcdef8.cloudfront.net/videos/a.mp4", URL.replace("d1", "e1"), URL + "x"]
)
@pytest.mark.parametrize("policy", [Policy(URL, 2000), Policy(URL, 2000, ip="192.0.2.1")])
def test_the_signature_of_another_url_is_refused(key, verifier, policy, url):
    signed = Signer(key).sign_url(URL, policy)
    assert refusal(verifier, signed.replace(URL, url), ip="192.0.2.1") == "AccessDenied"


def test_a_directory_is_not_its_neighbour(key, verifier):
    signed = Signer(key).sign_url(URL, Policy(DIRECTORY, 2000))
    assert refusal(verifier, signed.replace("/videos/", "/videos2/")) == "AccessDenied"


# dates and addresses


@pytest.mark.parametrize("now", [1000.001, 1001, 1999, 1999.999])
def test_valid_within_the_dates(key, verifier, now):
    assert verifier.verify(Signer(key).sign_url(URL, Policy(URL, 2000, 1000)), now)


@pytest.mark.parametrize("now", [0, 999, 999.999, 1000, 2000, 2000.001, 9999999999, float("nan"), float("inf")])
def test_refused_outside_the_dates(key, verifier, now):
    assert refusal(verifier, Signer(key).sign_url(URL, Policy(URL, 2000, 1000)), now) == "AccessDenied"


@pytest.mark.parametrize("now", [0, 1999, 1999.999])
def test_before_the_end_of_a_canned_url(key, verifier, now):
    assert verifier.verify(Signer(key).sign_url(URL, Policy(URL, 2000)), now)


@pytest.mark.parametrize("now", [2000, 2000.001, 2001])
def test_from_the_end_of_a_canned_url(key, verifier, now):
    assert refusal(verifier, Signer(key).sign_url(URL, Policy(URL, 2000)), now) == "AccessDenied"


@pytest.mark.parametrize("ip", ["192.0.2.0", "192.0.2.255"])
def test_an_address_of_the_network(key, verifier, ip):
    assert verifier.verify(Signer(key).sign_url(URL, Policy(URL, 2000, ip="192.0.2.0/24")), 1500, ip)


@pytest.mark.parametrize("ip", ["192.0.1.255", "192.0.3.0", "::ffff:192.0.2.1", "2001:db8::1", "", "rubbish", None])
def test_an_address_of_no_network(key, verifier, ip):
    signed = Signer(key).sign_url(URL, Policy(URL, 2000, ip="192.0.2.0/24"))
    assert refusal(verifier, signed, ip=ip) == "AccessDenied"


# the five refusals


@pytest.fixture
def parts(key):
    """The parameters of a good canned URL."""
    return dict(piece.split("=", 1) for piece in split(Signer(key).sign_url(URL, Policy(URL, 2000)))[1])


def joined(parts):
    return f"{URL}?{'&'.join(f'{name}={value}' for name, value in parts.items())}"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Key-Pair-Id": None}, "MissingKey"),
        ({"Key-Pair-Id": ""}, "MissingKey"),
        ({"Key-Pair-Id": "K2JCJMDEHXQW5F "}, "AccessDenied"),
        ({"Key-Pair-Id": "K2JCJMDEHXQW5%46"}, "MissingKey"),
        ({"Key-Pair-Id": "K-1"}, "MissingKey"),
        ({"Key-Pair-Id": "KOTHER"}, "InvalidKey"),
        ({"Key-Pair-Id": "k2jcjmdehxqw5f"}, "InvalidKey"),
        ({"Key-Pair-Id": "undefined"}, "InvalidKey"),
        ({"Key-Pair-Id": "KEC1"}, "AccessDenied"),
        ({"Expires": None}, "MalformedPolicy"),
        ({"Expires": ""}, "MalformedPolicy"),
        ({"Expires": "02000"}, "MalformedPolicy"),
        ({"Expires": "+2000"}, "MalformedPolicy"),
        ({"Expires": "-2000"}, "MalformedPolicy"),
        ({"Expires": "2000.0"}, "MalformedPolicy"),
        ({"Expires": "2e3"}, "MalformedPolicy"),
        ({"Expires": "0"}, "MalformedPolicy"),
        ({"Expires": "%32000"}, "MalformedPolicy"),
        ({"Expires": "2147483648"}, "MalformedPolicy"),
        ({"Expires": "1700000000000"}, "MalformedPolicy"),
        ({"Expires": "9" * 5000}, "MalformedPolicy"),
        ({"Expires": "2001"}, "AccessDenied"),
        ({"Policy": "e30_"}, "MalformedPolicy"),
        ({"Signature": None}, "MalformedSignature"),
        ({"Signature": ""}, "MalformedSignature"),
        ({"Signature": "a+b/"}, "MalformedSignature"),
        ({"Signature": "YQ=="}, "MalformedSignature"),
        ({"Signature": "YR__"}, "MalformedSignature"),
        ({"Signature": "YQ__"}, "AccessDenied"),
        ({"Hash-Algorithm": "SHA256"}, "AccessDenied"),
        ({"Hash-Algorithm": "MD5"}, "AccessDenied"),
        ({"Hash-Algorithm": ""}, "AccessDenied"),
    ],
)
def test_refusals(verifier, parts, change, code):
    changed = {name: value for name, value in (parts | change).items() if value is not None}
    assert refusal(verifier, joined(changed)) == code


@pytest.mark.parametrize("url", [URL, URL + "?a=1", URL + "?Expires=2000", "http://127.0.0.1:8080/"])
def test_a_bare_url_misses_its_key(verifier, url):
    assert refusal(verifier, url) == "MissingKey"


@pytest.mark.parametrize("name", ["Expires", "Signature", "Key-Pair-Id"])
def test_a_doubled_parameter_is_refused(verifier, parts, name):
    assert refusal(verifier, f"{joined(parts)}&{name}={parts[name]}") == "AccessDenied"


@pytest.mark.parametrize("name", ["%45xpires", "Key%2dPair-Id", "Polic%79"])
def test_an_escaped_reserved_name_is_refused(verifier, parts, name):
    assert refusal(verifier, f"{joined(parts)}&{name}=1") == "AccessDenied"


@pytest.mark.parametrize(
    "text",
    [
        b"\xff",
        b"\xef\xbb\xbf{}",
        "",
        "rubbish",
        "null",
        "[]",
        "{}",
        "[" * 5000,
        '{"Statement":{}}',
        '{"Statement":[]}',
        '{"Statement":[null]}',
        '{"Statement":[{}]}',
        '{"Statement":[{"Resource":"*"}]}',
        '{"Statement":[{"Resource":"*","Condition":null}]}',
        '{"Statement":[{"Resource":7,"Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}',
        '{"Statement":[{"Resource":["*"],"Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":2000}}},{}]}',
        '{"Statement":[{"Action":"*","Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}',
        '{"Id":"a","Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1},"DateLessThan":{"AWS:EpochTime":2000}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":02000}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":+2000}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":2e3}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":NaN}}}]}',
        '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":2000},"DateGreaterThan":{"AWS:EpochTime":-0}}}]}',
    ],
)
def test_malformed_policies(key, verifier, text):
    assert refusal(verifier, sign_text(key, text)) == "MalformedPolicy"


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"DateGreaterThan": {"AWS:EpochTime": 1000}},
        {"DateLessThan": 2000},
        {"DateLessThan": {}},
        {"DateLessThan": {"AWS:EpochTime": "2000"}},
        {"DateLessThan": {"AWS:EpochTime": 2000.0}},
        {"DateLessThan": {"AWS:EpochTime": True}},
        {"DateLessThan": {"AWS:EpochTime": -1}},
        {"DateLessThan": {"AWS:EpochTime": 2147483648}},
        {"DateLessThan": {"AWS:EpochTime": 1700000000000}},
        {"DateLessThan": {"AWS:EpochTime": 2000, "aws:EpochTime": 2000}},
        {"DateLessThan": {"AWS:EpochTime": 2000}, "IpAddress": {"AWS:SourceIp": "2001:db8::/32"}},
        {"DateLessThan": {"AWS:EpochTime": 2000}, "IpAddress": {"AWS:SourceIp": ["192.0.2.0/24"]}},
        {"DateLessThan": {"AWS:EpochTime": 2000}, "IpAddress": {"AWS:SourceIp": 1}},
        {"DateLessThan": {"AWS:EpochTime": 2000}, "NotIpAddress": {"AWS:SourceIp": "192.0.2.0/24"}},
    ],
)
def test_malformed_conditions(key, verifier, condition):
    assert refusal(verifier, sign_condition(key, condition), ip="192.0.2.1") == "MalformedPolicy"


@pytest.mark.parametrize("spelling", ["e30=", "e31_", "e30", "!", "%65"])
def test_a_policy_has_one_spelling(verifier, spelling):
    url = f"{URL}?Policy={spelling}&Signature=YQ__&Key-Pair-Id=K2JCJMDEHXQW5F"
    assert refusal(verifier, url) == "MalformedPolicy"


def test_blanks_in_a_policy_are_its_makers_affair(key, verifier):
    text = json.dumps(
        {"Statement": [{"Resource": URL, "Condition": {"DateLessThan": {"AWS:EpochTime": 2000}}}]}, indent=1
    )
    assert verifier.verify(sign_text(key, text), 1500) == Policy(URL, 2000)


@pytest.mark.parametrize("resource", ["*", "*://*", "http*://d111111abcdef8.cloudfront.net/*", "https://d1*"])
def test_accepts_resources_that_we_would_not_sign(key, verifier, resource):
    text = json.dumps({"Statement": [{"Resource": resource, "Condition": {"DateLessThan": {"AWS:EpochTime": 2000}}}]})
    assert verifier.verify(sign_text(key, text), 1500).resource == resource


def test_no_resource_is_any(key, verifier):
    assert (
        verifier.verify(
            sign_text(key, '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}'), 1500
        ).resource
        == "*"
    )


def test_the_blank_that_amazons_java_sdk_writes(key, verifier):
    text = '{"Statement": [{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":2000}}}]}'
    assert verifier.verify(sign_text(key, text % URL), 1500) == Policy(URL, 2000)


# a change of one character


def parameter(name):
    return lambda url: (url.index(f"{name}=") + len(name) + 1, (url + "&").index("&", url.index(f"{name}=")))


PARTS = {
    "the address": lambda url: (0, url.index("?")),
    "the policy": parameter("Policy"),
    "the signature": parameter("Signature"),
    "the key id": parameter("Key-Pair-Id"),
}


@SHARED
@given(strategies.data(), strategies.sampled_from(sorted(PARTS)), strategies.sampled_from(["SHA1", "SHA256"]))
def test_any_changed_character_of_a_custom_url_is_refused(verifier, either_key, data, part, hash_algorithm):
    signed = Signer(either_key, hash_algorithm).sign_url(URL, Policy(URL, 2000, 1000, "192.0.2.0/24"))
    start, end = PARTS[part](signed)
    position = data.draw(strategies.integers(start, end - 1))
    other = data.draw(strategies.sampled_from("Aa0-_~+/=%?&#*") | strategies.characters())
    changed = signed[:position] + other + signed[position + 1 :]
    assert changed == signed or refusal(verifier, changed, ip="192.0.2.1")


# custom policies against a matcher of another kind


def sections_match(pattern, text):
    """Whether `text` fits, tried in every way: no `*` but the last of the pattern reaches over the first `?`."""
    tokens, position = [], 0
    while position < len(pattern):
        size = 2 if pattern.startswith("\\?", position) else 1
        tokens.append(pattern[position : position + size])
        position += size
    border = text.find("?")

    @cache
    def fits(token, at):
        if token == len(tokens):
            return at == len(text)
        if tokens[token] == "*":
            reach = len(text) if token == len(tokens) - 1 or not at <= border else border
            return any(fits(token + 1, end) for end in range(at, reach + 1))
        if at == len(text):
            return False
        same = tokens[token][-1] == text[at] if tokens[token] != "?" else True
        return same and fits(token + 1, at + 1)

    return fits(0, 0)


PATHS = strategies.text("ab/?*", max_size=8)


@SHARED
@given(PATHS, strategies.text("ab/?", max_size=8), strategies.booleans())
@example("?*", "?a", False)
@example("*b", "a?b", False)
@example("*", "a?b", False)
@example("a\\?*", "a?b", False)
@example("a\\?b", "a?b", False)
@example("*?*", "a?b", False)
def test_the_verdict_is_that_of_another_matcher(verifier, ec_key, pattern, path, other_host):
    resource = f"https://h/{pattern}"
    text = json.dumps({"Statement": [{"Resource": resource, "Condition": {"DateLessThan": {"AWS:EpochTime": 2000}}}]})
    url = f"https://{'i' if other_host else 'h'}/{path}"
    query = sign_text(ec_key, text).partition("?")[2]
    signed = f"{url}{'&' if '?' in url else '?'}{query}"
    expected = not other_host and sections_match(f"/{pattern}", f"/{path}")
    assert is_accepted(verifier, signed) == expected


@SHARED
@given(
    strategies.integers(1, 50),
    strategies.none() | strategies.integers(0, 50),
    strategies.integers(0, 60),
    strategies.none() | strategies.tuples(strategies.integers(0, 2**32 - 1), strategies.integers(20, 32)),
    strategies.integers(-5, 5),
)
def test_dates_and_addresses_are_those_of_arithmetic(verifier, ec_key, expires, starts, now, network, step):
    if starts is not None and starts >= expires:
        starts = None
    condition = {"DateLessThan": {"AWS:EpochTime": expires}}
    if starts is not None:
        condition["DateGreaterThan"] = {"AWS:EpochTime": starts}
    number, size, first = 0, 1, 0
    if network:
        size = 2 ** (32 - network[1])
        first = network[0] // size * size
        number = min(max(first + (step if step < 0 else size - 1 + step), 0), 2**32 - 1)
        condition["IpAddress"] = {"AWS:SourceIp": f"{dotted(first)}/{network[1]}"}
    timely = now < expires and (starts is None or starts < now)
    within = network is None or first <= number < first + size
    assert is_accepted(verifier, sign_condition(ec_key, condition), now, dotted(number)) == (timely and within)


def dotted(number):
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def is_accepted(verifier, url, now=1500, ip=None):
    try:
        return verifier.verify(url, now, ip) is not None
    except EdgeError:
        return False


# our reasons


@pytest.mark.parametrize(
    ("change", "now", "ip", "reason"),
    [
        ({}, 2000, "192.0.2.1", "it expired at 2000, and now is 2000"),
        ({}, 1000, "192.0.2.1", "it starts after 1000, and now is 1000"),
        ({}, 1500, "192.0.3.1", "the policy is for another address"),
        ({"Signature": "YQ__"}, 1500, "192.0.2.1", "the signature does not fit"),
        ({"Signature": "!"}, 1500, "192.0.2.1", "the signature is absent, or not written in CloudFront's base64"),
        ({"Policy": "!"}, 1500, "192.0.2.1", "the policy is absent, or not written in CloudFront's base64"),
        ({"Policy": "e30_"}, 1500, "192.0.2.1", "it is not one Statement"),
        ({"Hash-Algorithm": "MD5"}, 1500, "192.0.2.1", "the hash algorithm is neither SHA1 nor SHA256"),
        ({"Key-Pair-Id": "KOTHER"}, 1500, "192.0.2.1", "the key pair id is not one of the trusted keys"),
        ({"Key-Pair-Id": ""}, 1500, "192.0.2.1", "there is no key pair id of letters and digits"),
        ({"Expires": "2000"}, 1500, "192.0.2.1", "there has to be Policy or Expires, and not both"),
        ({"%45xpires": "2000"}, 1500, "192.0.2.1", "a parameter of CloudFront's is spelled with escapes"),
    ],
)
def test_a_refusal_has_a_reason(key, verifier, change, now, ip, reason):
    signed = Signer(key).sign_url(URL, Policy(DIRECTORY, 2000, 1000, "192.0.2.0/24"))
    parameters = dict(piece.split("=", 1) for piece in split(signed)[1])
    with pytest.raises(EdgeError) as caught:
        verifier.verify(joined(parameters | change), now, ip)
    assert reason in caught.value.reason


def test_the_reason_of_another_resource(key, verifier):
    signed = Signer(key).sign_url(URL, Policy(DIRECTORY, 2000)).replace("/videos/", "/audio/")
    with pytest.raises(EdgeError, match="the policy is for another resource"):
        verifier.verify(signed, 1500)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://h/a b", "a character that is not sent"),
        ("x" * 9000, "too long"),
        (None, "no text"),
        ("ftp://h/a", "neither http nor https"),
    ],
)
def test_the_reason_of_a_strange_url(verifier, url, reason):
    with pytest.raises(EdgeError, match=reason):
        verifier.verify(url, 1500)


def test_no_reason_is_sent():
    assert EdgeError.of("AccessDenied", "it expired").body == EdgeError.of("AccessDenied").body


# anything at all


@SHARED
@given(strategies.text(), strategies.none() | strategies.text())
def test_raises_only_edge_errors_on_any_text(verifier, text, ip):
    assert refusal(verifier, text, ip=ip)


@SHARED
@given(strategies.text(), strategies.text(), strategies.text(), strategies.text())
def test_raises_only_edge_errors_on_any_parameters(verifier, path, policy, signature, own):
    url = f"https://h/{path}?{own}&Policy={policy}&Signature={signature}&Key-Pair-Id=K2JCJMDEHXQW5F"
    assert refusal(verifier, url)


JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: (
        strategies.lists(inner)
        | strategies.dictionaries(
            strategies.sampled_from([
                "Statement",
                "Resource",
                "Condition",
                "DateLessThan",
                "AWS:EpochTime",
                "IpAddress",
            ]),
            inner,
        )
    ),
)


@SHARED
@given(JSON)
def test_raises_only_edge_errors_on_any_signed_json(verifier, ec_key, document):
    assert refusal(verifier, sign_text(ec_key, json.dumps(document)))


@pytest.mark.parametrize(
    "url", ["", None, b"https://h/a", 7, "https://h/a#b", "ftp://h/a", "https://h/\ud800", "https://h/ä", "x" * 9000]
)
def test_strange_urls_are_denied(verifier, url):
    assert refusal(verifier, url) == "AccessDenied"


@pytest.mark.parametrize("url", ["http://[::1", "http://h:port/a", "http://@/", "http://?", "https://h:99999/?&&"])
def test_strange_hosts_miss_their_key_as_any(verifier, url):
    assert refusal(verifier, url) == "MissingKey"


def test_a_long_url_is_denied(key, verifier):
    signed = Signer(key).sign_url(URL, Policy(DIRECTORY, 2000))
    assert refusal(verifier, signed + "&" + "a" * (8192 - len(signed))) == "AccessDenied"


# keys


@pytest.mark.parametrize("key_id", ["", "K 1"])
def test_refuses_bad_key_ids(key, key_id):
    with pytest.raises(InvalidKey):
        Verifier({key_id: key.public_pem})


def test_refuses_a_private_key(key):
    with pytest.raises(InvalidKey, match="private key"):
        Verifier({"K1": key.private_pem()})


def test_without_keys_all_are_unknown(parts):
    assert refusal(Verifier({}), joined(parts)) == "InvalidKey"


def test_another_key_of_the_same_id_is_refused(parts, key):
    other = SigningKey.generate(key_id=key.key_id)
    assert refusal(Verifier({key.key_id: other.public_pem}), joined(parts)) == "AccessDenied"


# at the bounds


@pytest.mark.parametrize(
    "network",
    ["192.0.2.77/24", "192.0.2.0/255.255.255.0", "192.0.2.0/0.0.0.255", "192.0.2.0/024", "192.0.02.0/24", "192.0.2"],
)
def test_a_network_has_one_spelling(key, verifier, network):
    signed = sign_condition(key, {"DateLessThan": {"AWS:EpochTime": 2000}, "IpAddress": {"AWS:SourceIp": network}})
    assert refusal(verifier, signed, ip="192.0.2.1") == "MalformedPolicy"


@pytest.mark.parametrize(("network", "ip"), [("192.0.2.1", "192.0.2.1"), ("0.0.0.0/0", "203.0.113.9")])
def test_an_address_or_everybody(key, verifier, network, ip):
    signed = sign_condition(key, {"DateLessThan": {"AWS:EpochTime": 2000}, "IpAddress": {"AWS:SourceIp": network}})
    assert verifier.verify(signed, 1500, ip)


@pytest.mark.parametrize("ip", [3221225985, b"\xc0\x00\x02\x01", "192.0.2.1/32", "192.0.2.0/24", "192.0.02.1"])
def test_an_address_of_the_viewer_has_one_spelling(key, verifier, ip):
    assert refusal(verifier, Signer(key).sign_url(URL, Policy(URL, 2000, ip="192.0.2.0/24")), ip=ip) == "AccessDenied"


@pytest.mark.parametrize("now", [-1, -0.5, float("nan"), float("inf"), float("-inf"), 10**400, True, None, "1500"])
def test_what_is_no_time_is_refused(key, verifier, now):
    assert refusal(verifier, Signer(key).sign_url(URL, Policy(URL, 2000)), now) == "AccessDenied"


def test_a_canned_signature_is_one_of_a_custom_policy_too(key, verifier):
    # CloudFront cannot tell either: the bytes are the same, and in a custom policy the query mark is any character.
    url = URL + "?x=1"
    query = Signer(key).sign_url(url, Policy(url, 2000)).partition("&Signature=")[2]
    policy = encode(Policy(url, 2000).statement)
    assert verifier.verify(f"{URL}/x=1?Policy={policy}&Signature={query}", 1500)


def test_without_a_query_it_covers_that_one_url_all_the_same(key, verifier):
    query = Signer(key).sign_url(URL, Policy(URL, 2000)).partition("&Signature=")[2]
    policy = encode(Policy(URL, 2000).statement)
    assert refusal(verifier, f"{URL}/x=1?Policy={policy}&Signature={query}") == "AccessDenied"


def test_a_request_does_not_show_its_signature(key):
    signed = Signer(key).sign_url(URL, Policy(URL, 2000))
    assert repr(Request.read(signed)) == f"Request(resource='{URL}', by_cookies=False)"


def test_the_last_second_that_cloudfront_reads(key, verifier):
    signed = sign_condition(key, {"DateLessThan": {"AWS:EpochTime": 2147483647}})
    assert verifier.verify(signed, 2147483646).expires == 2147483647


def test_the_longest_url_is_read(key, verifier):
    signed = Signer(key).sign_url(URL, Policy(DIRECTORY, 2000))
    assert verifier.verify(signed + "&" + "a" * (8191 - len(signed)), 1500)


@pytest.mark.parametrize("statement", ['{"Resource":"*"}', "7", '"a"', "null", "true"])
def test_one_statement_is_a_list(key, verifier, statement):
    assert refusal(verifier, sign_text(key, f'{{"Statement":{statement}}}')) == "MalformedPolicy"


def test_the_reason_of_a_policy_that_is_no_json(key, verifier):
    with pytest.raises(EdgeError, match="the policy is no JSON"):
        verifier.verify(sign_text(key, "rubbish"), 1500)


def test_all_five_parameters_are_one_too_many(verifier, parts):
    parts |= {"Policy": "e30_", "Hash-Algorithm": "SHA1"}
    assert refusal(verifier, joined(parts)) == "MalformedPolicy"


def test_what_was_read_does_not_change():
    with pytest.raises(AttributeError):
        Request.read(URL).resource = URL + "x"
