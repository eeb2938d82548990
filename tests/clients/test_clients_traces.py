"""No private key, no secret and no signature is left in a log or in the database, whatever the other tests here did."""

from base64 import b64decode
from clients.rotating import activate
from collective.cfprivate.keyring.seal import unseal

import pytest
import re


LENGTH = 40
SECRET = "the secret"
SEALED = re.compile(rb"gAAAA[\w-]{100,}={0,2}")


@pytest.fixture(scope="module")
def dump(installation, first):
    """The bytes of the database after one more rotation, so that this file may be run alone."""
    activate(first, installation.new_key())
    return installation.storage.dump()


@pytest.fixture(scope="module")
def secret(installation):
    return installation.secret_file.read_text().strip()


@pytest.fixture(scope="module")
def hidden(dump, secret):
    """The secret, and every key that the database has ever held."""
    pems = sorted({unseal(token.decode(), secrets=(secret,)) for token in set(SEALED.findall(dump))})
    return Hidden(secret, pems)


@pytest.fixture(scope="module")
def logs(installation, dump):
    """The logs of all processes, by name."""
    return {name: path.read_bytes() for name, path in installation.logs.items()}


class Hidden:
    """A secret and private keys, by the traces that would tell of them; a test that fails shows nothing of these."""

    def __init__(self, secret, pems):
        self._traces = {SECRET: {secret.encode()}} | {f"key {number}": traces(pem) for number, pem in enumerate(pems)}

    def told_by(self, data):
        """The names of those that the data tell of."""
        return [name for name, traces in self._traces.items() if any(trace in data for trace in traces)]

    def __len__(self):
        return len(self._traces)


def runs(data):
    """Runs of 40 bytes: whoever has 79 bytes of the data has one of them."""
    return [data[start : start + LENGTH] for start in range(0, len(data) - LENGTH + 1, LENGTH)]


def traces(pem):
    """What would tell of a key: runs of its base64 text, with and without PEM's lines, and of its DER bytes."""
    lines = pem.encode().splitlines()[1:-1]
    text = b"".join(lines)
    return {*runs(text), *runs(b64decode(text)), *(run for line in lines for run in runs(line))}


def told_by_each(hidden, named):
    return {name: hidden.told_by(data) for name, data in named.items() if hidden.told_by(data)}


def test_the_database_holds_sealed_keys(hidden):
    """The key that the demo began with and one of those that were given, at least."""
    assert len(hidden) >= len([SECRET, "key 0", "key 1"])


def test_each_trace_would_be_found(installation):
    pem = installation.keys[0].private_pem()
    der = b64decode("".join(pem.splitlines()[1:-1]))
    hidden = Hidden("a secret", [pem])
    found = [hidden.told_by(data) for data in (b"with a secret in it", pem.encode()[500:600], der[300:400])]
    assert found == [[SECRET], ["key 0"], ["key 0"]]


def test_the_database_tells_none_of_them(dump, hidden):
    assert hidden.told_by(dump) == []


def test_every_process_has_written_a_log(logs):
    written = {name for name, log in logs.items() if log}
    assert {"first/zope.log", "second/zope.log", "edge.log", "storage"} <= written


def test_no_log_tells_any_of_them(logs, hidden):
    assert told_by_each(hidden, logs) == {}


@pytest.mark.parametrize("trace", [b"Signature=", b"BEGIN PRIVATE KEY", b"BEGIN RSA PRIVATE KEY"])
def test_no_log_has(logs, trace):
    assert [name for name, log in logs.items() if trace in log] == []


def test_no_file_but_the_one_of_the_secret_tells_any_of_them(installation, dump, hidden):
    """Client caches, configurations and all else below the folder of these tests."""
    files = {path: path.read_bytes() for path in installation.folder.rglob("*") if path.is_file()}
    assert told_by_each(hidden, files) == {installation.secret_file: [SECRET]}
