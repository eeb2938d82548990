"""Finds the secret that encrypts the key ring: from the environment, else from a file beside the Data.fs."""

from ..exceptions import NoSecret
from ..settings import Settings
from pathlib import Path
from ZODB.FileStorage import FileStorage

import os
import secrets


SHORTEST = 32
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def find_secret(settings: Settings, storage) -> str:
    """The secret, of at least 32 characters; raises ``NoSecret`` that tells how to give one."""
    if settings.secret:
        return _checked(settings.secret, "CFPRIVATE_SECRET")
    if settings.secret_file:
        return _checked(_read(Path(settings.secret_file)), "CFPRIVATE_SECRET_FILE")
    beside = _file_beside(storage)
    if beside is None or not beside.exists():
        raise NoSecret(
            "Zope has no secret with which to encrypt the private key. Make one with "
            f"{MAKE_ONE} and give it to every Zope client as CFPRIVATE_SECRET, or in a file as CFPRIVATE_SECRET_FILE."
        )
    return _checked(_read(beside), beside.name)


def find_or_make_secret(settings: Settings, storage) -> str:
    """Like ``find_secret``; makes a file (mode 0600) beside a FileStorage that is this process's own."""
    beside = _file_beside(storage)
    given = settings.secret or settings.secret_file
    if not given and beside is not None and not beside.exists():
        _write(beside, secrets.token_urlsafe(SHORTEST))
    return find_secret(settings, storage)


def _file_beside(storage) -> Path | None:
    # With ZEO or RelStorage other processes need the secret too, and a file here would not reach them.
    if not isinstance(storage, FileStorage):
        return None
    return Path(f"{storage.getName()}.cfprivate-secret")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoSecret(f"The secret in {path} cannot be read ({type(error).__name__}): mend or remove it.") from None


def _write(path: Path, secret: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise NoSecret(
            f"The secret file {path} cannot be made ({type(error).__name__}): see who may write there."
        ) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{secret}\n")
        file.flush()
        os.fsync(file.fileno())


def _checked(secret: str, source: str) -> str:
    if len(secret) < SHORTEST:
        raise NoSecret(
            f"The secret in {source} has {len(secret)} characters and needs at least {SHORTEST}: "
            f"make one with {MAKE_ONE}."
        )
    return secret
