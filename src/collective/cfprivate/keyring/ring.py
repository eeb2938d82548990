"""The key ring: one annotation of the site, of builtin types only."""

from .. import settings
from ..cloudfront.keys import check_key_id
from ..cloudfront.keys import SigningKey
from ..exceptions import IdRefused
from ..exceptions import KeyLocked
from ..exceptions import KeyRefused
from ..exceptions import ManagedOutside
from ..exceptions import NoSecret
from ..exceptions import NotConfigured
from ..exceptions import SecretMissing
from ..i18n import _
from ..interfaces import IKeyRing
from . import seal
from . import slots
from .outside import outside_key
from .secret import find_or_make_secrets
from .secret import find_secrets
from .slots import Slot
from .slots import SLOTS
from dataclasses import dataclass
from functools import lru_cache
from plone import api
from zope.annotation.interfaces import IAnnotations
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.interface import implementer

import time


ANNOTATION = "collective.cfprivate.keyring"

# An id for keys that have none yet; their public half is all that anybody gets.
_UNNAMED = "UNNAMED"

EMPTY: dict[Slot, Message] = {
    "active": _("problem_no_key", default="No private key is stored: paste it into the control panel."),
    "next": _("problem_no_next_key", default="There is no next key: make one or paste one first."),
    "previous": _("problem_no_previous_key", default="There is no previous key to go back to."),
}

IS_ALREADY: dict[Slot, Message] = {
    "active": _("problem_active_key", default="This is the key that signs already: give another one."),
    "previous": _(
        "problem_is_previous", default="This is the previous key: go back to it, or erase it before you give it anew."
    ),
}
ID_OF_OTHER: dict[Slot, Message] = {
    "active": _(
        "problem_id_of_active",
        default="This is the id of the key that signs now: enter the id that CloudFront gave to the other key.",
    ),
    "next": _(
        "problem_id_of_next",
        default="This is the id of the next key, which is another key: enter the id that CloudFront gave to this one.",
    ),
    "previous": _(
        "problem_id_of_previous",
        default="This is the id of the previous key, which is another key: enter the id that CloudFront gave to this one.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class KeyDescription:
    """What may be shown of a key; times are in epoch seconds.

    ``key_id`` is empty while CloudFront has given none. ``since`` is when the key was saved, None for a key that is
    ``outside``: given by the environment. ``tested`` is when the distribution last took its signature as the next key,
    ``activated`` when it began to sign; None for never.
    """

    key_id: str
    algorithm: str
    fingerprint: str
    since: int | None
    tested: int | None = None
    activated: int | None = None
    outside: bool = False


@dataclass(frozen=True, kw_only=True)
class RetiredKey:
    """An id that signs no more. ``leaves``: from these epoch seconds on nothing that was signed under it is valid."""

    key_id: str
    fingerprint: str
    leaves: int


@lru_cache(maxsize=16)
def _open(token: str, key_id: str, secrets: tuple[str, ...]) -> SigningKey:
    # Keyed by what was stored, so that a change made by another Zope client needs no invalidation.
    return SigningKey.from_pem(seal.unseal(token, secrets=secrets), key_id)


def _slots_of(site) -> dict:
    return IAnnotations(site).get(ANNOTATION, {})


def _storage_of(site):
    return site._p_jar.db().storage


def _entry_in(kept: dict, slot: Slot) -> dict:
    entry = kept.get(slot)
    if entry is None:
        raise NotConfigured(EMPTY[slot])
    return entry


def _opened(entry: dict, given: settings.Environment, storage) -> SigningKey:
    try:
        secrets = find_secrets(given, storage)
    except SecretMissing:
        raise KeyLocked(
            _(
                "problem_key_locked_no_secret",
                default="The stored key is locked, because Zope has no secret to open it: give Zope the secret that "
                "was in force when the key was saved (CFPRIVATE_SECRET or CFPRIVATE_SECRET_FILE).",
            )
        ) from None
    except NoSecret as error:
        raise KeyLocked(
            _(
                "problem_key_locked",
                default="The stored key is locked: ${reason}",
                # Translated here, because a message within a message is told by its id where nobody translates.
                mapping={"reason": translate(error.args[0], context=getRequest())},
            )
        ) from None
    return _open(entry["token"], entry["key_id"] or _UNNAMED, secrets)


def _opens(entry: dict, secrets: tuple[str, ...]) -> bool:
    try:
        _open(entry["token"], entry["key_id"] or _UNNAMED, secrets)
    except KeyLocked:
        return False
    return True


def _sealed_anew(entry: dict, secrets: tuple[str, ...]) -> dict:
    try:
        return {**entry, "token": seal.seal_anew(entry["token"], secrets=secrets)}
    except KeyLocked:
        raise KeyLocked(
            _(
                "problem_one_locked",
                default="The key ${key} was encrypted with a secret that Zope does not have: give that as "
                "CFPRIVATE_PREVIOUS_SECRET, or erase the key. Nothing was changed.",
                mapping={"key": entry["key_id"] or entry["fingerprint"]},
            )
        ) from None


@implementer(IKeyRing)
class KeyRing:
    """See ``IKeyRing``."""

    def describe(self, slot: Slot = "active") -> KeyDescription | None:
        if slot == "active" and self._is_outside():
            return self._describe_outside()
        entry = self._slots().get(slot)
        if entry is None:
            return None
        shown = {name: entry[name] for name in KeyDescription.__dataclass_fields__ if name in entry}
        if entry.get("tested_with") != self._tested_with():
            shown.pop("tested", None)
        return KeyDescription(**shown)

    def signing_key(self, slot: Slot = "active") -> SigningKey:
        given = settings.environment()
        if slot == "active" and given.has_key:
            return outside_key(given)
        # Asked for each page of an item: the site is looked for once.
        site = api.portal.get()
        entry = _entry_in(_slots_of(site), slot)
        if not entry["key_id"]:
            raise NotConfigured(
                _("problem_no_key_id", default="The key has no id yet: enter the one that CloudFront gave it.")
            )
        return _opened(entry, given, _storage_of(site))

    def public_pem(self, slot: Slot = "next") -> str:
        if slot == "active" and self._is_outside():
            return outside_key(settings.environment()).public_pem
        return self._opened(self._entry(slot)).public_pem

    def retired(self) -> tuple[RetiredKey, ...]:
        return tuple(RetiredKey(**note) for note in self._slots().get("retired", ()))

    def sealed_with_previous_secret(self) -> bool:
        try:
            secrets = find_secrets(settings.environment(), self._storage())
        except NoSecret:
            return False
        entries = self._entries().values()
        return any(_opens(entry, secrets) and not _opens(entry, secrets[:1]) for entry in entries)

    def store(self, *, pem: str | bytes, key_id: str = "", passphrase: str | None = None) -> Slot:
        self._refuse_outside()
        active = self._slots().get("active")
        key = SigningKey.from_pem(pem, key_id or _UNNAMED, passphrase)
        if active is not None and active["fingerprint"] != key.fingerprint:
            self._keep_as_next(key, key_id)
            return "next"
        key_id = self._id_of(key, key_id)
        sealed = {**self._known(key.fingerprint), **self._sealed(key), "key_id": key_id}
        self._write(self._signing_first(sealed) if active is None else self._signing_as(self._retested(sealed)))
        return "active"

    def store_next(self, *, pem: str | bytes, key_id: str = "", passphrase: str | None = None) -> None:
        self._keep_as_next(SigningKey.from_pem(pem, key_id or _UNNAMED, passphrase), key_id)

    def generate_next(self, algorithm: str) -> None:
        self._keep_as_next(SigningKey.generate(key_id=_UNNAMED, algorithm=algorithm), "")

    def rename(self, key_id: str, slot: Slot = "active") -> None:
        self._refuse_outside()
        entry = self._entry(slot)
        if check_key_id(key_id) == entry["key_id"]:
            return
        self._opened(entry)
        self._refuse_id_of_other(key_id, entry["fingerprint"])
        renamed = self._retested({**entry, "key_id": key_id})
        self._write(self._signing_as(renamed) if slot == "active" else slots.with_entry(self._slots(), slot, renamed))

    def note_tested(self, now: int) -> None:
        tested = {"tested": now, "tested_with": self._tested_with()}
        self._write(slots.with_entry(self._slots(), "next", {**self._entry("next"), **tested}))

    def note_signed_until(self, end: int) -> None:
        if "active" in self._slots() and end > self._slots().get("signed_until", 0):
            self._write({**self._slots(), "signed_until": end})

    def activate(self, now: int) -> None:
        self._change_to("next", now)

    def go_back(self, now: int) -> None:
        self._change_to("previous", now)

    def seal_anew(self) -> None:
        secrets = find_secrets(settings.environment(), self._storage())
        sealed = {slot: _sealed_anew(entry, secrets) for slot, entry in self._entries().items()}
        if sealed:
            self._write({**self._slots(), **sealed})

    def erase(self, slot: Slot) -> None:
        if slot == "active":
            self._refuse_outside()
        if slot not in self._slots():
            return
        changed = slots.without(self._slots(), slot)
        if slot == "active":
            changed = slots.signing_no_more(self._slots(), now=int(time.time()), maximum_lifetime=self._maximum())
        self._write(changed)

    def erase_all(self) -> None:
        IAnnotations(api.portal.get()).pop(ANNOTATION, None)

    def _tested_with(self) -> str:
        # A test tells of one distribution and one hash algorithm.
        now = settings.current()
        return f"{now.hash_algorithm} {now.distribution_host}"

    def _is_outside(self) -> bool:
        return settings.environment().has_key

    def _describe_outside(self) -> KeyDescription | None:
        try:
            key = outside_key(settings.environment())
        except NotConfigured:
            return None
        shown = {"key_id": key.key_id, "algorithm": key.algorithm, "fingerprint": key.fingerprint}
        return KeyDescription(**shown, since=None, outside=True)

    def _refuse_outside(self) -> None:
        if self._is_outside():
            raise ManagedOutside(
                _(
                    "problem_managed_outside",
                    default="The environment gives the signing key (CFPRIVATE_PRIVATE_KEY_FILE), so that it cannot be "
                    "changed here: change it there.",
                )
            )

    def _keep_as_next(self, key: SigningKey, key_id: str) -> None:
        self._refuse_outside()
        self._refuse_id_of_other(key_id, key.fingerprint)
        waiting = self._slots().get("next")
        if waiting is not None and waiting["fingerprint"] != key.fingerprint:
            raise KeyRefused(
                _(
                    "problem_next_key_waits",
                    default="Another key is waiting as the next one: activate or discard that first.",
                )
            )
        for slot, sentence in IS_ALREADY.items():
            if self._slots().get(slot, {}).get("fingerprint") == key.fingerprint:
                raise KeyRefused(sentence)
        waiting = waiting or {}
        entry = {**waiting, **self._sealed(key), "key_id": key_id or waiting.get("key_id", "")}
        self._write(slots.with_entry(self._slots(), "next", self._retested(entry)))

    def _sealed(self, key: SigningKey) -> dict:
        # Where a key is sealed already, its secret is lost and may come back: another one would be in its place.
        find = find_secrets if self._entries() else find_or_make_secrets
        secrets = find(settings.environment(), self._storage())
        return {
            "key_id": key.key_id,
            "algorithm": key.algorithm,
            "fingerprint": key.fingerprint,
            "since": int(time.time()),
            "token": seal.seal(key.private_pem(), secrets=secrets),
        }

    def _change_to(self, slot: Slot, now: int) -> None:
        self._refuse_outside()
        self.signing_key(slot)
        entry, rest = self._entry(slot), slots.without(self._slots(), slot)
        if "active" in rest and "previous" in rest:
            self._refuse_to_lose(rest["previous"])
        self._write(slots.signing(rest, entry, now=now, maximum_lifetime=self._maximum()))

    def _refuse_to_lose(self, entry: dict) -> None:
        # What is locked may be the only copy of a key, and its secret may come back.
        try:
            self._opened(entry)
        except KeyLocked:
            raise KeyLocked(
                _(
                    "problem_previous_locked",
                    default="The previous key is locked and would be lost: give Zope the secret with which it was "
                    "encrypted, or erase that key first.",
                )
            ) from None

    def _signing_first(self, entry: dict) -> dict:
        return slots.signing(self._slots(), entry, now=entry["since"], maximum_lifetime=self._maximum())

    def _signing_as(self, entry: dict) -> dict:
        return slots.signing_as(self._slots(), entry, now=int(time.time()), maximum_lifetime=self._maximum())

    def _known(self, fingerprint: str) -> dict:
        """The entry of the key with this fingerprint, in whatever slot; empty where there is none."""
        return next((entry for entry in self._entries().values() if entry["fingerprint"] == fingerprint), {})

    def _retested(self, entry: dict) -> dict:
        """``entry``, without its test where that was under another id."""
        same = self._known(entry["fingerprint"]).get("key_id") == entry["key_id"]
        return {name: value for name, value in entry.items() if same or name != "tested"}

    def _id_of(self, key: SigningKey, entered: str) -> str:
        key_id = entered or self._known(key.fingerprint).get("key_id", "")
        if not key_id:
            raise IdRefused(
                _(
                    "problem_id_missing",
                    default="Enter the id that CloudFront gave to this key, such as K2JCJMDEHXQW5F.",
                )
            )
        self._refuse_id_of_other(check_key_id(key_id), key.fingerprint)
        return key_id

    def _refuse_id_of_other(self, key_id: str, fingerprint: str) -> None:
        for slot, entry in self._entries().items():
            if key_id and entry["key_id"] == key_id and entry["fingerprint"] != fingerprint:
                raise IdRefused(ID_OF_OTHER[slot])
        if any(retired.key_id == key_id and retired.fingerprint != fingerprint for retired in self.retired()):
            raise IdRefused(
                _(
                    "problem_id_of_retired",
                    default="This is the id of a key that signed before: enter the id that CloudFront gave to this one.",
                )
            )

    def _maximum(self) -> int:
        return settings.current().maximum_lifetime

    def _opened(self, entry: dict) -> SigningKey:
        return _opened(entry, settings.environment(), self._storage())

    def _slots(self) -> dict:
        return _slots_of(api.portal.get())

    def _entries(self) -> dict[Slot, dict]:
        return {slot: self._slots()[slot] for slot in SLOTS if slot in self._slots()}

    def _entry(self, slot: Slot) -> dict:
        return _entry_in(self._slots(), slot)

    def _write(self, changed: dict) -> None:
        # A new dict each time: the database notices assignment, not a change within a dict.
        IAnnotations(api.portal.get())[ANNOTATION] = changed

    def _storage(self):
        return _storage_of(api.portal.get())
