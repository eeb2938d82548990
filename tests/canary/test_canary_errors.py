"""Wherever one of the package's functions fails, no traceback, error page, log or error_log tells a key or a signature."""

from canary import as_bytes
from canary import Canaries
from canary import derived
from canary_functions import failing
from canary_functions import Injected
from canary_functions import public_functions
from canary_functions import recording
from canary_functions import tracing
from canary_site import AUTHORIZATION
from canary_site import canary_site
from canary_ways import WAYS
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.playback.remembered import _place_of
from collective.cfprivate.playback.signing import _signed_url
from functools import cache
from key_ring import sign_with
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.testing.zope import login
from types import SimpleNamespace
from zExceptions.ExceptionFormatter import format_exception
from zope.annotation.interfaces import IAnnotations
from zope.component import getGlobalSiteManager
from zope.component import getUtility
from ZPublisher.interfaces import IPubFailure
from ZPublisher.WSGIPublisher import get_debug_exceptions
from ZPublisher.WSGIPublisher import set_default_debug_exceptions

import pytest
import secrets
import sys
import traceback
import transaction


ANNOTATION = "collective.cfprivate.keyring"
LIFETIME = "collective.cfprivate.maximum_lifetime"

# Why these are not made to fail.
NOT_DRIVEN = {
    "controlpanel.commands.key": "a group of commands, with nothing in it",
    "controlpanel.commands.on_site": "runs at import and opens a site; tests/commands runs it as a program",
    "selftest.addresses.address_families": "asks the real DNS for a name, before there is a key",
}

FUNCTIONS = {name: code for name, code in public_functions().items() if name not in NOT_DRIVEN}
# What the rooms call where a key is about to be used.
DEEP = {
    "SigningKey.from_pem": SigningKey.from_pem.__func__.__code__,
    "SigningKey.private_pem": SigningKey.private_pem.__code__,
    "Signer.sign_url": Signer.sign_url.__code__,
}
ALL = {**FUNCTIONS, **DEEP}

# Names, object keys and renditions.
MEDIA = (
    ("hls", "hls/index.m3u8"),
    ("image", "a.jpg 2400w", "b.jpg 800w", "c.jpg 1600w"),
    ("document", "a.pdf"),
)


# the site


@pytest.fixture(scope="module")
def failing_site(functional_session, tmp_path_factory):
    """A site with a ring in three states; ``pem`` is the key that the ways send, ``reports`` what failures tell."""
    folder, secret = tmp_path_factory.mktemp("errors"), secrets.token_urlsafe(32)
    keys = {
        name: SigningKey.generate(f"K{name.upper()}", kind)
        for name, kind in {"previous": "EC", "active": "RSA", "next": "EC", "sent": "EC"}.items()
    }
    with canary_site(folder / "Data.fs", secret) as site:
        login(site.app["acl_users"], SITE_OWNER_NAME)
        site.pem = keys["sent"].private_pem()
        site.key_file = folder / "key.pem"
        site.key_file.write_text(site.pem)
        site.canaries = Canaries(
            keys={name: key.private_pem() for name, key in keys.items()},
            texts={"the secret": secret},
            sealed={"the key of the secret": derived(secret)},
        )
        site.rings, site.form, site.reports = rings(site.portal, keys), forms(site), []
        site.lifetime = api.portal.get_registry_record(LIFETIME)
        add_media(site.portal)
        reset(site, "three")
        handler = lambda event: site.reports.extend(formats(event.exc_info))  # ruff: ignore[lambda-assignment] - it is taken out below
        getGlobalSiteManager().registerHandler(handler, [IPubFailure])
        yield site
        getGlobalSiteManager().unregisterHandler(handler, [IPubFailure])


def add_media(portal):
    """An HLS set, an image that comes in several widths, and a document."""
    with api.env.adopt_roles(["Manager"]):
        for name, key, *renditions in MEDIA:
            values = {"title": name, "object_key": key, "renditions": tuple(renditions)}
            api.content.create(portal, "Protected Video", name, **values)
        portal["hls"].tracks = [
            {"language": "en", "kind": "captions", "label": "", "default": False, "text": "WEBVTT\n"}
        ]
    transaction.commit()


def rings(portal, keys):
    """The ring by state, as it stands in the database."""
    ring, slots = getUtility(IKeyRing), IAnnotations(portal)
    for name in ("previous", "active"):
        sign_with(ring, keys[name])
    two = slots[ANNOTATION]
    ring.store_next(pem=keys["next"].private_pem(), key_id="KNEXT")
    three = slots[ANNOTATION]
    return {"two": two, "three": three, "named": three, "empty": {}}


def forms(site):
    """A function that gives the fields with which a browser would answer a page's form; each page is opened once."""

    @cache
    def fields(path, button):
        url = f"{site.portal.absolute_url()}/{path}"
        with tracing(None):
            response = site.owner.browser.testapp.get(url, headers={"Authorization": AUTHORIZATION})
        form = next(
            form for form in response.forms.values() if any(f"{name}".startswith("form.") for name in form.fields)
        )
        return (*form.submit_fields(), (button, "pressed"))

    return fields


def reset(site, state):
    transaction.abort()
    slots = IAnnotations(site.portal)
    if slots.get(ANNOTATION) != site.rings[state]:
        slots[ANNOTATION] = site.rings[state]
        transaction.commit()


def formats(exc_info):
    """An error in Python's format and in both of Zope's."""
    return [
        "".join(traceback.format_exception(*exc_info)),
        *("".join(format_exception(*exc_info, as_html=html)) for html in (0, 1)),
        str(exc_info[1]),
        repr(exc_info[1]),
    ]


def told(site, name, code):
    """All that is told where ``code`` fails on the way ``name``, and whether it failed."""
    way = WAYS[name]
    reset(site, way.state)
    entries, lines, shown = site.portal.error_log.getLogEntries(), len(site.log.lines), len(site.owner.shown)
    site.reports.clear()
    with failing(code) as failed:
        try:
            way.go(site)
        except Exception:
            site.reports.extend(formats(sys.exc_info()))
    transaction.abort()
    known = {entry["id"] for entry in entries}
    logged = [str(entry) for entry in site.portal.error_log.getLogEntries() if entry["id"] not in known]
    return SimpleNamespace(
        failed=bool(failed),
        reported=[*site.reports, *logged, *site.log.lines[lines:]],
        shown=site.owner.shown[shown:],
        logged=logged,
    )


@pytest.fixture(scope="module")
def reached(failing_site):
    """The ways on which each code is called."""
    found = {}
    for name, way in WAYS.items():
        reset(failing_site, way.state)
        with recording(set(ALL.values())) as called:
            way.go(failing_site)
        for code in called:
            found.setdefault(code, []).append(name)
    reset(failing_site, "three")
    api.portal.set_registry_record(LIFETIME, failing_site.lifetime)
    transaction.commit()
    return found


# the tests


@pytest.fixture(scope="module")
def report(failing_site, reached):
    """A function that gives what is told where a function fails, on the first way that reaches it."""
    return cache(lambda name: told(failing_site, reached[ALL[name]][0], ALL[name]))


def test_what_is_left_out_is_there():
    assert set(NOT_DRIVEN) <= set(public_functions())


def test_every_public_function_is_reached(reached):
    assert [name for name, code in ALL.items() if code not in reached] == []


@pytest.mark.parametrize("name", ALL)
def test_a_failure_tells_no_key(failing_site, report, name):
    found = report(name)
    texts = dict(enumerate((*found.reported, *found.shown)))
    assert failing_site.canaries.found_in_each(texts) == {}


@pytest.mark.parametrize("name", ALL)
def test_a_failure_reports_no_signature(report, name):
    assert [text.partition("Signature=")[0][-200:] for text in report(name).reported if "Signature=" in text] == []


@pytest.mark.parametrize("name", ALL)
def test_control_it_failed_and_was_reported(report, name):
    found = report(name)
    assert (found.failed, any(Injected.__name__ in text for text in found.reported)) == (True, True)


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """What is remembered is neither signed nor rendered, so that nothing could fail there."""
    _signed_url.cache_clear()
    _place_of.cache_clear()


@pytest.fixture(params=[False, True], ids=["hidden", "shown"])
def debugging(request):
    """Whether Zope lets errors through to the server, as ``debug-exceptions`` has it."""
    before = get_debug_exceptions()
    set_default_debug_exceptions(request.param)
    yield request.param
    set_default_debug_exceptions(before)


@pytest.mark.parametrize(
    ("way", "name"),
    [
        ("PATCH a key", "SigningKey.from_pem"),
        ("save a key", "SigningKey.private_pem"),
        ("media", "Signer.sign_url"),
        ("rotation", "keyring.ring.KeyRing.public_pem"),
    ],
)
def test_a_failure_tells_no_key_to_who_sees_the_error_itself(failing_site, debugging, way, name):
    found = told(failing_site, way, ALL[name])
    texts = dict(enumerate((*found.reported, *found.shown)))
    assert (found.failed, failing_site.canaries.found_in_each(texts)) == (True, {})
    assert not any(b"Signature=" in as_bytes(text) for text in texts.values())


@pytest.mark.parametrize("kind", range(5))
def test_control_a_key_in_an_error_is_found_in_each_format(failing_site, kind):
    try:
        raise Injected(failing_site.pem)
    except Injected:
        text = formats(sys.exc_info())[kind]
    assert failing_site.canaries.found_in(text) == {"sent"}
