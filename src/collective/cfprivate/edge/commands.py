"""The command ``cfprivate edge``."""

from .app import Edge
from collections.abc import Callable
from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.cloudfront.commands.files import read_file
from collective.cfprivate.cloudfront.commands.options import Command
from collective.cfprivate.cloudfront.commands.options import Pair
from collective.cfprivate.cloudfront.commands.options import unique
from typing import NoReturn

import click
import json
import logging
import re
import signal
import waitress


_ORIGIN = re.compile(r"\*|https?://[a-z0-9.\-]+(:[0-9]{1,5})?")
# Players read slowly and keep a thread each where a film is longer than what waitress buffers.
_THREADS = 64


class WrongUse(click.ClickException):
    """Something that was given on the command line does not work: one line, and exit code 2."""

    exit_code = 2


def _check_origin(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _ORIGIN.fullmatch(value):
        raise click.BadParameter("wanted * or an origin without a path, like http://localhost:8080")
    return value


@click.command(cls=Command)
@click.option("--root", required=True, type=click.Path(exists=True, file_okay=False), help="Folder with the files.")
@click.option(
    "--key",
    "keys",
    required=True,
    multiple=True,
    type=Pair("ID=PUBLIC.pem, like K2JCJMDEHXQW5F=public.pem"),
    metavar="ID=PUBLIC.pem",
    help="A trusted public key; may be repeated.",
)
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--cors", metavar="ORIGIN", callback=_check_origin, help="Let pages of this origin (or *) read.")
@click.option("--cors-credentials", is_flag=True, help="Let the pages of --cors ORIGIN send cookies.")
@click.option("--json", "as_json", is_flag=True, help='Print {"url": "http://HOST:PORT"} in place of the line.')
def edge(
    root: str,
    keys: tuple[tuple[str, str], ...],
    port: int,
    host: str,
    cors: str | None,
    cors_credentials: bool,
    as_json: bool,
) -> None:
    """Serve files to signed URLs, as CloudFront would.

    This is not a CDN. It checks signatures as CloudFront does, so that a developer's machine, the tests and the
    demonstration have a real other side; it caches nothing, speaks no https and is not made for the internet.

    It takes signed URLs and signed cookies. It prints one line, EDGE http://HOST:PORT, once it listens, logs each
    request and why it was refused on standard error, and stops on Ctrl-C or SIGTERM.
    """
    if cors_credentials and cors in {None, "*"}:
        raise click.UsageError("--cors-credentials needs --cors with one origin, like http://localhost:8080.")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    _stop_on_signals()
    server = _listen(Edge(root, _verifier(keys), cors=cors, credentials=cors_credentials), host, port)
    url = f"http://{_bracketed(host)}:{_port(server)}"
    click.echo(json.dumps({"url": url}) if as_json else f"EDGE {url}")
    server.run()


def _verifier(keys: tuple[tuple[str, str], ...]) -> Verifier:
    files = unique(keys, option="--key")
    try:
        return Verifier({key_id: read_file(name, option="--key") for key_id, name in files.items()})
    except InvalidKey as error:
        raise WrongUse(f"--key: {error}") from None


def _listen(app: Callable, host: str, port: int) -> object:
    try:
        # Without an ident waitress leaves the Server header to the answers.
        return waitress.create_server(app, host=host, port=port, threads=_THREADS, ident="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WrongUse(f"Cannot listen at {host} port {port}: {reason}. Choose another --port or --host.") from None


def _port(server: object) -> int:
    # A name like localhost can stand for several addresses; waitress then has a server for each.
    several = getattr(server, "effective_listen", None)
    return several[0][1] if several else server.effective_port


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _stop_on_signals() -> None:
    def stop(number: int, frame: object) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
