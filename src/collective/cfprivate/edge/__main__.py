"""Runs the edge without the console script: ``python -m collective.cfprivate.edge``."""

from .commands import edge


edge()
