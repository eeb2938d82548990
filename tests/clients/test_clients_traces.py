"""No private key, no secret and no signature is left in a log or in the database, whatever the other tests here did."""

from base64 import b64decode
from clients.rotating import activate
from collective.cfprivate.keyring.seal import unseal

import pytest
import re


LENGTH = 40
SEALED = re.compile(rb"gAAAA[\w-]{100,}={0,2}")


@pytest.fixture(scope="module")
def dump(installation, first):
    """The bytes of the database after one more rotation, so that this file may be run alone."""
    activate(first, installation.other_key(first.signs_with()))
    return installation.storage.dump()


@pytest.fixture(scope="module")
def secret(installation):
    return installation.secret_file.read_text().strip()


@pytest.fixture(scope="module")
def private_pems(dump, secret):
    """Every key that the database has ever held."""
    return {unseal(token.decode(), secrets=(secret,)) for token in set(SEALED.findall(dump))}


@pytest.fixture(scope="module")
def logs(installation, dump):
    """The logs of all processes by name, each with something in it."""
    return {name: path.read_bytes() for name, path in installation.logs.items()}


def runs(data):
    """Runs of 40 bytes: whoever has 79 bytes of the data has one of them."""
    return [data[start : start + LENGTH] for start in range(0, len(data) - LENGTH + 1, LENGTH)]


def traces(pem):
    """What would tell of a key: runs of its base64 text, with and without PEM's lines, and of its DER bytes."""
    lines = pem.encode().splitlines()[1:-1]
    text = b"".join(lines)
    return {*runs(text), *runs(b64decode(text)), *(run for line in lines for run in runs(line))}


def found(pems, haystack):
    return [run for pem in pems for run in traces(pem) if run in haystack]


def test_the_database_holds_the_keys_sealed(installation, private_pems):
    assert {key.private_pem() for key in installation.keys} & private_pems
    assert len(private_pems) >= 2


def test_a_trace_would_be_found(installation):
    pem = installation.keys[0].private_pem()
    assert found([pem], b"before" + pem.encode()[500:600] + b"after")


def test_no_part_of_a_private_key_is_in_the_database(dump, private_pems):
    assert found(private_pems, dump) == []


def test_the_secret_is_not_in_the_database(dump, secret):
    assert secret.encode() not in dump


def test_every_process_has_written_a_log(logs):
    assert {"first/zope.log", "second/zope.log", "edge.log", "var/log/site.log", "storage"} <= set(logs)
    assert all(logs[name] for name in logs if name != "var/log/site.log")


def test_no_part_of_a_private_key_is_in_a_log(logs, private_pems):
    assert {name: found(private_pems, log) for name, log in logs.items() if found(private_pems, log)} == {}


@pytest.mark.parametrize("trace", [b"Signature=", b"BEGIN PRIVATE KEY", b"BEGIN RSA PRIVATE KEY"])
def test_no_log_has(logs, trace):
    assert [name for name, log in logs.items() if trace in log] == []


def test_the_secret_is_not_in_a_log(logs, secret):
    assert [name for name, log in logs.items() if secret.encode() in log] == []


def test_no_file_but_its_own_holds_the_secret(installation, dump, secret):
    """Client caches, configurations and all else below the folder of these tests."""
    files = [path for path in installation.folder.rglob("*") if path.is_file()]
    assert [path for path in files if secret.encode() in path.read_bytes()] == [installation.secret_file]
