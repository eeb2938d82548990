"""What is checked when Zope starts."""

from ..settings import read_environment
from .outside import outside_key
from collections.abc import Mapping

import os


def check_environment(event=None, environ: Mapping[str, str] = os.environ) -> None:
    """Keep Zope from starting with a signing key of the environment that cannot sign; raises ``NotConfigured``."""
    given = read_environment(environ)
    if given.has_key:
        outside_key(given)
