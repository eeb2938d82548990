"""The files of the database hold keys only sealed, and the secret nowhere."""

from canary_storage import STORAGE

import pytest
import re


SEALED = re.compile(rb"gAAAA[\w-]{100,}={0,2}")
SECRET_FILE = "Data.fs.cfprivate-secret"


def sealed(contents):
    return {token for content in contents.values() for token in SEALED.findall(content)}


@pytest.mark.parametrize("state", STORAGE)
def test_tells_no_key(evidence, state):
    assert evidence.canaries.found_in_each(evidence.storage[state]) == {}


def test_control_the_database_has_every_key_sealed(evidence):
    """Those that were stored, made, kept and replaced: seven, and three were refused."""
    ways = {"stored", "replaced_by", "kept_as_next", "generated", "pasted", "uploaded", "with_passphrase", "patched"}
    assert len(sealed(evidence.storage["rotated"])) >= len(ways)


def test_control_the_raw_file_and_its_records_hold_the_same(evidence):
    contents = evidence.storage["rotated"]
    records = {name: content for name, content in contents.items() if name.startswith("record")}
    assert sealed({"": contents["Data.fs"]}) == sealed(records) != set()


def test_packing_leaves_only_what_the_ring_holds(evidence):
    assert len(sealed({"": evidence.storage["packed"]["Data.fs"]})) == len(evidence.slots)


def test_erasing_and_packing_leaves_no_sealed_key(evidence):
    assert sealed(evidence.storage["erased and packed"]) == set()


# a secret that Zope made


def test_the_secret_beside_the_database_is_in_its_file_alone(evidence):
    secret = evidence.beside[SECRET_FILE].strip()
    assert [name for name, content in evidence.beside.items() if secret in content] == [SECRET_FILE]


def test_a_key_sealed_with_it_is_nowhere(evidence):
    assert evidence.canaries.found_in_each(evidence.beside) == {}


def test_control_that_key_is_there_sealed(evidence):
    assert len(sealed({"": evidence.beside["Data.fs"]})) == 1
