"""The command ``cfprivate verify``."""

from ..errors import EdgeError
from ..verifier import Verifier
from .claim import Claim
from .claim import is_stream
from .files import read_file
from .files import read_standard_input
from .options import Command
from .options import json_option
from .options import Pair
from .options import unique
from .options import WholeSeconds
from .output import echo_json
from .output import escaped
from collections.abc import Mapping
from ipaddress import ip_address

import click
import time


class Address(click.ParamType):
    """An IP address of a viewer, of either kind; its messages do not repeat the value."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` itself."""
        try:
            ip_address(value)
        except ValueError:
            self.fail("wanted an IP address, like 192.0.2.10.", param, ctx)
        return value


@click.command(cls=Command)
@click.argument("url")
@click.option(
    "--public-key",
    "public_keys",
    required=True,
    multiple=True,
    type=Pair("ID=FILE, like K2JCJMDEHXQW5F=public.pem"),
    metavar="ID=FILE",
    help="A trusted public key; may be repeated.",
)
@click.option("--at", type=WholeSeconds(), metavar="EPOCH", help="Decide as of then, in epoch seconds; now if none.")
@click.option(
    "--ip",
    type=Address(),
    metavar="ADDRESS",
    help="Address of the viewer; without it a policy for an address is refused.",
)
@click.option(
    "--cookie",
    "cookies",
    multiple=True,
    type=Pair("NAME=VALUE"),
    metavar="NAME=VALUE",
    help="A cookie of the request; may be repeated.",
)
@json_option
@click.pass_context
def verify(
    context: click.Context,
    url: str,
    public_keys: tuple[tuple[str, str], ...],
    at: int | None,
    ip: str | None,
    cookies: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Tell what a signed URL grants, until when, and why it would be refused.

    URL is as on the wire; - reads it from standard input, where neither the list of processes nor the history of the
    shell shows it. Decides as CloudFront does, without asking it. The exit code is 0 for GRANTED and 1 for REFUSED.

    \b
    Example:
      cfprivate verify - --public-key K2JCJMDEHXQW5F=public.pem < url.txt
    """
    sent = unique(cookies, option="--cookie")
    files = unique(public_keys, option="--public-key")
    verifier = Verifier({key_id: read_file(name, option="--public-key") for key_id, name in files.items()})
    url = _read_url() if url == "-" else url
    now = int(time.time()) if at is None else at
    claim = Claim.read(url, sent, verifier)
    refusal = _find_refusal(verifier, url, now, ip, sent)
    (_print_json if as_json else _print_text)(refusal, claim, now)
    context.exit(0 if refusal is None else 1)


def _read_url() -> str:
    return read_standard_input().decode("utf-8", "replace").strip()


def _find_refusal(
    verifier: Verifier, url: str, now: float, ip: str | None, cookies: Mapping[str, str]
) -> EdgeError | None:
    try:
        if is_stream(url):
            _refuse_cookies(cookies)
            verifier.verify_stream(url, now, ip)
        else:
            verifier.verify(url, now, ip, cookies)
    except EdgeError as refusal:
        return refusal
    return None


def _refuse_cookies(cookies: Mapping[str, str]) -> None:
    if cookies:
        raise click.UsageError("A stream (rtmp://) has no cookies. Leave --cookie out.")


def _print_json(refusal: EdgeError | None, claim: Claim | None, now: int) -> None:
    verdict = (
        {"granted": True} if refusal is None else {"granted": False, "code": refusal.code, "reason": refusal.reason}
    )
    echo_json({**verdict, "at": now, "claim": claim and claim.data})


def _print_text(refusal: EdgeError | None, claim: Claim | None, now: int) -> None:
    lines = ["GRANTED" if refusal is None else f"REFUSED {refusal.code}: {escaped(refusal.reason)}"]
    if claim is not None:
        if not claim.verified:
            lines.append("UNVERIFIED, for no trusted key has signed it; anybody may have written this:")
        lines += [f"{what:<10}{text}" for what, text in claim.rows(now).items()]
    click.echo("\n".join(lines))
