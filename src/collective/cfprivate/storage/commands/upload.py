"""The command ``cfprivate upload``: files go to the site's bucket, by the settings of the site and the rights of a user."""

from ...cloudfront.commands.options import Command
from ...cloudfront.commands.options import json_option
from ...cloudfront.commands.output import echo_json
from ...cloudfront.commands.output import escaped
from ...open_site import open_site
from ...open_site import site_options
from ...permissions import VIEW
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import click
import mimetypes
import sys


# What Python does not know by itself everywhere.
_TYPES = {".vtt": "text/vtt", ".webp": "image/webp", ".m4a": "audio/mp4", ".opus": "audio/ogg"}


@dataclass(frozen=True, kw_only=True)
class _File:
    path: Path
    size: int
    content_type: str


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False))
@site_options
@click.option(
    "--place", default="", metavar="PATH", help="The item or folder of the site, like media/talk; else the site."
)
@click.option(
    "--type", "content_type", default="", metavar="TYPE", help="Media type of all files; else by their endings."
)
@json_option
def upload(files: tuple[str, ...], where: dict, place: str, content_type: str, as_json: bool) -> None:
    """Send files straight to the bucket of the site and print the object key of each.

    The user of --as has to manage protected media at the place. The site is closed again before anything is sent. Ctrl-C
    aborts the upload in the bucket, too; it cannot be resumed. Exit code 1 where a file was not sent.
    """
    described = [_described(Path(name), content_type) for name in files]
    with open_site(**where, permission=VIEW) as portal:
        bucket, keys = _allowed(portal, place, described)
    told = [_sent(bucket, file, key, quiet=as_json) for file, key in zip(described, keys, strict=True)]
    if as_json:
        echo_json({"files": told})
    if any("error" in each for each in told):
        click.get_current_context().exit(1)


def _described(path: Path, content_type: str) -> _File:
    guessed = content_type or _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    size = path.stat().st_size
    if not guessed:
        raise click.UsageError(f"The type of {escaped(path.name)} is not known by its ending: give --type.")
    if not size:
        raise click.UsageError(f"The file {escaped(path.name)} is empty.")
    return _File(path=path, size=size, content_type=guessed)


def _allowed(portal, place: str, files: list[_File]):
    """The bucket, and a new key for each file; raises ``UploadRefused`` where one of them may not be uploaded."""
    from ...media.uploading import check_file
    from ...media.uploading import check_place
    from ...media.uploading import key_of_upload
    from ...media.uploading import media_type
    from ...media.uploading import place_at
    from ..site_bucket import bucket_of_site

    found = place_at(portal, place)
    check_place(found)
    for file in files:
        check_file(size=file.size, content_type=media_type(file.content_type))
    return bucket_of_site(), [key_of_upload(found, file.path.name) for file in files]


def _sent(bucket, file: _File, key: str, *, quiet: bool) -> dict[str, object]:
    from ...exceptions import StorageError

    try:
        with click.progressbar(length=file.size, label=escaped(file.path.name), file=sys.stderr, hidden=quiet) as bar:
            bucket.put_file(file.path, key, content_type=file.content_type, progress=_one_at_a_time(bar.update))
        size = bucket.head(key).size
    except StorageError as error:
        if not quiet:
            click.echo(f"Error: {escaped(file.path.name)}: {error}", err=True)
        return {"file": str(file.path), "error": type(error).__name__, "message": str(error)}
    if not quiet:
        click.echo(key)
    return {"file": str(file.path), "key": key, "size": size, "type": file.content_type}


def _one_at_a_time(update: Callable[[int], None]) -> Callable[[int], None]:
    """The parts of a file are sent by several threads."""
    lock = Lock()

    def locked(sent: int) -> None:
        with lock:
            update(sent)

    return locked
