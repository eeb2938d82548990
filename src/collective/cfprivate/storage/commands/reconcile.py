"""The command ``cfprivate reconcile``: what of the bucket no content refers to, and what content refers to in vain."""

from ...cloudfront.commands.options import Command
from ...cloudfront.commands.options import json_option
from ...cloudfront.commands.output import echo_json
from ...open_site import open_site
from ...open_site import site_options
from ...permissions import CONFIGURE
from collections.abc import Iterator

import click
import json
import os
import time


GRACE = 30


@click.command(cls=Command)
@site_options
@click.option("--delete", is_flag=True, help="Delete what is left over; without it nothing is changed.")
@click.option("--yes", is_flag=True, help="With --delete: do not ask.")
@click.option(
    "--grace", type=click.IntRange(min=1), default=GRACE, show_default=True, metavar="DAYS", help="Younger files stay."
)
@click.option("--prefix", metavar="FOLDER", help="The folder of the bucket to look at, if not that of uploads.")
@click.option("--report", metavar="FILE", help="A new file for what is deleted, one JSON object a line.")
@json_option
def reconcile(
    where: dict, delete: bool, yes: bool, grace: int, prefix: str | None, report: str | None, as_json: bool
) -> None:
    """Compare the bucket with this site, and with no other.

    Reads the items and their versions, and tells which files nothing refers to and which are missing. Where anything
    cannot be read it ends with exit code 1, and nothing is deleted.
    """
    if as_json and delete and not yes:
        raise click.UsageError("--json with --delete needs --yes, as nothing can be asked.")
    with open_site(**where, permission=CONFIGURE):
        from ... import settings
        from ..examine import examine
        from ..reconcile import left_uploads
        from ..site_bucket import bucket_of_site

        bucket, now = bucket_of_site(), time.time()
        folder = settings.bucket().upload_prefix if prefix is None else prefix
        found = examine(bucket, now=now, prefix=folder, grace=grace, progress=_progress)
        uploads = left_uploads(bucket, now=now, prefix=folder, grace=grace)
        told = _data(found, uploads)
        if not as_json:
            click.echo("\n".join(_lines(told)))
        if delete and (found.orphans or uploads) and (yes or _confirmed(told)):
            told |= _delete(bucket, found, uploads, report or f"cfprivate-reconcile-{int(now)}.jsonl")
            if not as_json:
                click.echo(f"{told['deleted']} deleted, {told['kept']} kept, {told['aborted']} uploads ended.")
                click.echo(f"See {_printable(told['report'])}.")
        if as_json:
            echo_json(told)


def _delete(bucket, found, uploads, path: str) -> dict[str, object]:
    """Delete what was found; what was done is in the file at once, so that it is known whatever happens then."""
    from ..examine import references_now
    from ..reconcile import abort_left
    from ..reconcile import delete_orphans

    counts = {"deleted": 0, "kept": 0, "aborted": 0}
    with _new_file(path) as file:
        for each, deleted in delete_orphans(bucket, found.orphans, references_now):
            word = "deleted" if deleted else "kept"
            counts[word] += 1
            _note(file, word, each.key, size=each.size)
        for upload in abort_left(bucket, uploads):
            counts["aborted"] += 1
            _note(file, "aborted", upload.key)
    return {**counts, "report": path}


def _new_file(path: str):
    try:
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"The file of --report cannot be made ({error.strerror}).") from None


def _note(file, word: str, key: str, **more: object) -> None:
    file.write(json.dumps({"what": word, "key": key, **more}) + "\n")
    file.flush()


def _data(found, uploads) -> dict[str, object]:
    return {
        "objects": found.seen,
        "referred": found.referred,
        "orphans": [{"key": each.key, "size": each.size} for each in found.orphans],
        "bytes": found.bytes,
        "too_young": len(found.young),
        "missing": [{"key": key, "place": place} for key, place in found.missing],
        "unfinished": [each.key for each in uploads],
    }


def _lines(told: dict) -> Iterator[str]:
    for each in told["orphans"]:
        yield _printable(f"left over   {each['key']} ({each['size']} bytes)")
    for each in told["missing"]:
        yield _printable(f"missing     {each['key']} ({each['place']})")
    for key in told["unfinished"]:
        yield _printable(f"unfinished  {key}")
    yield (
        f"{told['objects']} objects: {told['referred']} referred to, {len(told['orphans'])} left over "
        f"({told['bytes']} bytes), {told['too_young']} too young; {len(told['missing'])} missing, "
        f"{len(told['unfinished'])} unfinished uploads."
    )
    yield "Only this site was read: files that anything else refers to are left over here."


def _confirmed(told: dict) -> bool:
    return click.confirm(f"Delete {len(told['orphans'])} objects ({told['bytes']} bytes) for good?")


def _progress(what: str, count: int) -> None:
    click.echo(f"{count} {what} …", err=True)


def _printable(line: str) -> str:
    """A key cannot move the cursor of a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in line)
