"""The search finds a key in every spelling and every archive, and nothing in what may be seen."""

from base64 import b64encode
from base64 import urlsafe_b64encode
from canary import Canaries
from canary import der_of
from canary import derived
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.keyring.seal import seal
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from io import BytesIO
from zipfile import ZipFile

import gzip
import json
import pytest
import tarfile
import zlib


SECRET = "a-secret-of-this-test-and-of-nothing-else"


@pytest.fixture(scope="module")
def signing():
    return {kind: SigningKey.generate("K1", kind) for kind in ("RSA", "EC")}


@pytest.fixture(scope="module")
def canaries(signing):
    keys = {kind: key.private_pem() for kind, key in signing.items()}
    return Canaries(keys=keys, texts={"secret": SECRET}, sealed={"derived": derived(SECRET)})


def tar(content):
    file = BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("a.xml")
        member.size = len(content)
        archive.addfile(member, BytesIO(content))
    return file.getvalue()


def zipped(content):
    file = BytesIO()
    with ZipFile(file, "w", 8) as archive:
        archive.writestr("a.xml", content)
    return file.getvalue()


ARCHIVES = {
    "tar": tar,
    "zip": zipped,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "a compressed record": lambda content: b".z" + zlib.compress(content),
    "tar.gz in a zip": lambda content: zipped(gzip.compress(tar(content))),
}
SPELLINGS = {
    "PEM": lambda pem: pem.encode(),
    "PEM in JSON": lambda pem: json.dumps({"a": pem}).encode(),
    "PEM in repr": lambda pem: repr({"a": repr(pem)}).encode(),
    "PEM in HTML": lambda pem: pem.replace("\n", "&#13;&#10;").replace("+", "&#43;").encode(),
    "PEM in an address": lambda pem: pem.replace("\n", "%0A").replace("+", "%2B").replace("/", "%2F").encode(),
    "DER": der_of,
    "hexadecimal": lambda pem: der_of(pem).hex().encode(),
    "hexadecimal in pairs": lambda pem: der_of(pem).hex(":").upper().encode(),
    "base64 for addresses": lambda pem: urlsafe_b64encode(der_of(pem)),
    "base64 behind one byte": lambda pem: b64encode(b"1" + der_of(pem)),
    "base64 behind two bytes": lambda pem: b64encode(b"22" + der_of(pem)),
}


@pytest.mark.parametrize("kind", ["RSA", "EC"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_finds_a_key(canaries, signing, kind, spelling):
    written = SPELLINGS[spelling](signing[kind].private_pem())
    assert canaries.found_in(b"before " + written + b" after") == {kind}


@pytest.mark.parametrize("archive", ARCHIVES)
def test_finds_a_key_in_an_archive(canaries, signing, archive):
    assert canaries.found_in(ARCHIVES[archive](signing["EC"].private_pem().encode())) == {"EC"}


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_finds_every_run_of_24_bytes_of_the_private_number(canaries, signing, kind):
    number = private_number(signing[kind].private_pem(), kind)
    runs = [number[first : first + 24] for first in range(len(number) - 23)]
    assert [run for run in runs if kind not in canaries.found_in(b"\n" + run)] == []


def private_number(pem, kind):
    numbers = load_pem_private_key(pem.encode(), None).private_numbers()
    return numbers.p.to_bytes(128, "big") if kind == "RSA" else numbers.private_value.to_bytes(32, "big")


def test_finds_a_line_of_pem(canaries, signing):
    """Of 26 lines the first eight or less are the key's public half."""
    lines = signing["RSA"].private_pem().splitlines()[1:-1]
    assert [number for number, line in enumerate(lines) if not canaries.found_in(line)] <= list(range(8))


def test_finds_every_run_of_40_characters_that_is_not_public(canaries, signing):
    """All that comes before the private exponent is a head and the public half, and nothing behind is."""
    pem = signing["RSA"].private_pem()
    text = "".join(pem.splitlines()[1:-1])
    unseen = [start for start in range(len(text) - 39) if not canaries.found_in(text[start : start + 40])]
    assert unseen == list(range(len(unseen))) and len(unseen) < 400


@pytest.mark.parametrize("text", [SECRET, b64encode(SECRET.encode()).decode(), SECRET.encode().hex()])
def test_finds_the_secret(canaries, text):
    assert canaries.found_in(f"<p>{text}</p>") == {"secret"}


def test_finds_what_is_made_of_the_secret(canaries):
    assert canaries.found_in(urlsafe_b64encode(derived(SECRET))) == {"derived"}


def test_what_is_made_of_the_secret_opens_what_the_ring_seals():
    token = seal("a text", secrets=(SECRET,))
    assert Fernet(urlsafe_b64encode(derived(SECRET))).decrypt(token.encode()) == b"a text"


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_finds_nothing_in_the_public_half(canaries, signing, kind):
    assert canaries.found_in(signing[kind].public_pem) == set()


def test_finds_nothing_in_another_key(canaries):
    assert canaries.found_in(SigningKey.generate("K1", "RSA").private_pem()) == set()


def test_names_the_place(canaries, signing):
    found = canaries.found_in_each({"good": "text", "bad": signing["EC"].private_pem()})
    assert found == {"bad": {"EC"}}
