"""The control panel for REST clients: who may read and write it, and that a secret goes in and never comes out."""

from ast import literal_eval
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from plone import api
from zope.component import getUtility

import pytest
import requests
import transaction


HOST = "d111111abcdef8.cloudfront.net"
KEY_ID = "K2JCJMDEHXQW5F"
PANEL = "@controlpanels/cfprivate"


def lines(pem):
    """The lines of a key, as they stand in the PEM text."""
    return pem.splitlines()[1:-1]


@pytest.fixture(scope="session")
def fresh_key():
    """A key that no site holds."""
    return SigningKey.generate(key_id="K3OTHEROTHEROT", algorithm="EC")


@pytest.fixture
def ask(functional_portal, add_user):
    """A function that asks a site without any key, as one of its accounts."""
    for login, role in (
        ("manager", "Manager"),
        ("siteadmin", "Site Administrator"),
        ("editor", "Editor"),
        ("member", "Member"),
    ):
        add_user(login, role)
    transaction.commit()

    def answer(path=PANEL, login="manager", method="GET", **options):
        transaction.commit()
        auth = (login, f"secret-of-{login}") if login else None
        url = f"{functional_portal.absolute_url()}/{path}"
        headers = {"Accept": "application/json"}
        response = requests.request(method, url, auth=auth, headers=headers, timeout=60, **options)
        transaction.begin()
        return response

    return answer


@pytest.fixture
def patch(ask):
    """A function that writes the panel as a Manager."""
    return lambda **fields: ask(method="PATCH", json=fields)


def record(name):
    return api.portal.get_registry_record(f"collective.cfprivate.{name}")


def active():
    return getUtility(IKeyRing).describe()


class TestWho:
    @pytest.mark.parametrize(("login", "status"), [("manager", 200), ("siteadmin", 401), ("editor", 401), (None, 401)])
    def test_may_read(self, ask, login, status):
        assert ask(login=login).status_code == status

    @pytest.mark.parametrize("login", ["siteadmin", "editor", "member", None])
    def test_may_not_write(self, ask, login):
        answer = ask(login=login, method="PATCH", json={"distribution": HOST})
        assert (answer.status_code, record("distribution")) == (401, "")

    @pytest.mark.parametrize("login", ["siteadmin", "editor"])
    def test_is_refused_without_a_word_of_the_panel(self, ask, login):
        api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
        assert HOST not in ask(login=login).text

    def test_finds_the_panel_in_the_list(self, ask):
        listed = ask("@controlpanels").json()
        assert PANEL in [panel["@id"].partition("/plone/")[2] for panel in listed]


class TestReading:
    @pytest.fixture
    def panel(self, ask, configure):
        configure()
        return ask().json()

    def test_gives_the_settings(self, panel):
        assert (panel["data"]["distribution"], panel["data"]["lifetime"]) == (HOST, 3600)

    def test_gives_the_id_of_the_key(self, panel):
        assert panel["data"]["key_id"] == KEY_ID

    @pytest.mark.parametrize("name", ["private_key", "passphrase"])
    def test_gives_no_secret(self, panel, name):
        assert panel["data"][name] is None

    def test_holds_no_line_of_the_key(self, panel, signing_key):
        assert [line for line in lines(signing_key.private_pem()) if line in str(panel)] == []

    def test_says_whether_media_can_be_signed(self, panel):
        assert panel["status"]["configured"] is True

    def test_describes_every_field(self, panel):
        assert set(panel["schema"]["properties"]) == set(panel["data"])

    def test_says_what_is_missing(self, ask):
        assert ask().json()["status"]["problems"] == [
            "No distribution domain is set: enter it in the control panel.",
            "No private key is stored: paste it into the control panel.",
        ]


ACCEPTED = [
    ("distribution", HOST.upper(), HOST),
    ("hash_algorithm", "SHA256", "SHA256"),
    ("lifetime", 60, 60),
    ("maximum_lifetime", 7200, 7200),
    ("bind_ip", True, True),
    ("view_on_parents", True, True),
    ("embed_ancestors", ["https://Partner.example.org"], ("https://partner.example.org",)),
    ("state_rules", {"w": {"s": {"lifetime": 60}}}, {"w": {"s": {"lifetime": 60}}}),
]
REFUSED = [
    ({"distribution": f"https://{HOST}/"}, "distribution", "Found a URL in place of a host"),
    ({"lifetime": 90000}, "lifetime", "make this shorter or that longer"),
    ({"lifetime": 0}, "lifetime", "small"),
    ({"lifetime": "long"}, "lifetime", ""),
    ({"lifetime": None}, "lifetime", ""),
    ({"bind_ip": 5}, "bind_ip", ""),
    ({"hash_algorithm": "MD5"}, "hash_algorithm", ""),
    ({"delivery": "cookies"}, "cookie_domain", "Signed cookies need a domain"),
    ({"cookie_domain": "co.uk"}, "cookie_domain", "anybody can register a name"),
    ({"embed_ancestors": ["https://a.example.org/path"]}, "embed_ancestors", "not the origin of a site"),
    ({"state_rules": {"w": {"s": {"lifetime": 0}}}}, "state_rules", ""),
    ({"private_key": "hunter2", "key_id": KEY_ID}, "private_key", "Found no PEM block"),
    ({"key_id": "K2 JC"}, "key_id", ""),
    ({"private_key_file": "x"}, "private_key_file", "There is no such field"),
    ({"secret": "x"}, "secret", "There is no such field"),
]


class TestWriting:
    @pytest.mark.parametrize(("name", "sent", "kept"), ACCEPTED, ids=[name for name, _sent, _kept in ACCEPTED])
    def test_saves_a_field(self, patch, name, sent, kept):
        assert (patch(**{name: sent}).status_code, record(name)) == (204, kept)

    def test_leaves_the_others(self, patch):
        patch(lifetime=60)
        assert record("maximum_lifetime") == 86400

    @pytest.mark.parametrize(("sent", "field", "sentence"), REFUSED, ids=[str(sent) for sent, _field, _text in REFUSED])
    def test_refuses_with_field_and_sentence(self, patch, sent, field, sentence):
        answer = patch(view_on_parents=True, **sent)
        # plone.rest writes the list of errors as a text.
        (error,) = literal_eval(answer.json()["message"])
        assert (answer.status_code, error["field"], sentence in error["message"], record("view_on_parents")) == (
            400,
            field,
            True,
            False,
        )

    def test_saves_a_key(self, patch, signing_key):
        patch(private_key=signing_key.private_pem(), key_id=KEY_ID)
        assert (active().key_id, active().fingerprint) == (KEY_ID, signing_key.fingerprint)

    def test_a_key_beside_another_waits_as_the_next(self, patch, configure, signing_key, fresh_key):
        configure()
        patch(private_key=fresh_key.private_pem(), key_id=fresh_key.key_id)
        waiting = getUtility(IKeyRing).describe("next")
        assert (active().fingerprint, waiting.fingerprint) == (signing_key.fingerprint, fresh_key.fingerprint)

    @pytest.mark.parametrize("value", [None, ""])
    def test_an_empty_key_keeps_the_stored_one(self, patch, configure, value):
        configure()
        before = active()
        assert (patch(private_key=value).status_code, active()) == (204, before)

    def test_corrects_the_id(self, patch, configure):
        configure()
        patch(key_id="K3CORRECTED")
        assert active().key_id == "K3CORRECTED"

    def test_keeps_no_key_in_the_error_log(self, patch, functional_portal, signing_key):
        log = functional_portal.error_log
        patch(private_key=signing_key.private_pem().replace("-----END", "AAAA\n-----END"), key_id="")
        entries = "".join(str(entry) for entry in log.getLogEntries())
        assert [line for line in lines(signing_key.private_pem()) if line in entries] == []

    def test_the_answer_to_a_refused_key_does_not_repeat_it(self, patch, signing_key):
        answer = patch(private_key=signing_key.private_pem().replace("-----END", "AAAA\n-----END"), key_id=KEY_ID)
        assert [line for line in lines(signing_key.private_pem()) if line in answer.text] == []
