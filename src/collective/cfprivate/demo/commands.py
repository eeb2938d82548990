"""``cfprivate demo``: the whole demonstration, until it is stopped."""

from .instance import write_instance
from .layout import ACCOUNTS
from .layout import HOST
from .layout import ITEMS
from .layout import KEY_ID
from .layout import Layout
from .processes import ChildFailed
from .processes import Processes
from .processes import stop_on_signals
from .processes import Stopped
from .store import credentials_of
from .store import environment_of_client
from .store import rclone
from .store import start_store
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import build_opener
from urllib.request import ProxyHandler

import click
import os
import socket
import time


PACKAGE = "collective.cfprivate"
# A proxy, which machines behind one have in the environment, cannot reach the servers on this machine.
OPENER = build_opener(ProxyHandler({}))


@click.command()
@click.option("--var", type=click.Path(path_type=Path), default="var", show_default=True, help="Folder for all data.")
@click.option("--plone-port", type=click.IntRange(1, 65535), default=8080, envvar="PLONE_PORT", show_default=True)
@click.option("--edge-port", type=click.IntRange(1, 65535), default=8081, envvar="EDGE_PORT", show_default=True)
@click.option("--s3-port", type=click.IntRange(1, 65535), default=8082, envvar="S3_PORT", show_default=True)
def demo(var: Path, plone_port: int, edge_port: int, s3_port: int) -> None:
    """Run a Plone site with protected media, a local edge that delivers them, and an S3 store to upload to.

    Makes site, accounts and media at the first start and reuses them later. Listens on 127.0.0.1 only.
    Ctrl-C or TERM stops all servers. It is for trying out, not for the public.
    """
    if find_spec("plone.classicui") is None:
        raise click.ClickException("The demo needs all of Plone: install collective.cfprivate[demo].")
    may_upload = has_store()
    layout = Layout(var.absolute(), plone_port, edge_port, s3_port if may_upload else None)
    ports = {"PLONE_PORT": plone_port, "EDGE_PORT": edge_port, **({"S3_PORT": s3_port} if may_upload else {})}
    _refuse_port_twice(ports)
    for name, port in ports.items():
        _refuse_port_in_use(name, port)
    stop_on_signals()
    try:
        with Processes() as processes:
            _run(layout, processes)
    except Stopped:
        click.echo("Stopped.", err=True)
    except ChildFailed as error:
        raise click.ClickException(str(error)) from None


def _run(layout: Layout, processes: Processes) -> None:
    write_instance(layout)
    environ = {**os.environ, "zope_i18n_compile_mo_files": "true"}
    record = layout.read_record()
    # A site of an earlier demo, which knew no store, has no port of it.
    if (record.get("edge_port"), record.get("s3_port")) != (layout.edge_port, layout.s3_port):
        click.echo("Making the demo site: this takes about half a minute.", err=True)
        ports = map(str, filter(None, (layout.plone_port, layout.edge_port, layout.s3_port)))
        processes.run(
            "Making the site", f"{PACKAGE}.demo.site", str(layout.var), *ports, log=layout.log("site"), environ=environ
        )
    _start_servers(layout, processes, environ)
    _announce(layout)
    while True:
        processes.check()
        time.sleep(0.5)


def _start_servers(layout: Layout, processes: Processes, environ: dict[str, str]) -> None:
    click.echo(f"Starting Zope, the edge{' and the store' if layout.s3_port else ''}.", err=True)
    edge = ["edge", "--root", str(layout.bucket), "--key", f"{KEY_ID}={layout.public_key}"]
    edge += ["--port", str(layout.edge_port), "--cors", layout.origin]
    processes.start("The edge", PACKAGE, *edge, log=layout.log("edge"), environ=environ)
    if layout.s3_port:
        credentials = credentials_of(layout)
        start_store(layout, processes, credentials, environ)
        environ = environment_of_client(credentials, environ)
    zope = [str(layout.zope_conf), str(layout.plone_port)]
    processes.start("Zope", f"{PACKAGE}.demo.instance", *zope, log=layout.log("zope"), environ=environ)
    processes.wait_until(lambda: _status(layout.edge_url) == 403, seconds=60)
    if layout.s3_port:
        processes.wait_until(lambda: _status(layout.s3_url) is not None, seconds=60)
    for url in (layout.site_url, *(f"{layout.site_url}/{path}" for _kind, path in ITEMS)):
        processes.wait_until(lambda url=url: _status(url) == 200, seconds=300)


def _announce(layout: Layout) -> None:
    click.echo(f"EDGE {layout.edge_url}")
    if layout.s3_port:
        click.echo(f"S3 {layout.s3_url}")
    for login, password in layout.read_record()["passwords"].items():
        click.echo(f"ACCOUNT {login} {password} {ACCOUNTS[login].what}")
    for kind, path in ITEMS:
        click.echo(f"DEMO {kind} {layout.site_url}/{path}")
    click.echo(f"READY {layout.site_url}")


def _status(url: str) -> int | None:
    try:
        with OPENER.open(url, timeout=60) as response:
            return response.status
    except HTTPError as error:
        return error.code
    except OSError:
        return None


def has_store() -> bool:
    """Whether there are a store and what speaks with it; says what is missing."""
    missing = [name for name, there in (("rclone", rclone()), ("boto3", find_spec("boto3"))) if not there]
    if missing:
        click.echo(
            f"Without {' and '.join(missing)} nothing can be uploaded: install collective.cfprivate[demo].", err=True
        )
    return not missing


def _refuse_port_twice(ports: dict[str, int]) -> None:
    for (one, port), (other, same) in combinations(ports.items(), 2):
        if port == same:
            raise click.ClickException(f"{one} and {other} are both {port}: choose different ports.")


def _refuse_port_in_use(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}): stop what uses it, or choose another with {name}=…"
            ) from None
