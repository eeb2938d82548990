"""The secret rotates too: the old one opens still, until every key is sealed with the new one."""

from collective.cfprivate.exceptions import KeyLocked
from collective.cfprivate.keyring.ring import KeyRing
from collective.cfprivate.keyring.seal import seal
from collective.cfprivate.keyring.seal import seal_anew
from collective.cfprivate.keyring.seal import unseal
from collective.cfprivate.keyring.secret import problem_with_previous
from collective.cfprivate.settings import environment
from layers import SECRET
from zope.annotation.interfaces import IAnnotations
from zope.i18n import translate

import pytest


ANNOTATION = "collective.cfprivate.keyring"
NEW = "the-secret-that-comes-after-the-first-one"
SHORT = "only-31-characters-of-a-secret!"
TEXT = "a text of no matter"
SLOTS = ["next", "active", "previous"]


@pytest.fixture
def give(monkeypatch):
    """A function that has the environment give a secret, and a previous one or none."""

    def give_secrets(secret, previous=None):
        monkeypatch.setenv("CFPRIVATE_SECRET", secret)
        if previous is None:
            monkeypatch.delenv("CFPRIVATE_PREVIOUS_SECRET", raising=False)
        else:
            monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET", previous)

    return give_secrets


@pytest.fixture
def both(full, give):
    """A full ring, sealed with a secret that is now the previous one."""
    give(NEW, SECRET)
    return full


# tokens


def test_a_token_opens_with_either_secret():
    assert unseal(seal(TEXT, secrets=(SECRET,)), secrets=(NEW, SECRET)) == TEXT


def test_the_first_secret_seals():
    assert unseal(seal(TEXT, secrets=(NEW, SECRET)), secrets=(NEW,)) == TEXT


def test_the_second_secret_does_not_seal():
    with pytest.raises(KeyLocked):
        unseal(seal(TEXT, secrets=(NEW, SECRET)), secrets=(SECRET,))


def test_a_token_sealed_anew_opens_with_the_first_secret_alone():
    assert unseal(seal_anew(seal(TEXT, secrets=(SECRET,)), secrets=(NEW, SECRET)), secrets=(NEW,)) == TEXT


def test_a_token_sealed_anew_opens_with_the_old_secret_no_more():
    token = seal_anew(seal(TEXT, secrets=(SECRET,)), secrets=(NEW, SECRET))
    with pytest.raises(KeyLocked):
        unseal(token, secrets=(SECRET,))


@pytest.mark.parametrize("token", ["", "no token at all"])
def test_what_is_no_token_is_not_sealed_anew(token):
    with pytest.raises(KeyLocked):
        seal_anew(token, secrets=(NEW, SECRET))


def test_a_token_of_a_third_secret_is_not_sealed_anew():
    token = seal(TEXT, secrets=(NEW.upper(),))
    with pytest.raises(KeyLocked):
        seal_anew(token, secrets=(NEW, SECRET))


# the ring


@pytest.mark.parametrize("slot", SLOTS)
def test_every_key_opens_with_the_previous_secret(both, keys, slot):
    assert both.signing_key(slot).fingerprint == getattr(keys, slot).fingerprint


@pytest.mark.parametrize("slot", SLOTS)
def test_sealed_anew_every_key_opens_with_the_new_secret_alone(both, give, keys, slot):
    both.seal_anew()
    give(NEW)
    assert both.signing_key(slot).fingerprint == getattr(keys, slot).fingerprint


@pytest.mark.parametrize("slot", SLOTS)
def test_sealed_anew_no_key_opens_with_the_old_secret(both, give, slot):
    both.seal_anew()
    give(SECRET)
    with pytest.raises(KeyLocked):
        both.signing_key(slot)


@pytest.mark.parametrize("slot", SLOTS)
def test_not_sealed_anew_every_key_is_locked_without_the_old_secret(both, give, slot):
    give(NEW)
    with pytest.raises(KeyLocked):
        both.signing_key(slot)


def test_sealing_anew_changes_nothing_that_is_shown(both):
    def shown():
        return [both.describe(slot) for slot in SLOTS], both.retired()

    before = shown()
    both.seal_anew()
    assert shown() == before


def test_sealing_an_empty_ring_anew_registers_no_write(file_site):
    KeyRing().seal_anew()
    assert file_site.jar._registered_objects == []


def test_a_key_stored_with_two_secrets_opens_with_the_new_one(both, give, keys, other_key):
    both.erase("next")
    both.store_next(pem=other_key.private_pem(), key_id=other_key.key_id)
    give(NEW)
    assert both.signing_key("next").fingerprint == other_key.fingerprint


# whether one has to


def test_with_one_secret_there_is_no_previous_one(full):
    assert full.sealed_with_previous_secret() is False


def test_an_empty_ring_is_not_sealed_with_the_previous_secret(ring, give):
    give(NEW, SECRET)
    assert ring.sealed_with_previous_secret() is False


def test_a_ring_sealed_before_is_sealed_with_the_previous_secret(both):
    assert both.sealed_with_previous_secret() is True


def test_a_ring_sealed_anew_is_so_no_more(both):
    both.seal_anew()
    assert both.sealed_with_previous_secret() is False


@pytest.mark.parametrize("slot", SLOTS)
def test_one_key_is_enough(portal, both, slot):
    before = IAnnotations(portal)[ANNOTATION]
    both.seal_anew()
    IAnnotations(portal)[ANNOTATION] = {**IAnnotations(portal)[ANNOTATION], slot: before[slot]}
    assert both.sealed_with_previous_secret() is True


def test_with_the_secrets_the_other_way_round_nothing_has_to_be_sealed_anew(full, give):
    give(SECRET, NEW)
    assert full.sealed_with_previous_secret() is False


def test_the_same_secret_twice_is_one(full, give):
    give(SECRET, SECRET)
    assert full.sealed_with_previous_secret() is False


# a key that neither opens


@pytest.fixture
def one_locked(portal, both):
    """The ring with an active key that a third secret sealed."""
    slots = IAnnotations(portal)[ANNOTATION]
    foreign = {**slots["active"], "token": seal(TEXT, secrets=(NEW.upper(),))}
    IAnnotations(portal)[ANNOTATION] = {**slots, "active": foreign}
    return both


def test_a_locked_key_is_not_sealed_anew(one_locked):
    with pytest.raises(KeyLocked, match="The key KACTIVE was encrypted with a secret that Zope does not have"):
        one_locked.seal_anew()


@pytest.mark.parametrize("slot", ["next", "previous"])
def test_beside_a_locked_key_the_others_open_whatever_was_tried(one_locked, keys, slot):
    with pytest.raises(KeyLocked):
        one_locked.seal_anew()
    assert one_locked.signing_key(slot).fingerprint == getattr(keys, slot).fingerprint


def test_beside_a_locked_key_the_others_have_to_be_sealed_anew(one_locked):
    assert one_locked.sealed_with_previous_secret() is True


# a previous secret that is none


@pytest.fixture(params=["the secret itself", "a short file", "a missing file"])
def unusable(request, monkeypatch, tmp_path):
    """What is wrong with the previous secret of the environment."""
    if request.param == "the secret itself":
        monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET", SHORT)
        return "The previous secret in CFPRIVATE_PREVIOUS_SECRET cannot be used"
    monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET_FILE", str(tmp_path / "old"))
    if request.param == "a short file":
        (tmp_path / "old").write_text(SHORT, encoding="utf-8")
    return "The previous secret in CFPRIVATE_PREVIOUS_SECRET_FILE cannot be used"


def test_what_is_wrong_with_the_previous_secret_is_told(portal, unusable):
    assert unusable in translate(problem_with_previous(environment()))


def test_what_is_wrong_does_not_tell_the_secret(portal, unusable):
    assert SHORT not in translate(problem_with_previous(environment()))


def test_it_keeps_no_key_from_opening(full, unusable, keys):
    assert full.signing_key().fingerprint == keys.active.fingerprint


def test_it_keeps_no_key_from_being_stored(ring, unusable, keys):
    ring.store(pem=keys.active.private_pem(), key_id="K1")
    assert ring.signing_key().fingerprint == keys.active.fingerprint


@pytest.mark.parametrize("previous", [None, NEW])
def test_of_none_and_of_a_good_one_there_is_nothing_to_tell(portal, give, previous):
    give(SECRET, previous)
    assert problem_with_previous(environment()) is None


# from files


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "old"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    return str(path)


def test_the_previous_secret_can_be_in_a_file(full, give, keys, monkeypatch, old_file):
    give(NEW)
    monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET_FILE", old_file)
    assert full.signing_key().fingerprint == keys.active.fingerprint


def test_the_previous_secret_itself_goes_before_its_file(full, give, monkeypatch, old_file):
    give(NEW, NEW.upper())
    monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET_FILE", old_file)
    with pytest.raises(KeyLocked):
        full.signing_key()


def test_a_secret_moves_from_beside_the_database_to_the_environment(file_site, without_secret, fill, keys, monkeypatch):
    fill()
    monkeypatch.setenv("CFPRIVATE_SECRET", NEW)
    monkeypatch.setenv("CFPRIVATE_PREVIOUS_SECRET_FILE", str(file_site.secret_file))
    KeyRing().seal_anew()
    monkeypatch.delenv("CFPRIVATE_PREVIOUS_SECRET_FILE")
    file_site.secret_file.unlink()
    assert KeyRing().signing_key().fingerprint == keys.active.fingerprint
