"""The command `cfprivate` in this process and in one of its own, without what the environment says of keys."""

from click.testing import CliRunner
from collective.cfprivate.cli import main

import os
import subprocess
import sys


VARIABLES = (
    "CFPRIVATE_KEY_PAIR_ID",
    "CFPRIVATE_PASSPHRASE",
    "CFPRIVATE_PRIVATE_KEY",
    "CFPRIVATE_PRIVATE_KEY_FILE",
)
COMMAND = [sys.executable, "-m", "collective.cfprivate"]


def invoke(*arguments, given=None, **environ):
    """The result in this process; `given` is standard input."""
    clean = dict.fromkeys(VARIABLES) | environ
    return CliRunner(env=clean).invoke(main, [str(argument) for argument in arguments], input=given)


def environment(**environ):
    return {name: value for name, value in os.environ.items() if name not in VARIABLES} | environ


def run(*arguments, given="", environ=None, **options):
    """The ended process; `given` is standard input."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, input=given, env=environment(**environ or {}), capture_output=True, text=True, timeout=60, **options
    )
