"""Finds the secret that encrypts the key ring: from the environment, else from a file beside the Data.fs."""

from ..exceptions import NoSecret
from ..exceptions import SecretMissing
from ..i18n import _
from ..settings import Environment
from functools import lru_cache
from pathlib import Path
from ZODB.blob import BlobStorage
from ZODB.FileStorage import FileStorage
from zope.i18nmessageid import Message

import errno
import os
import secrets


SHORTEST = 32
LONGEST = 65536  # bytes of a file
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def find_secrets(given: Environment, storage) -> tuple[str, ...]:
    """The secret that encrypts, and behind it the one before where that can be used; each has at least 32 characters.

    Raises ``NoSecret`` that tells how to give one.
    """
    secret = _given(given.secret, given.secret_file, "CFPRIVATE_SECRET") or _from_beside(storage)
    before, _problem = _before(given)
    return (secret, before) if before else (secret,)


def problem_with_previous(given: Environment) -> Message | None:
    """Why the secret before cannot be used, though one is given. What the secret in force opens stays open."""
    return _before(given)[1]


def find_or_make_secrets(given: Environment, storage) -> tuple[str, ...]:
    """Like ``find_secrets``; makes a file (mode 0600) beside a FileStorage that is this process's own."""
    beside = _file_beside(storage)
    is_given = given.secret or given.secret_file
    if not is_given and beside is not None and not beside.exists():
        _make(beside, owner_of=Path(storage.getName()))
    return find_secrets(given, storage)


def _before(given: Environment) -> tuple[str | None, Message | None]:
    try:
        secret = _given(given.previous_secret, given.previous_secret_file, "CFPRIVATE_PREVIOUS_SECRET")
    except NoSecret as error:
        return None, _(
            "problem_previous_secret",
            default="The previous secret in ${source} cannot be used: give the one that was in force before, or remove it. "
            "Keys that are encrypted with it are locked; others are not.",
            mapping={"source": error.args[0].mapping["source"]},
        )
    return secret, None


def _given(secret: str, file: str, variable: str) -> str | None:
    if secret:
        return _checked(secret, variable)
    return _checked(_read(Path(file), f"{variable}_FILE"), f"{variable}_FILE") if file else None


def _from_beside(storage) -> str:
    beside = _file_beside(storage)
    if beside is None:
        raise _missing()
    try:
        secret = _content(beside)
    except FileNotFoundError:
        raise _missing() from None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(beside.name, error) from None
    return _checked(secret, beside.name)


def _missing() -> SecretMissing:
    return SecretMissing(
        _(
            "problem_no_secret",
            default="Zope has no secret with which to encrypt the private key. Make one with ${command} and give it "
            "to every Zope client as CFPRIVATE_SECRET, or in a file as CFPRIVATE_SECRET_FILE.",
            mapping={"command": MAKE_ONE},
        )
    )


def _file_beside(storage) -> Path | None:
    # With ZEO or RelStorage other processes need the secret too, and a file here would not reach them.
    if isinstance(storage, BlobStorage):
        # What <blobstorage> puts around a storage; the recipes of buildout write it.
        storage = storage._BlobStorage__storage
    return _path_beside(storage.getName()) if type(storage) is FileStorage else None


@lru_cache(maxsize=16)
def _path_beside(data_fs: str) -> Path:
    # Asked for each signature, and a path takes longer to make than the file to find.
    return Path(f"{data_fs}.cfprivate-secret")


def _read(path: Path, source: str) -> str:
    try:
        return _content(path)
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(source, error) from None


def _content(path: Path) -> str:
    # Read for each signature: a file object would ask the system nine times, not three.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        content = os.read(descriptor, LONGEST + 1)
    finally:
        os.close(descriptor)
    if len(content) > LONGEST:
        raise OSError(errno.EFBIG, "Too long for a secret")
    return content.decode("utf-8").strip()


def _unreadable(source: str, error: Exception) -> NoSecret:
    return NoSecret(
        _(
            "problem_secret_unreadable",
            default="The secret in ${source} cannot be read (${error}): mend or remove it.",
            # Not the path: somebody may have put the secret itself where its file is wanted.
            mapping={"source": source, "error": type(error).__name__},
        )
    )


def _make(path: Path, *, owner_of: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            _give_to_owner(file, owner_of)
            file.write(f"{secrets.token_urlsafe(SHORTEST)}\n")
            file.flush()
            os.fsync(file.fileno())
        _keep_name(path.parent)
    except OSError as error:
        raise NoSecret(
            _(
                "problem_secret_unwritable",
                default="The secret file ${path} cannot be made (${error}): see who may write there.",
                mapping={"path": str(path), "error": type(error).__name__},
            )
        ) from None


def _give_to_owner(file, owner_of: Path) -> None:
    """Let Zope, which runs as somebody else, read what a command that root runs made."""
    if os.geteuid() == 0:
        owner = owner_of.stat()
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)


def _keep_name(folder: Path) -> None:
    """See to it that a crash does not forget the name: it may be the only way to a key."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checked(secret: str, source: str) -> str:
    if len(secret) < SHORTEST:
        raise NoSecret(
            _(
                "problem_secret_short",
                default="The secret in ${source} has ${length} characters and needs at least ${shortest}: "
                "make one with ${command}.",
                mapping={"source": source, "length": len(secret), "shortest": SHORTEST, "command": MAKE_ONE},
            )
        )
    return secret
