"""``cfprivate provision``: what the template describes, made through boto3."""

from ...cloudfront.commands.options import Command
from ...controlpanel.commands import on_site
from ...controlpanel.commands import Told
from ..template_parts.words import REGION
from .template import choices_for
from .template import notes_on
from .template import stack_options
from collections.abc import Generator
from contextlib import contextmanager

import click
import json
import re


_NAME = re.compile(r"[a-z][a-z0-9-]{0,23}")


class NotProvisioned(click.ClickException):
    """AWS refused something, or could not be asked: exit code 1. What was done before is kept."""


def _name(context: click.Context, option: click.Parameter, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise click.BadParameter("Give small letters, digits and dashes, 24 at most, and a letter first.")
    return value


def _region(context: click.Context, option: click.Parameter, value: str) -> str:
    if not REGION.fullmatch(value):
        raise click.BadParameter("Give a region, like eu-central-1.")
    return value


@click.command(cls=Command)
@on_site
@stack_options
@click.option("--name", default="plone-media", show_default=True, callback=_name, help="Begins the names of all.")
@click.option("--region", "place", required=True, metavar="REGION", callback=_region, help="Where all of it is.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def provision(ring: object, asked: dict, name: str, place: str, yes: bool) -> Told:
    """Make at AWS what this site needs, without CloudFormation.

    Shows what is there and what is to be done, and asks before it does that. Once more, it finds all as it should be.
    Nothing is ever deleted. Credentials come from boto3's own chain: environment, profile, role of the instance.
    """
    choices = choices_for(ring, asked)
    for note in notes_on(ring, choices):
        click.echo(note, err=True)
    with _told():
        from ..provision import carry_out
        from ..provision import plan
        from ..provision_parts.aws import AWS

        aws = AWS(name, place)
        steps = plan(choices, aws)
        for step in steps:
            click.echo(f"{step.todo:8} {step.resource} ({step.kind})", err=True)
        if any(step.todo != "exists" for step in steps) and not yes:
            click.confirm("Do this?", abort=True, err=True)
        outputs = carry_out(choices, aws, told=lambda step: click.echo(f"{step.resource} ...", err=True))
    return Told(json.dumps(outputs, indent=2))


@contextmanager
def _told() -> Generator[None, None, None]:
    try:
        from botocore.exceptions import BotoCoreError
        from botocore.exceptions import ClientError

        import boto3 as boto3
    except ImportError:
        raise NotProvisioned("This needs boto3: install collective.cfprivate[s3].") from None
    try:
        yield
    except ClientError as error:
        # The message of AWS may hold what it was sent.
        code = error.response.get("Error", {}).get("Code", "an error")
        raise NotProvisioned(
            f"AWS refused {error.operation_name} with {code}. What was done before is kept: run this again."
        ) from None
    except BotoCoreError as error:
        raise NotProvisioned(
            f"AWS cannot be asked, because of {type(error).__name__}: look at the credentials, the region and the network."
        ) from None
