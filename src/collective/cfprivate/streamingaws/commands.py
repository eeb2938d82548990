"""The command ``cfprivate import-streamingaws``: the content of c2.app.streamingaws becomes Protected Videos."""

from ..cloudfront.commands.options import Command
from ..cloudfront.commands.options import json_option
from ..cloudfront.commands.output import echo_json
from ..open_site import open_site
from ..open_site import site_options
from ..permissions import CONFIGURE
from .export import Export
from .old_settings import advice

import click


@click.command(cls=Command, name="import-streamingaws")
@click.argument("file")
@site_options
@click.option("--state", default="restricted", show_default=True, help="The state of what was published.")
@click.option("--old-site", metavar="URL", help="Address of the old site, where the export does not tell it.")
@click.option("--settings", metavar="FILE", help="JSON of the old settings: tells what to enter here.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@json_option
def import_streamingaws(
    file: str, where: dict, state: str, old_site: str | None, settings: str | None, dry_run: bool, as_json: bool
) -> None:
    """Make Protected Videos of the JSON of a site with c2.app.streamingaws.

    FILE is a list of items as plone.restapi serializes them. Exit code 1 where an item was refused.
    """
    export = Export.read(_read(file, "FILE"), site=old_site)
    to_do = advice(_read(settings, "--settings")) if settings else []
    report = _made(export, where, state, dry_run=dry_run)
    told = {**_data(report), "other": len(export.items) - len(export.videos), "dry_run": dry_run, "settings": to_do}
    if as_json:
        echo_json(told)
    else:
        click.echo("\n".join(map(_printable, _lines(told))))
    if report.refused:
        click.get_current_context().exit(1)


def _read(name: str, option: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file name"
        raise click.UsageError(f"The file of {option} cannot be read ({reason}).") from None


def _made(export: Export, where: dict, state: str, *, dry_run: bool):
    with open_site(**where, permission=CONFIGURE):
        from .making import make_all

        import transaction

        report = make_all(export, state=state)
        if dry_run:
            transaction.abort()
    return report


def _data(report) -> dict[str, object]:
    return {
        "made": [{"path": made.path, "state": made.state, "notes": list(made.notes)} for made in report.made],
        "folders": report.folders,
        "left_alone": report.left_alone,
        "refused": [{"path": path, "reason": reason} for path, reason in report.refused],
    }


def _lines(told: dict) -> list[str]:
    made = [line for each in told["made"] for line in (f"made        {each['path']} ({each['state']})", *_notes(each))]
    folders = [f"made        {path} (folder)" for path in told["folders"]]
    left = [f"left alone  {path}" for path in told["left_alone"]]
    refused = [f"refused     {each['path']}: {each['reason']}" for each in told["refused"]]
    return [*folders, *made, *left, *refused, _summary(told), *told["settings"]]


def _notes(made: dict) -> list[str]:
    return [f"{'':12}{note}" for note in made["notes"]]


def _summary(told: dict) -> str:
    counts = f"{len(told['made'])} made, {len(told['left_alone'])} left alone, {len(told['refused'])} refused"
    others = f"; {told['other']} items are no streaming videos." if told["other"] else "."
    return f"{counts}{others}{' Nothing was changed: this is what would be done.' if told['dry_run'] else ''}"


def _printable(line: str) -> str:
    """What stands in the export cannot move the cursor of a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in line)
