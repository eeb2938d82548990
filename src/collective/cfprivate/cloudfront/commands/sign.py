"""The command ``cfprivate sign``."""

from ..errors import InvalidPolicy
from ..errors import InvalidURL
from ..policy import Policy
from ..signer import Signer
from ..web_address import check_url
from ..wildcard import covers
from .options import Command
from .options import json_option
from .options import policy_options
from .output import echo_json
from .output import policy_data
from .private_key import signer_options

import click


@click.command(cls=Command)
@click.argument("url")
@click.option("--resource", metavar="PATTERN", help="Sign for this pattern, like https://HOST/videos/*, not for URL.")
@policy_options
@signer_options
@json_option
def sign(url: str, resource: str | None, conditions: dict, signer: Signer, as_json: bool) -> None:
    """Sign a URL, so that whoever has it can fetch it.

    URL is as on the wire: percent-encoded, with its own query if it has one. The policy is canned where that can say
    what is asked for, else custom.

    \b
    Example, for one hour:
      cfprivate sign https://d111111abcdef8.cloudfront.net/videos/a.mp4 \\
        --key-pair-id K2JCJMDEHXQW5F --private-key private.pem
    """
    _refuse_stream(url)
    policy = _policy(url, resource, conditions)
    signed = signer.sign_url(url, policy)
    if as_json:
        key = {"key_pair_id": signer.key.key_id, "hash_algorithm": signer.hash_algorithm}
        echo_json({"url": signed, **policy_data(policy), **key})
    else:
        click.echo(signed)


def _refuse_stream(url: str) -> None:
    if url.startswith("rtmp://"):
        raise InvalidURL(
            "Streams (rtmp://) are not signed here. Call create_signed_url of collective.cfprivate.cloudfront."
        )


def _policy(url: str, resource: str | None, conditions: dict) -> Policy:
    if resource is None:
        return Policy.for_url(url, **conditions)
    policy = Policy(resource, **conditions).meant_for(url)
    if not covers(policy.resource, check_url(url)):
        raise InvalidPolicy(
            "The resource does not cover the URL, so that CloudFront would refuse it. Mend one of them."
        )
    return policy
