"""Who may configure can set up everything in the panel, and reads there of the key only what anybody may know."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from functools import cache
from html import unescape
from plone import api
from plone.registry.interfaces import IRegistry
from Products.SiteErrorLog.SiteErrorLog import IPubFailureSubscriber
from types import SimpleNamespace
from urllib.parse import urlencode
from zope.component import getGlobalSiteManager
from zope.component import getUtility

import pytest
import re
import transaction


HOST = "d111111abcdef8.cloudfront.net"
KEY_ID = "K2JCJMDEHXQW5F"


@pytest.fixture(scope="session")
def texts(signing_key):
    """What people paste in place of their private key."""
    private = serialization.load_pem_private_key(signing_key.private_pem().encode(), None)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509
        .CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # ruff: ignore[weak-cryptographic-key] the one to refuse
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return {
        "good": signing_key.private_pem(),
        "public": signing_key.public_pem,
        "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "garbage": "hunter2",
        "cut": signing_key.private_pem()[:400],
        "damaged": signing_key.private_pem().replace("\nMII", "\nMIJ"),
        "short": short.private_bytes(*pem, serialization.NoEncryption()).decode(),
        "encrypted": private.private_bytes(*pem, serialization.BestAvailableEncryption(b"opensesame")).decode(),
    }


@pytest.fixture(scope="session")
def other_key():
    """A key that the site does not have."""
    return SigningKey.generate(key_id="K3OTHEROTHEROT", algorithm="EC")


def pieces(pem):
    """The lines of the key, as they stand in the PEM text."""
    return pem.splitlines()[1:-1]


# who may open it


@pytest.mark.parametrize("name", ["cfprivate-controlpanel", "cfprivate-erase-key"])
def test_a_manager_may_open_it(manager, name):
    assert manager.open(name).status == 200


def test_the_manager_sees_the_form(manager):
    assert 'name="form.widgets.private_key"' in manager.recall().page


@pytest.mark.parametrize("name", ["cfprivate-controlpanel", "cfprivate-erase-key"])
@pytest.mark.parametrize(
    "roles",
    [["Site Administrator"], ["Editor"], ["Reviewer", "Contributor", "Reader"], ["Owner"], ["Media Viewer"], []],
    ids="+".join,
)
def test_nobody_else_may_open_it(visit, add_user, roles, name):
    add_user("somebody", *roles)
    transaction.commit()
    assert "form.buttons" not in visit("somebody").open(name).page


@pytest.mark.parametrize("name", ["cfprivate-controlpanel", "cfprivate-erase-key"])
def test_anonymous_is_sent_to_log_in(visit, name):
    visitor = visit().open(name)
    assert "/login" in visitor.browser.url


def test_the_panel_is_listed_for_the_manager(manager):
    assert "@@cfprivate-controlpanel" in manager.open("overview-controlpanel").page


def test_the_panel_is_not_listed_for_who_may_not_open_it(visit, add_user):
    add_user("somebody", "Site Administrator")
    transaction.commit()
    assert "@@cfprivate-controlpanel" not in visit("somebody").open("overview-controlpanel").page


# an empty site


@pytest.mark.parametrize("missing", ["No distribution domain is set", "No private key is stored"])
def test_an_empty_site_is_told_what_is_missing(manager, missing):
    assert missing in manager.recall().page


def test_an_empty_site_offers_no_key_to_erase(manager):
    assert "@@cfprivate-erase-key" not in manager.recall().page


# saving


def test_everything_is_saved_at_once(manager, saved, signing_key):
    manager.fill(distribution=HOST, key_id=KEY_ID, private_key=signing_key.private_pem(), lifetime="600")
    now = saved()
    assert (now["distribution"], now["lifetime"], now["key"].key_id, now["key"].fingerprint) == (
        HOST,
        600,
        KEY_ID,
        signing_key.fingerprint,
    )


def test_saving_says_so(manager):
    assert "Changes saved." in manager.fill(distribution=HOST).page


def test_what_was_saved_is_shown_to_sign(manager, signing_key):
    manager.fill(distribution=HOST, key_id=KEY_ID, private_key=signing_key.private_pem())
    assert "Protected media can be signed." in manager.page


def test_a_pem_file_of_windows_is_taken(manager, key_now, signing_key):
    manager.save(key_id=KEY_ID, private_key=signing_key.private_pem().replace("\n", "\r\n"))
    assert key_now().fingerprint == signing_key.fingerprint


@pytest.mark.parametrize("entered", [f"  {HOST} ", HOST.upper()])
def test_the_domain_is_saved_tidy(manager, saved, entered):
    manager.save(distribution=entered)
    assert saved()["distribution"] == HOST


def test_the_domain_can_be_taken_out_again(configured, saved):
    configured.save(distribution="")
    assert saved()["distribution"] == ""


def test_a_lifetime_may_be_the_longest(manager, saved):
    manager.save(lifetime="60", maximum_lifetime="60")
    assert (saved()["lifetime"], saved()["maximum_lifetime"]) == (60, 60)


def test_the_hash_algorithm_is_saved(manager, saved):
    manager.save(**{"hash_algorithm:list": ["SHA256"]})
    assert saved()["hash_algorithm"] == "SHA256"


def test_sites_that_may_embed_are_saved_one_in_a_line(manager, saved):
    manager.save(embed_ancestors="https://Partner.example.org\n\n http://localhost:8080 \nhttps://partner.example.org")
    assert saved()["embed_ancestors"] == ("https://partner.example.org", "http://localhost:8080")


def test_sites_that_may_embed_are_taken_out_again(manager, saved):
    manager.save(embed_ancestors="https://partner.example.org")
    manager.open().enter(embed_ancestors="").send("Save")
    assert saved()["embed_ancestors"] == ()


def test_folders_of_the_bucket_are_saved_one_in_a_line(manager, saved):
    manager.save(key_prefixes=" talks/2026/ \n\nfilms/   film-crew\ntalks/2026/\nmedia/ /campus/media/")
    assert saved()["key_prefixes"] == ("talks/2026/", "films/ film-crew", "media/ /campus/media")


def test_folders_of_the_bucket_are_taken_out_again(manager, saved):
    manager.save(key_prefixes="talks/")
    manager.open().enter(key_prefixes="").send("Save")
    assert saved()["key_prefixes"] == ()


def test_signed_cookies_are_saved_with_a_domain_above_both_hosts(functional_app, manager, saved, make_visitor):
    visitor = make_visitor(functional_app, "http://www.example.org/plone", "manager")
    visitor.open().enter(**{
        "distribution": "media.example.org",
        "delivery:list": ["cookies"],
        "cookie_domain": ".Example.org",
    }).send("Save")
    assert (saved()["delivery"], saved()["cookie_domain"]) == ("cookies", "example.org")


@pytest.mark.parametrize("distribution", ["media.example.org", HOST])
def test_a_domain_that_is_not_above_both_hosts_is_refused(functional_app, manager, saved, make_visitor, distribution):
    before = saved()
    visitor = make_visitor(functional_app, "http://www.example.com/plone", "manager")
    visitor.fill(distribution=distribution, cookie_domain="example.org")
    assert ("example.org is not above www.example.com" in visitor.page, saved()) == (True, before)


@pytest.mark.parametrize("name", ["bind_ip", "view_on_parents"])
class TestChoices:
    def test_are_off_at_first(self, saved, name):
        assert saved()[name] is False

    def test_are_switched_on(self, manager, saved, name):
        manager.save(**{f"{name}:list": ["selected"]})
        assert saved()[name] is True

    def test_are_switched_off_again(self, manager, saved, name):
        manager.save(**{f"{name}:list": ["selected"]})
        manager.open().enter(**{f"{name}:list": []}).send("Save")
        assert saved()[name] is False


def test_an_empty_private_key_keeps_the_one_that_is_stored(configured, key_now):
    before = key_now()
    configured.save(lifetime="60")
    assert key_now() == before


def test_blanks_in_place_of_a_private_key_keep_it_too(configured, key_now):
    before = key_now()
    configured.save(private_key=" \n ")
    assert key_now() == before


def test_changing_the_id_alone_renames(configured, key_now):
    before = key_now()
    configured.save(key_id="APKAEXAMPLE")
    assert (key_now().key_id, key_now().fingerprint) == ("APKAEXAMPLE", before.fingerprint)


def test_an_emptied_id_keeps_the_one_that_is_stored(configured, key_now):
    before = key_now()
    configured.save(key_id="")
    assert key_now() == before


class TestAnotherKey:
    """One that is entered where a key signs already."""

    def test_leaves_the_one_that_signs(self, configured, key_now, other_key):
        before = key_now()
        configured.save(key_id=other_key.key_id, private_key=other_key.private_pem())
        assert key_now() == before

    def test_waits_as_the_next_one(self, configured, saved, other_key):
        configured.save(key_id=other_key.key_id, private_key=other_key.private_pem())
        waiting = saved()["next"]
        assert (waiting.key_id, waiting.fingerprint) == (other_key.key_id, other_key.fingerprint)

    def test_waits_without_an_id_under_that_of_the_one_that_signs(self, configured, saved, other_key):
        configured.save(private_key=other_key.private_pem())
        assert saved()["next"].key_id == ""

    def test_is_said_to_wait(self, configured, other_key):
        configured.fill(key_id=other_key.key_id, private_key=other_key.private_pem())
        assert "The new key waits as the next one" in configured.page

    def test_comes_with_the_settings(self, configured, saved, other_key):
        configured.save(key_id=other_key.key_id, private_key=other_key.private_pem(), lifetime="60")
        assert saved()["lifetime"] == 60

    def test_is_refused_where_one_waits_already(self, configured, saved, other_key):
        getUtility(IKeyRing).generate_next("EC")
        transaction.commit()
        before = saved()
        configured.fill(key_id=other_key.key_id, private_key=other_key.private_pem(), lifetime="60")
        assert ("Another key is waiting as the next one" in configured.page, saved()) == (True, before)


def test_a_passphrase_of_no_key_is_refused(configured, saved):
    before = saved()
    configured.save(passphrase="opensesame", lifetime="60")
    assert ("There is no private key that this could decrypt" in configured.page, saved()) == (True, before)


@pytest.mark.parametrize("given", ["CFPRIVATE_PREVIOUS_SECRET", "CFPRIVATE_PREVIOUS_SECRET_FILE"])
def test_a_previous_secret_that_cannot_be_used_is_a_note(configured, monkeypatch, given):
    monkeypatch.setenv(given, "short")
    page = configured.open().page
    assert (f"The previous secret in {given} cannot be used" in page, "Protected media can be signed." in page) == (
        True,
        True,
    )


def test_the_key_that_signs_may_be_pasted_again(configured, saved, signing_key):
    configured.save(key_id="K3CORRECTED", private_key=signing_key.private_pem())
    assert (saved()["key"].key_id, saved()["next"]) == ("K3CORRECTED", None)


def test_pasted_again_a_locked_key_is_open(configured, key_now, signing_key, monkeypatch):
    monkeypatch.setenv("CFPRIVATE_SECRET", "another-secret-that-sealed-no-key-at-all")
    configured.open().enter(private_key=signing_key.private_pem()).send("Save")
    key_now()
    assert getUtility(IKeyRing).signing_key().fingerprint == signing_key.fingerprint


def test_cancel_saves_nothing(configured, saved):
    before = saved()
    configured.recall().enter(lifetime="60").send("Cancel")
    assert saved() == before


def test_a_local_edge_is_pointed_out(manager):
    assert "a host on this machine" in manager.fill(distribution="127.0.0.1:8081").page


def test_a_real_distribution_is_not_called_local(manager):
    assert "asked by http without encryption" not in manager.fill(distribution=HOST).page


# what the panel shows of the key


@pytest.mark.parametrize("name", ["key_id", "algorithm", "fingerprint"])
def test_the_panel_shows_what_anybody_may_know(configured, key_now, name):
    assert getattr(key_now(), name) in configured.recall().page


def test_the_private_key_is_in_no_page(manager, signing_key):
    pem = signing_key.private_pem()
    manager.fill(distribution=HOST, key_id=KEY_ID, private_key=pem)
    manager.fill(distribution="https://wrong/", private_key=pem)
    manager.fill(key_id="", private_key=pem)
    manager.fill(lifetime="0", private_key=pem)
    manager.open("cfprivate-erase-key")
    manager.open("overview-controlpanel")
    shown = "".join(manager.pages)
    assert [line for line in pieces(pem) if line in shown] == []


@pytest.mark.parametrize("values", [{"distribution": "https://wrong/"}, {"lifetime": "0"}, {"key_id": ""}])
def test_after_a_refusal_the_private_key_has_to_be_pasted_again(manager, signing_key, values):
    manager.save(**{"key_id": KEY_ID, "private_key": signing_key.private_pem(), **values})
    assert manager.value("private_key") == ""


def test_after_a_refusal_the_rest_is_still_there(manager):
    manager.save(distribution="https://wrong/", lifetime="60")
    assert manager.value("distribution") == "https://wrong/"


def test_the_text_area_asks_the_browser_not_to_remember(manager):
    (area,) = [tag for tag in re.findall(r"<textarea[^>]*>", manager.recall().page) if "private_key" in tag]
    assert 'autocomplete="off"' in area


def test_the_registry_holds_no_part_of_the_key(manager, functional_portal, signing_key):
    manager.save(distribution=HOST, key_id=KEY_ID, private_key=signing_key.private_pem())
    values = "".join(repr(record.value) for record in getUtility(IRegistry).records.values())
    assert [line for line in [KEY_ID, *pieces(signing_key.private_pem())] if line in values] == []


def test_the_registry_has_these_records_and_no_more(functional_portal):
    records = [name for name in getUtility(IRegistry).records if name.startswith("collective.cfprivate")]
    assert records == [
        "collective.cfprivate.bind_ip",
        "collective.cfprivate.cookie_domain",
        "collective.cfprivate.delivery",
        "collective.cfprivate.distribution",
        "collective.cfprivate.embed_ancestors",
        "collective.cfprivate.events_queue",
        "collective.cfprivate.guest_maximum",
        "collective.cfprivate.hash_algorithm",
        "collective.cfprivate.key_prefixes",
        "collective.cfprivate.lifetime",
        "collective.cfprivate.maximum_lifetime",
        "collective.cfprivate.mediaconvert_role",
        "collective.cfprivate.s3_bucket",
        "collective.cfprivate.s3_endpoint",
        "collective.cfprivate.s3_region",
        "collective.cfprivate.state_rules",
        "collective.cfprivate.upload_maximum",
        "collective.cfprivate.upload_prefix",
        "collective.cfprivate.upload_types",
        "collective.cfprivate.view_on_parents",
    ]


# refusals: (what is entered, what the sentence says)

REFUSED = {
    "a URL as domain": ({"distribution": f"https://{HOST}/"}, f"enter {HOST} only"),
    "a path as domain": ({"distribution": f"{HOST}/videos"}, f"enter {HOST} only"),
    "a port over 65535": ({"distribution": f"{HOST}:70000"}, f"enter {HOST} only"),
    "the default port": ({"distribution": f"{HOST}:443"}, "Leave it out"),
    "a public key": ({"key_id": KEY_ID, "private_key": "public"}, "Found a public key, wanted a private key"),
    "a certificate": ({"key_id": KEY_ID, "private_key": "certificate"}, "Found a certificate, wanted a private key"),
    "garbage": ({"key_id": KEY_ID, "private_key": "garbage"}, "Give the text of the file from BEGIN to END"),
    "a cut key": ({"key_id": KEY_ID, "private_key": "cut"}, "cut short"),
    "a damaged key": ({"key_id": KEY_ID, "private_key": "damaged"}, "cannot be read"),
    "a short key": ({"key_id": KEY_ID, "private_key": "short"}, "Found RSA with 1024 bits"),
    "an encrypted key": ({"key_id": KEY_ID, "private_key": "encrypted"}, "is encrypted"),
    "blanks in the id": ({"key_id": "K2JC JMDE", "private_key": "good"}, "letters and digits only"),
    "a key without id": ({"key_id": "", "private_key": "good"}, "Enter the id that CloudFront gave to this key"),
    "an id without key": ({"key_id": "K2"}, "paste it into the control panel"),
    "lifetime 0": ({"lifetime": "0"}, "Value is too small"),
    "lifetime -1": ({"lifetime": "-1"}, "Value is too small"),
    "over a week": ({"lifetime": "604801"}, "Value is too big"),
    "no lifetime": ({"lifetime": ""}, "Required input is missing"),
    "a maximum of 0": ({"maximum_lifetime": "0"}, "Value is too small"),
    "a maximum over a week": ({"maximum_lifetime": "604801"}, "Value is too big"),
    "no day for guests": ({"guest_maximum": "0"}, "Value is too small"),
    "over a year for guests": ({"guest_maximum": "366"}, "Value is too big"),
    "no megabyte": ({"upload_maximum": "0"}, "Value is too small"),
    "more than S3 takes": ({"upload_maximum": "5000001"}, "Value is too big"),
    "an address as bucket": ({"s3_bucket": "s3://films"}, "This is no name of a bucket"),
    "a name as region": ({"s3_region": "Frankfurt am Main"}, "This is no region"),
    "an endpoint by http": ({"s3_endpoint": "http://s3.example.org"}, "http:// is for a store on this machine"),
    "a folder that leads out": ({"upload_prefix": "../films/"}, "This is no folder of the bucket"),
    "a word as type": ({"upload_types": "video/mp4\nvideo"}, "Found a line that is no media type"),
    "a lifetime above the maximum": ({"lifetime": "61", "maximum_lifetime": "60"}, "make this shorter or that longer"),
    "no number": ({"lifetime": "an hour"}, "The entered value is not a valid integer literal"),
    "a wrong passphrase": (
        {"key_id": KEY_ID, "private_key": "encrypted", "passphrase": "opensesam"},
        "the passphrase is wrong, or the text is damaged",
    ),
    "a passphrase for nothing": (
        {"key_id": KEY_ID, "private_key": "good", "passphrase": "opensesame"},
        "Leave the passphrase empty",
    ),
    "cookies without domain": ({"delivery:list": ["cookies"]}, "Signed cookies need a domain above both"),
    "a public suffix": ({"cookie_domain": "co.uk"}, "Under co.uk anybody can register a name"),
    "a URL as cookie domain": ({"cookie_domain": "https://example.org"}, "This is no domain name"),
    "a domain above neither": ({"cookie_domain": "example.org"}, "example.org is not above localhost"),
    "a page as origin": (
        {"embed_ancestors": "https://partner.example.org\nhttps://partner.example.org/page"},
        "Found a line that is not the origin of a site",
    ),
    "a key as folder of the bucket": (
        {"key_prefixes": "talks/\ntalks/opening.mp4"},
        "Found a line that does not begin with a folder of the bucket",
    ),
}


@pytest.fixture(scope="class")
def refusal_of(functional_app_class, functional_portal_class, make_visitor, answers, everything_saved, texts):
    """A function that submits, once each, a wrong value among right ones; all to one site, in which nothing is saved."""
    api.user.create(email="manager@example.org", username="manager", password="secret-of-manager")
    api.user.grant_roles(username="manager", roles=["Manager"])
    transaction.commit()
    visitor = make_visitor(functional_app_class, functional_portal_class.absolute_url(), "manager")

    @cache
    def submit(name):
        values = {field: texts.get(str(value), value) for field, value in REFUSED[name][0].items()}
        before = everything_saved()
        visitor.remember(answers["empty"]).save(**{"distribution": "media.example.org", "lifetime": "60", **values})
        return SimpleNamespace(page=unescape(visitor.page), changed=everything_saved() != before)

    return submit


@pytest.mark.parametrize("name", REFUSED)
class TestARefusal:
    def test_says_what_to_do(self, refusal_of, name):
        assert REFUSED[name][1] in refusal_of(name).page

    def test_saves_nothing(self, refusal_of, name):
        assert not refusal_of(name).changed


@pytest.mark.parametrize("name", ["public", "certificate", "garbage", "short", "encrypted"])
def test_a_refused_key_leaves_the_stored_one(configured, key_now, texts, name):
    before = key_now()
    configured.save(private_key=texts[name])
    assert key_now() == before


@pytest.mark.parametrize("key_id", ["K2 JC", "K2/JC", "ключ", "K" * 129])
def test_a_refused_id_leaves_the_stored_one(configured, key_now, key_id):
    before = key_now()
    configured.save(key_id=key_id)
    assert key_now() == before


class TestLegacyId:
    """An id of the time before key groups."""

    def test_is_taken_and_advised_against(self, configured, key_now):
        configured.fill(key_id="APKAEXAMPLE")
        assert (key_now().key_id, "rotate to a key with an id that begins with K" in configured.page) == (
            "APKAEXAMPLE",
            True,
        )

    def test_is_not_spoken_of_where_there_is_another(self, configured):
        assert "AWS advises to use key groups" not in configured.recall().page


# an encrypted file, and an upload


def test_an_encrypted_key_is_taken_with_its_passphrase(manager, key_now, texts, signing_key):
    manager.save(key_id=KEY_ID, private_key=texts["encrypted"], passphrase="opensesame")
    assert key_now().fingerprint == signing_key.fingerprint


@pytest.mark.parametrize("passphrase", ["opensesame", "opensesam"])
def test_the_passphrase_is_in_no_page(manager, texts, passphrase):
    manager.save(key_id=KEY_ID, private_key=texts["encrypted"], passphrase=passphrase, lifetime="0")
    manager.fill(key_id=KEY_ID, private_key=texts["encrypted"], passphrase=passphrase)
    assert (manager.value("passphrase"), [page for page in manager.pages if passphrase in page]) == ("", [])


class TestUpload:
    """A file in place of a pasted key."""

    def test_is_stored(self, manager, key_now, signing_key):
        manager.recall().enter(key_id=KEY_ID).upload(signing_key.private_pem().encode()).send("Save")
        assert (key_now().key_id, key_now().fingerprint) == (KEY_ID, signing_key.fingerprint)

    def test_is_opened_with_its_passphrase(self, manager, key_now, texts, signing_key):
        manager.recall().enter(key_id=KEY_ID, passphrase="opensesame").upload(texts["encrypted"].encode()).send("Save")
        assert key_now().fingerprint == signing_key.fingerprint

    def test_beside_a_pasted_key_is_refused(self, manager, saved, signing_key):
        before, pem = saved(), signing_key.private_pem()
        manager.recall().enter(key_id=KEY_ID, private_key=pem).upload(pem.encode()).press("Save")
        assert ("Give one of them." in manager.page, saved()) == (True, before)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"\x00\xff\xfe" * 100, "characters outside ASCII"),
            (b"hunter2", "Found no PEM block"),
            (b"A" * 100_000, "Give the key file alone"),
        ],
        ids=["binary", "text", "large"],
    )
    def test_of_another_file_is_refused(self, manager, saved, content, sentence):
        before = saved()
        manager.recall().enter(key_id=KEY_ID, distribution=HOST).upload(content).press("Save")
        assert (sentence in manager.page, saved()) == (True, before)

    def test_is_not_given_back_after_a_refusal(self, manager, signing_key):
        pem = signing_key.private_pem()
        manager.recall().enter(key_id=KEY_ID, lifetime="0").upload(pem.encode()).press("Save")
        assert [line for line in pieces(pem) if line in manager.page] == []

    def test_has_to_be_chosen_anew_after_a_refusal(self, manager, key_now, signing_key):
        manager.recall().enter(key_id=KEY_ID, lifetime="0").upload(signing_key.private_pem().encode()).press("Save")
        manager.enter(lifetime="60").send("Save")
        assert key_now() is None


# without the secret


def test_without_a_secret_the_panel_refuses_to_store(manager, saved, signing_key, monkeypatch):
    monkeypatch.delenv("CFPRIVATE_SECRET")
    before = saved()
    manager.fill(distribution=HOST, key_id=KEY_ID, private_key=signing_key.private_pem())
    assert saved() == before


def test_without_a_secret_the_panel_says_how_to_give_one(manager, signing_key, monkeypatch):
    monkeypatch.delenv("CFPRIVATE_SECRET")
    manager.fill(key_id=KEY_ID, private_key=signing_key.private_pem())
    assert "give it to every Zope client as CFPRIVATE_SECRET" in manager.page


def test_a_locked_key_is_reported(configured, monkeypatch):
    monkeypatch.setenv("CFPRIVATE_SECRET", "another-secret-that-sealed-no-key-at-all")
    assert "was encrypted with another secret" in configured.open().page


def test_a_locked_key_does_not_keep_the_rest_from_being_saved(configured, saved, monkeypatch):
    monkeypatch.setenv("CFPRIVATE_SECRET", "another-secret-that-sealed-no-key-at-all")
    configured.fill(lifetime="60")
    assert saved()["lifetime"] == 60


# forged requests

FORGED = {
    "erase": ("cfprivate-erase-key", {"form.buttons.erase": "Erase the key"}),
    "settings": (
        "cfprivate-controlpanel",
        {"form.buttons.save": "Save", "form.widgets.distribution": "evil.example.org", "form.widgets.lifetime": "9"},
    ),
    "rename": (
        "cfprivate-controlpanel",
        {
            "form.buttons.save": "Save",
            "form.widgets.distribution": HOST,
            "form.widgets.key_id": "KEVIL",
            "form.widgets.lifetime": "3600",
        },
    ),
}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize(
    "token", [{}, {"_authenticator": ""}, {"_authenticator": "0" * 40}], ids=["no", "empty", "bad"]
)
def test_a_forged_post_changes_nothing(configured, saved, forged, token):
    before = saved()
    name, values = FORGED[forged]
    configured.post(name, urlencode({**values, **token}))
    assert saved() == before


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_link_changes_nothing(configured, saved, forged):
    before = saved()
    name, values = FORGED[forged]
    configured.open(f"{name}?{urlencode(values)}")
    assert saved() == before


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_post_is_forbidden(configured, forged):
    name, values = FORGED[forged]
    assert configured.post(name, urlencode(values)).status == 403


def test_a_key_posted_without_token_is_not_stored(manager, key_now, signing_key):
    values = {
        "form.buttons.save": "Save",
        "form.widgets.lifetime": "3600",
        "form.widgets.key_id": KEY_ID,
        "form.widgets.private_key": signing_key.private_pem(),
    }
    manager.post("cfprivate-controlpanel", urlencode(values))
    assert key_now() is None


@pytest.fixture
def logged(manager, functional_portal, signing_key):
    """What Zope's error log keeps of a request that fails with a private key in it."""
    # Zope loads this subscriber for its product; the layer of the tests does not.
    getGlobalSiteManager().registerHandler(IPubFailureSubscriber)
    values = {"form.buttons.save": "Save", "form.widgets.key_id": KEY_ID}
    manager.post("cfprivate-controlpanel", urlencode({**values, "form.widgets.private_key": signing_key.private_pem()}))
    getGlobalSiteManager().unregisterHandler(IPubFailureSubscriber)
    log = functional_portal.error_log
    return log.getLogEntryById(log.getLogEntries()[0]["id"])


def test_the_error_log_keeps_the_form(logged):
    assert KEY_ID in logged["req_html"]


def test_the_error_log_keeps_no_private_key(logged, signing_key):
    kept = "".join(str(value) for value in logged.values())
    assert [line for line in pieces(signing_key.private_pem()) if line in kept] == []


# erasing


def test_erasing_asks_on_a_page_of_its_own(configured, key_now):
    configured.recall().follow("Erase the key")
    assert "cannot be recovered" in configured.page


def test_asking_erases_nothing(configured, key_now):
    before = key_now()
    configured.open("cfprivate-erase-key")
    assert key_now() == before


def test_cancel_keeps_the_key(configured, key_now):
    before = key_now()
    configured.recall("cfprivate-erase-key").send("Cancel")
    assert key_now() == before


def test_erase_removes_the_key(configured, key_now):
    configured.recall("cfprivate-erase-key").send("Erase the key")
    assert key_now() is None


def test_erase_keeps_the_settings(configured, saved):
    before = saved()
    configured.recall("cfprivate-erase-key").send("Erase the key")
    assert {**saved(), "key": before["key"]} == before


@pytest.mark.parametrize("label", ["Erase the key", "Cancel"])
def test_both_lead_back_to_the_panel(configured, label):
    configured.recall("cfprivate-erase-key").press(label)
    assert configured.browser.url.endswith("/@@cfprivate-controlpanel")


def test_after_erasing_the_panel_says_so(configured):
    assert "The key was erased." in configured.recall("cfprivate-erase-key").press("Erase the key").page


def test_after_erasing_the_panel_says_what_is_missing(configured):
    assert "No private key is stored" in configured.recall("cfprivate-erase-key").press("Erase the key").page


# looking writes nothing


# Plone's own pages come first, so that only what is ours can write; a second look would hide what the first one wrote.


@pytest.mark.parametrize("name", ["cfprivate-controlpanel", "cfprivate-erase-key"])
def test_the_first_look_writes_nothing(configured, functional_portal, name):
    configured.open("overview-controlpanel")
    database = functional_portal._p_jar.db()
    before = database.lastTransaction()
    configured.open(name)
    assert database.lastTransaction() == before


@pytest.mark.parametrize("name", ["cfprivate-controlpanel", "cfprivate-erase-key"])
def test_the_first_look_at_an_empty_site_writes_nothing(manager, functional_portal, name):
    manager.open("overview-controlpanel")
    database = functional_portal._p_jar.db()
    before = database.lastTransaction()
    manager.open(name)
    assert database.lastTransaction() == before


def test_saving_writes(configured, functional_portal):
    configured.open()
    database = functional_portal._p_jar.db()
    before = database.lastTransaction()
    configured.enter(lifetime="60").send("Save")
    assert database.lastTransaction() != before
