"""Zope does not start with a signing key of the environment that cannot sign."""

from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.keyring.startup import check_environment
from zope.component import getGlobalSiteManager
from zope.event import notify
from zope.interface import providedBy
from zope.processlifetime import ProcessStarting

import pytest


KEY_ID = "K3OTHEROTHEROT"


def environment(outside, **changes):
    """What the environment gives; a value of None takes a variable away."""
    given = {"CFPRIVATE_PRIVATE_KEY_FILE": str(outside.path), "CFPRIVATE_KEY_PAIR_ID": KEY_ID, **changes}
    return {variable: value for variable, value in given.items() if value is not None}


BAD = {
    "no file": {"CFPRIVATE_PRIVATE_KEY_FILE": None},
    "an empty file name": {"CFPRIVATE_PRIVATE_KEY_FILE": " "},
    "no id": {"CFPRIVATE_KEY_PAIR_ID": None},
    "an empty id": {"CFPRIVATE_KEY_PAIR_ID": ""},
    "a missing file": {"CFPRIVATE_PRIVATE_KEY_FILE": "/nowhere/key.pem"},
    "a folder": {"CFPRIVATE_PRIVATE_KEY_FILE": "/"},
    "a bad id": {"CFPRIVATE_KEY_PAIR_ID": "K 2"},
}


@pytest.fixture
def named(outside, monkeypatch):
    """A function that puts both variables, with changes, into the environment of this process."""

    def name(**changes):
        outside.give()
        for variable, value in changes.items():
            if value is None:
                monkeypatch.delenv(variable)
            else:
                monkeypatch.setenv(variable, value)

    return name


# the check


@pytest.mark.parametrize("environ", [{}, {"CFPRIVATE_PRIVATE_KEY_FILE": "", "CFPRIVATE_KEY_PAIR_ID": " "}])
def test_without_both_variables_zope_starts(environ):
    assert check_environment(environ=environ) is None


def test_with_a_key_that_signs_zope_starts(outside):
    assert check_environment(environ=environment(outside)) is None


def test_blanks_around_what_is_given_are_no_fault(outside):
    given = {variable: f" {value}\n" for variable, value in environment(outside).items()}
    assert check_environment(environ=given) is None


@pytest.mark.parametrize("name", BAD)
def test_with_a_key_that_cannot_sign_zope_does_not_start(outside, name):
    with pytest.raises(NotConfigured):
        check_environment(environ=environment(outside, **BAD[name]))


def test_with_a_file_that_holds_no_key_zope_does_not_start(outside):
    outside.path.write_text("garbage", encoding="ascii")
    with pytest.raises(NotConfigured, match="Found no PEM block"):
        check_environment(environ=environment(outside))


def test_a_short_secret_is_no_reason_not_to_start():
    assert check_environment(environ={"CFPRIVATE_SECRET": "short"}) is None


def test_the_environment_of_the_process_is_checked(named):
    named(CFPRIVATE_KEY_PAIR_ID=None)
    with pytest.raises(NotConfigured, match="CFPRIVATE_KEY_PAIR_ID is not set"):
        check_environment()


# when Zope starts


def test_the_check_is_registered_once(portal):
    handlers = getGlobalSiteManager().adapters.subscriptions([providedBy(ProcessStarting())], None)
    assert handlers.count(check_environment) == 1


@pytest.mark.parametrize("name", BAD)
def test_a_start_with_a_bad_key_is_stopped(portal, named, name):
    named(**BAD[name])
    with pytest.raises(NotConfigured):
        notify(ProcessStarting())


def test_a_start_with_a_good_key_goes_on(portal, named):
    named()
    assert notify(ProcessStarting()) is None


def test_a_start_without_a_key_goes_on(portal):
    assert notify(ProcessStarting()) is None
