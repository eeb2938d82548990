"""The page that takes the outputs of a stack: what it shows, asks and saves."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.controlpanel.stack_plan import plan_for
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.interfaces import ISettings
from collective.cfprivate.storage.stack_outputs import read_outputs
from plone import api
from plone.registry.interfaces import IRegistry
from urllib.parse import urlencode
from zope.component import getUtility

import json
import pytest
import time
import transaction


PAGE = "cfprivate-stack"
LOOK, SAVE = "Show what changes", "Save these settings"
DOMAIN = "d222222abcdef8.cloudfront.net"
KEY_ID = "K2JCJMDEHXQW5F"
SETTINGS = ["distribution", "s3_bucket", "s3_region", "s3_endpoint", "cookie_domain", "delivery"]


@pytest.fixture(scope="module")
def other_key():
    return SigningKey.generate(key_id="K3OTHEROTHEROT", algorithm="EC")


@pytest.fixture
def outputs(signing_key):
    """A function: outputs of a stack that was made for the site's key, as JSON; None leaves one out."""

    def written(**changes):
        values = {
            "DistributionDomain": DOMAIN,
            "PublicKeyId": KEY_ID,
            "PublicKeyFingerprint": signing_key.fingerprint,
            "Bucket": "plone-bucket-1a2b3c",
            "Region": "eu-central-1",
        }
        return json.dumps({name: value for name, value in (values | changes).items() if value is not None})

    return written


@pytest.fixture
def state(functional_portal):
    """A function: the settings, and the id in each slot, as they are in the database."""

    def now():
        transaction.begin()
        records = getUtility(IRegistry).records
        described = {slot: getUtility(IKeyRing).describe(slot) for slot in ("next", "active", "previous")}
        ids = {slot: key.key_id for slot, key in described.items() if key}
        return {name: records[f"collective.cfprivate.{name}"].value for name in SETTINGS} | ids

    return now


def look(visitor, text):
    return visitor.open(PAGE).enter(outputs=text).press(LOOK)


def saves(visitor):
    return "form.buttons.save" in visitor.page


# looking


def test_looking_changes_nothing(configured, outputs, state):
    before = state()
    look(configured, outputs())
    assert state() == before


def test_what_is_set_stands_beside_what_would_be(configured, outputs):
    page = look(configured, outputs()).page
    assert [word in page for word in ("d111111abcdef8.cloudfront.net", DOMAIN, "plone-bucket-1a2b3c")] == [True] * 3


def test_what_stays_is_told_to_stay(configured, outputs):
    page = look(configured, outputs(DistributionDomain="d111111abcdef8.cloudfront.net", Bucket=None, Region=None)).page
    assert ("Everything is set as the stack has it." in page, "as it is" in page) == (True, True)


def test_where_nothing_changes_there_is_nothing_to_save(configured, outputs):
    look(configured, outputs(DistributionDomain="d111111abcdef8.cloudfront.net", Bucket=None, Region=None))
    assert not saves(configured)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello", "There are no outputs in this"),
        ('{"Stacks": [', "This begins like JSON"),
        ("Bucket\tmy-bucket", "There is no output DistributionDomain"),
        ("DistributionDomain\thttps://d1.cloudfront.net/", "The value of DistributionDomain is not what it should be"),
    ],
)
def test_what_cannot_be_read_is_told_at_the_field(configured, text, told):
    look(configured, text)
    assert (told in configured.page, saves(configured)) == (True, False)


def test_nothing_at_all_is_told_to_be_missing(configured):
    look(configured, "")
    assert ("Required input is missing" in configured.page, saves(configured)) == (True, False)


def test_what_was_pasted_is_no_html(configured, outputs):
    assert "<script>alert" not in look(configured, "<script>alert(1)</script>" + outputs()).page


# saving


def test_what_was_shown_is_saved(configured, outputs, state):
    look(configured, outputs()).press(SAVE)
    assert state() == {
        "distribution": DOMAIN,
        "s3_bucket": "plone-bucket-1a2b3c",
        "s3_region": "eu-central-1",
        "s3_endpoint": "",
        "cookie_domain": "",
        "delivery": "playlist",
        "active": KEY_ID,
    }


def test_and_the_control_panel_says_so(configured, outputs):
    page = look(configured, outputs()).press(SAVE).page
    assert ("The settings of the stack are saved" in page, DOMAIN in page) == (True, True)


def test_an_endpoint_of_another_store_goes(configured, outputs, state):
    api.portal.set_registry_record("collective.cfprivate.s3_endpoint", "https://s3.example.org")
    transaction.commit()
    look(configured, outputs()).press(SAVE)
    assert state()["s3_endpoint"] == ""


def test_role_and_queue_of_jobs_are_set_where_there_are_settings_for_them(configured, outputs):
    values = {
        "mediaconvert_role": "arn:aws:iam::111122223333:role/plone-MediaConvertRole-ABC",
        "events_queue": "https://sqs.eu-central-1.amazonaws.com/111122223333/plone-Queue-ABC",
    }
    text = outputs(MediaConvertRole=values["mediaconvert_role"], QueueUrl=values["events_queue"])
    changes = plan_for(read_outputs(text)).changes
    assert {name: changes.get(name) for name in values} == {
        name: value if name in ISettings else None for name, value in values.items()
    }


def test_without_a_bucket_the_bucket_stays(configured, outputs, state):
    api.portal.set_registry_record("collective.cfprivate.s3_bucket", "my-bucket")
    transaction.commit()
    look(configured, outputs(Bucket=None, Region=None)).press(SAVE)
    assert state()["s3_bucket"] == "my-bucket"


def test_a_key_under_another_id_is_told_and_gets_the_new_one(configured, outputs, state):
    page = look(configured, outputs(PublicKeyId="K9NEWNEWNEWNEW")).page
    configured.press(SAVE)
    assert ("The same key was saved under another id, K2JCJMDEHXQW5F." in page, state()["active"]) == (
        True,
        "K9NEWNEWNEWNEW",
    )


def test_a_next_key_without_an_id_gets_it(manager, other_key, outputs, state):
    getUtility(IKeyRing).store_next(pem=other_key.private_pem())
    transaction.commit()
    page = look(manager, outputs(PublicKeyFingerprint=other_key.fingerprint)).page
    manager.press(SAVE)
    assert ("test it, and activate it" in page, state()["next"], "@@cfprivate-rotate" in manager.browser.url) == (
        True,
        KEY_ID,
        True,
    )


def test_each_key_gets_its_own_id(configured, other_key, outputs, state):
    getUtility(IKeyRing).store_next(pem=other_key.private_pem())
    transaction.commit()
    second = {"SecondPublicKeyId": "K5", "SecondPublicKeyFingerprint": other_key.fingerprint}
    look(configured, outputs(**second)).press(SAVE)
    assert (state()["active"], state()["next"]) == (KEY_ID, "K5")


def test_ids_follow_keys_that_were_rotated_meanwhile(configured, other_key, outputs, state):
    ring = getUtility(IKeyRing)
    ring.store_next(pem=other_key.private_pem(), key_id="K4")
    ring.activate(int(time.time()))
    transaction.commit()
    second = {"SecondPublicKeyId": "K5", "SecondPublicKeyFingerprint": other_key.fingerprint}
    look(configured, outputs(**second)).press(SAVE)
    assert (state()["active"], state()["previous"]) == ("K5", KEY_ID)


def test_without_a_fingerprint_the_one_key_is_meant(configured, outputs, state):
    look(configured, outputs(PublicKeyFingerprint=None, PublicKeyId="K9")).press(SAVE)
    assert state()["active"] == "K9"


def test_signed_cookies_come_with_their_domain(functional_app, configured, outputs, state, make_visitor):
    visitor = make_visitor(functional_app, "http://www.example.org/plone", "manager")
    look(visitor, outputs(DistributionDomain="media.example.org", CookieDomain="example.org")).send(SAVE)
    now = state()
    assert [now[name] for name in ("distribution", "cookie_domain", "delivery")] == [
        "media.example.org",
        "example.org",
        "cookies",
    ]


def test_a_domain_that_is_not_above_the_site_is_refused(configured, outputs, state):
    look(configured, outputs(DistributionDomain="media.example.org", CookieDomain="example.org"))
    configured.press(SAVE)
    assert ("example.org is not above localhost" in configured.page, state()["cookie_domain"]) == (True, "")


# refusals


def test_without_a_key_nothing_can_be_saved(manager, outputs):
    look(manager, outputs())
    assert ("This site has no key" in manager.page, saves(manager)) == (True, False)


def test_a_stack_of_another_key_is_refused(configured, other_key, outputs):
    look(configured, outputs(PublicKeyFingerprint=other_key.fingerprint))
    assert ("does not trust the key of this site" in configured.page, saves(configured)) == (True, False)


def test_outputs_without_a_key_are_refused(configured, outputs):
    look(configured, outputs(PublicKeyId=None))
    assert ("There is no output PublicKeyId" in configured.page, saves(configured)) == (True, False)


@pytest.mark.parametrize("activated", [False, True])
def test_of_two_keys_none_is_guessed(configured, other_key, outputs, activated):
    getUtility(IKeyRing).store_next(pem=other_key.private_pem(), key_id="K4")
    if activated:
        getUtility(IKeyRing).activate(int(time.time()))
    transaction.commit()
    look(configured, outputs(PublicKeyFingerprint=None))
    assert saves(configured) is False


def test_what_is_refused_is_not_saved_without_its_button_either(configured, other_key, outputs, state):
    before, text = state(), outputs(PublicKeyFingerprint=other_key.fingerprint)
    look(configured, text)
    token = configured.browser.getControl(name="_authenticator", index=0).value
    mark = plan_for(read_outputs(text)).mark
    configured.post(PAGE, urlencode(forged(text) | {"shown": mark, "_authenticator": token}))
    assert ("does not trust the key of this site" in configured.page, state()) == (True, before)


def test_a_key_of_the_environment_keeps_its_id(configured, outputs, state, signing_key, monkeypatch, tmp_path):
    file = tmp_path / "private.pem"
    file.write_text(signing_key.private_pem())
    monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(file))
    monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", "KOUTSIDE")
    page = look(configured, outputs()).page
    configured.press(SAVE)
    told = "CFPRIVATE_KEY_PAIR_ID" in page and "KOUTSIDE" in page
    assert (told, state()["distribution"], state()["active"]) == (True, DOMAIN, "KOUTSIDE")


def test_an_id_that_is_anothers_saves_nothing(configured, other_key, outputs, state):
    getUtility(IKeyRing).store_next(pem=other_key.private_pem(), key_id="K4")
    transaction.commit()
    before = state()
    look(configured, outputs(PublicKeyId="K4")).press(SAVE)
    assert ("This is the id of the next key" in configured.page, state()) == (True, before)


def test_a_refusal_after_a_new_id_takes_that_back(configured, outputs, state):
    before = state()
    text = outputs(PublicKeyId="K9", DistributionDomain="media.example.org", CookieDomain="example.org")
    look(configured, text).press(SAVE)
    assert state() == before


def test_what_was_changed_meanwhile_is_shown_first(configured, outputs, state):
    look(configured, outputs())
    api.portal.set_registry_record("collective.cfprivate.s3_bucket", "another-bucket")
    transaction.commit()
    configured.press(SAVE)
    assert (
        "this is not what the page showed" in configured.page,
        "another-bucket" in configured.page,
        state()["s3_bucket"],
    ) == (True, True, "another-bucket")


def test_other_outputs_than_were_shown_are_shown_first(configured, outputs, state):
    before = state()
    look(configured, outputs()).enter(outputs=outputs(Bucket="my-other-bucket")).press(SAVE)
    assert ("this is not what the page showed" in configured.page, state()) == (True, before)


def forged(outputs):
    return {"form.buttons.save": "x", "form.widgets.outputs": outputs, "shown": ""}


def test_a_link_saves_nothing(configured, outputs, state):
    before = state()
    mark = look(configured, outputs()).browser.getControl(name="shown").value
    token = configured.browser.getControl(name="_authenticator", index=0).value
    query = forged(outputs()) | {"shown": mark, "_authenticator": token}
    configured.open(f"{PAGE}?{urlencode(query)}")
    assert state() == before


def test_a_post_without_the_token_is_forbidden(configured, outputs, state):
    before = state()
    mark = look(configured, outputs()).browser.getControl(name="shown").value
    configured.post(PAGE, urlencode(forged(outputs()) | {"shown": mark}))
    assert (configured.status, state()) == (403, before)
