"""A sealed key opens with the secret that sealed it, and with nothing else."""

from base64 import urlsafe_b64decode
from base64 import urlsafe_b64encode
from collective.cfprivate.exceptions import KeyLocked
from collective.cfprivate.keyring.seal import seal
from collective.cfprivate.keyring.seal import unseal
from cryptography.fernet import Fernet

import hashlib
import hmac
import pytest


TEXT = "-----BEGIN PRIVATE KEY-----\nZmFrZQ==\n-----END PRIVATE KEY-----\n"
SECRET = "correct-horse-battery-staple-0123"


def changed(token, position):
    """``token`` with one bit of the byte at ``position`` turned."""
    data = bytearray(urlsafe_b64decode(token))
    data[position] ^= 1
    return urlsafe_b64encode(bytes(data)).decode()


@pytest.mark.parametrize("text", [TEXT, "", "ключ 鍵", "x" * 4000])
def test_what_was_sealed_comes_back(text):
    assert unseal(seal(text, secrets=(SECRET,)), secrets=(SECRET,)) == text


def test_a_secret_of_any_language_works():
    assert unseal(seal(TEXT, secrets=("秘密" * 16,)), secrets=("秘密" * 16,)) == TEXT


def test_the_token_is_plain_ascii():
    assert seal(TEXT, secrets=(SECRET,)).isascii()


def test_the_token_does_not_hold_the_text():
    assert b"BEGIN PRIVATE KEY" not in urlsafe_b64decode(seal(TEXT, secrets=(SECRET,)))


def test_no_two_tokens_of_a_text_are_alike():
    assert seal(TEXT, secrets=(SECRET,)) != seal(TEXT, secrets=(SECRET,))


def test_the_token_opens_with_the_recipe_of_rfc_5869_and_fernet():
    extracted = hmac.digest(bytes(32), SECRET.encode(), hashlib.sha256)
    expanded = hmac.digest(extracted, b"collective.cfprivate.keyring\x01", hashlib.sha256)
    assert Fernet(urlsafe_b64encode(expanded)).decrypt(seal(TEXT, secrets=(SECRET,))).decode() == TEXT


@pytest.mark.parametrize("other", [SECRET.upper(), SECRET + " ", SECRET[:-1], ""])
def test_another_secret_does_not_open_it(other):
    token = seal(TEXT, secrets=(SECRET,))
    with pytest.raises(KeyLocked, match="encrypted with another secret"):
        unseal(token, secrets=(other,))


# version, time, initialisation vector, cipher text, mac
@pytest.mark.parametrize("position", [0, 5, 12, 30, -1])
def test_a_token_changed_in_one_bit_does_not_open(position):
    token = changed(seal(TEXT, secrets=(SECRET,)), position)
    with pytest.raises(KeyLocked):
        unseal(token, secrets=(SECRET,))


@pytest.mark.parametrize("token", ["", "gAAAAA", "no token at all"])
def test_what_is_no_token_does_not_open(token):
    with pytest.raises(KeyLocked):
        unseal(token, secrets=(SECRET,))


def test_the_message_says_how_to_give_the_secret():
    with pytest.raises(KeyLocked, match="CFPRIVATE_SECRET or CFPRIVATE_SECRET_FILE"):
        unseal("", secrets=(SECRET,))


def test_the_message_holds_no_secret():
    with pytest.raises(KeyLocked) as caught:
        unseal("", secrets=(SECRET,))
    assert SECRET not in str(caught.value)
