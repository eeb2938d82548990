"""``cfprivate template``: all that the site needs at AWS, for CloudFormation."""

from ...cloudfront.commands.options import Command
from ...controlpanel.commands import on_site
from ...controlpanel.commands import Told
from ..template_parts.choices import Choices
from ..template_parts.words import BUCKET
from ..template_parts.words import REGION
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

import click
import json
import re
import time


_CERTIFICATE = re.compile(r"arn:aws(-[a-z]+)*:acm:us-east-1:[0-9]{12}:certificate/[A-Za-z0-9-]+")


class NoKeyYet(click.ClickException):
    """There is no public key that the distribution could trust: exit code 1."""


def _matching(pattern: re.Pattern, wanted: str) -> Callable:
    def check(context: click.Context, option: click.Parameter, value: str) -> str:
        if value and not pattern.fullmatch(value):
            raise click.BadParameter(wanted)
        return value

    return check


def _origins(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_origin, values)))


def _origin(value: str) -> str:
    from ...cloudfront.host import is_authority

    parts = urlsplit(value.strip().lower())
    if parts.scheme not in {"http", "https"} or not is_authority(parts.netloc, scheme=parts.scheme):
        raise click.BadParameter("Give a whole address, like https://www.example.org.")
    return f"{parts.scheme}://{parts.netloc}"


def _cname(context: click.Context, option: click.Parameter, value: str) -> str:
    from ...cloudfront.host import ends_in_a_number
    from ...cloudfront.host import is_host
    from ...cloudfront.host import is_within

    name = value.strip().lower()
    if name and (not is_host(name) or ends_in_a_number(name) or "." not in name or is_within(name, "cloudfront.net")):
        raise click.BadParameter("Give a name of your own, like media.example.org.")
    return name


def stack_options(function: Callable) -> Callable:
    """Add what a stack is made for; ``function`` gets it as ``asked``, keyed by the names of ``choices_for``."""

    @click.option(
        "--site-url",
        "origins",
        required=True,
        multiple=True,
        metavar="URL",
        callback=_origins,
        help="Where visitors and editors see the site; may be given more than once.",
    )
    @click.option("--cookies", is_flag=True, help="Signed cookies: CORS with credentials. Needs --cname.")
    @click.option("--cname", default="", metavar="HOST", callback=_cname, help="A name of your own, in your DNS.")
    @click.option(
        "--certificate",
        default="",
        metavar="ARN",
        callback=_matching(_CERTIFICATE, "Give the ARN of a certificate of ACM in us-east-1, where CloudFront looks."),
        help="The certificate of that name, of ACM in us-east-1.",
    )
    @click.option(
        "--cookie-domain",
        default="",
        metavar="DOMAIN",
        help="The domain above the site and that name; that of the control panel if none.",
    )
    @click.option(
        "--existing-bucket",
        "bucket",
        default="",
        metavar="NAME",
        callback=_matching(BUCKET, "Give the name of a bucket, like my-bucket."),
        help="A bucket that you have; it is left as it is.",
    )
    @click.option(
        "--bucket-region",
        "region",
        default="",
        metavar="REGION",
        callback=_matching(REGION, "Give the region of the bucket, like eu-central-1."),
        help="Where that bucket is; the region of the stack if none.",
    )
    @click.option("--without-mediaconvert", is_flag=True, help="No role, rule and queue for MediaConvert.")
    @click.option("--without-logs", is_flag=True, help="No bucket for logs of the distribution.")
    @wraps(function)
    def with_choices(
        origins: tuple[str, ...],
        cookies: bool,
        cname: str,
        certificate: str,
        cookie_domain: str,
        bucket: str,
        region: str,
        without_mediaconvert: bool,
        without_logs: bool,
        **others: object,
    ) -> object:
        _check_together(cookies=cookies, cname=cname, certificate=certificate, domain=cookie_domain)
        if region and not bucket:
            raise click.UsageError("--bucket-region is that of --existing-bucket: a new bucket is where the stack is.")
        asked = {
            "origins": origins,
            "cname": cname,
            "certificate": certificate,
            "cookies": cookies,
            "cookie_domain": cookie_domain,
            "bucket": bucket,
            "region": region,
            "mediaconvert": not without_mediaconvert,
            "logs": not without_logs,
        }
        return function(asked=asked, **others)

    return with_choices


def _check_together(*, cookies: bool, cname: str, certificate: str, domain: str) -> None:
    if bool(cname) != bool(certificate):
        raise click.UsageError("--cname and --certificate belong together. Give both or neither.")
    if cookies and not cname:
        raise click.UsageError("Browsers send cookies to a name of your own only. Give --cname and --certificate, too.")
    if domain and not cookies:
        raise click.UsageError("--cookie-domain is for signed cookies. Give --cookies, too, or leave it out.")


def choices_for(ring: object, asked: dict) -> Choices:
    """The choices of the current site; raises ``NoKeyYet``, click.UsageError, and what the ring raises."""
    from ..stack_choices import binds_ip
    from ..stack_choices import folders_of_site
    from ..stack_choices import keys_of_ring

    given = dict(asked)
    cookies, domain = given.pop("cookies"), given.pop("cookie_domain")
    keys = keys_of_ring(ring)
    if not keys:
        raise NoKeyYet(
            "The site has no signing key yet, so that there is nothing that the distribution could trust: make one with "
            "cfprivate key generate, or in the control panel under “Rotate the signing key”, and run this again."
        )
    return Choices(
        keys=keys,
        folders=folders_of_site(),
        binds_ip=binds_ip(),
        cookie_domain=_cookie_domain(domain, asked) if cookies else "",
        **given,
    )


def _cookie_domain(entered: str, asked: dict) -> str:
    from ... import settings
    from ...cloudfront.host import is_within
    from ...controlpanel.refused import FieldRefused
    from ...controlpanel.validation import cookie_domain

    try:
        domain = cookie_domain(entered or settings.current().cookie_domain)
    except FieldRefused as error:
        raise click.UsageError(f"--cookie-domain: {error}") from None
    if not domain:
        raise click.UsageError("Give --cookie-domain: the domain above the site and --cname, like example.org.")
    for host in (asked["cname"], *(urlsplit(origin).hostname for origin in asked["origins"])):
        if not is_within(host, domain):
            raise click.UsageError(f"{domain} is not above {host}, so that no browser would send the cookies there.")
    return domain


@click.command(cls=Command)
@on_site
@stack_options
def template(ring: object, asked: dict) -> Told:
    """Print a CloudFormation template made for this site.

    Make a stack of it, and paste the stack's outputs into the control panel. When keys were rotated, update the stack
    with a template that was made anew with the same options.
    """
    from ..template import template_text

    choices = choices_for(ring, asked)
    for note in notes_on(ring, choices):
        click.echo(note, err=True)
    return Told(template_text(choices))


def notes_on(ring: object, choices: Choices) -> list[str]:
    """What whoever makes the stack has to know."""
    from ..stack_choices import retired_since

    notes = [
        f"Note: {key_id} signed what may be valid still, and its public key is not here any more: do not update the "
        "stack before cfprivate key status lets it leave the key group."
        for key_id in retired_since(ring, choices.keys, now=time.time())
    ]
    return notes + (_bucket_notes(choices) if choices.bucket else [])


def _bucket_notes(choices: Choices) -> list[str]:
    from ..template_parts.bucket import cors_rule
    from ..template_parts.bucket import s3_rule

    return [
        f"Note: the bucket {choices.bucket} is left as it is. When the stack is there, add the statement of its output "
        "BucketPolicyStatement to the bucket's policy: without it the distribution gets nothing. Keep Block Public Access on, "
        "and for uploads give the bucket this rule of CORS, beside those that it has:",
        json.dumps(s3_rule(cors_rule(choices))),
    ]
