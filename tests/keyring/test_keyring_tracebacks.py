"""No traceback tells a private key or a secret, whatever goes wrong, where and in whose format."""

from collective.cfprivate.keyring import outside as outside_module
from collective.cfprivate.keyring import seal as seal_module
from collective.cfprivate.keyring import secret as secret_module
from collective.cfprivate.keyring import slots as slots_module
from collective.cfprivate.keyring.ring import KeyRing
from collective.cfprivate.settings import environment
from layers import SECRET
from traces import body
from traces import found
from types import SimpleNamespace
from zExceptions.ExceptionFormatter import format_exception
from ZODB.MappingStorage import MappingStorage
from zope.annotation.interfaces import IAnnotations
from zope.component.hooks import setSite

import inspect
import pytest
import sys
import traceback


ANNOTATION = "collective.cfprivate.keyring"
OTHER_SECRET = "another-secret-that-sealed-no-key-at-all"
SHORT_SECRET = "a-secret-that-is-too-short"
NOW = 4_000_000_000
SLOTS = ["next", "active", "previous"]


# what goes wrong


def nothing(world):
    """The call is wrong by itself."""


def other_secret(world):
    world.setenv("CFPRIVATE_SECRET", OTHER_SECRET)


def short_secret(world):
    world.setenv("CFPRIVATE_SECRET", SHORT_SECRET)


def secret_in_place_of_its_file(world):
    world.setenv("CFPRIVATE_SECRET", "")
    world.setenv("CFPRIVATE_SECRET_FILE", OTHER_SECRET)


def changed_tokens(world):
    world.change(lambda entry: {**entry, "token": f"gAAAA{entry['token'][9:]}"})


def foreign_tokens(world):
    """The tokens open, but hold a key that is cut short."""
    cut = seal_module.seal(world.pem.replace("\n-----END", "AAAA\n-----END"), secrets=(SECRET,))
    world.change(lambda entry: {**entry, "token": cut})


def lost_fields(world):
    """An entry without what it has to have, and with the key where it has not to be."""
    world.change(lambda entry: {"key": world.pem, "retired": world.pem})


def strange_notes(world):
    annotations = IAnnotations(world.portal)
    annotations[ANNOTATION] = {"retired": [{"fingerprint": "", "key": world.pem}]}


def empty_ring(world):
    world.ring.erase_all()


def key_outside(world):
    world.outside.give()


def half_outside(world):
    world.outside.give()
    world.setenv("CFPRIVATE_KEY_PAIR_ID", "")


def bad_id_outside(world):
    world.outside.give(world.pem)


def key_as_path(world):
    world.outside.give()
    world.setenv("CFPRIVATE_PRIVATE_KEY_FILE", world.pem)


def damaged_outside(world):
    world.outside.give()
    world.outside.path.write_text(world.pem.replace("\n-----END", "AAAA\n-----END"), encoding="ascii")


def no_site(world):
    setSite(None)


# the calls


READ = [other_secret, short_secret, changed_tokens, foreign_tokens, lost_fields, empty_ring, half_outside, no_site]
CHANGE = [other_secret, short_secret, changed_tokens, empty_ring, key_outside, half_outside, no_site]
KEEP = [nothing, key_outside, half_outside, no_site]
OUTSIDE = [half_outside, bad_id_outside, damaged_outside]
# A line that must not name what is in the call: tracebacks quote the source.
RING = {
    "describe": [(lambda w: w.ring.describe(), [lost_fields, no_site])],
    "signing_key": [(lambda w: w.ring.signing_key(), [*READ, *OUTSIDE])],
    "public_pem": [(lambda w: w.ring.public_pem("active"), [*READ, *OUTSIDE])],
    "retired": [(lambda w: w.ring.retired(), [strange_notes, no_site])],
    "sealed_with_previous_secret": [
        (lambda w: w.ring.sealed_with_previous_secret(), [foreign_tokens, lost_fields, no_site])
    ],
    "store": [
        (lambda w: w.ring.store(pem=w.pem, key_id="K 2"), KEEP),
        (lambda w: w.ring.store(pem=w.pem[:150], key_id="K2"), KEEP),
        (lambda w: w.ring.store(pem=w.pem, key_id=w.pem), KEEP),
        (lambda w: w.ring.store(pem=w.pem, key_id="K2", passphrase=w.pem), KEEP),
        (lambda w: w.ring.store(pem=w.pem, key_id="K2"), [short_secret, key_outside, no_site]),
        (lambda w: w.ring.store(pem=w.outside.key.private_pem(), key_id="K2"), [other_secret, changed_tokens]),
    ],
    "store_next": [
        (lambda w: w.ring.store_next(pem=w.pem, key_id="K2"), KEEP),
        (lambda w: w.ring.store_next(pem=w.pem * 2), KEEP),
    ],
    "generate_next": [(lambda w: w.ring.generate_next("EC"), KEEP), (lambda w: w.ring.generate_next(w.pem), KEEP)],
    "rename": [(lambda w: w.ring.rename("K2"), CHANGE), (lambda w: w.ring.rename(w.pem, "next"), KEEP)],
    "note_tested": [(lambda w: w.ring.note_tested(NOW), [empty_ring, no_site])],
    "note_signed_until": [(lambda w: w.ring.note_signed_until(NOW), [no_site])],
    "activate": [(lambda w: w.ring.activate(NOW), CHANGE)],
    "go_back": [(lambda w: w.ring.go_back(NOW), CHANGE)],
    "seal_anew": [(lambda w: w.ring.seal_anew(), [other_secret, short_secret, changed_tokens, no_site])],
    "erase": [(lambda w: w.ring.erase("active"), [key_outside, half_outside, lost_fields, no_site])],
    "erase_all": [(lambda w: w.ring.erase_all(), [no_site])],
}
SEAL = {
    "seal": [
        (lambda w: seal_module.seal(f"\ud800{w.pem}", secrets=(SECRET,)), [nothing]),
        (lambda w: seal_module.seal(w.pem, secrets=()), [nothing]),
    ],
    "unseal": [
        (lambda w: seal_module.unseal(w.token, secrets=(OTHER_SECRET,)), [nothing]),
        (lambda w: seal_module.unseal(w.pem, secrets=(SECRET,)), [nothing]),
    ],
    "seal_anew": [
        (lambda w: seal_module.seal_anew(w.token, secrets=(OTHER_SECRET,)), [nothing]),
        (lambda w: seal_module.seal_anew(w.pem, secrets=(SECRET,)), [nothing]),
    ],
}
FIND = {
    "find_secrets": [(lambda w: secret_module.find_secrets(environment(), MappingStorage()), [short_secret])],
    "problem_with_previous": [(lambda w: secret_module.problem_with_previous(w.pem), [nothing])],
    "find_or_make_secrets": [
        (lambda w: secret_module.find_or_make_secrets(environment(), MappingStorage()), [short_secret])
    ],
}
OUTSIDE_CALLS = {
    "outside_key": [(lambda w: outside_module.outside_key(environment()), OUTSIDE)],
    "read_key": [
        (lambda w: outside_module.read_key(str(w.outside.path), "K 2"), [nothing]),
        (lambda w: outside_module.read_key(str(w.outside.path), w.pem), [nothing]),
        (lambda w: outside_module.read_key(str(w.outside.path), "K2"), [damaged_outside]),
    ],
}
SLOT_CALLS = {
    "with_entry": [(lambda w: slots_module.with_entry(w.pem, "next", {}), [nothing])],
    "without": [(lambda w: slots_module.without(w.pem, "next"), [nothing])],
    "signing": [
        (lambda w: slots_module.signing({"active": {"token": w.pem}}, {}, now=1, maximum_lifetime=1), [nothing])
    ],
    "signing_as": [
        (lambda w: slots_module.signing_as({"active": {"token": w.pem}}, {}, now=1, maximum_lifetime=1), [nothing])
    ],
    "signing_no_more": [
        (lambda w: slots_module.signing_no_more({"active": {"token": w.pem}}, now=1, maximum_lifetime=1), [nothing])
    ],
}
CALLS = {
    "KeyRing": RING,
    "seal": SEAL,
    "secret": FIND,
    "outside": OUTSIDE_CALLS,
    "slots": SLOT_CALLS,
}
# Told as a path: a bug of which the owner knows by these.
LEAKING = [
    (lambda w: outside_module.outside_key(environment()), key_as_path),
    (lambda w: w.ring.signing_key(), key_as_path),
    (lambda w: w.ring.seal_anew(), secret_in_place_of_its_file),
]


def cases():
    for place, calls in CALLS.items():
        for name, ways in calls.items():
            for number, (call, wrongs) in enumerate(ways):
                for wrong in wrongs:
                    yield pytest.param(call, wrong, id=f"{place}.{name}-{number}-{wrong.__name__}")


@pytest.fixture
def world(portal, full, outside, monkeypatch, keys):
    """All that the calls need; ``pem`` is the key that is looked for, and the one in the active slot."""

    def change(alter):
        slots = IAnnotations(portal)[ANNOTATION]
        IAnnotations(portal)[ANNOTATION] = {**slots, **{slot: alter(slots[slot]) for slot in SLOTS}}

    pem = keys.active.private_pem()
    outside.path.write_text(pem, encoding="ascii")
    token = seal_module.seal(pem, secrets=(SECRET,))
    yield SimpleNamespace(
        portal=portal, ring=full, outside=outside, pem=pem, token=token, setenv=monkeypatch.setenv, change=change
    )
    setSite(portal)


def told_by(call):
    """What ``call`` raises in Python's format and in both of Zope's."""
    try:
        call()
    except Exception as error:
        python = traceback.TracebackException.from_exception(error, capture_locals=False).format()
        return ["".join(python), *("".join(format_exception(*sys.exc_info(), as_html=html)) for html in (0, 1))]
    raise AssertionError("nothing was raised")


def telling(call, pem):
    """The formats of ``told_by`` in which a run of the key or a secret is found."""
    return [
        number
        for number, text in enumerate(told_by(call))
        if found(pem, text.encode("utf-8", "backslashreplace"))
        or any(secret in text for secret in (SECRET, OTHER_SECRET, SHORT_SECRET))
    ]


@pytest.mark.parametrize(("call", "wrong"), list(cases()))
def test_no_traceback_tells_a_key_or_a_secret(world, call, wrong):
    wrong(world)
    assert telling(lambda: call(world), world.pem) == []


@pytest.mark.parametrize(("call", "wrong"), LEAKING)
def test_what_stands_in_place_of_a_path_is_not_told(world, call, wrong):
    wrong(world)
    assert telling(lambda: call(world), world.pem) == []


# the list is complete, and would find something


def names(functions):
    return {name for name, _function in functions if not name.startswith("_")}


def test_every_public_method_of_the_ring_is_called():
    assert names(inspect.getmembers(KeyRing, inspect.isfunction)) == set(RING)


@pytest.mark.parametrize("module", [seal_module, secret_module, outside_module, slots_module])
def test_every_public_function_of_a_module_is_called(module):
    own = [
        pair for pair in inspect.getmembers(module, callable) if getattr(pair[1], "__module__", "") == module.__name__
    ]
    assert names(own) == set(CALLS[module.__name__.rsplit(".", 1)[1]])


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_key_in_a_message_would_be_found(keys, index):
    pem = keys.active.private_pem()

    def tell():
        raise ValueError(body(pem))

    assert index in telling(tell, pem)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_secret_in_a_message_would_be_found(keys, index):
    def tell():
        raise ValueError(SECRET)

    assert index in telling(tell, keys.active.private_pem())


def test_a_key_in_the_cause_of_an_error_would_be_found(keys):
    pem = keys.active.private_pem()

    def tell():
        try:
            raise ValueError(body(pem))
        except ValueError:
            raise KeyError("another error")  # ruff: ignore[raise-without-from-inside-except] - the chain is what the test is about

    assert telling(tell, pem) == [0]
