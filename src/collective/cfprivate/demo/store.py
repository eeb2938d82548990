"""The S3 store of the demo: rclone, which serves the folder that the edge delivers."""

from .layout import BUCKET
from .layout import HOST
from .layout import Layout
from .processes import Processes
from pathlib import Path

import os
import secrets
import shutil
import sys


# What boto3 would take from the environment of who starts the demo, and send with credentials to which it does not belong.
FOREIGN = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")


def rclone() -> str | None:
    """The program, beside this Python or on the PATH."""
    return shutil.which("rclone", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))


def credentials_of(layout: Layout) -> tuple[str, str]:
    """Access key and secret key, which the first start makes at random."""
    record = layout.read_record()
    if "s3" not in record:
        record["s3"] = [secrets.token_hex(10), secrets.token_hex(20)]
        layout.write_record(record)
    access_key, secret_key = record["s3"]
    return access_key, secret_key


def environment_of_client(credentials: tuple[str, str], environ: dict[str, str]) -> dict[str, str]:
    """``environ``, with what boto3 finds the credentials in."""
    access_key, secret_key = credentials
    own = {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret_key}
    return {name: value for name, value in environ.items() if name not in FOREIGN} | own


def start_store(layout: Layout, processes: Processes, credentials: tuple[str, str], environ: dict[str, str]) -> None:
    """Serve the bucket to who has the credentials, and to the browsers of the site what Plone has signed."""
    link = layout.store / BUCKET
    layout.store.mkdir(exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(os.path.relpath(layout.bucket, layout.store), target_is_directory=True)
    command = [rclone(), "serve", "s3", "--copy-links", "--config", "", "--addr", f"{HOST}:{layout.s3_port}"]
    # Whoever puts a file into the folder need not wait until rclone looks anew.
    command += ["--dir-cache-time", "1ms", "--allow-origin", layout.origin, str(layout.store)]
    # Who lists processes sees their arguments.
    environ = {**environ, "RCLONE_AUTH_KEY": f'"{",".join(credentials)}"'}
    processes.start_program("The store", *command, log=layout.log("s3"), environ=environ)
