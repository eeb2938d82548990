"""The command ``cfprivate keygen``."""

from ..keys import SigningKey
from .files import create_file
from .options import Choice
from .options import Command
from .options import json_option
from .output import echo_json
from .private_key import find_passphrase
from .private_key import passphrase_option
from pathlib import Path

import click


_NEXT = """\
1. Upload the public key to CloudFront, under Key management, Public keys.
2. Put it into a key group, and choose that as trusted in the behavior of the distribution.
3. Note the id that CloudFront gave the public key, like K2JCJMDEHXQW5F: it is the --key-pair-id.
Keep the private key to yourself."""


class NewFile(click.ParamType):
    """The path of a file to make; - is none, for the other commands read standard input there."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """`value` as a path."""
        if value == "-":
            self.fail("wanted the name of a new file.", param, ctx)
        return Path(value)


@click.command(cls=Command)
@click.option("--private-key", required=True, type=NewFile(), metavar="FILE", help="New file for the private key.")
@click.option(
    "--public-key", type=NewFile(), metavar="FILE", help="New file for the public key; standard output if none."
)
@click.option(
    "--algorithm",
    type=Choice(["rsa", "ec"], case_sensitive=False),
    default="rsa",
    show_default=True,
    help="RSA with 2048 bits, or EC on P-256.",
)
@passphrase_option
@json_option
def keygen(
    private_key: Path, public_key: Path | None, algorithm: str, passphrase_file: str | None, as_json: bool
) -> None:
    """Make a key pair that signs for CloudFront.

    The private key goes into a new file that only you can read, encrypted if there is a passphrase. A file that exists
    is never overwritten.

    \b
    Example:
      cfprivate keygen --private-key private.pem --public-key public.pem
    """
    passphrase = find_passphrase(passphrase_file)
    key = SigningKey.generate(algorithm=algorithm.upper())
    _create_pair(key, private_key, public_key, passphrase)
    if as_json:
        encrypted = passphrase is not None
        told = {"algorithm": key.algorithm, "fingerprint": key.fingerprint, "encrypted": encrypted}
        echo_json({**told, "public_key": key.public_pem})
    else:
        _tell(key, to_file=public_key is not None)


def _create_pair(key: SigningKey, private_key: Path, public_key: Path | None, passphrase: bytes | None) -> None:
    create_file(private_key, key.private_pem(passphrase), mode=0o600, option="--private-key")
    if public_key is None:
        return
    try:
        create_file(public_key, key.public_pem, mode=0o644, option="--public-key")
    except BaseException:
        # Made a moment ago, and of no use to anybody without its other half.
        private_key.unlink()
        raise


def _tell(key: SigningKey, *, to_file: bool) -> None:
    if not to_file:
        click.echo(key.public_pem, nl=False)
    # Beside a public key on standard output, which goes into a file or a pipe, the rest is for the terminal.
    click.echo(f"{key.algorithm} key, fingerprint {key.fingerprint}\n{_NEXT}", err=not to_file)
