"""The ring keeps a private key that signs, encrypted, and shows of it what anybody may know."""

from base64 import b64decode
from base64 import urlsafe_b64decode
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront.errors import InvalidKey
from collective.cfprivate.exceptions import IdRefused
from collective.cfprivate.exceptions import KeyLocked
from collective.cfprivate.exceptions import NoSecret
from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.keyring.ring import KeyRing
from contextlib import suppress
from cryptography.hazmat.primitives import serialization
from functools import partial
from key_ring import sign_with
from layers import SECRET
from traces import body
from traces import found
from zope.annotation.interfaces import IAnnotations
from zope.interface.verify import verifyObject

import pytest
import time
import traceback


ANNOTATION = "collective.cfprivate.keyring"
OTHER_SECRET = "another-secret-that-sealed-no-key-at-all"


def parts(value):
    """``value`` and everything in it."""
    yield value
    if isinstance(value, dict):
        for pair in value.items():
            for part in pair:
                yield from parts(part)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


def outcome(call):
    """What ``call`` raises, with everything a log would show of it."""
    try:
        call()
    except Exception as error:
        return "".join(traceback.format_exception(error))
    raise AssertionError("nothing was raised")


@pytest.fixture(params=["RSA", "EC"])
def key(request, signing_key, other_key):
    return {"RSA": signing_key, "EC": other_key}[request.param]


@pytest.fixture
def store(ring):
    return partial(sign_with, ring)


def test_the_ring_is_what_its_interface_says(ring):
    assert verifyObject(IKeyRing, ring)


# an empty ring


def test_an_empty_ring_describes_nothing(ring):
    assert ring.describe() is None


def test_an_empty_ring_signs_nothing(ring):
    with pytest.raises(NotConfigured, match="paste it into the control panel"):
        ring.signing_key()


def test_an_empty_ring_renames_nothing(ring):
    with pytest.raises(NotConfigured):
        ring.rename("K2JCJMDEHXQW5F")


def test_erasing_an_empty_ring_is_no_error(ring):
    assert ring.erase_all() is None


# store and use


@pytest.mark.parametrize("name", ["key_id", "algorithm", "fingerprint"])
def test_the_description_is_that_of_the_stored_key(ring, store, key, name):
    store(key)
    assert getattr(ring.describe(), name) == getattr(key, name)


def test_the_description_says_since_when(ring, store, key):
    before = int(time.time())
    store(key)
    assert before <= ring.describe().since <= time.time()


def test_the_description_has_these_fields_and_no_more(ring, store, key):
    store(key)
    assert set(vars(ring.describe())) == {
        *("key_id", "algorithm", "fingerprint", "since"),
        *("tested", "activated", "outside"),
    }


def test_the_stored_key_comes_back(ring, store, key):
    store(key)
    assert ring.signing_key().private_pem() == key.private_pem()


def test_the_stored_key_comes_back_with_its_id(ring, store, key):
    store(key)
    assert ring.signing_key().key_id == key.key_id


def test_the_last_key_activated_is_the_one(ring, store, signing_key, other_key):
    store(signing_key)
    store(other_key)
    assert ring.signing_key().fingerprint == other_key.fingerprint


def test_bytes_are_taken_as_well(ring, key):
    ring.store(pem=key.private_pem().encode(), key_id=key.key_id)
    assert ring.describe().fingerprint == key.fingerprint


def test_an_encrypted_key_is_stored_with_its_passphrase(ring, key):
    private = serialization.load_pem_private_key(key.private_pem().encode(), None)
    encrypted = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"opensesame"),
    )
    ring.store(pem=encrypted, key_id=key.key_id, passphrase="opensesame")
    assert ring.signing_key().fingerprint == key.fingerprint


@pytest.mark.parametrize(
    ("pem", "key_id"),
    [
        ("", "K2JCJMDEHXQW5F"),
        ("garbage", "K2JCJMDEHXQW5F"),
        ("-----BEGIN PRIVATE KEY-----\nZmFrZQ==\n-----END PRIVATE KEY-----", "K2JCJMDEHXQW5F"),
        (None, "K2JC JMDEHXQW5F"),
        (None, "K2JCJMDEHXQW5F\n"),
    ],
)
def test_what_is_refused_leaves_the_ring_as_it_was(ring, store, signing_key, other_key, pem, key_id):
    store(signing_key)
    with pytest.raises(InvalidKey):
        ring.store(pem=other_key.private_pem() if pem is None else pem, key_id=key_id)
    assert ring.describe().key_id == signing_key.key_id


def test_a_public_key_is_not_stored(ring, key):
    with pytest.raises(InvalidKey, match="Found a public key"):
        ring.store(pem=key.public_pem, key_id=key.key_id)


def test_without_an_id_no_first_key_is_stored(ring, key):
    with pytest.raises(IdRefused, match="Enter the id"):
        ring.store(pem=key.private_pem())
    assert ring.describe() is None


def test_the_same_key_stored_without_an_id_keeps_the_one_it_has(ring, store, key):
    store(key)
    ring.store(pem=key.private_pem())
    assert ring.signing_key().key_id == key.key_id


def test_the_next_key_stored_as_the_first_has_the_id_that_was_entered_for_it(ring, key):
    ring.store_next(pem=key.private_pem(), key_id="KWAITING")
    ring.store(pem=key.private_pem())
    assert (ring.signing_key().key_id, ring.describe("next")) == ("KWAITING", None)


def test_a_test_under_another_id_is_forgotten(ring, key):
    ring.store_next(pem=key.private_pem(), key_id="KWAITING")
    ring.note_tested(1)
    ring.activate(2)
    ring.store(pem=key.private_pem(), key_id="KNEWID")
    assert ring.describe().tested is None


def test_without_its_id_no_secret_file_is_made(file_site, without_secret, key):
    with pytest.raises(IdRefused):
        KeyRing().store(pem=key.private_pem())
    assert not file_site.secret_file.exists()


def test_where_another_key_signs_a_key_needs_no_id(ring, store, signing_key, other_key):
    store(signing_key)
    assert ring.store(pem=other_key.private_pem()) == "next"


# rename and erase


def test_renaming_changes_the_id(ring, store, key):
    store(key)
    ring.rename("APKAEXAMPLE")
    assert ring.describe().key_id == "APKAEXAMPLE"


def test_the_renamed_key_signs_under_its_new_id(ring, store, key):
    store(key)
    ring.signing_key()
    ring.rename("APKAEXAMPLE")
    assert ring.signing_key().key_id == "APKAEXAMPLE"


@pytest.mark.parametrize("name", ["fingerprint", "algorithm", "since"])
def test_renaming_keeps_the_rest(ring, store, key, name):
    store(key)
    before = getattr(ring.describe(), name)
    ring.rename("APKAEXAMPLE")
    assert getattr(ring.describe(), name) == before


@pytest.mark.parametrize("key_id", ["", "K 2", "K2\n", "K2/../", "é", "K" * 129])
def test_an_id_that_is_none_is_refused(ring, store, signing_key, key_id):
    store(signing_key)
    with pytest.raises(InvalidKey):
        ring.rename(key_id)
    assert ring.describe().key_id == signing_key.key_id


def test_an_erased_key_is_not_described(ring, store, key):
    store(key)
    ring.erase_all()
    assert ring.describe() is None


def test_an_erased_key_signs_no_more(ring, store, key):
    store(key)
    ring.signing_key()
    ring.erase_all()
    with pytest.raises(NotConfigured):
        ring.signing_key()


def test_erasing_leaves_no_annotation(portal, ring, store, key):
    store(key)
    ring.erase_all()
    assert ANNOTATION not in IAnnotations(portal)


# the secret


def test_without_a_secret_nothing_is_stored(portal, ring, store, key, without_secret):
    with pytest.raises(NoSecret):
        store(key)
    assert ANNOTATION not in IAnnotations(portal)


def test_with_a_short_secret_nothing_is_stored(portal, ring, store, key, monkeypatch):
    monkeypatch.setenv("CFPRIVATE_SECRET", "too short")
    with pytest.raises(NoSecret):
        store(key)
    assert ANNOTATION not in IAnnotations(portal)


@pytest.fixture(params=["gone", "other", "short", "a file that is missing"])
def locked(request, ring, store, signing_key, monkeypatch, tmp_path):
    """The ring with a key whose secret is no longer given; ``locked()`` gives it back."""
    store(signing_key)
    if request.param == "gone":
        monkeypatch.delenv("CFPRIVATE_SECRET")
    elif request.param == "other":
        monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
    elif request.param == "short":
        monkeypatch.setenv("CFPRIVATE_SECRET", "short")
    else:
        monkeypatch.delenv("CFPRIVATE_SECRET")
        monkeypatch.setenv("CFPRIVATE_SECRET_FILE", str(tmp_path / "missing"))
    return monkeypatch.undo


def test_a_key_without_its_secret_is_locked(ring, locked):
    with pytest.raises(KeyLocked, match="secret"):
        ring.signing_key()


def test_a_locked_key_is_described_still(ring, locked, signing_key):
    assert ring.describe().key_id == signing_key.key_id


def test_a_locked_key_opens_again_with_its_secret(ring, locked, signing_key):
    locked()
    assert ring.signing_key().fingerprint == signing_key.fingerprint


def test_a_key_that_is_stored_over_a_locked_one_waits(ring, store, signing_key, other_key, monkeypatch):
    store(signing_key)
    monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
    assert ring.store(pem=other_key.private_pem(), key_id=other_key.key_id) == "next"


def fingerprints(ring):
    """Those of the keys that open."""
    for slot in ("active", "previous"):
        with suppress(KeyLocked, NotConfigured):
            yield ring.signing_key(slot).fingerprint


def test_whatever_is_stored_over_a_locked_key_it_opens_again(ring, store, locked, signing_key, other_key):
    with suppress(NoSecret):
        store(other_key)
    locked()
    assert signing_key.fingerprint in fingerprints(ring)


def test_a_locked_key_is_not_renamed(ring, locked, signing_key):
    with pytest.raises(KeyLocked):
        ring.rename("APKAEXAMPLE")
    assert ring.describe().key_id == signing_key.key_id


def test_a_locked_key_can_be_erased(ring, locked):
    ring.erase_all()
    assert ring.describe() is None


def test_a_key_is_locked_even_where_it_was_used_before(ring, store, signing_key, monkeypatch):
    store(signing_key)
    ring.signing_key()
    monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
    with pytest.raises(KeyLocked):
        ring.signing_key()


# what is at rest


def test_the_annotation_holds_builtin_types_alone(portal, store, key):
    store(key)
    assert {type(part) for part in parts(IAnnotations(portal)[ANNOTATION])} == {dict, list, str, int}


def test_the_annotation_holds_no_part_of_the_key(portal, store, key):
    store(key)
    assert found(key.private_pem(), repr(IAnnotations(portal)[ANNOTATION]).encode()) == []


def test_the_token_hides_the_key_under_its_base64(portal, store, key):
    store(key)
    assert found(key.private_pem(), urlsafe_b64decode(IAnnotations(portal)[ANNOTATION]["active"]["token"])) == []


def test_a_part_of_the_key_would_be_found(key):
    assert len(found(key.private_pem(), f"x{key.private_pem()}x".encode())) == len(body(key.private_pem())) - 39


@pytest.fixture
def on_disk(file_site, key):
    """The bytes of the database's file after a key was stored, renamed, replaced and erased."""
    ring = KeyRing()
    ring.store(pem=key.private_pem(), key_id="FIRSTID")
    file_site.commit()
    ring.rename("SECONDID")
    file_site.commit()
    ring.store(pem=key.private_pem(), key_id="THIRDID")
    file_site.commit()
    ring.erase_all()
    file_site.commit()
    return file_site.read()


def test_the_file_of_the_database_holds_no_part_of_the_key(on_disk, key):
    assert found(key.private_pem(), on_disk) == []


def test_the_file_of_the_database_holds_no_bytes_of_the_key(on_disk, key):
    der = b64decode(body(key.private_pem()))
    assert [start for start in range(0, len(der) - 24, 8) if der[start : start + 24] in on_disk] == []


def test_the_file_of_the_database_holds_no_pem(on_disk):
    assert b"PRIVATE KEY" not in on_disk


def test_the_file_of_the_database_holds_no_secret(on_disk):
    assert SECRET.encode() not in on_disk


@pytest.mark.parametrize("key_id", [b"FIRSTID", b"SECONDID", b"THIRDID"])
def test_the_file_of_the_database_was_really_read(on_disk, key_id):
    assert key_id in on_disk


def test_the_database_names_no_class_of_ours(on_disk):
    # The one hit is the name of the annotation.
    assert on_disk.replace(b"collective.cfprivate.keyring", b"").count(b"collective.cfprivate") == 0


# with a file beside the database


@pytest.fixture
def own_file(file_site, without_secret):
    return file_site


def test_the_first_key_makes_the_secret_file(own_file, key):
    KeyRing().store(pem=key.private_pem(), key_id=key.key_id)
    assert own_file.secret_file.exists()


def test_the_key_comes_back_through_the_secret_file(own_file, key):
    KeyRing().store(pem=key.private_pem(), key_id=key.key_id)
    assert KeyRing().signing_key().fingerprint == key.fingerprint


@pytest.mark.parametrize("name", ["describe", "erase_all"])
def test_without_a_key_no_secret_file_is_made(own_file, name):
    getattr(KeyRing(), name)()
    assert not own_file.secret_file.exists()


def test_a_refused_key_makes_no_secret_file(own_file):
    with pytest.raises(InvalidKey):
        KeyRing().store(pem="garbage", key_id="K2JCJMDEHXQW5F")
    assert not own_file.secret_file.exists()


def test_a_lost_secret_file_locks_the_key_and_makes_no_other(own_file, signing_key, other_key):
    KeyRing().store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    own_file.secret_file.unlink()
    with pytest.raises(NoSecret):
        KeyRing().store(pem=other_key.private_pem(), key_id=other_key.key_id)
    assert not own_file.secret_file.exists()


def test_an_aborted_request_leaves_a_secret_that_serves_the_next(own_file, key):
    KeyRing().store(pem=key.private_pem(), key_id=key.key_id)
    own_file.abort()
    KeyRing().store(pem=key.private_pem(), key_id=key.key_id)
    assert KeyRing().signing_key().fingerprint == key.fingerprint


# reading writes nothing


def test_reading_an_empty_ring_registers_no_write(file_site):
    KeyRing().describe()
    outcome(KeyRing().signing_key)
    assert file_site.jar._registered_objects == []


def test_erasing_an_empty_ring_registers_no_write(file_site):
    KeyRing().erase_all()
    assert file_site.jar._registered_objects == []


READING = ["describe", "signing_key", "public_pem", "retired", "sealed_with_previous_secret"]
# Methods that want no slot.
OF_THE_WHOLE_RING = {"retired", "sealed_with_previous_secret"}


@pytest.fixture
def written(file_site, fill):
    """A site with a key in each slot, all of it committed."""
    fill()
    file_site.commit()
    return file_site


@pytest.mark.parametrize("slot", ["next", "active", "previous"])
@pytest.mark.parametrize("name", READING)
def test_reading_a_key_registers_no_write(written, name, slot):
    getattr(KeyRing(), name)(*() if name in OF_THE_WHOLE_RING else (slot,))
    assert written.jar._registered_objects == []


@pytest.mark.parametrize("name", ["signing_key", "public_pem"])
def test_failing_to_read_a_locked_key_registers_no_write(written, monkeypatch, name):
    monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
    with pytest.raises(KeyLocked):
        getattr(KeyRing(), name)("active")
    assert written.jar._registered_objects == []


@pytest.mark.parametrize("name", READING)
def test_reading_with_a_key_of_the_environment_registers_no_write(written, outside, name):
    outside.give()
    getattr(KeyRing(), name)(*() if name in OF_THE_WHOLE_RING else ("active",))
    assert written.jar._registered_objects == []


def test_storing_a_key_registers_a_write(file_site, key):
    KeyRing().store(pem=key.private_pem(), key_id=key.key_id)
    assert file_site.jar._registered_objects != []


# nothing is told


@pytest.mark.parametrize("show", [repr, str])
def test_the_description_tells_no_key(ring, store, key, show):
    store(key)
    assert found(key.private_pem(), show(ring.describe()).encode()) == []


@pytest.mark.parametrize("show", [repr, str])
def test_the_key_in_hand_tells_nothing_by_itself(ring, store, key, show):
    store(key)
    assert found(key.private_pem(), show(ring.signing_key()).encode()) == []


@pytest.mark.parametrize("key_id", ["", "K2 blank"])
def test_the_refusal_of_an_id_tells_no_key(ring, key, key_id):
    told = outcome(lambda: ring.store(pem=key.private_pem(), key_id=key_id))
    assert found(key.private_pem(), told.encode()) == []


def test_the_refusal_of_a_damaged_key_tells_no_key(ring, key):
    damaged = key.private_pem().replace("-----END", "AAAA\n-----END")
    told = outcome(lambda: ring.store(pem=damaged, key_id=key.key_id))
    assert found(key.private_pem(), told.encode()) == []


def test_a_locked_ring_tells_no_secret(ring, store, key, monkeypatch):
    store(key)
    monkeypatch.setenv("CFPRIVATE_SECRET", OTHER_SECRET)
    assert OTHER_SECRET not in outcome(ring.signing_key)


def test_a_generated_key_is_whole(key):
    assert SigningKey.from_pem(key.private_pem(), key.key_id).fingerprint == key.fingerprint
