"""What this machine lacks for uploads, as far as it can be told without asking another."""

from ..i18n import _
from .bucket import NO_BOTO3
from importlib.util import find_spec
from zope.i18nmessageid import Message

import os


# Where botocore looks by itself, and asks nobody; https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
_LOCAL = frozenset({"env", "shared-credentials-file", "config-file"})

# With one of these the credentials come from elsewhere, when they are needed.
_ELSEWHERE = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_PROFILE",
)


def hindrance_to_uploads(bucket: str) -> Message | None:
    """What keeps files from being uploaded into the bucket of this name; None for no bucket. Asks no other machine."""
    if not bucket:
        return None
    if find_spec("boto3") is None:
        return NO_BOTO3
    if any(os.environ.get(name) for name in _ELSEWHERE) or _has_local_credentials():
        return None
    return _(
        "note_no_credentials",
        default="There are no credentials for the bucket in the environment of Zope, and in no profile. Unless this machine "
        "has a role that gives them, nothing can be uploaded: the self-test tells.",
    )


def _has_local_credentials() -> bool:
    from botocore.exceptions import BotoCoreError
    from botocore.session import get_session

    providers = get_session().get_component("credential_provider").providers
    try:
        return any(each.METHOD in _LOCAL and each.load() is not None for each in providers)
    except BotoCoreError:
        return False
