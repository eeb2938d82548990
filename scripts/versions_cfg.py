"""Write versions.cfg, buildout's pins, from constraints.txt, pip's.

A line's environment marker becomes the condition of a section: buildout reads `[versions:python_version < "3.11"]`.
"""

from pathlib import Path

import re
import sys


TOP = Path(__file__).resolve().parent.parent
HEADER = "# Generated from constraints.txt by `make versions`: change that file.\n"
LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;#]+)\s*(;\s*(?P<marker>[^#]+?))?\s*(#.*)?")


def versions_cfg(constraints):
    """The text of versions.cfg for the text of constraints.txt."""
    sections = {"": []}
    for number, line in enumerate(constraints.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        pin = LINE.fullmatch(line)
        if pin is None:
            raise ValueError(f"constraints.txt, line {number}: not `name==version` or `name==version ; marker`: {line}")
        sections.setdefault(pin["marker"] or "", []).append(f"{pin['name']} = {pin['version']}\n")
    return HEADER + "".join(
        f"\n[versions{':' if marker else ''}{marker}]\n{''.join(pins)}" for marker, pins in sections.items()
    )


if __name__ == "__main__":
    try:
        text = versions_cfg((TOP / "constraints.txt").read_text(encoding="utf-8"))
    except ValueError as error:
        sys.exit(str(error))
    (TOP / "versions.cfg").write_text(text, encoding="utf-8")
