"""What is checked when Zope starts."""

from ..settings import from_environment
from .outside import read_key
from collections.abc import Mapping

import os


def check_environment(event=None, environ: Mapping[str, str] = os.environ) -> None:
    """Keep Zope from starting with a signing key of the environment that cannot sign; raises ``NotConfigured``."""
    given = from_environment(environ)
    if given["private_key_file"] or given["key_pair_id"]:
        read_key(given["private_key_file"], given["key_pair_id"])
