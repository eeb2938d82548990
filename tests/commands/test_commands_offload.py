"""``cfprivate offload`` and ``bring-back`` as processes."""

import pytest


@pytest.mark.parametrize("command", ["offload", "bring-back"])
def test_help_loads_no_zope(loaded, command):
    foreign = ("zope", "plone", "products", "ofs", "accesscontrol", "zodb", "transaction", "zc", "boto")
    assert [name for name in loaded(command, "--help") if name.startswith(foreign)] == []
