"""Ours beside Amazon's signers for Python and JavaScript, and under the verification of OpenSSL and Node.js."""

from botocore.signers import CloudFrontSigner
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from datetime import datetime
from leave_out import leave_out
from node_signer import NodeMissing
from node_signer import NodeSigner

import base64
import json
import pytest
import re
import rsa
import shutil
import subprocess


EXPIRES, STARTS = 1900000000, 1200000000
NOW = EXPIRES - 1
DATES = {EXPIRES: "2030-03-17T17:46:40+00:00", STARTS: "2008-01-10T21:20:00+00:00"}
HOST = "https://d111111abcdef8.cloudfront.net"
URL = f"{HOST}/videos/a.mp4"
DIRECTORY = f"{HOST}/videos/*"
DIGEST = {"SHA1": "-sha1", "SHA256": "-sha256"}
SHA1 = hashes.SHA1()  # ruff: ignore[suspicious-insecure-hash-usage]

# A space, Japanese, & and +, escaped where a path or a query wants it: all signers leave these as they are.
URLS = [
    URL,
    "http://127.0.0.1:8081/videos/a.mp4",
    f"{HOST}/a%20talk%20(1).mp4",
    f"{HOST}/%E5%8B%95%E7%94%BB/%E6%97%A5%E6%9C%AC%E8%AA%9E.mp4",
    f"{HOST}/questions%20%26%20answers%2B1%25.mp4",
    f"{HOST}/-._~!'()/a.mp4",
    f"{HOST}/a.mp4?part=1&lang=%E6%97%A5%E6%9C%AC",
    f"{HOST}/a.mp4?q=1+1%262%2F3&empty=",
]
CONDITIONS = {
    "start": {"starts": STARTS},
    "address": {"ip": "192.0.2.10"},
    "network": {"ip": "192.0.2.0/24"},
    "start and network": {"starts": STARTS, "ip": "192.0.2.0/24"},
}


@pytest.fixture(params=["SHA1", "SHA256"])
def hash_algorithm(request):
    return request.param


@pytest.fixture(params=CONDITIONS.values(), ids=CONDITIONS.keys())
def conditions(request):
    return request.param


def date(seconds):
    return datetime.fromisoformat(DATES[seconds]) if seconds else None


def unencoded(text):
    """The bytes in CloudFront's base64, read as its documentation tells and not by our code."""
    return base64.b64decode(text.replace("-", "+").replace("_", "=").replace("~", "/"), validate=True)


def canned(resource, expires):
    return f'{{"Statement":[{{"Resource":"{resource}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'


def claim_of(url):
    """The statement that a URL of ours claims, and its signature."""
    pattern = r"(.+?)[?&](?:Expires=([0-9]+)|Policy=([^&]+))&Signature=([^&]+)&Key-Pair-Id=.+"
    resource, expires, policy, signature = re.fullmatch(pattern, url).groups()
    statement = unencoded(policy) if policy else canned(resource, expires).encode()
    return statement, unencoded(signature)


def claim_of_cookies(cookies, resource):
    """The statement that cookies of ours claim for a resource, and its signature."""
    policy = cookies.get("CloudFront-Policy")
    statement = unencoded(policy) if policy else canned(resource, cookies["CloudFront-Expires"]).encode()
    return statement, unencoded(cookies["CloudFront-Signature"])


def policy_of(url):
    return json.loads(claim_of(url)[0])


def parts(url):
    """A URL but for the order of its parameters."""
    base, _, query = url.partition("?")
    return base, sorted(query.split("&"))


def sign_with_cryptography(pem):
    private = load_pem_private_key(pem, None)
    return lambda message: private.sign(message, padding.PKCS1v15(), SHA1)


def sign_with_rsa(pem):
    private = rsa.PrivateKey.load_pkcs1(pem)
    return lambda message: rsa.sign(message, private, "SHA-1")


@pytest.fixture(scope="module", params=[sign_with_cryptography, sign_with_rsa], ids=["cryptography", "rsa"])
def botocore(request, boto):
    return CloudFrontSigner(boto["keypair_id"], request.param(boto["private_key_pem"].encode()))


class TestBotocore:
    """Amazon's signer for Python, which knows SHA-1 alone and lets its caller sign."""

    @staticmethod
    def custom(botocore, url, resource, starts=None, ip=None):
        return botocore.generate_presigned_url(
            url, policy=botocore.build_policy(resource, date(EXPIRES), date(starts), ip)
        )

    @pytest.mark.parametrize("url", URLS)
    def test_canned_urls_are_the_same(self, botocore, key, url):
        theirs = botocore.generate_presigned_url(url, date_less_than=date(EXPIRES))
        assert Signer(key).sign_url(url, Policy(url, EXPIRES)) == theirs

    @pytest.mark.parametrize("resource", [URL, DIRECTORY])
    @pytest.mark.parametrize("name", ["start", "address", "network"])
    def test_custom_urls_are_the_same(self, botocore, key, resource, name):
        theirs = self.custom(botocore, URL, resource, **CONDITIONS[name])
        assert Signer(key).sign_url(URL, Policy(resource, EXPIRES, **CONDITIONS[name])) == theirs

    def test_a_policy_of_ours_makes_the_same_url(self, botocore, key, conditions):
        policy = Policy(DIRECTORY, EXPIRES, **conditions)
        theirs = botocore.generate_presigned_url(URL, policy=policy.statement.decode())
        assert Signer(key).sign_url(URL, policy) == theirs

    def test_all_three_conditions_differ_in_their_order_only(self, botocore, key):
        conditions = CONDITIONS["start and network"]
        theirs = self.custom(botocore, URL, DIRECTORY, **conditions)
        ours = Signer(key).sign_url(URL, Policy(DIRECTORY, EXPIRES, **conditions))
        assert ours != theirs
        assert policy_of(ours) == policy_of(theirs)

    def test_we_verify_its_urls(self, botocore, verifier, conditions):
        theirs = self.custom(botocore, URL, DIRECTORY, **conditions)
        accepted = verifier.verify(theirs, NOW, ip="192.0.2.10")
        assert (accepted.resource, accepted.expires, accepted.starts) == (DIRECTORY, EXPIRES, conditions.get("starts"))

    @pytest.mark.parametrize(
        ("now", "ip"), [(EXPIRES, "192.0.2.10"), (STARTS - 1, "192.0.2.10"), (NOW, "192.0.3.10"), (NOW, None)]
    )
    def test_we_refuse_its_urls_at_other_times_and_places(self, botocore, verifier, now, ip):
        theirs = self.custom(botocore, URL, DIRECTORY, **CONDITIONS["start and network"])
        with pytest.raises(EdgeError, match="AccessDenied"):
            verifier.verify(theirs, now, ip=ip)

    def test_we_refuse_its_url_of_another_file(self, botocore, verifier):
        theirs = botocore.generate_presigned_url(URL, date_less_than=date(EXPIRES))
        with pytest.raises(EdgeError, match="AccessDenied"):
            verifier.verify(theirs.replace("a.mp4", "b.mp4"), NOW)

    def test_it_leaves_the_mark_before_a_query_a_wildcard(self, botocore, key):
        """A ``?`` is any character in a custom policy (botocore #3377); ours is ``\\?``, a question mark only."""
        url = URL + "?part=1"
        theirs = self.custom(botocore, url, url, ip="192.0.2.10")
        ours = Signer(key).sign_url(url, Policy(url, EXPIRES, ip="192.0.2.10"))
        assert policy_of(theirs)["Statement"][0]["Resource"] == url
        assert policy_of(ours)["Statement"][0]["Resource"] == URL + "\\?part=1"

    def test_we_verify_its_urls_of_an_ec_key(self, ec_key, verifier):
        private = load_pem_private_key(ec_key.private_pem().encode(), None)
        botocore = CloudFrontSigner(ec_key.key_id, lambda message: private.sign(message, ec.ECDSA(SHA1)))
        theirs = botocore.generate_presigned_url(URL, date_less_than=date(EXPIRES))
        assert verifier.verify(theirs, NOW).resource == URL


@pytest.fixture(scope="module")
def node():
    try:
        signer = NodeSigner()
    except NodeMissing as missing:
        leave_out(str(missing))
    yield signer
    signer.stop()


@pytest.fixture
def amazon(node, hash_algorithm):
    """A function that calls Amazon's signer for JavaScript with one of our keys, until EXPIRES if not told else."""

    def call(function, key, **arguments):
        common = {"keyPairId": key.key_id, "privateKey": key.private_pem(), "algorithm": hash_algorithm}
        window = {} if "policy" in arguments else {"dateLessThan": DATES[EXPIRES]}
        return node.ask(function, **common, **window, **arguments)

    return call


def in_javascript(starts=None, ip=None):
    """Conditions by the names of Amazon's JavaScript."""
    return {name: value for name, value in {"dateGreaterThan": DATES.get(starts), "ipAddress": ip}.items() if value}


def with_the_other_key(url):
    ids = ["KEC1", "K2JCJMDEHXQW5F"]
    given, other = ids if ids[0] in url else ids[::-1]
    return url.replace(f"Key-Pair-Id={given}", f"Key-Pair-Id={other}")


def with_the_other_hash(url):
    named = "&Hash-Algorithm=SHA256"
    return url.removesuffix(named) if url.endswith(named) else url + named


class TestAmazonsJavaScript:
    """``@aws-sdk/cloudfront-signer``. It writes Key-Pair-Id before Signature."""

    @pytest.mark.parametrize("url", URLS)
    def test_canned_urls_are_the_same_but_for_the_order(self, amazon, key, hash_algorithm, url):
        ours = Signer(key, hash_algorithm).sign_url(url, Policy(url, EXPIRES))
        assert parts(ours) == parts(amazon("getSignedUrl", key, url=url))

    def test_custom_urls_are_the_same_but_for_the_order(self, amazon, key, hash_algorithm, conditions):
        ours = Signer(key, hash_algorithm).sign_url(URL, Policy(URL, EXPIRES, **conditions))
        assert parts(ours) == parts(amazon("getSignedUrl", key, url=URL, **in_javascript(**conditions)))

    @pytest.mark.parametrize("url", URLS)
    def test_a_policy_of_ours_makes_the_same_url(self, amazon, key, hash_algorithm, url):
        policy = Policy(f"{HOST}/*", EXPIRES, STARTS, "192.0.2.0/24")
        theirs = amazon("getSignedUrl", key, url=url, policy=policy.statement.decode())
        assert parts(Signer(key, hash_algorithm).sign_url(url, policy)) == parts(theirs)

    def test_canned_cookies_are_the_same_but_for_the_type_of_expires(self, amazon, key, hash_algorithm):
        theirs = amazon("getSignedCookies", key, url=URL)
        assert theirs["CloudFront-Expires"] == EXPIRES
        ours = Signer(key, hash_algorithm).sign_cookies(Policy(URL, EXPIRES))
        assert ours == {**theirs, "CloudFront-Expires": str(EXPIRES)}

    def test_custom_cookies_are_the_same(self, amazon, key, hash_algorithm, conditions):
        ours = Signer(key, hash_algorithm).sign_cookies(Policy(DIRECTORY, EXPIRES, **conditions))
        assert ours == amazon("getSignedCookies", key, url=DIRECTORY, **in_javascript(**conditions))

    @pytest.mark.parametrize(
        ("given", "signed"),
        [
            ("/a+b.mp4", "/a%2Bb.mp4"),
            ("/a&b=c.mp4", "/a%26b%3Dc.mp4"),
            ("/@$,;:.mp4", "/%40%24%2C%3B%3A.mp4"),
            ("/%7Etalk%20%281%29.mp4", "/~talk%20(1).mp4"),
            ("/%e5%8b%95.mp4", "/%E5%8B%95.mp4"),
            ("/a.mp4?name=%e5%8b%95", "/a.mp4?name=%E5%8B%95"),
            ("/a.mp4?from=b/c:d", "/a.mp4?from=b%2Fc%3Ad"),
            ("/a.mp4?debug", "/a.mp4?debug="),
            ("/a.mp4?&a=1&", "/a.mp4?a=1"),
        ],
    )
    def test_what_it_spells_anew_we_leave_alone(self, amazon, key, hash_algorithm, given, signed):
        """It signs another spelling than it was given (since 3.1046.0); of one spelling both make the same URL."""
        theirs = parts(amazon("getSignedUrl", key, url=HOST + given))
        signer = Signer(key, hash_algorithm)
        assert parts(signer.sign_url(HOST + signed, Policy(HOST + signed, EXPIRES))) == theirs
        assert parts(signer.sign_url(HOST + given, Policy(HOST + given, EXPIRES))) != theirs

    @pytest.mark.parametrize(("given", "signed"), [("/a?name='b'", "/a?name=%27b%27"), ("/a?", "/a")])
    def test_what_it_spells_anew_and_we_refuse(self, amazon, key, hash_algorithm, given, signed):
        theirs = parts(amazon("getSignedUrl", key, url=HOST + given))
        assert parts(Signer(key, hash_algorithm).sign_url(HOST + signed, Policy(HOST + signed, EXPIRES))) == theirs
        with pytest.raises(InvalidURL):
            Signer(key, hash_algorithm).sign_url(HOST + given, Policy(HOST + signed, EXPIRES))

    @pytest.mark.parametrize(
        ("raw", "signed"),
        [
            ("/a talk.mp4", "/a%20talk.mp4"),
            ("/動画.mp4", "/%E5%8B%95%E7%94%BB.mp4"),
            ("/100%.mp4", "/100%25.mp4"),
            ("/a.mp4?name=動画", "/a.mp4?name=%E5%8B%95%E7%94%BB"),
        ],
    )
    def test_what_it_escapes_we_refuse(self, amazon, key, hash_algorithm, raw, signed):
        signer = Signer(key, hash_algorithm)
        theirs = amazon("getSignedUrl", key, url=HOST + raw)
        assert parts(signer.sign_url(HOST + signed, Policy(HOST + signed, EXPIRES))) == parts(theirs)
        with pytest.raises(InvalidURL):
            signer.sign_url(HOST + raw, Policy(HOST + signed, EXPIRES))

    @pytest.mark.parametrize("path", ["/a+b.mp4", "/a&b=c.mp4", "/%7Etalk.mp4"])
    def test_its_cookies_leave_the_spelling_as_we_do(self, amazon, key, hash_algorithm, path):
        theirs = amazon("getSignedCookies", key, url=HOST + path)
        ours = Signer(key, hash_algorithm).sign_cookies(Policy(HOST + path, EXPIRES))
        assert ours["CloudFront-Signature"] == theirs["CloudFront-Signature"]

    def test_we_verify_its_urls(self, amazon, either_key, verifier, conditions):
        theirs = amazon("getSignedUrl", either_key, url=URL, **in_javascript(**conditions))
        assert verifier.verify(theirs, NOW, ip="192.0.2.10").resource == URL

    def test_we_verify_its_canned_urls(self, amazon, either_key, verifier):
        assert verifier.verify(amazon("getSignedUrl", either_key, url=URL), NOW) == Policy(URL, EXPIRES)

    @pytest.mark.parametrize(
        ("change", "now"),
        [
            (lambda url: url, EXPIRES),
            (lambda url: url.replace("a.mp4", "b.mp4"), NOW),
            (lambda url: url.replace(str(EXPIRES), str(EXPIRES + 1)), NOW),
            (with_the_other_key, NOW),
            (with_the_other_hash, NOW),
        ],
        ids=["too late", "another file", "a longer life", "another key", "another hash"],
    )
    def test_we_refuse_its_urls_when_changed(self, amazon, either_key, verifier, change, now):
        theirs = amazon("getSignedUrl", either_key, url=URL)
        with pytest.raises(EdgeError, match="AccessDenied"):
            verifier.verify(change(theirs), now)

    def test_we_verify_its_cookies(self, amazon, either_key, verifier, conditions):
        theirs = amazon("getSignedCookies", either_key, url=DIRECTORY, **in_javascript(**conditions))
        assert verifier.verify(URL, NOW, ip="192.0.2.10", cookies=theirs).resource == DIRECTORY

    @pytest.mark.parametrize(
        ("url", "now", "ip"),
        [(f"{HOST}/a.mp4", NOW, "192.0.2.10"), (URL, EXPIRES, "192.0.2.10"), (URL, NOW, "192.0.3.10")],
        ids=["another folder", "too late", "another network"],
    )
    def test_we_refuse_its_cookies_elsewhere(self, amazon, either_key, verifier, url, now, ip):
        theirs = amazon("getSignedCookies", either_key, url=DIRECTORY, ipAddress="192.0.2.0/24")
        with pytest.raises(EdgeError, match="AccessDenied"):
            verifier.verify(url, now, ip=ip, cookies=theirs)


@pytest.fixture
def node_accepts(node, hash_algorithm):
    def accepts(key, statement, signature):
        return node.ask(
            "verify",
            publicKey=key.public_pem,
            algorithm=hash_algorithm,
            statement=statement.decode(),
            signature=base64.b64encode(signature).decode(),
        )

    return accepts


@pytest.fixture
def openssl_accepts(hash_algorithm, tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        leave_out("There is no openssl here; on Debian: apt-get install openssl")

    def accepts(key, statement, signature):
        (tmp_path / "public.pem").write_text(key.public_pem)
        (tmp_path / "signature").write_bytes(signature)
        command = [openssl, "dgst", DIGEST[hash_algorithm], "-verify", "public.pem", "-signature", "signature"]
        done = subprocess.run(command, cwd=tmp_path, input=statement, capture_output=True, check=False)
        return done.stdout == b"Verified OK\n"

    return accepts


@pytest.fixture(params=["node_accepts", "openssl_accepts"], ids=["node", "openssl"])
def accepts(request):
    """A function that lets Node.js or OpenSSL decide on (key, statement, signature) under `hash_algorithm`."""
    return request.getfixturevalue(request.param)


POLICIES = {
    "canned": Policy(URL, EXPIRES),
    "custom": Policy(URL, EXPIRES, STARTS, "192.0.2.0/24"),
    "directory": Policy(DIRECTORY, EXPIRES),
}


@pytest.fixture(params=POLICIES.values(), ids=POLICIES.keys())
def policy(request):
    return request.param


class TestOthersVerifyOurs:
    """The statement and the signature are taken out of what we made by the decoder of this test."""

    def test_urls(self, accepts, either_key, hash_algorithm, policy):
        statement, signature = claim_of(Signer(either_key, hash_algorithm).sign_url(URL, policy))
        assert accepts(either_key, statement, signature)

    def test_cookies(self, accepts, either_key, hash_algorithm, policy):
        cookies = Signer(either_key, hash_algorithm).sign_cookies(policy)
        statement, signature = claim_of_cookies(cookies, policy.resource)
        assert accepts(either_key, statement, signature)

    @pytest.mark.parametrize("url", URLS)
    def test_urls_with_escapes(self, accepts, either_key, hash_algorithm, url):
        statement, signature = claim_of(Signer(either_key, hash_algorithm).sign_url(url, Policy(url, EXPIRES)))
        assert json.loads(statement)["Statement"][0]["Resource"] == url
        assert accepts(either_key, statement, signature)

    def test_not_another_statement(self, accepts, either_key, hash_algorithm, policy):
        statement, signature = claim_of(Signer(either_key, hash_algorithm).sign_url(URL, policy))
        assert not accepts(either_key, statement.replace(b"1900000000", b"1900000001"), signature)

    def test_not_another_key(self, accepts, key, ec_key, hash_algorithm, policy):
        statement, signature = claim_of(Signer(key, hash_algorithm).sign_url(URL, policy))
        assert not accepts(ec_key, statement, signature)

    def test_not_another_hash(self, accepts, either_key, hash_algorithm, policy):
        other = {"SHA1": "SHA256", "SHA256": "SHA1"}[hash_algorithm]
        statement, signature = claim_of(Signer(either_key, other).sign_url(URL, policy))
        assert not accepts(either_key, statement, signature)
