"""The commands ``cfprivate offload`` and ``cfprivate bring-back``: files of Plone become media in the bucket, and back."""

from ...cloudfront.commands.options import Command
from ...cloudfront.commands.options import json_option
from ...cloudfront.commands.output import echo_json
from ...open_site import open_site
from ...open_site import site_options
from ...permissions import CONFIGURE
from .moved_items import bar
from .moved_items import interruptible
from .moved_items import lines_of
from .moved_items import outcome_data
from .moved_items import plan_data
from .moved_items import printable
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import click


PACKING = (
    "The bytes leave this disk when the database is packed (zeopack, zodbpack or Pack in the control panel of Zope), but "
    "for those that older versions of an item hold."
)


class NothingFound(click.ClickException):
    """The query finds no item: exit code 1."""


def moving_options(function: Callable) -> Callable:
    """Add QUERY and the options that both commands have."""

    @click.argument("query", nargs=-1, required=True, metavar="QUERY...")
    @site_options
    @click.option("--do", is_flag=True, help="Do it; without it, only tell what would be done.")
    @click.option(
        "--batch",
        type=click.IntRange(min=1),
        default=20,
        show_default=True,
        help="Commit whenever so many items are done.",
    )
    @json_option
    @wraps(function)
    def with_options(**options: object) -> None:
        function(**options)

    return with_options


@click.command(cls=Command)
@moving_options
@click.option("--journal", type=click.Path(dir_okay=False), help="File that says what is uploaded; beside var if none.")
def offload(query: tuple[str, ...], where: dict, do: bool, batch: int, journal: str | None, as_json: bool) -> None:
    """Move files from Plone to the bucket.

    QUERY is what the catalog is asked: words like portal_type=File path=/media, of which each names an index (one that is
    there twice asks for either value), or one JSON object. Without --do nothing is changed. Exit code 1 where an item
    failed, or was not tried.
    """
    with open_site(**where, permission=CONFIGURE):
        from ...media.uploading import key_of_upload
        from ..offload import plan_offload
        from ..site_bucket import bucket_of_site
        from ..skipping import REASONS

        bucket = bucket_of_site()
        plan = plan_offload(_found(query), key_for=key_of_upload)
        told = plan_data(plan, REASONS)
        if do:
            path = Path(journal) if journal else _default_journal()
            told = outcome_data(plan, _offloaded(plan, bucket, path, batch), REASONS)
    _tell(told, word="moved" if do else "to move", roles="may view, and cannot watch it any more:", as_json=as_json)


@click.command(cls=Command, name="bring-back")
@moving_options
@click.option("--accept-view", is_flag=True, help="Also where more people may view an item than may watch it.")
def bring_back(query: tuple[str, ...], where: dict, do: bool, batch: int, accept_view: bool, as_json: bool) -> None:
    """Bring media from the bucket back to Plone, which shows a file to everybody who may view its item.

    QUERY is as for offload. Objects stay in the bucket until cfprivate reconcile finds that nothing refers to them.
    """
    with open_site(**where, permission=CONFIGURE):
        from ..bring_back import plan_bring_back
        from ..site_bucket import bucket_of_site
        from ..skipping import REASONS

        bucket = bucket_of_site()
        plan = plan_bring_back(_found(query), bucket=bucket, accept_view=accept_view)
        told = plan_data(plan, REASONS)
        if do:
            told = outcome_data(plan, _brought_back(plan, bucket, batch, accept_view=accept_view), REASONS)
    _tell(told, word="back" if do else "to bring", roles="may view, and will have the file:", as_json=as_json)


def _found(words: tuple[str, ...]) -> list:
    from ..query import find
    from ..query import read_query

    found = find(read_query(words))
    if not found:
        raise NothingFound("The query finds no item that this user may see.")
    return found


def _default_journal() -> Path:
    from App.config import getConfiguration
    from plone import api

    return Path(getConfiguration().clienthome) / f"cfprivate-offload-{api.portal.get().getId()}.jsonl"


def _offloaded(plan, bucket, path: Path, batch: int):
    from ...media.uploading import key_of_upload
    from ..batches import carry_out
    from ..journal import Journal
    from ..offload import Offload

    journal = Journal(path)
    with bar(plan.size, "Moving") as progress, interruptible() as stopped:
        move = Offload(bucket=bucket, journal=journal, key_for=key_of_upload, progress=progress)
        settle = lambda done: journal.settle(each.uid for each in done)  # ruff: ignore[lambda-assignment]
        outcome = carry_out(plan.to_do, move, size=batch, stopped=stopped, committed=settle)
    journal.close()
    return outcome


def _brought_back(plan, bucket, batch: int, *, accept_view: bool):
    from ..batches import carry_out
    from ..bring_back import BringBack
    from plone import api
    from tempfile import TemporaryDirectory

    # Where blobs are made: the database takes a file from there without copying it.
    beside = api.portal.get()._p_jar.db().storage.temporaryDirectory()
    with (
        TemporaryDirectory(dir=beside) as folder,
        bar(plan.size, "Bringing back") as progress,
        interruptible() as stopped,
    ):
        bring = BringBack(bucket=bucket, folder=Path(folder), accept_view=accept_view, progress=progress)
        return carry_out(plan.to_do, bring, size=batch, stopped=stopped, committed=bring.forget)


def _tell(told: dict, *, word: str, roles: str, as_json: bool) -> None:
    if as_json:
        echo_json(told)
    else:
        packing = [PACKING] if word == "moved" and told["items"] else []
        click.echo("\n".join(map(printable, [*lines_of(told, word=word, roles=roles), *packing])))
    if told["failed"] or told["not_tried"]:
        click.get_current_context().exit(1)
