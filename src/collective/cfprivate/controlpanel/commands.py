"""The commands ``cfprivate key …``: the rotation of the control panel, for scripts."""

from ..cloudfront.commands.files import read_file
from ..cloudfront.commands.files import read_standard_input
from ..cloudfront.commands.options import Choice
from ..cloudfront.commands.options import Command
from ..cloudfront.commands.options import json_option
from ..cloudfront.commands.output import moment
from ..cloudfront.commands.private_key import find_passphrase
from ..cloudfront.commands.private_key import passphrase_option
from ..open_site import open_site
from ..open_site import site_options
from ..permissions import CONFIGURE
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

import click
import json
import time


class Untested(click.ClickException):
    """The next key was never tested: exit code 1."""


class StillNeeded(click.ClickException):
    """Activating would forget a key that may be needed: exit code 1."""


class Overdue(click.ClickException):
    """The time of the previous key is over: exit code 1."""


class NoKey(click.ClickException):
    """There is nothing to erase: exit code 1."""


@dataclass(frozen=True)
class Told:
    """What a command prints once its changes are in the database; exit code 1 where it is not ``good``."""

    text: str
    good: bool = True


@click.group(no_args_is_help=False)
def key() -> None:
    """See and rotate the signing key of a site.

    A rotation is: generate (or import), upload what it prints to CloudFront and add it to the key group, set-id, test,
    activate. Then wait until the old key may leave the key group: status tells when.
    """


def _checked_url(context: click.Context, option: click.Parameter, value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise click.BadParameter("Give a whole address, like https://www.example.org.")
    return value


def on_site(function: Callable[..., Told]) -> Callable:
    """Run the command in the site, as somebody who may configure; it gets ``ring``, the site's key ring."""

    @site_options
    @wraps(function)
    def in_site(where: dict, **others: object) -> None:
        from ..interfaces import IKeyRing
        from zope.component import getUtility

        with open_site(**where, permission=CONFIGURE):
            told = function(ring=getUtility(IKeyRing), **others)
        click.echo(told.text.removesuffix("\n"))
        if not told.good:
            click.get_current_context().exit(1)

    return in_site


@key.command(cls=Command)
@on_site
@json_option
def status(ring: object, as_json: bool) -> Told:
    """Show the keys, and until when old ones have to be trusted."""
    from .as_json import status_as_json
    from .status import status_of_site

    told = status_as_json(status_of_site())
    return Told(json.dumps(told) if as_json else "\n".join(_status_lines(told)))


@key.command(cls=Command)
@on_site
@click.option(
    "--algorithm",
    type=Choice(["rsa", "ec"], case_sensitive=False),
    default="rsa",
    show_default=True,
    help="RSA with 2048 bits, or EC on P-256.",
)
def generate(ring: object, algorithm: str) -> Told:
    """Make the next key in the site and print its public half, for CloudFront."""
    ring.generate_next(algorithm.upper())
    return Told(ring.public_pem())


@key.command(cls=Command, name="import")
@on_site
@click.option("--private-key", required=True, metavar="FILE", help="PEM file of the key; - for standard input.")
@click.option("--key-pair-id", default="", metavar="ID", help="CloudFront's id of it; may be given later by set-id.")
@passphrase_option
def import_key(ring: object, private_key: str, key_pair_id: str, passphrase_file: str | None) -> Told:
    """Keep a key that was made elsewhere as the next one, and print its public half."""
    pem = read_standard_input() if private_key == "-" else read_file(private_key, option="--private-key")
    ring.store_next(pem=pem, key_id=key_pair_id, passphrase=find_passphrase(passphrase_file))
    return Told(ring.public_pem())


@key.command(cls=Command)
@on_site
@click.option("--slot", type=Choice(["next", "active", "previous"]), default="next", show_default=True)
def public(ring: object, slot: str) -> Told:
    """Print the public half of a key."""
    return Told(ring.public_pem(slot))


@key.command(cls=Command, name="set-id")
@on_site
@click.option("--key-pair-id", required=True, metavar="ID", help="The id that CloudFront gave to the next key.")
def set_id(ring: object, key_pair_id: str) -> Told:
    """Enter the id that CloudFront gave to the next key."""
    ring.rename(key_pair_id, "next")
    return Told(f"The next key has the id {key_pair_id}.")


@key.command(cls=Command)
@on_site
@click.option("--slot", type=Choice(["next", "active", "previous"]), default="next", show_default=True)
@click.option("--object-key", default="", metavar="KEY", help="A file in the bucket; the site's newest medium if none.")
@click.option("--bucket-url", default="", metavar="URL", help="The bucket, to see whether S3 refuses visitors.")
@click.option(
    "--site-url",
    default="",
    metavar="URL",
    callback=_checked_url,
    help="Where visitors see the site; without it cors and cookie-domain are not asked.",
)
@json_option
def test(ring: object, slot: str, object_key: str, bucket_url: str, site_url: str, as_json: bool) -> Told:
    """Ask the distribution with a key; exit code 1 where a line failed."""
    from .as_json import lines_as_json
    from .selftest import Asked
    from .selftest import selftest

    asked = Asked(slot=slot, object_key=object_key, bucket_url=bucket_url, site_url=site_url)
    told = lines_as_json(selftest(asked))
    return Told(json.dumps(told) if as_json else "\n".join(map(_line, told["lines"])), told["passed"])


@key.command(cls=Command)
@on_site
@click.option("--untested", is_flag=True, help="Also a key that the distribution was never asked with.")
@click.option("--drop-previous", is_flag=True, help="Also where the previous key, which is erased then, may be needed.")
def activate(ring: object, untested: bool, drop_previous: bool) -> Told:
    """Sign with the next key from now on; the old one is kept, so that one can go back."""
    from .status import status_of_site

    site = status_of_site()
    if site.next_key is not None and site.next_key.tested is None and not untested:
        raise Untested("The next key was not tested: run cfprivate key test first, or give --untested.")
    if site.activating_drops_needed(time.time()) and not drop_previous:
        raise StillNeeded(
            f"The previous key {site.previous_key.key_id} is erased then, and what it signed may be valid still: wait "
            "until it may leave the key group (cfprivate key status tells when), or give --drop-previous."
        )
    ring.activate(int(time.time()))
    dropped = [site.previous_key.key_id] if site.key and site.previous_key else []
    erased = [f"{key_id} was the previous key, and was erased here." for key_id in dropped]
    return Told("\n".join([f"{ring.describe().key_id} signs now.", *erased, *_have_to_stay(ring)]))


@key.command(cls=Command)
@on_site
@click.option("--anyway", is_flag=True, help="Also where the key may have left the key group, for its time is over.")
def back(ring: object, anyway: bool) -> Told:
    """Sign with the previous key again; the active one takes its place."""
    from .status import status_of_site

    site = status_of_site()
    if site.previous_key is not None and not site.previous_is_needed(time.time()) and not anyway:
        raise Overdue(
            f"Nothing that {site.previous_key.key_id} signed is valid any more, so that it may have left the key group: "
            "see that CloudFront knows it, and give --anyway."
        )
    ring.go_back(int(time.time()))
    return Told("\n".join([f"{ring.describe().key_id} signs again.", *_have_to_stay(ring)]))


@key.command(cls=Command)
@on_site
def reseal(ring: object) -> Told:
    """Encrypt the keys with the secret in force; then the previous one may be taken away."""
    ring.seal_anew()
    return Told("All keys are encrypted with the secret in force.")


@key.command(cls=Command)
@on_site
@click.option("--slot", required=True, type=Choice(["next", "active", "previous"]))
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(ring: object, slot: str, yes: bool) -> Told:
    """Erase a key; it cannot be recovered."""
    if ring.describe(slot) is None:
        raise NoKey(f"There is no {slot} key.")
    if not yes:
        click.confirm(f"Erase the {slot} key? It cannot be recovered.", abort=True)
    ring.erase(slot)
    return Told(f"The {slot} key was erased.")


def _described(described: dict | None) -> str:
    if described is None:
        return "none"
    tested = "" if described["tested"] is None else f", tested {moment(described['tested'], time.time())}"
    return f"{described['key_id'] or '(no id yet)'} {described['algorithm']} {described['fingerprint']}{tested}"


def _status_lines(told: dict) -> list[str]:
    keys = [f"{slot}: {_described(described)}" for slot, described in told["keys"].items()]
    retired = [
        f"{retired['key_id']} may leave the key group at {moment(retired['leaves'], time.time())}"
        for retired in told["retired"]
    ]
    upgrade = [told["upgrade"]] if told["upgrade"] else []
    return [*keys, *retired, *told["problems"], *upgrade, *told["notes"]]


def _have_to_stay(ring: object) -> list[str]:
    return [
        f"{retired.key_id} has to stay in the key group until {moment(retired.leaves, time.time())}."
        for retired in ring.retired()
    ]


def _line(line: dict) -> str:
    told = f"{line['outcome']:8} {line['name']:14} {line['message']}"
    return f"{told}\n{'':23} Change: {line['setting']}" if line["setting"] else told
