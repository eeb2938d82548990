"""The control panel for REST clients: who may read and write it, and that a secret goes in and never comes out."""

from ast import literal_eval
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from plone import api
from plone.registry.interfaces import IRegistry
from Products.SiteErrorLog.SiteErrorLog import IPubFailureSubscriber
from types import SimpleNamespace
from zope.component import getGlobalSiteManager
from zope.component import getUtility

import json
import pytest
import re
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

    def answer(path=PANEL, login="manager", method="GET", host=None, **options):
        transaction.commit()
        auth = (login, f"secret-of-{login}") if login else None
        url = f"{functional_portal.absolute_url()}/{path}"
        headers = {"Accept": "application/json", **({"Host": host} if host else {})}
        response = requests.request(method, url, auth=auth, headers=headers, timeout=60, **options)
        transaction.begin()
        return response

    return answer


@pytest.fixture
def patch(ask):
    """A function that writes the panel as a Manager."""
    return lambda **fields: ask(method="PATCH", json=fields)


def record(name):
    # Not the registry's own value: it remembers that as long as a request lasts, and that of a test lasts long.
    return getUtility(IRegistry).records[f"collective.cfprivate.{name}"].value


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

    def test_is_kept_by_no_cache(self, ask):
        assert ask().headers["Cache-Control"] == "private, no-store"

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
    ("guest_maximum", 365, 365),
    ("s3_bucket", " my.films-2026 ", "my.films-2026"),
    ("s3_region", "EU-central-1", "eu-central-1"),
    ("s3_endpoint", "https://S3.example.org:9000/", "https://s3.example.org:9000"),
    ("upload_prefix", "talks/2026", "talks/2026/"),
    (
        "mediaconvert_role",
        " arn:aws:iam::123456789012:role/mediaconvert",
        "arn:aws:iam::123456789012:role/mediaconvert",
    ),
    (
        "events_queue",
        "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs ",
        "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
    ),
    ("upload_types", ["Video/*", "image/png", "video/*"], ("video/*", "image/png")),
    ("upload_maximum", 5_000_000, 5_000_000),
    ("bind_ip", True, True),
    ("view_on_parents", True, True),
    ("embed_ancestors", ["https://Partner.example.org"], ("https://partner.example.org",)),
    ("key_prefixes", ["talks/  crew", "/ Reviewers"], ("talks/ crew", "/ Reviewers")),
    ("state_rules", {"w": {"s": {"lifetime": 60}}}, {"w": {"s": {"lifetime": 60}}}),
]
REFUSED = [
    ({"distribution": f"https://{HOST}/"}, "distribution", "Found a URL in place of a host"),
    ({"lifetime": 90000}, "lifetime", "make this shorter or that longer"),
    ({"lifetime": 0}, "lifetime", "small"),
    ({"lifetime": "long"}, "lifetime", ""),
    ({"lifetime": None}, "lifetime", ""),
    ({"guest_maximum": 0}, "guest_maximum", "small"),
    ({"guest_maximum": 366}, "guest_maximum", "big"),
    ({"s3_bucket": "Films"}, "s3_bucket", "no name of a bucket"),
    ({"s3_endpoint": "https://s3.example.org/films"}, "s3_endpoint", "the host only"),
    ({"upload_types": ["*/*"]}, "upload_types", "no media type"),
    ({"upload_maximum": 5_000_001}, "upload_maximum", "big"),
    ({"bind_ip": 5}, "bind_ip", ""),
    ({"hash_algorithm": "MD5"}, "hash_algorithm", ""),
    ({"delivery": "cookies"}, "cookie_domain", "Signed cookies need a domain"),
    ({"cookie_domain": "co.uk"}, "cookie_domain", "anybody can register a name"),
    ({"embed_ancestors": ["https://a.example.org/path"]}, "embed_ancestors", "not the origin of a site"),
    ({"key_prefixes": ["/talks/"]}, "key_prefixes", "does not begin with a folder"),
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

    def test_the_answer_to_a_refused_key_does_not_repeat_it(self, patch, signing_key):
        answer = patch(private_key=signing_key.private_pem().replace("-----END", "AAAA\n-----END"), key_id=KEY_ID)
        assert [line for line in lines(signing_key.private_pem()) if line in answer.text] == []

    def test_takes_an_encrypted_key_with_its_passphrase(self, patch, signing_key):
        patch(private_key=signing_key.private_pem("opensesame"), passphrase="opensesame", key_id=KEY_ID)
        assert active().fingerprint == signing_key.fingerprint

    def test_gives_a_passphrase_back_to_nobody(self, patch, ask, signing_key):
        pem = signing_key.private_pem("opensesame")
        refused = patch(private_key=pem, passphrase="opensesam", key_id=KEY_ID)
        taken = patch(private_key=pem, passphrase="opensesame", key_id=KEY_ID)
        assert "opensesam" not in refused.text + taken.text + ask().text

    def test_takes_cookies_with_a_domain_above_both_hosts(self, functional_portal, ask):
        fields = {"delivery": "cookies", "cookie_domain": "example.org", "distribution": "media.example.org"}
        answer = ask(method="PATCH", json=fields, host="www.example.org")
        assert (answer.status_code, record("delivery"), record("cookie_domain")) == (204, "cookies", "example.org")

    def test_refuses_a_domain_that_is_not_above_this_site(self, ask):
        fields = {"cookie_domain": "example.org", "distribution": "media.example.org"}
        answer = ask(method="PATCH", json=fields, host="www.example.com")
        assert (answer.status_code, record("cookie_domain")) == (400, "")

    def test_tells_each_field_that_is_wrong(self, patch):
        errors = literal_eval(patch(lifetime=0, hash_algorithm="MD5", nonsense=1).json()["message"])
        assert {error["field"] for error in errors} == {"lifetime", "hash_algorithm", "nonsense"}

    def test_refuses_another_key_under_the_id_of_the_one_that_signs(self, patch, configure, fresh_key):
        configure()
        answer = patch(private_key=fresh_key.private_pem(), key_id=KEY_ID)
        (error,) = literal_eval(answer.json()["message"])
        assert (answer.status_code, error["field"], getUtility(IKeyRing).describe("next")) == (400, "key_id", None)

    def test_refuses_a_passphrase_of_no_key(self, patch, configure):
        configure()
        answer = patch(passphrase="opensesame", lifetime=60)
        (error,) = literal_eval(answer.json()["message"])
        assert (answer.status_code, error["field"], record("lifetime")) == (400, "passphrase", 3600)

    def test_refuses_a_key_where_another_waits(self, patch, configure, fresh_key):
        configure()
        getUtility(IKeyRing).generate_next("EC")
        waiting = getUtility(IKeyRing).describe("next")
        answer = patch(private_key=fresh_key.private_pem(), lifetime=60)
        assert (answer.status_code, getUtility(IKeyRing).describe("next"), record("lifetime")) == (400, waiting, 3600)

    @pytest.mark.parametrize("sent", ["private_key", "key_id"])
    def test_refuses_a_key_where_the_environment_gives_it(
        self, patch, signing_key, fresh_key, tmp_path, monkeypatch, sent
    ):
        (tmp_path / "private.pem").write_text(signing_key.private_pem())
        monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(tmp_path / "private.pem"))
        monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", "KOUTSIDE")
        answer = patch(lifetime=60, **{sent: {"private_key": fresh_key.private_pem(), "key_id": "K3"}[sent]})
        (error,) = literal_eval(answer.json()["message"])
        assert (error["field"], "change it there" in error["message"], record("lifetime")) == (sent, True, 3600)

    def test_is_done_with_the_cookie_of_a_login_too(self, ask, functional_portal):
        url = functional_portal.absolute_url()
        with requests.Session() as session:
            session.headers["Accept"] = "application/json"
            session.post(f"{url}/@login", json={"login": "manager", "password": "secret-of-manager"}, timeout=60)
            answer = session.patch(f"{url}/{PANEL}", json={"lifetime": 60}, timeout=60)
            transaction.begin()
            assert ("__ac" in session.cookies, answer.status_code, record("lifetime")) == (True, 204, 60)


WRONG = [
    {"distribution": 5},
    {"distribution": [HOST]},
    {"distribution": {"host": HOST}},
    {"hash_algorithm": None},
    {"hash_algorithm": 1},
    {"lifetime": "60x"},
    {"lifetime": 1.5},
    {"lifetime": [60]},
    {"maximum_lifetime": {}},
    {"bind_ip": {}},
    {"view_on_parents": []},
    {"delivery": "both"},
    {"delivery": None},
    {"cookie_domain": 5},
    {"embed_ancestors": 5},
    {"embed_ancestors": [5]},
    {"embed_ancestors": {"https://a.example.org": 1}},
    {"embed_ancestors": "https://a.example.org/page"},
    {"key_prefixes": 5},
    {"key_prefixes": [5]},
    {"key_prefixes": "talks"},
    {"state_rules": []},
    {"state_rules": "none"},
    {"state_rules": {"w": {"s": {"lifetime": "60"}}}},
    {"state_rules": {"w": {"s": {"unknown": 1}}}},
    {"key_id": 5},
    {"key_id": [KEY_ID]},
    {"private_key": 5},
    {"private_key": ["a"]},
    {"passphrase": 5},
]


@pytest.fixture(scope="class")
def site(functional_portal_class):
    """A site in which nothing is saved; ``patch(body)`` sends a text or what becomes JSON, as a Manager or another."""
    for login, role in (("manager", "Manager"), ("siteadmin", "Site Administrator")):
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
        api.user.grant_roles(username=login, roles=[role])
    transaction.commit()
    url = f"{functional_portal_class.absolute_url()}/{PANEL}"

    def patch(body, login="manager", **headers):
        data = body if isinstance(body, str) else json.dumps(body)
        headers = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        auth = (login, f"secret-of-{login}")
        answer = requests.patch(url, data=data.encode(), auth=auth, headers=headers, timeout=60)
        transaction.begin()
        return answer

    return SimpleNamespace(patch=patch, portal=functional_portal_class)


class TestWrongKind:
    """One site for all, because nothing is saved."""

    @pytest.mark.parametrize("sent", WRONG, ids=json.dumps)
    def test_of_value_is_refused_with_the_field(self, site, sent):
        answer = site.patch({**sent, "view_on_parents": True} if "view_on_parents" not in sent else sent)
        (error,) = literal_eval(answer.json()["message"])
        assert (answer.status_code, error["field"], bool(error["message"])) == (400, *sent, True)

    @pytest.mark.parametrize("sent", ["[]", "null", "5", '"lifetime"', "{", '{"lifetime": 60'])
    def test_of_body_is_refused(self, site, sent):
        assert site.patch(sent).status_code == 400

    def test_saved_nothing(self, site):
        for sent in WRONG:
            site.patch({**sent, "maximum_lifetime": 7200} if "maximum_lifetime" not in sent else sent)
        assert (record("maximum_lifetime"), record("lifetime"), active()) == (86400, 3600, None)


def runs(pem):
    """Parts of the text of a key that stay as they are in JSON, in an address and in a form."""
    return [run for line in lines(pem) for run in re.findall(r"[A-Za-z0-9]{12,}", line)]


def refused_bodies(pem):
    """Requests with a key that fail: the body, its type, and who sends it."""
    refused = json.dumps({"private_key": pem, "key_id": KEY_ID, "lifetime": 0})
    return {
        "refused": (refused, "application/json", "manager"),
        "with a charset": (refused, "application/json; charset=utf-8", "manager"),
        "of a wrong kind": (json.dumps({"private_key": [pem]}), "application/json", "manager"),
        "in an unknown field": (json.dumps({"private-key": pem}), "application/json", "manager"),
        "cut short": (refused[:-1], "application/json", "manager"),
        "in a list": (f"[{refused}]", "application/json", "manager"),
        "as curl sends it": (refused, "application/x-www-form-urlencoded", "manager"),
        "without a type": (refused, "", "manager"),
        "as a text": (refused, "text/plain", "manager"),
        "of who may not": (refused, "application/json", "siteadmin"),
    }


@pytest.mark.parametrize("how", refused_bodies(""))
class TestErrorLog:
    """What Zope keeps of a request that fails with a private key in it."""

    @pytest.fixture(scope="class")
    def entries_of(self, site, signing_key):
        """A function that sends one of the requests, and gives the entries that it left."""
        # Zope loads this subscriber for its product; the layer of the tests does not.
        getGlobalSiteManager().registerHandler(IPubFailureSubscriber)
        log = site.portal.error_log
        log.setProperties(100, ignored_exceptions=())
        transaction.commit()

        def entries(how):
            before = {entry["id"] for entry in log.getLogEntries()}
            body, kind, login = refused_bodies(signing_key.private_pem())[how]
            site.patch(body, login, **{"Content-Type": kind})
            new = [entry["id"] for entry in log.getLogEntries() if entry["id"] not in before]
            return [log.getLogEntryById(identifier) for identifier in new]

        yield entries
        getGlobalSiteManager().unregisterHandler(IPubFailureSubscriber)

    def test_has_the_request(self, entries_of, how):
        (entry,) = entries_of(how)
        assert "PATCH" in entry["req_html"]

    def test_has_no_part_of_the_key(self, entries_of, signing_key, how):
        kept = str(entries_of(how))
        assert [run for run in runs(signing_key.private_pem()) if run in kept] == []
