"""The command ``cfprivate`` without its console script: ``python -m collective.cfprivate``."""

from .cli import main


main(prog_name="cfprivate")
