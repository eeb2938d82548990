"""The secret comes from the environment, else from a file beside this process's own database, else not at all."""

from collective.cfprivate.exceptions import NoSecret
from collective.cfprivate.keyring.secret import find_or_make_secrets
from collective.cfprivate.keyring.secret import find_secrets
from collective.cfprivate.settings import Environment
from ZODB.blob import BlobStorage
from ZODB.DemoStorage import DemoStorage
from ZODB.FileStorage import FileStorage
from ZODB.MappingStorage import MappingStorage

import os
import pytest
import stat


GIVEN = "given-by-the-environment-0123456789"
FILED = "kept-in-a-file-by-the-administrator-"
THIRTY_ONE = "only-31-characters-of-a-secret!"


@pytest.fixture
def storage(tmp_path):
    storage = FileStorage(str(tmp_path / "Data.fs"))
    yield storage
    storage.close()


@pytest.fixture
def beside(tmp_path):
    """Where the file beside the database is, or would be."""
    return tmp_path / "Data.fs.cfprivate-secret"


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"{FILED}\n", encoding="utf-8")
    return path


both = pytest.mark.parametrize("find", [find_secrets, find_or_make_secrets])


# from the environment


@both
def test_the_environment_gives_the_secret(find, storage):
    assert find(Environment(secret=GIVEN), storage) == (GIVEN,)


@both
def test_a_file_named_by_the_environment_gives_the_secret(find, storage, secret_file):
    assert find(Environment(secret_file=str(secret_file)), storage) == (FILED,)


@both
def test_the_secret_itself_goes_before_the_file(find, storage, secret_file):
    assert find(Environment(secret=GIVEN, secret_file=str(secret_file)), storage) == (GIVEN,)


@both
@pytest.mark.parametrize("kind", [MappingStorage, DemoStorage])
def test_a_given_secret_needs_no_file_storage(find, kind):
    assert find(Environment(secret=GIVEN), kind()) == (GIVEN,)


def test_with_a_given_secret_no_file_is_made(storage, beside):
    find_or_make_secrets(Environment(secret=GIVEN), storage)
    assert not beside.exists()


@both
def test_a_secret_of_32_characters_is_long_enough(find, storage):
    assert find(Environment(secret=THIRTY_ONE + "!"), storage) == (THIRTY_ONE + "!",)


@both
@pytest.mark.parametrize("values", [{"secret": THIRTY_ONE}, {"secret": "x"}])
def test_a_short_secret_is_refused(find, storage, values):
    with pytest.raises(NoSecret, match=r"CFPRIVATE_SECRET has .* needs at least 32: make one with python3"):
        find(Environment(**values), storage)


@both
def test_a_short_secret_in_a_file_is_refused(find, storage, secret_file):
    secret_file.write_text(THIRTY_ONE, encoding="utf-8")
    with pytest.raises(NoSecret, match="CFPRIVATE_SECRET_FILE has 31 characters"):
        find(Environment(secret_file=str(secret_file)), storage)


def test_the_refusal_of_a_short_secret_does_not_tell_it(storage):
    with pytest.raises(NoSecret) as caught:
        find_secrets(Environment(secret=THIRTY_ONE), storage)
    assert THIRTY_ONE not in str(caught.value)


def test_a_short_secret_is_not_replaced_by_a_file(storage, beside):
    with pytest.raises(NoSecret):
        find_or_make_secrets(Environment(secret=THIRTY_ONE), storage)
    assert not beside.exists()


@both
def test_a_missing_secret_file_is_named_with_the_reason(find, storage, tmp_path):
    with pytest.raises(NoSecret, match=r"CFPRIVATE_SECRET_FILE cannot be read \(FileNotFoundError\)"):
        find(Environment(secret_file=str(tmp_path / "nowhere")), storage)


@both
def test_a_folder_is_no_secret_file(find, storage, tmp_path):
    with pytest.raises(NoSecret, match="IsADirectoryError"):
        find(Environment(secret_file=str(tmp_path)), storage)


@both
def test_a_secret_file_of_bytes_that_are_no_text_is_refused(find, storage, secret_file):
    secret_file.write_bytes(b"\xff" * 40)
    with pytest.raises(NoSecret, match="cannot be read"):
        find(Environment(secret_file=str(secret_file)), storage)


@both
@pytest.mark.parametrize("length", [32, 65_536])
def test_a_file_may_be_as_long_as_that(find, storage, secret_file, length):
    secret_file.write_text("x" * length, encoding="utf-8")
    assert find(Environment(secret_file=str(secret_file)), storage) == ("x" * length,)


@both
def test_a_file_that_is_no_secret_by_its_length_is_refused(find, storage, secret_file):
    secret_file.write_text("x" * 65_537, encoding="utf-8")
    with pytest.raises(NoSecret, match="cannot be read"):
        find(Environment(secret_file=str(secret_file)), storage)


@both
def test_an_empty_secret_file_is_refused(find, storage, secret_file):
    secret_file.write_text("\n", encoding="utf-8")
    with pytest.raises(NoSecret, match="has 0 characters"):
        find(Environment(secret_file=str(secret_file)), storage)


# from the file beside the database


def test_a_file_is_made_beside_the_database(storage, beside):
    (secret,) = find_or_make_secrets(Environment(), storage)
    assert beside.read_text(encoding="utf-8") == f"{secret}\n"


def test_the_made_secret_has_256_bits(storage):
    assert len(find_or_make_secrets(Environment(), storage)[0]) == 43  # 32 bytes in base64 without padding


def test_the_made_file_is_for_its_owner_alone(storage, beside):
    before = os.umask(0)
    try:
        find_or_make_secrets(Environment(), storage)
    finally:
        os.umask(before)
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root gives files away.")
def test_what_root_makes_is_for_the_owner_of_the_database(storage, beside):
    os.chown(storage.getName(), 12345, 23456)
    find_or_make_secrets(Environment(), storage)
    assert (beside.stat().st_uid, beside.stat().st_gid) == (12345, 23456)


@both
def test_the_made_secret_is_found_again(find, storage):
    assert find_or_make_secrets(Environment(), storage) == find(Environment(), storage)


def test_no_two_databases_get_the_same_secret(storage, beside):
    first = find_or_make_secrets(Environment(), storage)
    beside.unlink()
    assert find_or_make_secrets(Environment(), storage) != first


def test_looking_makes_no_file(storage, beside):
    with pytest.raises(NoSecret):
        find_secrets(Environment(), storage)
    assert not beside.exists()


def test_a_given_secret_goes_before_the_file_beside(storage):
    find_or_make_secrets(Environment(), storage)
    assert find_secrets(Environment(secret=GIVEN), storage) == (GIVEN,)


@both
def test_a_damaged_file_is_not_overwritten(find, storage, beside):
    beside.write_text("", encoding="utf-8")
    with pytest.raises(NoSecret, match=r"Data\.fs\.cfprivate-secret has 0 characters"):
        find(Environment(), storage)


def test_a_link_set_in_its_place_is_not_followed(storage, beside, tmp_path):
    beside.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NoSecret, match="cannot be made"):
        find_or_make_secrets(Environment(), storage)
    assert not (tmp_path / "elsewhere").exists()


# no secret


@both
@pytest.mark.parametrize("kind", [MappingStorage, DemoStorage])
def test_a_database_that_others_may_share_gets_no_file(find, kind):
    with pytest.raises(NoSecret, match="give it to every Zope client as CFPRIVATE_SECRET"):
        find(Environment(), kind())


def test_a_database_over_a_file_of_its_own_gets_no_file(storage, beside):
    with pytest.raises(NoSecret):
        find_or_make_secrets(Environment(), DemoStorage(base=storage))
    assert not beside.exists()


@pytest.fixture
def recipe_storage(tmp_path):
    """The storage as plone.recipe.zope2instance writes it: <blobstorage> around <filestorage>."""
    storage = BlobStorage(str(tmp_path / "blobs"), FileStorage(str(tmp_path / "Data.fs")))
    yield storage
    storage.close()


def test_a_blob_storage_around_a_file_is_the_process_own(recipe_storage, tmp_path):
    find_or_make_secrets(Environment(), recipe_storage)
    assert (tmp_path / "Data.fs.cfprivate-secret").exists()


def test_a_blob_storage_around_another_storage_is_not(tmp_path):
    with pytest.raises(NoSecret):
        find_or_make_secrets(Environment(), BlobStorage(str(tmp_path / "blobs"), MappingStorage()))
