"""One object holds what the administrator decided and what the environment says, as it is now."""

from collective.cfprivate import settings
from collective.cfprivate.exceptions import NotConfigured
from dataclasses import FrozenInstanceError
from functools import cache
from plone import api
from plone.app.registry.exportimport.handler import RegistryImporter
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tests.common import DummyImportContext
from zope.component import getUtility
from zope.schema.interfaces import ValidationError

import pytest


DOMAIN = "collective.cfprivate.distribution"
LIFETIME = "collective.cfprivate.lifetime"
SECRET = "0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def enter(portal):
    """A function that puts a domain into the registry and returns the settings read after it."""

    def enter_domain(domain):
        getUtility(IRegistry)[DOMAIN] = domain
        return settings.current()

    return enter_domain


def value_of(name):
    """What counts now, of whichever settings have it."""
    return next(getattr(each, name) for each in (settings.current(), settings.bucket()) if hasattr(each, name))


# the distribution


@pytest.mark.parametrize(
    "entered",
    ["d111111abcdef8.cloudfront.net", "  d111111abcdef8.cloudfront.net\t", "D111111ABCDEF8.CloudFront.net"],
)
def test_the_distribution_is_the_one_entered(enter, entered):
    assert enter(entered).distribution.host == "d111111abcdef8.cloudfront.net"


def test_a_host_on_this_machine_is_local(enter):
    assert enter("127.0.0.1:8081").distribution.origin == "http://127.0.0.1:8081"


@pytest.mark.parametrize("entered", ["", "   ", None])
def test_without_a_domain_the_reason_says_where_to_enter_it(enter, entered):
    with pytest.raises(NotConfigured, match="enter it in the control panel"):
        _ = enter(entered).distribution


def test_a_fresh_site_has_no_distribution(portal):
    with pytest.raises(NotConfigured):
        _ = settings.current().distribution


@pytest.mark.parametrize(
    ("entered", "reason"),
    [
        ("https://d111111abcdef8.cloudfront.net/", "Found a URL"),
        ("d111111abcdef8.cloudfront.net/videos", "is not a host"),
        ("user@d111111abcdef8.cloudfront.net", "is not a host"),
        ("d111111abcdef8.cloudfront.net:443", "Port 443"),
        ("d111111abcdef8.cloudfront.net:99999", "Port '99999'"),
        ("d1 d2", "is not a host"),
    ],
)
def test_a_malformed_domain_is_not_configured_and_the_reason_is_told(enter, entered, reason):
    with pytest.raises(NotConfigured, match=reason):
        _ = enter(entered).distribution


def test_a_malformed_domain_does_not_hide_the_other_settings(enter):
    assert enter("https://nonsense/").lifetime == 3600


# the environment


VARIABLES = {
    "CFPRIVATE_SECRET": "secret",
    "CFPRIVATE_SECRET_FILE": "secret_file",
    "CFPRIVATE_PREVIOUS_SECRET": "previous_secret",
    "CFPRIVATE_PREVIOUS_SECRET_FILE": "previous_secret_file",
    "CFPRIVATE_PRIVATE_KEY_FILE": "private_key_file",
    "CFPRIVATE_KEY_PAIR_ID": "key_pair_id",
}


@pytest.mark.parametrize(("variable", "name"), VARIABLES.items())
def test_the_environment_is_read_and_stripped(variable, name):
    assert getattr(settings.read_environment({variable: f" {SECRET}\n"}), name) == SECRET


@pytest.mark.parametrize("name", VARIABLES.values())
def test_an_unset_variable_is_empty(name):
    assert getattr(settings.read_environment({}), name) == ""


def test_the_environment_of_the_process_is_the_one_read(monkeypatch):
    monkeypatch.setenv("CFPRIVATE_SECRET", SECRET)
    assert settings.environment().secret == SECRET


def test_the_environment_of_the_process_is_read_once(monkeypatch):
    monkeypatch.setattr(settings, "_at_start", cache(settings._at_start))
    monkeypatch.setenv("CFPRIVATE_SECRET", SECRET)
    settings.environment()
    monkeypatch.setenv("CFPRIVATE_SECRET", "another secret, which needs a restart")
    assert settings.environment().secret == SECRET


@pytest.mark.parametrize("variable", ["CFPRIVATE_SECRET", "CFPRIVATE_PREVIOUS_SECRET"])
def test_the_representation_hides_the_secret(variable):
    assert SECRET not in repr(settings.read_environment({variable: SECRET}))


def test_the_environment_needs_no_site():
    given = {variable: f" {variable.lower()} " for variable in VARIABLES}
    assert vars(settings.read_environment(given)) == {name: variable.lower() for variable, name in VARIABLES.items()}


def test_what_is_not_ours_in_the_environment_is_left_out():
    assert settings.read_environment({"CFPRIVATE_OTHER": "x", "PATH": "/bin"}) == settings.Environment()


@pytest.mark.parametrize(
    ("environ", "outside"),
    [
        ({}, False),
        ({"CFPRIVATE_SECRET": SECRET}, False),
        ({"CFPRIVATE_PRIVATE_KEY_FILE": " ", "CFPRIVATE_KEY_PAIR_ID": ""}, False),
        ({"CFPRIVATE_PRIVATE_KEY_FILE": "/key.pem"}, True),
        ({"CFPRIVATE_KEY_PAIR_ID": "K2JCJMDEHXQW5F"}, True),
        ({"CFPRIVATE_PRIVATE_KEY_FILE": "/key.pem", "CFPRIVATE_KEY_PAIR_ID": "K2JCJMDEHXQW5F"}, True),
    ],
)
def test_one_variable_is_enough_for_a_key_of_the_environment(environ, outside):
    assert settings.read_environment(environ).has_key is outside


def test_the_representation_shows_the_rest(enter):
    assert "d111111abcdef8.cloudfront.net" in repr(enter("d111111abcdef8.cloudfront.net"))


# now


@pytest.mark.parametrize(
    ("record", "value", "name"),
    [
        (DOMAIN, "media.example.org", "distribution_host"),
        (LIFETIME, 60, "lifetime"),
        ("collective.cfprivate.hash_algorithm", "SHA256", "hash_algorithm"),
        ("collective.cfprivate.delivery", "cookies", "delivery"),
        ("collective.cfprivate.cookie_domain", "example.org", "cookie_domain"),
        ("collective.cfprivate.embed_ancestors", ("https://a.example", "https://b.example"), "embed_ancestors"),
        ("collective.cfprivate.key_prefixes", ("talks/", "films/ crew"), "key_prefixes"),
    ],
)
def test_a_changed_record_counts_at_the_next_call(portal, record, value, name):
    value_of(name)
    api.portal.set_registry_record(record, value)
    assert value_of(name) == value


def test_settings_in_hand_do_not_change(enter):
    before = enter("media.example.org")
    api.portal.set_registry_record(DOMAIN, "other.example.org")
    assert before.distribution.host == "media.example.org"


def test_nobody_changes_the_settings_in_hand(enter):
    with pytest.raises(FrozenInstanceError):
        enter("media.example.org").lifetime = 1


def test_the_default_lifetime_is_an_hour(portal):
    assert settings.current().lifetime == 3600


DEFAULTS = {
    "hash_algorithm": "SHA1",
    "lifetime": 3600,
    "maximum_lifetime": 86400,
    "bind_ip": False,
    "view_on_parents": False,
    "delivery": "playlist",
    "cookie_domain": "",
    "embed_ancestors": (),
    "key_prefixes": (),
    "guest_maximum": 30,
    "s3_bucket": "",
    "s3_region": "",
    "s3_endpoint": "",
    "upload_prefix": "uploads/",
    "upload_maximum": 20_000,
    "mediaconvert_role": "",
    "events_queue": "",
}


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_a_fresh_site_has_the_default(portal, name, default):
    assert value_of(name) == default


@pytest.mark.parametrize(
    ("record", "value"), [("hash_algorithm", "MD5"), ("delivery", "pigeon"), ("embed_ancestors", "https://a.example")]
)
def test_the_registry_takes_no_other_choice(portal, record, value):
    with pytest.raises(ValidationError):
        api.portal.set_registry_record(f"collective.cfprivate.{record}", value)


def test_a_cookie_domain_without_a_value_counts_as_empty(portal):
    getUtility(IRegistry)["collective.cfprivate.cookie_domain"] = None
    assert settings.current().cookie_domain == ""


# a site whose profile is older than the code


@pytest.mark.parametrize(
    ("record", "name", "default"),
    [
        (DOMAIN, "distribution_host", ""),
        *((f"collective.cfprivate.{name}", name, default) for name, default in DEFAULTS.items()),
    ],
)
def test_a_missing_record_counts_as_its_default(portal, record, name, default):
    del getUtility(IRegistry).records[record]
    assert value_of(name) == default


# the rules of workflow states


def test_a_profile_can_bring_rules(portal):
    record = """
        <registry><record name="collective.cfprivate.state_rules">
          <value>{"protected_media_workflow": {"confidential": {"lifetime": 300, "bind_ip": true}}}</value>
        </record></registry>
    """
    importer = RegistryImporter(getUtility(IRegistry), DummyImportContext(portal, purge=False))
    importer.importDocument(record)
    rules = settings.current().state_rules
    assert rules == {("protected_media_workflow", "confidential"): settings.StateRule(lifetime=300, bind_ip=True)}


def test_the_rules_cannot_be_changed_in_hand(portal):
    with pytest.raises(TypeError):
        settings.current().state_rules["any", "state"] = settings.StateRule(lifetime=1)


@pytest.mark.parametrize(("domain", "local"), [("127.0.0.1:8081", True), ("d111111abcdef8.cloudfront.net", False)])
def test_a_distribution_of_this_machine_is_told_from_others(enter, domain, local):
    assert enter(domain).distribution_is_local is local


def test_no_distribution_is_not_one_of_this_machine(enter):
    assert enter("").distribution_is_local is False
