"""Each language has every text, with the same names in it; ``plone`` is Plone's own domain, of states and roles."""

from babel.messages.pofile import read_po
from pathlib import Path

import collective.cfprivate
import plone.app.locales
import pytest
import re


LOCALES = Path(collective.cfprivate.__file__).parent / "locales"
PLONES = Path(plone.app.locales.__file__).parent / "locales"
LANGUAGES = ["de", "es", "fr", "ja", "pt_BR"]
DOMAINS = ["collective.cfprivate", "plone"]
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


@pytest.fixture(scope="module", params=DOMAINS)
def domain(request):
    return request.param


@pytest.fixture(scope="module")
def template(domain):
    return catalog(LOCALES / f"{domain}.pot")


@pytest.fixture(scope="module", params=LANGUAGES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def language(name, domain):
    return catalog(LOCALES / name / "LC_MESSAGES" / f"{domain}.po")


@pytest.fixture(scope="module")
def of_plone(name, domain):
    """What Plone itself translates in this domain."""
    path = PLONES / name / "LC_MESSAGES" / f"{domain}.po"
    return {msgid for msgid, message in catalog(path).items() if message.string} if path.exists() else set()


def test_has_every_message_and_no_other(language, template):
    assert language.keys() ^ template.keys() == set(), "run make i18n"


def test_translates_each_that_plone_does_not(language, of_plone):
    assert [msgid for msgid, message in language.items() if not message.string.strip() and msgid not in of_plone] == []


def test_takes_none_from_plone(language, of_plone):
    assert [msgid for msgid, message in language.items() if message.string and msgid in of_plone] == []


def test_leaves_nothing_fuzzy(language):
    assert [msgid for msgid, message in language.items() if message.fuzzy] == []


def test_keeps_the_names_of_what_is_filled_in(language, template):
    differing = [
        msgid
        for msgid, message in language.items()
        if message.string and sorted(NAMES.findall(message.string)) != sorted(NAMES.findall(english(template[msgid])))
    ]
    assert differing == []


def test_control_there_are_names_to_be_kept():
    messages = catalog(LOCALES / "collective.cfprivate.pot").values()
    assert sum(bool(NAMES.search(english(message))) for message in messages) > 50
