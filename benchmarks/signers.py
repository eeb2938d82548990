"""Who is timed: our signer, Amazon's, the recipes of the web, and the signing that all of them stand on."""

from botocore.signers import CloudFrontSigner
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import Verifier
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from datetime import datetime
from datetime import timezone
from rounds import Contender
from rounds import repeat

import rsa
import subprocess


KINDS = ["canned", "custom"]
EXPIRES = 1900000000
DATE = datetime.fromtimestamp(EXPIRES, timezone.utc)
ADDRESS = {"canned": None, "custom": "192.0.2.10"}
HOST = "https://d111111abcdef8.cloudfront.net"
SHA1 = hashes.SHA1()  # ruff: ignore[suspicious-insecure-hash-usage]
SCHEME = {"RSA": (padding.PKCS1v15(), SHA1), "EC": (ec.ECDSA(SHA1, deterministic_signing=True),)}

# More than the 1024 that a signer remembers, so that each is forgotten when it comes back; few enough for the caches of
# the processor, in which the URL that a program has just made would be.
URLS = [f"{HOST}/videos/2026/talk-{number:05}.mp4" for number in range(1_500)]


def private_half(key):
    return load_pem_private_key(key.private_pem().encode(), None)


def ours(key, kind):
    signer, address = Signer(key), ADDRESS[kind]
    return lambda url: signer.sign_url(url, Policy(url, EXPIRES, ip=address))


def ours_with_policy_at_hand(key, kind):
    signer = Signer(key)
    policies = {url: Policy(url, EXPIRES, ip=ADDRESS[kind]) for url in URLS}
    return lambda url: signer.sign_url(url, policies[url])


def sign_with_cryptography(key):
    private, scheme = private_half(key), SCHEME[key.algorithm]
    return lambda statement: private.sign(statement, *scheme)


def sign_with_parsed_pem(key):
    """The recipe of many answers on the web: the PEM text is parsed for each signature."""
    pem, scheme = key.private_pem().encode(), SCHEME[key.algorithm]
    return lambda statement: load_pem_private_key(pem, None).sign(statement, *scheme)


def sign_with_rsa(key):
    numbers = private_half(key).private_numbers()
    private = rsa.PrivateKey(numbers.public_numbers.n, numbers.public_numbers.e, numbers.d, numbers.p, numbers.q)
    return lambda statement: rsa.sign(statement, private, "SHA-1")


def botocore(key, kind, sign):
    signer = CloudFrontSigner(key.key_id, sign)
    if kind == "canned":
        return lambda url: signer.generate_presigned_url(url, date_less_than=DATE)
    address = ADDRESS[kind]
    return lambda url: signer.generate_presigned_url(url, policy=signer.build_policy(url, DATE, ip_address=address))


def checked(call, key):
    """`call` itself, after its first URL has been verified: who makes wrong URLs is no contender."""
    Verifier({key.key_id: key.public_pem}).verify(call(URLS[0]), EXPIRES - 1, ip=ADDRESS["custom"])
    return call


def node_rate(node, key, kind):
    """The `rate` of Amazon's signer in its own process, which measures itself."""
    ip = {"ipAddress": ADDRESS[kind]} if ADDRESS[kind] else {}
    common = {"keyPairId": key.key_id, "privateKey": key.private_pem(), "dateLessThan": DATE.isoformat(), **ip}
    checked(lambda url: node.ask("getSignedUrl", url=url, **common), key)

    return lambda seconds: node.ask("rate", seconds=seconds, url=URLS[0], **common)


def openssl_rate(algorithm):
    """The `rate` that ``openssl speed`` tells in its column ``sign/s``; it takes a second for each of its columns."""
    command = ["openssl", "speed", "-seconds", "1", {"RSA": "rsa2048", "EC": "ecdsap256"}[algorithm]]

    def rate(_seconds):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        *_, header, row = done.stdout.strip().splitlines()
        columns = header.split()
        return float(row.split()[-len(columns) :][columns.index("sign/s")])

    return rate


def contenders(key, node):
    """All who sign with `key`: "RSA bare", "RSA openssl", and of each kind of policy names like "RSA canned first"."""
    algorithm = key.algorithm
    statements = [Policy(url, EXPIRES).statement for url in URLS]
    yield Contender(f"{algorithm} bare", repeat(sign_with_cryptography(key), statements))
    yield Contender(f"{algorithm} openssl", openssl_rate(algorithm), every=33)
    for kind in KINDS:
        yield from _contenders_of_kind(key, kind, node)


def _contenders_of_kind(key, kind, node):
    name = f"{key.algorithm} {kind}"
    yield Contender(f"{name} first", repeat(checked(ours(key, kind), key), URLS))
    yield Contender(f"{name} at hand", repeat(ours_with_policy_at_hand(key, kind), URLS))
    yield Contender(f"{name} remembered", repeat(ours(key, kind), URLS[:1]))
    yield Contender(f"{name} node", node_rate(node, key, kind))
    recipes = {"cryptography": sign_with_cryptography, "PEM": sign_with_parsed_pem, "rsa": sign_with_rsa}
    for recipe, sign in recipes.items():
        if recipe != "rsa" or key.algorithm == "RSA":
            yield Contender(f"{name} {recipe}", repeat(checked(botocore(key, kind, sign(key)), key), URLS))
