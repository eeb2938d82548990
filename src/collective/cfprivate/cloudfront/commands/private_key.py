"""Where the commands find a private key and its passphrase: files, standard input, environment, terminal."""

from ..keys import LONGEST_PASSPHRASE
from ..keys import SigningKey
from ..pem import find_private_block
from ..pem import is_encrypted
from ..signer import Signer
from .files import read_file
from .files import read_standard_input
from .options import Choice
from collections.abc import Callable
from functools import wraps

import click
import os
import sys


KEY_TEXT = "CFPRIVATE_PRIVATE_KEY"
KEY_FILE = "CFPRIVATE_PRIVATE_KEY_FILE"
KEY_PAIR_ID = "CFPRIVATE_KEY_PAIR_ID"
PASSPHRASE = "CFPRIVATE_PASSPHRASE"  # ruff: ignore[hardcoded-password-string]


def signer_options(function: Callable) -> Callable:
    """Add --key-pair-id, --private-key, --passphrase-file and --hash; `function` gets a `signer`."""

    @click.option(
        "--key-pair-id",
        required=True,
        envvar=KEY_PAIR_ID,
        show_envvar=True,
        metavar="ID",
        help="CloudFront's id of the key.",
    )
    @click.option(
        "--private-key",
        metavar="FILE",
        help=f"PEM file, or - for standard input.  [env var: {KEY_FILE}, or the text itself in {KEY_TEXT}]",
    )
    @passphrase_option
    @click.option(
        "--hash",
        "hash_algorithm",
        type=Choice(["sha1", "sha256"], case_sensitive=False),
        default="sha1",
        show_default=True,
        help="Hash of the signature.",
    )
    @wraps(function)
    def with_signer(
        key_pair_id: str, private_key: str | None, passphrase_file: str | None, hash_algorithm: str, **others: object
    ) -> object:
        pem = _find_private_key(private_key)
        passphrase = find_passphrase(passphrase_file) or _ask(pem)
        key = SigningKey.from_pem(pem, key_pair_id, passphrase)
        return function(signer=Signer(key, hash_algorithm.upper()), **others)

    return with_signer


def passphrase_option(function: Callable) -> Callable:
    """Add --passphrase-file; `function` gets its name, for `find_passphrase`."""
    text = (
        f"File with the passphrase of the private key in its first line.  [env var: {PASSPHRASE} for the text itself]"
    )
    return click.option("--passphrase-file", metavar="FILE", help=text)(function)


def find_passphrase(file: str | None) -> bytes | None:
    """The first line of `file`, or what the environment holds if there is no `file`; None if there is neither.

    click.UsageError if `file` cannot be read, for an empty line (it would mean: no passphrase), and for a text that is
    over 1,023 bytes.
    """
    if file is None:
        passphrase = os.fsencode(os.environ.get(PASSPHRASE, ""))
    else:
        passphrase = _first_line(read_file(file, option="--passphrase-file"))
    if len(passphrase) > LONGEST_PASSPHRASE:
        raise click.UsageError(f"The passphrase is over {LONGEST_PASSPHRASE} bytes. Take a shorter one.")
    return passphrase or None


def _first_line(data: bytes) -> bytes:
    line = data.partition(b"\n")[0].removesuffix(b"\r")
    if not line:
        raise click.UsageError("The first line of --passphrase-file is empty. Write the passphrase there.")
    return line


def _find_private_key(name: str | None) -> bytes | str:
    text, file = os.environ.get(KEY_TEXT), os.environ.get(KEY_FILE)
    if name is not None:
        return _read(name, "--private-key")
    if text and file:
        raise click.UsageError(f"{KEY_TEXT} and {KEY_FILE} are both set. Set one, or give --private-key.")
    if not text and not file:
        raise click.UsageError(f"There is no private key. Give --private-key FILE, or set {KEY_TEXT} or {KEY_FILE}.")
    return text or _read(file, KEY_FILE)


def _read(name: str, option: str) -> bytes:
    return read_standard_input() if name == "-" else read_file(name, option=option)


def _ask(pem: bytes | str) -> str | None:
    if sys.stdin is None or not sys.stdin.isatty() or not is_encrypted(find_private_block(pem)):
        return None
    return click.prompt("Passphrase of the private key", hide_input=True, err=True)
