"""The protocol can be used by a program that has no Zope."""

import pytest
import subprocess
import sys


SCRIPT = """
import sys
before = set(sys.modules)
import {module}
print(*sorted({{name.partition(".")[0].lower() for name in set(sys.modules) - before}}))
"""


@pytest.mark.parametrize("module", ["collective.cfprivate.cloudfront", "collective.cfprivate.edge"])
def test_import_loads_no_zope(module):
    command = [sys.executable, "-c", SCRIPT.format(module=module)]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    foreign = ("zope", "plone", "products", "ofs", "accesscontrol", "click")
    assert not [name for name in loaded if name.startswith(foreign)]
