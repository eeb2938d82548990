"""The verifier decides as CloudFront does, and raises nothing else."""

from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.cloudfront.encoding import encode
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


WORDS = strategies.text("abcXYZ019-._~", min_size=1, max_size=12)
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


@pytest.mark.parametrize("query", ["?", "?a=1&", "?&", "?a", "?a=1&&b=2", "?a=%7e&b=+"])
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


@pytest.mark.parametrize("now", [1000, 1000.5, 1999, 1999.999])
def test_valid_within_the_dates(key, verifier, now):
    assert verifier.verify(Signer(key).sign_url(URL, Policy(URL, 2000, 1000)), now)


@pytest.mark.parametrize("now", [0, 999, 999.999, 2000, 2000.001, 9999999999])
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
        ({"Key-Pair-Id": "KOTHER"}, "InvalidKey"),
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


@pytest.mark.parametrize("url", ["", "https://h/a#b", "ftp://h/a", "https://h/\ud800", "https://h/ä", "x" * 9000])
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
