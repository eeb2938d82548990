"""PEP 517 and PEP 660 backend: setuptools, with the player built first.

The player is built and never committed, and yet `pip install` from a clone has to bring it. Where npm is missing, pip is asked
for Node.js from PyPI.
"""

from setuptools import build_meta
from setuptools.build_meta import prepare_metadata_for_build_editable
from setuptools.build_meta import prepare_metadata_for_build_wheel

import cfprivate_player


__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def get_requires_for_build_wheel(config_settings=None):
    return [*build_meta.get_requires_for_build_wheel(config_settings), *cfprivate_player.requirements()]


def get_requires_for_build_editable(config_settings=None):
    return [*build_meta.get_requires_for_build_editable(config_settings), *cfprivate_player.requirements()]


def get_requires_for_build_sdist(config_settings=None):
    return [*build_meta.get_requires_for_build_sdist(config_settings), *cfprivate_player.requirements()]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    cfprivate_player.build()
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    cfprivate_player.build()
    return build_meta.build_editable(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    cfprivate_player.build()
    return build_meta.build_sdist(sdist_directory, config_settings)
