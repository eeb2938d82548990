"""The VCL of the documentation is the one that is tested."""

from pathlib import Path
from textwrap import indent


HERE = Path(__file__).parent


def test_the_documented_vcl_is_the_tested_one():
    documented = (HERE.parents[1] / "docs" / "caching.rst").read_text()
    assert indent((HERE / "default.vcl").read_text(), "    ") in documented
