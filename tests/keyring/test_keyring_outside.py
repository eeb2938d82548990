"""The environment may give the signing key: both variables or neither; the ring then keeps what it has."""

from collective.cfprivate.exceptions import ManagedOutside
from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.keyring.outside import outside_key
from collective.cfprivate.keyring.outside import read_key
from collective.cfprivate.keyring.ring import KeyDescription
from collective.cfprivate.settings import environment
from copy import deepcopy
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pathlib import Path
from traces import body
from traces import found
from zope.annotation.interfaces import IAnnotations

import pytest


ANNOTATION = "collective.cfprivate.keyring"
KEY_ID = "K3OTHEROTHEROT"
NOW = 4_000_000_000
SLOTS = ["next", "active", "previous"]


@pytest.fixture
def stored(portal):
    """A function that copies what the site keeps of the ring."""
    return lambda: deepcopy(IAnnotations(portal).get(ANNOTATION))


def refusal(call):
    """The sentence with which ``call`` is refused as not configured."""
    with pytest.raises(NotConfigured) as caught:
        call()
    return str(caught.value)


# both or neither


@pytest.mark.parametrize(
    ("key_file", "key_id", "missing"),
    [
        ("", KEY_ID, "CFPRIVATE_PRIVATE_KEY_FILE is not set"),
        ("/nowhere", "", "CFPRIVATE_KEY_PAIR_ID is not set"),
        ("", "", "CFPRIVATE_PRIVATE_KEY_FILE is not set"),
    ],
)
def test_the_variable_that_is_missing_is_named(key_file, key_id, missing):
    assert missing in refusal(lambda: read_key(key_file, key_id))


def test_both_variables_give_the_key(outside):
    assert read_key(str(outside.path), KEY_ID).private_pem() == outside.key.private_pem()


def test_the_key_has_the_id_of_the_environment(outside):
    assert read_key(str(outside.path), "APKAEXAMPLE").key_id == "APKAEXAMPLE"


def test_an_rsa_key_is_taken_too(outside, signing_key):
    outside.path.write_text(signing_key.private_pem(), encoding="ascii")
    assert read_key(str(outside.path), KEY_ID).fingerprint == signing_key.fingerprint


def test_the_settings_of_a_site_give_the_key(portal, outside):
    outside.give()
    assert outside_key(environment()).fingerprint == outside.key.fingerprint


def test_a_link_to_the_file_is_followed(outside, tmp_path):
    (tmp_path / "link.pem").symlink_to(outside.path)
    assert read_key(str(tmp_path / "link.pem"), KEY_ID).fingerprint == outside.key.fingerprint


# the file


def test_a_missing_file_is_named_with_the_reason(tmp_path):
    told = refusal(lambda: read_key(str(tmp_path / "missing.pem"), KEY_ID))
    assert "The file of CFPRIVATE_PRIVATE_KEY_FILE cannot be read (FileNotFoundError)" in told


def test_a_folder_is_no_file(tmp_path):
    assert "cannot be read (IsADirectoryError)" in refusal(lambda: read_key(str(tmp_path), KEY_ID))


def test_a_file_that_zope_may_not_read_says_so(outside, monkeypatch):
    # The tests may be run by root, who may read all.
    def refuse(path, *_args):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    told = refusal(lambda: read_key(str(outside.path), KEY_ID))
    assert "cannot be read (PermissionError): see that it is there and that Zope may read it" in told


def test_a_link_that_goes_in_a_circle_is_refused(tmp_path):
    (tmp_path / "circle.pem").symlink_to(tmp_path / "circle.pem")
    assert "cannot be read" in refusal(lambda: read_key(str(tmp_path / "circle.pem"), KEY_ID))


CONTENTS = {
    "nothing": (lambda key: b"", "Found no PEM block"),
    "garbage": (lambda key: b"garbage", "Found no PEM block"),
    "bytes": (lambda key: bytes(range(256)), "characters outside ASCII"),
    "public key": (lambda key: key.public_pem.encode(), "Found a public key"),
    "two keys": (lambda key: key.private_pem().encode() * 2, "Found 2 PEM blocks"),
    "cut short": (lambda key: key.private_pem()[:150].encode(), "cut short"),
    "damaged": (lambda key: key.private_pem().replace("\n-----END", "AAAA\n-----END").encode(), "cannot be read"),
    "encrypted": (lambda key: key.private_pem("opensesame").encode(), "is encrypted"),
    "too long": (lambda key: key.private_pem().encode() + b"\n" * 70_000, "Give the key file alone"),
    "another curve": (
        lambda key: ec.generate_private_key(ec.SECP384R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        "secp384r1",
    ),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_that_holds_no_key_says_what_was_found(outside, name):
    content, reason = CONTENTS[name]
    outside.path.write_bytes(content(outside.key))
    told = refusal(lambda: read_key(str(outside.path), KEY_ID))
    assert told.startswith("The key of CFPRIVATE_PRIVATE_KEY_FILE") and reason in told


@pytest.mark.parametrize("name", CONTENTS)
def test_the_refusal_of_a_file_tells_no_part_of_it(outside, name):
    outside.path.write_bytes(CONTENTS[name][0](outside.key))
    told = refusal(lambda: read_key(str(outside.path), KEY_ID))
    assert found(outside.key.private_pem(), told.encode()) == []


@pytest.mark.parametrize("key_id", ["K 2", "K2/3", "é", "K" * 129, "K2JCJMDEHXQW5F="])
def test_an_id_that_is_none_is_refused(outside, key_id):
    told = refusal(lambda: read_key(str(outside.path), key_id))
    assert told.startswith("The key of CFPRIVATE_PRIVATE_KEY_FILE and CFPRIVATE_KEY_PAIR_ID cannot sign: The key id")


def test_a_key_given_as_the_id_is_not_told(outside):
    told = refusal(lambda: read_key(str(outside.path), outside.key.private_pem()))
    assert found(outside.key.private_pem(), told.encode()) == []


def test_a_key_given_as_the_path_is_not_told(outside):
    told = refusal(lambda: read_key(outside.key.private_pem(), KEY_ID))
    assert found(outside.key.private_pem(), told.encode()) == []


# now


def test_a_replaced_file_counts_at_once(portal, ring, outside, keys):
    outside.give()
    ring.signing_key()
    outside.path.write_text(keys.active.private_pem(), encoding="ascii")
    assert ring.signing_key().fingerprint == keys.active.fingerprint


def test_a_changed_id_counts_at_once(ring, outside):
    outside.give()
    ring.signing_key()
    outside.give("APKAEXAMPLE")
    assert ring.signing_key().key_id == "APKAEXAMPLE"


def test_a_file_that_is_gone_counts_at_once(ring, outside):
    outside.give()
    ring.signing_key()
    outside.path.unlink()
    with pytest.raises(NotConfigured, match="FileNotFoundError"):
        ring.signing_key()


# what the ring tells


def test_the_key_of_the_environment_is_described_as_such(full, outside):
    outside.give()
    assert full.describe() == KeyDescription(
        key_id=KEY_ID,
        algorithm="EC",
        fingerprint=outside.key.fingerprint,
        since=None,
        tested=None,
        activated=None,
        outside=True,
    )


def test_a_key_of_the_ring_is_not_outside(full):
    assert full.describe().outside is False


def test_the_key_of_the_environment_signs(full, outside):
    outside.give()
    assert full.signing_key().private_pem() == outside.key.private_pem()


def test_the_public_half_of_the_key_of_the_environment_is_told(full, outside):
    outside.give()
    assert full.public_pem("active") == outside.key.public_pem


def test_the_key_of_the_environment_needs_no_secret(ring, outside, without_secret):
    outside.give()
    assert ring.signing_key().fingerprint == outside.key.fingerprint


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_the_other_slots_are_those_of_the_ring(full, outside, keys, slot):
    outside.give()
    assert full.signing_key(slot).fingerprint == getattr(keys, slot).fingerprint


@pytest.fixture(params=["CFPRIVATE_PRIVATE_KEY_FILE", "CFPRIVATE_KEY_PAIR_ID", "the file"])
def half(request, outside, monkeypatch):
    """The environment gives a key, but for the part that is named."""
    outside.give()
    if request.param == "the file":
        outside.path.unlink()
    else:
        monkeypatch.delenv(request.param)


def test_half_a_key_of_the_environment_is_not_described(full, half):
    assert full.describe() is None


@pytest.mark.parametrize("name", ["signing_key", "public_pem"])
def test_half_a_key_of_the_environment_does_not_sign(full, half, name):
    with pytest.raises(NotConfigured, match="CFPRIVATE_PRIVATE_KEY_FILE"):
        getattr(full, name)("active")


# what the ring does not change


CHANGES = {
    "store": lambda ring, key: ring.store(pem=key.private_pem(), key_id=key.key_id),
    "store_next": lambda ring, key: ring.store_next(pem=key.private_pem(), key_id=key.key_id),
    "generate_next": lambda ring, key: ring.generate_next("EC"),
    **{f"rename {slot}": lambda ring, key, slot=slot: ring.rename("KRENAMED", slot) for slot in SLOTS},
    "activate": lambda ring, key: ring.activate(NOW),
    "go_back": lambda ring, key: ring.go_back(NOW),
}


def prepared(ring, name):
    """The full ring, but with room for a next key where one is to be put."""
    if name.endswith("_next"):
        ring.erase("next")
    return ring


@pytest.mark.parametrize("name", CHANGES)
def test_with_a_key_of_the_environment_the_ring_is_not_changed(full, outside, stored, signing_key, name):
    ring = prepared(full, name)
    before = stored()
    outside.give()
    with pytest.raises(ManagedOutside, match="CFPRIVATE_PRIVATE_KEY_FILE"):
        CHANGES[name](ring, signing_key)
    assert stored() == before


@pytest.mark.parametrize("name", CHANGES)
def test_with_half_a_key_of_the_environment_neither(full, half, stored, signing_key, name):
    ring = prepared(full, name)
    before = stored()
    with pytest.raises(ManagedOutside):
        CHANGES[name](ring, signing_key)
    assert stored() == before


def test_what_is_no_key_is_not_looked_at(full, outside):
    outside.give()
    with pytest.raises(ManagedOutside):
        full.store(pem="garbage", key_id=KEY_ID)


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_a_key_that_is_shown_can_be_erased_still(full, outside, stored, slot):
    outside.give()
    full.erase(slot)
    assert slot not in stored()


def test_the_active_key_which_is_not_shown_is_not_erased(full, outside, stored):
    outside.give()
    with pytest.raises(ManagedOutside):
        full.erase("active")
    assert "active" in stored()


def test_every_key_can_be_erased_still(full, outside, stored):
    outside.give()
    full.erase_all()
    assert stored() is None


def test_erasing_leaves_the_key_of_the_environment(full, outside):
    outside.give()
    full.erase_all()
    assert full.signing_key().fingerprint == outside.key.fingerprint


def test_the_keys_of_the_ring_can_be_sealed_anew_still(full, outside, keys, monkeypatch):
    outside.give()
    monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET", "the-secret-of-the-tests-and-of-nothing-else")
    monkeypatch.setenv("CFPRIVATE_SECRET", "a-new-secret-for-the-keys-of-the-ring-alone")
    full.seal_anew()
    assert full.sealed_with_previous_secret() is False


# without the variables


def test_without_the_variables_the_key_of_the_ring_signs_again(full, outside, keys):
    outside.give()
    full.signing_key()
    outside.withdraw()
    assert full.signing_key().fingerprint == keys.active.fingerprint


def test_without_the_variables_an_empty_ring_is_empty_again(ring, outside):
    outside.give()
    ring.signing_key()
    outside.withdraw()
    assert ring.describe() is None


@pytest.mark.parametrize("name", CHANGES)
def test_no_refusal_tells_a_byte_of_the_key(full, outside, signing_key, name):
    ring = prepared(full, name)
    outside.give()
    told = refusal(lambda: CHANGES[name](ring, signing_key))
    assert [line for line in outside.key.private_pem().splitlines()[1:-1] if line in told] == []


def test_a_line_of_the_key_is_long_enough_to_be_found(outside):
    assert len(body(outside.key.private_pem())) > 40
