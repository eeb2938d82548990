"""Every text for users is in the catalog of messages, and nothing else is."""

from pathlib import Path

import pytest
import re
import subprocess
import sys


PACKAGE = Path(__file__).parents[2] / "src" / "collective" / "cfprivate"
LOCALES = PACKAGE / "locales"
I18NDUDE = [sys.executable, "-m", "i18ndude.script"]


def messages(path):
    """{msgid: default}, without the comments that name files and lines."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")[1:]
    found = {}
    for block in blocks:
        default = re.findall(r"^#\. (.*)$", block, re.MULTILINE)
        found[block.partition("msgid ")[2].partition("\nmsgstr")[0]] = default
    return found


@pytest.mark.parametrize(
    ("domain", "source"),
    [
        ("collective.cfprivate", [PACKAGE]),
        ("plone", ["--merge", LOCALES / "plone-manual.pot", PACKAGE / "profiles"]),
    ],
)
def test_the_catalog_is_up_to_date(tmp_path, domain, source):
    fresh = tmp_path / "fresh.pot"
    command = [*I18NDUDE, "rebuild-pot", "--pot", fresh, "--create", domain, *source]
    subprocess.run(command, check=True, capture_output=True)
    assert messages(LOCALES / f"{domain}.pot") == messages(fresh), "run make i18n"


def test_no_template_has_untranslated_text():
    command = [*I18NDUDE, "find-untranslated", "-n", *PACKAGE.rglob("*.pt")]
    assert subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip() == ""
