"""The key of the vectors, and keys of both algorithms."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from pathlib import Path

import json
import pytest


VECTORS = Path(__file__).parent / "vectors"


@pytest.fixture(scope="session")
def boto():
    return json.loads((VECTORS / "boto2.json").read_text())


@pytest.fixture(scope="session")
def key(boto):
    return SigningKey.from_pem(boto["private_key_pem"], boto["keypair_id"])


@pytest.fixture(scope="session")
def ec_key():
    return SigningKey.generate(key_id="KEC1", algorithm="EC")


@pytest.fixture(scope="session", params=["RSA", "EC"])
def either_key(request, key, ec_key):
    return {"RSA": key, "EC": ec_key}[request.param]


@pytest.fixture(scope="session")
def verifier(key, ec_key):
    return Verifier({key.key_id: key.public_pem, ec_key.key_id: ec_key.public_pem})
