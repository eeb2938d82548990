"""The command ``cfprivate prepare``."""

from ...cloudfront.commands.options import Choice
from ...cloudfront.commands.options import Command
from ...cloudfront.commands.options import json_option
from ...cloudfront.commands.output import echo_json
from ...cloudfront.errors import InvalidObjectKey
from ...cloudfront.object_key import check_object_key
from ...open_site import open_site
from ...permissions import CONFIGURE
from collections.abc import Callable
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click
import signal
import sys


if TYPE_CHECKING:
    # Help loads no Zope, in which the errors of a bucket are translated.
    from ..bucket import Bucket
    from ..prepare import Prepared

#: x264's, from the quickest to the one that makes the smallest files.
PRESETS = ("ultrafast", "veryfast", "fast", "medium", "slow", "slower")

_STEPS = 1000


@dataclass(frozen=True)
class Target:
    """A bucket, or None, and the folder in it, with its slash behind, or empty."""

    bucket: "Bucket | None"
    prefix: str


def target_options(function: Callable) -> Callable:
    """Add the options of the bucket and of the site that has one in its settings; ``function`` gets ``where``."""

    @click.option("--upload", is_flag=True, help="Upload what was made. FILE may then be a folder made before.")
    @click.option("--bucket", metavar="NAME", help="The bucket, where no site is asked.")
    @click.option("--region", default="", metavar="REGION", help="Region of the bucket, like eu-central-1.")
    @click.option("--endpoint", default="", metavar="URL", help="Address of an S3-compatible store other than AWS.")
    @click.option("--prefix", metavar="FOLDER", help="Folder of the bucket, like talks/2026/.")
    @click.option("--zope-conf", type=click.Path(exists=True, dir_okay=False), help="zope.conf of a site to ask.")
    @click.option("--site", metavar="ID", help="Path of the site in the database, like Plone.")
    @click.option("--as", "user", metavar="USER", help="Login name of a user who may do this.")
    @wraps(function)
    def with_target(**options: object) -> object:
        names = ("upload", "bucket", "region", "endpoint", "prefix", "zope_conf", "site", "user")
        return function(where={name: options.pop(name) for name in names}, **options)

    return with_target


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help="New folder; beside FILE if none.")
@click.option("--force", is_flag=True, help="Replace the folder if it was made by this command.")
@click.option("--preset", type=Choice(PRESETS), default="medium", show_default=True, help="x264's: quick or small.")
@target_options
@json_option
def prepare(file: Path, into: Path | None, force: bool, preset: str, where: dict, as_json: bool) -> None:
    """Make an HLS set, a poster and a single file of the film or sound recording FILE, with ffmpeg.

    Prints the object keys to enter in Plone. With --upload all is put into the bucket of a site (--zope-conf, --site,
    --as) or into another (--bucket), under a name that is made of what is in it: the same command goes on after a failure.

    \b
    Examples:
      cfprivate prepare talk.mov
      cfprivate prepare talk.mov --upload --bucket media --region eu-central-1 --prefix talks/
    """
    from ..upload_tree import upload_tree

    with _ended_like_interrupted():
        # Before hours of work.
        target = _target(where)
        made = _made(file, into, force, preset, upload=where["upload"])
        folder = _folder(target, made)
        if target.bucket:
            with _bar("Uploading") as progress:
                upload_tree(target.bucket, made.into, folder, progress)
    _tell(made, folder, uploaded=target.bucket is not None, as_json=as_json)


@contextmanager
def _ended_like_interrupted() -> Generator[None, None, None]:
    """Tidy up after SIGTERM, too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _folder(target: Target, made: "Prepared") -> str:
    """Where in the bucket the files are, or are to be put."""
    from ..prepare import plain_name
    from ..upload_tree import name_of_content

    name = name_of_content(made.into) if target.bucket else plain_name(made.into.absolute())
    return f"{target.prefix}{name}/"


def _target(where: dict) -> Target:
    if not where["upload"]:
        return Target(None, _checked(where["prefix"] or ""))
    target = _target_of_site(where) if where["zope_conf"] else _target_of_options(where)
    # Whether it is there, and may be asked.
    next(target.bucket.objects(target.prefix), None)
    return target


def _target_of_options(where: dict) -> Target:
    from ..bucket import Bucket

    if not where["bucket"]:
        raise click.UsageError("--upload needs --bucket, or --zope-conf with --site and --as.")
    return Target(Bucket(where["bucket"], where["region"], where["endpoint"]), _checked(where["prefix"] or ""))


def _target_of_site(where: dict) -> Target:
    if not where["site"] or not where["user"] or where["bucket"]:
        raise click.UsageError("--zope-conf needs --site and --as, and no --bucket.")
    names = ("zope_conf", "site", "user")
    with open_site(**{name: where[name] for name in names}, permission=CONFIGURE):
        from ... import settings
        from ..site_bucket import bucket_of_site

        prefix = settings.bucket().upload_prefix if where["prefix"] is None else where["prefix"]
        return Target(bucket_of_site(), _checked(prefix))


def _checked(prefix: str) -> str:
    """The prefix with a slash behind, or empty."""
    folder = prefix if prefix.endswith("/") or not prefix else f"{prefix}/"
    try:
        check_object_key(f"{folder}file")
    except InvalidObjectKey as error:
        raise click.UsageError(f"--prefix is no folder of a bucket, like talks/2026/. {error}") from None
    return folder


def _made(file: Path, into: Path | None, force: bool, preset: str, *, upload: bool) -> "Prepared":
    from ..prepare import found
    from ..prepare import plain_name
    from ..prepare import prepare as make

    if file.is_dir():
        if not upload or into:
            raise click.UsageError("FILE is a folder: give --upload, without --into, to upload what was made before.")
        return found(file)
    folder = into or file.with_name(plain_name(file))
    with _bar("Preparing") as progress:
        return make(file, folder, force=force, preset=preset, progress=progress)


@contextmanager
def _bar(label: str) -> Generator[Callable[[float], None], None, None]:
    """A progress bar with the time left, on standard error, which takes the part that is done, from 0 to 1."""
    with click.progressbar(length=_STEPS, label=label, file=sys.stderr, show_eta=True) as bar:
        yield lambda done: bar.update(max(0, int(done * _STEPS) - bar.pos))


def _tell(made: "Prepared", folder: str, *, uploaded: bool, as_json: bool) -> None:
    told = {
        "folder": str(made.into),
        "uploaded": uploaded,
        "object_key": _key(made, made.master, folder),
        "renditions": [_key(made, made.download, folder)],
        "poster": _key(made, made.poster, folder),
        "thumbnails": _key(made, made.thumbnails, folder),
        "duration": made.duration,
        "width": made.width,
        "height": made.height,
    }
    if as_json:
        echo_json(told)
    else:
        click.echo("\n".join(_lines(told)))


def _key(made: "Prepared", path: Path | None, folder: str) -> str | None:
    return None if path is None else folder + path.relative_to(made.into).as_posix()


def _lines(told: dict) -> list[str]:
    action = (
        "Uploaded." if told["uploaded"] else f"Copy the files of {told['folder']} into the bucket, with these keys."
    )
    rows = {
        "Object key of the medium": told["object_key"],
        "Further renditions": told["renditions"][0],
        "Object key of the poster": told["poster"],
        "Duration in seconds": round(told["duration"]),
    }
    return [f"{action} To enter in Plone:", *(f"{name:<26}{value}" for name, value in rows.items() if value)]
