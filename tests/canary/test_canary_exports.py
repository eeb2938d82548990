"""No export and no page of Plone tells a private key, a secret or a passphrase, to whomever."""

from canary import as_bytes
from canary import unpacked
from canary_exports import EXPORTS

import pytest
import re


SEALED = re.compile(rb"gAAAA[\w-]{100,}")

# What each export is known by, so that it is not looked for in the wrong place.
MARKS = {
    "GenericSetup": b"collective.cfprivate.lifetime",
    "registry": b"collective.cfprivate.lifetime",
    "control panels": b"K6RSACANARY",
    "services": b"K1PASTED",
    "pages": b"K6RSACANARY",
    "content": b"talks/talk.mp4",
    "zexp": b"collective.cfprivate.keyring",
    "catalog": b"One more title",
    "versions": b"Another title",
    "undo": b"cfprivate-rotate",
    "error_log": b"Form authenticator is invalid",
    "answers": b"The new key signs now",
    "log": b"Form authenticator is invalid",
}
ALL = sorted(EXPORTS)


def parts(evidence, name):
    """The contents of an export, with what is within archives."""
    contents = evidence.exports[name].values()
    return [part for content in contents for part in unpacked(as_bytes(content))]


@pytest.mark.parametrize("name", ALL)
def test_tells_no_key(evidence, name):
    assert evidence.canaries.found_in_each(evidence.exports[name]) == {}


@pytest.mark.parametrize("name", ALL)
def test_control_it_is_the_export(evidence, name):
    assert any(MARKS[name] in part for part in parts(evidence, name))


@pytest.mark.parametrize("name", sorted(set(EXPORTS) - {"zexp"}))
def test_has_not_even_a_sealed_key(evidence, name):
    # Among the answers is the download of the site as a zexp, where the sealed key may be.
    found = [part[:4] for part in parts(evidence, name) if SEALED.search(part)]
    assert set(found) <= {b"ZEXP"}


def test_an_item_has_not_even_a_sealed_key(evidence):
    exported = evidence.exports["zexp"]
    assert [name for name in ("talk", "page") if SEALED.search(exported[name])] == []


@pytest.mark.parametrize("name", ["site", "site by request"])
def test_control_the_whole_site_has_the_sealed_keys(evidence, name):
    assert len(set(SEALED.findall(evidence.exports["zexp"][name]))) == len(("next", "active", "previous"))


# the keys were there


@pytest.mark.parametrize(("slot", "way"), [("next", "patched"), ("active", "with_passphrase")])
def test_control_the_key_came_into_the_ring(evidence, slot, way):
    assert evidence.slots[slot].fingerprint == getattr(evidence.keys, way).fingerprint


def test_control_another_key_signed_before(evidence):
    assert evidence.slots["previous"].fingerprint == evidence.keys.pasted.fingerprint


@pytest.mark.parametrize("text", ["Form authenticator is invalid", "Value is too big"])
def test_control_a_refused_submission_is_in_the_error_log(evidence, text):
    assert any(text in str(entry) for entry in evidence.exports["error_log"].values())
