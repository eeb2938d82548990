"""Pages in each language, without a word of English that is ours; and with a mark on all that is translated."""

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from bs4 import NavigableString
from collective.cfprivate.guests import store
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.playback import labels
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from plone import api
from zope.component import getGlobalSiteManager
from zope.component import getUtility
from zope.i18n import interpolate
from zope.i18n import translate
from zope.i18n.gettextmessagecatalog import GettextMessageCatalog
from zope.i18n.interfaces import ITranslationDomain
from zope.i18n.translationdomain import TranslationDomain
from zope.i18nmessageid import Message
from zope.interface import implementer

import collective.cfprivate
import json
import plone.app.locales
import pytest
import re
import requests
import time
import transaction


DOMAIN = "collective.cfprivate"
PLONES = Path(plone.app.locales.__file__).parent / "locales"
LOCALES = Path(collective.cfprivate.__file__).parent / "locales"
LANGUAGES = {"de": "de", "es": "es", "fr": "fr", "ja": "ja", "pt-br": "pt_BR"}
MARK = "※"
OURS = "[class*=cfprivate-]"
# Who sees what is ours: the account, the path, and the part of the page.
PAGES = {
    "player": ("viewer", "talk", OURS),
    "staff": ("manager", "talk", OURS),
    "refused": ("member", "talk", OURS),
    "logged out": (None, "talk", OURS),
    "frame": ("viewer", "talk/@@embed", "body"),
    "refused frame": ("member", "talk/@@embed", "body"),
    "refused link": ("member", "talk/@@media", "#content-core"),
    "guest": (None, "talk/@@guest/{token}", "body"),
    "refused guest": (None, "talk/@@guest/guessed", "body"),
    "guest links": ("manager", "talk/@@cfprivate-guests", "#content-core"),
    "listing": ("viewer", "media/media_listing", "#content-core"),
    "form": ("manager", "talk/edit", "#fieldset-protected_media"),
    "preview": ("manager", "talk/@@cfprivate-preview", "body"),
    "control panel": ("manager", "@@cfprivate-controlpanel", "#content :is(header, #content-core)"),
    "state rules": ("manager", "@@cfprivate-state-rules", "#content :is(header, #content-core)"),
    "rotation": ("manager", "@@cfprivate-rotate", "#content :is(header, #content-core)"),
    "self-test": ("manager", "@@cfprivate-selftest", "#content :is(header, #content-core)"),
    "erasing": ("manager", "@@cfprivate-erase-key", "#content :is(header, #content-core)"),
    "overview": ("manager", "@@cfprivate-overview", "#content :is(header, #content-core)"),
    "stack": ("manager", "@@cfprivate-stack", "#content :is(header, #content-core)"),
    "reconciliation": ("manager", "@@cfprivate-reconcile", "#content :is(header, #content-core)"),
}
TOLD = ["aria-label", "title", "placeholder", "alt", "data-error", "data-refused", "data-reload"]


def english(message):
    """The text in English: the default where the message has an id of its own."""
    defaults = re.search(r'^Default: "(.*)"$', "\n".join(message.auto_comments), re.MULTILINE | re.DOTALL)
    return defaults[1] if defaults else message.id


def messages(path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def translations(language, domain=DOMAIN):
    """{msgid: text} of a language of ours."""
    return {message.id: message.string for message in messages(LOCALES / language / "LC_MESSAGES" / f"{domain}.po")}


ENGLISH = {message.id: english(message) for message in messages(LOCALES / f"{DOMAIN}.pot")}


def compiled(language, domain, folder):
    """The catalog of a language, as Zope compiles it."""
    catalog = Catalog(locale=language)
    for name, text in translations(language, domain).items():
        catalog.add(name, text)
    path = folder / f"{domain}.{language}.mo"
    with path.open("wb") as file:
        write_mo(file, catalog)
    return GettextMessageCatalog(language, domain, str(path))


@implementer(ITranslationDomain)
class Marking:
    """Translates every message to its English text behind a mark."""

    def __init__(self, domain):
        self.domain = domain

    def translate(self, msgid, mapping=None, context=None, target_language=None, default=None, *plural):
        mapping = getattr(msgid, "mapping", None) or mapping or {}
        told = {name: translate(value) if isinstance(value, Message) else value for name, value in mapping.items()}
        return interpolate(MARK + (getattr(msgid, "default", None) or default or msgid), told)

    def getCatalogsInfo(self):
        return {"en": [self.domain]}


@contextmanager
def in_place(*domains):
    """These translation domains in place of those that there are."""
    registry = getGlobalSiteManager()
    before = [(domain.domain, registry.queryUtility(ITranslationDomain, domain.domain)) for domain in domains]
    for domain in domains:
        registry.registerUtility(domain, ITranslationDomain, domain.domain)
    labels._labels_in.cache_clear()
    try:
        yield
    finally:
        for name, domain in before:
            registry.unregisterUtility(provided=ITranslationDomain, name=name)
            if domain is not None:
                registry.registerUtility(domain, ITranslationDomain, name)
        labels._labels_in.cache_clear()


@pytest.fixture(scope="class")
def translated(site, tmp_path_factory):
    """All languages of the add-on are there, whether they are compiled or not."""
    domains, folder = [TranslationDomain(DOMAIN), TranslationDomain("plone")], tmp_path_factory.mktemp("languages")
    for domain, language in product(domains, LANGUAGES.values()):
        domain.addCatalog(compiled(language, domain.domain, folder))
    for language in LANGUAGES.values():
        of_plone = PLONES / language / "LC_MESSAGES" / "plone.mo"
        domains[1].addCatalog(GettextMessageCatalog(language, "plone", str(of_plone)))
    with in_place(*domains):
        yield


@pytest.fixture(scope="class")
def marked(site):
    """All that is translated bears a mark, also what is Plone's."""
    with in_place(Marking(DOMAIN), Marking("plone")):
        yield


@pytest.fixture(scope="class")
def site(functional_portal_class, signing_key):
    """The URL of a site in which the browser chooses among all languages, with media and one account of each kind; a guest's token."""
    portal = functional_portal_class
    api.portal.set_registry_record("plone.available_languages", ["en", *LANGUAGES])
    api.portal.set_registry_record("plone.use_request_negotiation", True)
    api.portal.set_registry_record("collective.cfprivate.distribution", "d111111abcdef8.cloudfront.net")
    getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    with api.env.adopt_roles(["Manager"]):
        talk = api.content.create(portal, "Protected Video", "talk", title="7", object_key="7.mp4", offer_download=True)
        api.content.transition(talk, to_state="restricted")
        folder = api.content.create(portal, "Folder", "media", title="8")
        api.content.transition(folder, "publish")
        film = api.content.create(folder, "Protected Video", "film", title="9", object_key="9.mp4", duration=12)
        api.content.transition(film, to_state="restricted")
    for login, roles in {"manager": ["Manager"], "viewer": ["Media Viewer"], "member": []}.items():
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
        if roles:
            api.user.grant_roles(username=login, roles=roles)
    now = int(time.time())
    token, _link = store.make(talk, note="10", maker="manager", now=now, ends=now + 3600)
    transaction.commit()
    return portal.absolute_url(), token


@pytest.fixture(scope="class")
def parts_of(site):
    """A function that gives the elements of a page that are ours, in a language."""

    address, token = site

    @cache
    def ask(page, language):
        login, path, part = PAGES[page]
        auth = (login, f"secret-of-{login}") if login else None
        headers = {"Accept": "text/html", "Accept-Language": language}
        answer = requests.get(f"{address}/{path.format(token=token)}", auth=auth, headers=headers, timeout=60)
        return BeautifulSoup(answer.text, "html.parser").select(part)

    return ask


def texts(parts):
    """What somebody reads or hears of elements: text, and what attributes tell; without names of languages and entries."""
    elements = [element for part in parts for element in [part, *part.find_all(True)] if element.name != "textarea"]
    read = [each for each in elements if not (each.name == "option" and "-language" in each.parent["id"])]
    told = [string for element in read for string in element.children if type(string) is NavigableString]
    told += [element[name] for element in read for name in TOLD if element.get(name)]
    told += [each["value"] for each in read if each.name == "input" and each.get("type") == "submit"]
    return {" ".join(text.split()) for text in told} - {""}


# What is data: accounts and groups, the code to copy, algorithms, ids and fingerprints of keys, names of files, dates.
DATA = re.compile(
    r"manager|viewer|Administrators|Site Administrators|Reviewers|<iframe .*|RSA|SHA-\d+|K\w+|([0-9A-F]{2}:){31}\w\w|.*\.mp4|\w{3} \d+, \d{4}( .*)?"
)


class TestMarked:
    @pytest.mark.parametrize("page", PAGES)
    def test_all_goes_through_the_translations(self, marked, parts_of, page):
        shown = texts(parts_of(page, "en"))
        assert any(MARK in text for text in shown)
        left = [text for text in shown if re.search(r"[a-z]{2}", text, re.IGNORECASE) and MARK not in text]
        assert [text for text in left if not DATA.fullmatch(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    @pytest.mark.parametrize("page", PAGES)
    def test_has_no_english_left(self, translated, parts_of, language, page):
        own = translations(LANGUAGES[language])
        shown = texts(parts_of(page, language))
        assert shown & set(own.values()) != set()
        assert shown & {ENGLISH[name] for name in own if own[name] != ENGLISH[name]} - set(own.values()) == set()

    def test_reaches_the_controls_of_the_player(self, translated, parts_of, language):
        own = translations(LANGUAGES[language])
        (player,) = [part for part in parts_of("player", language) if part.name == "cfprivate-player"]
        changed = {str(label): own[label] for label in labels.LABELS if own[label] != label}
        assert json.loads(player["data-labels"]) == changed

    def test_names_the_state(self, translated, parts_of, language):
        own = translations(LANGUAGES[language])["audience_state"]
        state = translations(LANGUAGES[language], "plone")["Restricted"]
        assert " ".join(own.replace("${state}", state).split()) in texts(parts_of("staff", language))
