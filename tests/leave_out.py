"""Tests whose program or peer a machine lacks."""

import os
import pytest


def leave_out(reason):
    """Skip the test, except in CI: there all has to be there."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
