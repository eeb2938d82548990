"""The key of the vectors, keys of both algorithms, and how many examples hypothesis tries."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import settings
from pathlib import Path

import json
import os
import pytest


VECTORS = Path(__file__).parent / "vectors"

# A busy machine is no mistake of the code; and CI gives the same answer each time.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("usual", PATIENT, derandomize="CI" in os.environ)
settings.register_profile("long", PATIENT, max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "5000")))
settings.register_profile(
    "mutants", PATIENT, max_examples=30, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


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


@pytest.fixture
def signatures(monkeypatch):
    """The statements that keys have signed."""
    made = []
    signing = SigningKey.signing

    def counted(key, *arguments):
        sign = signing(key, *arguments)
        return lambda statement: made.append(statement) or sign(statement)

    monkeypatch.setattr(SigningKey, "signing", counted)
    return made
