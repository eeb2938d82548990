"""Each language has every text, with the same names in it."""

from babel.messages.pofile import read_po
from pathlib import Path

import collective.cfprivate
import pytest
import re


LOCALES = Path(collective.cfprivate.__file__).parent / "locales"
LANGUAGES = ["de", "es", "fr", "ja", "pt_BR"]
# ${date}, which Plone fills in, and {currentTime}, which the player does.
NAMES = re.compile(r"\$?\{\w+\}")


def catalog(path):
    """{msgid: the message}, without the header."""
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


def english(message):
    """The text in English: the default where the message has an id of its own."""
    defaults = re.search(r'^Default: "(.*)"$', "\n".join(message.auto_comments), re.MULTILINE | re.DOTALL)
    return defaults[1] if defaults else message.id


@pytest.fixture(scope="module")
def template():
    return catalog(LOCALES / "collective.cfprivate.pot")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return catalog(LOCALES / request.param / "LC_MESSAGES" / "collective.cfprivate.po")


def test_has_every_message_and_no_other(language, template):
    assert language.keys() ^ template.keys() == set(), "run make i18n"


def test_translates_each(language):
    assert [name for name, message in language.items() if not message.string.strip()] == []


def test_leaves_nothing_fuzzy(language):
    assert [name for name, message in language.items() if message.fuzzy] == []


def test_keeps_the_names_of_what_is_filled_in(language, template):
    differing = [
        name
        for name, message in language.items()
        if sorted(NAMES.findall(message.string)) != sorted(NAMES.findall(english(template[name])))
    ]
    assert differing == []


def test_control_there_are_names_to_be_kept(template):
    assert sum(bool(NAMES.search(english(message))) for message in template.values()) > 50
