"""Files that are named on the command line, and standard input.

No message repeats the name of a file: people also give the text of a key where a file is wanted.
"""

from pathlib import Path

import click
import os
import sys


#: More bytes than any key, URL or passphrase has.
LARGEST = 65537


class FileExists(click.ClickException):
    """A file that would have to be overwritten: exit code 1."""


def read_file(name: str, *, option: str) -> bytes:
    """The first 65,537 bytes of the file that `option` names; click.UsageError if it cannot be read."""
    try:
        with open(name, "rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise click.UsageError(f"The file of {option} cannot be read ({error.strerror}).") from None


def read_standard_input() -> bytes:
    """The first 65,537 bytes of standard input; click.UsageError if it is closed."""
    if sys.stdin is None:
        raise click.UsageError("Standard input is closed.")
    return sys.stdin.buffer.read(LARGEST)


def create_file(path: Path, text: str, *, mode: int, option: str) -> None:
    """Write the ASCII `text` to a new file with the permissions `mode`, which the umask may narrow.

    FileExists if there is anything of that name, also a symbolic link that leads nowhere; click.UsageError if it
    cannot be written. Neither leaves a part of the file behind.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        _write(descriptor, path, text)
    except FileExistsError:
        raise FileExists(f"The file of {option} exists, and is never overwritten. Give a new name.") from None
    except OSError as error:
        raise click.UsageError(f"The file of {option} cannot be written ({error.strerror}).") from None


def _write(descriptor: int, path: Path, text: str) -> None:
    try:
        with open(descriptor, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        path.unlink()
        raise
