"""The command ``cfprivate cookies``."""

from ..policy import Policy
from ..signer import Signer
from .options import Command
from .options import json_option
from .options import policy_options
from .output import echo_json
from .output import policy_data
from .private_key import signer_options

import click


@click.command(cls=Command)
@click.argument("resource")
@policy_options
@signer_options
@json_option
def cookies(resource: str, conditions: dict, signer: Signer, as_json: bool) -> None:
    """Make the signed cookies with which a browser can fetch RESOURCE.

    RESOURCE is a URL, or with * a pattern: * is any text, and then ? any one character and \\? the mark before a query.
    Each line is one NAME=VALUE, for a Set-Cookie header with Secure and HttpOnly, or for --cookie of cfprivate verify.

    \b
    Example, for one hour:
      cfprivate cookies 'https://d111111abcdef8.cloudfront.net/videos/*' \\
        --key-pair-id K2JCJMDEHXQW5F --private-key private.pem
    """
    policy = Policy(resource, **conditions) if "*" in resource else Policy.for_url(resource, **conditions)
    signed = signer.sign_cookies(policy)
    if as_json:
        key = {"key_pair_id": signer.key.key_id, "hash_algorithm": signer.hash_algorithm}
        echo_json({"cookies": signed, **policy_data(policy), **key})
    else:
        click.echo("\n".join(f"{name}={value}" for name, value in signed.items()))
