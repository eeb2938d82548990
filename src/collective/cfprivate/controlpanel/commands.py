"""The commands ``cfprivate key …``: the rotation of the control panel, for scripts."""

from ..cloudfront.commands.files import read_file
from ..cloudfront.commands.files import read_standard_input
from ..cloudfront.commands.options import Choice
from ..cloudfront.commands.options import Command
from ..cloudfront.commands.options import json_option
from ..cloudfront.commands.output import echo_json
from ..cloudfront.commands.output import moment
from ..cloudfront.commands.private_key import find_passphrase
from ..cloudfront.commands.private_key import passphrase_option
from ..open_site import open_site
from ..open_site import site_options
from ..permissions import CONFIGURE
from collections.abc import Callable
from functools import wraps

import click
import time


class Untested(click.ClickException):
    """The next key was never tested: exit code 1."""


class NoKey(click.ClickException):
    """There is nothing to erase: exit code 1."""


@click.group(no_args_is_help=False)
def key() -> None:
    """See and rotate the signing key of a site.

    A rotation is: generate (or import), upload what it prints to CloudFront and add it to the key group, set-id, test,
    activate. Then wait until the old key may leave the key group: status tells when.
    """


def on_site(function: Callable) -> Callable:
    """Run the command in the site, as somebody who may configure; it gets ``ring``, the site's key ring.

    What it changed is kept also where it returns False, for exit code 1.
    """

    @site_options
    @wraps(function)
    def in_site(where: dict, **others: object) -> None:
        from ..interfaces import IKeyRing
        from zope.component import getUtility

        with open_site(**where, permission=CONFIGURE):
            good = function(ring=getUtility(IKeyRing), **others)
        if good is False:
            click.get_current_context().exit(1)

    return in_site


@key.command(cls=Command)
@on_site
@json_option
def status(ring: object, as_json: bool) -> None:
    """Show the keys, and until when old ones have to be trusted."""
    from .as_json import status_as_json
    from .status import status_of_site

    told = status_as_json(status_of_site())
    if as_json:
        echo_json(told)
        return
    for slot, described in told["keys"].items():
        click.echo(f"{slot}: {_described(described)}")
    for retired in told["retired"]:
        click.echo(f"{retired['key_id']} may leave the key group at {moment(retired['leaves'], time.time())}")
    for sentence in (*told["problems"], *told["notes"]):
        click.echo(sentence)


@key.command(cls=Command)
@on_site
@click.option(
    "--algorithm",
    type=Choice(["rsa", "ec"], case_sensitive=False),
    default="rsa",
    show_default=True,
    help="RSA with 2048 bits, or EC on P-256.",
)
def generate(ring: object, algorithm: str) -> None:
    """Make the next key in the site and print its public half, for CloudFront."""
    ring.generate_next(algorithm.upper())
    click.echo(ring.public_pem(), nl=False)


@key.command(cls=Command, name="import")
@on_site
@click.option("--private-key", required=True, metavar="FILE", help="PEM file of the key; - for standard input.")
@click.option("--key-pair-id", default="", metavar="ID", help="CloudFront's id of it; may be given later by set-id.")
@passphrase_option
def import_key(ring: object, private_key: str, key_pair_id: str, passphrase_file: str | None) -> None:
    """Keep a key that was made elsewhere as the next one, and print its public half."""
    pem = read_standard_input() if private_key == "-" else read_file(private_key, option="--private-key")
    ring.store_next(pem=pem, key_id=key_pair_id, passphrase=find_passphrase(passphrase_file))
    click.echo(ring.public_pem(), nl=False)


@key.command(cls=Command)
@on_site
@click.option("--slot", type=Choice(["next", "active", "previous"]), default="next", show_default=True)
def public(ring: object, slot: str) -> None:
    """Print the public half of a key."""
    click.echo(ring.public_pem(slot), nl=False)


@key.command(cls=Command, name="set-id")
@on_site
@click.option("--key-pair-id", required=True, metavar="ID", help="The id that CloudFront gave to the next key.")
def set_id(ring: object, key_pair_id: str) -> None:
    """Enter the id that CloudFront gave to the next key."""
    ring.rename(key_pair_id, "next")
    click.echo(f"The next key has the id {key_pair_id}.")


@key.command(cls=Command)
@on_site
@click.option("--slot", type=Choice(["next", "active", "previous"]), default="next", show_default=True)
@click.option("--object-key", default="", metavar="KEY", help="A file in the bucket; the site's newest medium if none.")
@click.option("--bucket-url", default="", metavar="URL", help="The bucket, to see whether S3 refuses visitors.")
@click.option("--site-url", default="", metavar="URL", help="Where visitors see the site, for the line cors.")
@json_option
def test(ring: object, slot: str, object_key: str, bucket_url: str, site_url: str, as_json: bool) -> bool:
    """Ask the distribution with a key; exit code 1 where a line failed."""
    from .as_json import lines_as_json
    from .selftest import Asked
    from .selftest import selftest

    told = lines_as_json(selftest(Asked(slot=slot, object_key=object_key, bucket_url=bucket_url, site_url=site_url)))
    if as_json:
        echo_json(told)
    else:
        for line in told["lines"]:
            _tell(line)
    return told["passed"]


@key.command(cls=Command)
@on_site
@click.option("--untested", is_flag=True, help="Also a key that the distribution was never asked with.")
def activate(ring: object, untested: bool) -> None:
    """Sign with the next key from now on; the old one is kept, so that one can go back."""
    described = ring.describe("next")
    if described is not None and described.tested is None and not untested:
        raise Untested("The next key was not tested: run cfprivate key test first, or give --untested.")
    ring.activate(int(time.time()))
    click.echo(f"{ring.describe().key_id} signs now.")
    for retired in ring.retired():
        click.echo(f"{retired.key_id} has to stay in the key group until {moment(retired.leaves, time.time())}.")


@key.command(cls=Command)
@on_site
def back(ring: object) -> None:
    """Sign with the previous key again; the active one takes its place."""
    ring.go_back(int(time.time()))
    click.echo(f"{ring.describe().key_id} signs again.")


@key.command(cls=Command)
@on_site
def reseal(ring: object) -> None:
    """Encrypt the keys with the secret in force; then the previous one may be taken away."""
    ring.seal_anew()
    click.echo("All keys are encrypted with the secret in force.")


@key.command(cls=Command)
@on_site
@click.option("--slot", required=True, type=Choice(["next", "active", "previous"]))
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(ring: object, slot: str, yes: bool) -> None:
    """Erase a key; it cannot be recovered."""
    if ring.describe(slot) is None:
        raise NoKey(f"There is no {slot} key.")
    if not yes:
        click.confirm(f"Erase the {slot} key? It cannot be recovered.", abort=True)
    ring.erase(slot)
    click.echo(f"The {slot} key was erased.")


def _described(described: dict | None) -> str:
    if described is None:
        return "none"
    tested = "" if described["tested"] is None else f", tested {moment(described['tested'], time.time())}"
    return f"{described['key_id'] or '(no id yet)'} {described['algorithm']} {described['fingerprint']}{tested}"


def _tell(line: dict) -> None:
    click.echo(f"{line['outcome']:8} {line['name']:14} {line['message']}")
    if line["setting"]:
        click.echo(f"{'':23} Change: {line['setting']}")
