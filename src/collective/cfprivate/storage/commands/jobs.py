"""The command ``cfprivate jobs``: what became of the streams that are being made."""

from ...cloudfront.commands.options import Command
from ...cloudfront.commands.options import json_option
from ...cloudfront.commands.output import echo_json
from ...open_site import open_site
from ...open_site import site_options
from ...permissions import CONFIGURE

import click


@click.command(cls=Command)
@site_options
@click.option("--ask", is_flag=True, help="Ask MediaConvert for each job, also where a queue of events is set.")
@json_option
def jobs(where: dict, ask: bool, as_json: bool) -> None:
    """Attach the streams that are ready, and note what failed. Run it from cron, every minute or so.

    It reads the queue of finished jobs; where none is set, it asks MediaConvert for each job. Exit code 1 where a job
    failed or was lost.
    """
    with open_site(**where, permission=CONFIGURE):
        from ..hearing import hear_of_jobs

        report = hear_of_jobs(ask=ask)
    if as_json:
        echo_json(report.data)
    else:
        click.echo("\n".join(report.lines))
    if report.failed:
        click.get_current_context().exit(1)
