"""What the outputs of a stack would change here: told before it is done, and done whole or not at all."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..interfaces import ISettings
from ..keyring.slots import Slot
from ..keyring.slots import SLOTS
from ..storage.stack_outputs import PublicKeyOutput
from ..storage.stack_outputs import StackOutputs
from .refused import FieldRefused
from .saving import KeyInput
from .saving import save
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from zope.component import getUtility
from zope.i18nmessageid import Message

import transaction


ID_OF: dict[Slot, Message] = {
    "active": _("label_id_of_active", default="Key pair id of the key that signs"),
    "next": _("label_id_of_next", default="Key pair id of the next key"),
    "previous": _("label_id_of_previous", default="Key pair id of the previous key"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One setting or id: how it is called, what it is ``now`` and would be ``then``; empty for nothing."""

    label: Message
    now: Message | str
    then: Message | str

    @property
    def changes(self) -> bool:
        """Whether it would be another one."""
        return self.now != self.then


@dataclass(frozen=True, kw_only=True)
class StackPlan:
    """``changes`` are settings, ``renames`` ids by slot, only those that differ; with a ``problem`` nothing is saved."""

    lines: tuple[Line, ...]
    notes: tuple[Message, ...]
    problems: tuple[Message, ...]
    changes: dict[str, str]
    renames: dict[Slot, str]

    @property
    def changes_anything(self) -> bool:
        """Whether there is something to save."""
        return bool(self.changes or self.renames)

    @property
    def mark(self) -> str:
        """What tells this plan from all others, in hexadecimal."""
        told = [[str(line.label), str(line.now), str(line.then)] for line in self.lines]
        return sha256(repr(told).encode()).hexdigest()

    def apply(self) -> None:
        """Save all of it; raises ``FieldRefused`` or what the key ring raises, and has saved nothing then."""
        before = transaction.savepoint(optimistic=True)
        try:
            for slot, key_id in self.renames.items():
                getUtility(IKeyRing).rename(key_id, slot)
            save(self.changes, KeyInput())
        except CFPrivateError:
            before.rollback()
            raise


def plan_for(outputs: StackOutputs) -> StackPlan:
    """What these outputs would change in the current site."""
    stored, wanted = settings.stored(), _settings_of(outputs)
    ids = dict(_ids(outputs.keys))
    described = {slot: getUtility(IKeyRing).describe(slot) for slot in ids}
    outside = settings.environment().has_key
    return StackPlan(
        lines=(
            *(_line_of_setting(name, stored[name], then) for name, then in wanted.items()),
            *(Line(label=ID_OF[slot], now=described[slot].key_id, then=key_id) for slot, key_id in ids.items()),
        ),
        notes=tuple(_notes(described, ids, outside)),
        problems=tuple(_problems(outputs.keys, ids)),
        changes={name: then for name, then in wanted.items() if (stored[name] or "") != then},
        renames={} if outside else {slot: then for slot, then in ids.items() if described[slot].key_id != then},
    )


def refusal_of(plan: StackPlan) -> Message | str:
    """Apply the plan; the sentence of what refuses it, or an empty string."""
    try:
        plan.apply()
    except FieldRefused as error:
        return sentence_of(error)
    except CFPrivateError as error:
        return sentence_of(error)
    return ""


def _settings_of(outputs: StackOutputs) -> dict[str, str]:
    wanted = {"distribution": outputs.distribution}
    if outputs.bucket:
        # The bucket of a stack is at AWS, so that an endpoint of another store would be wrong.
        wanted |= {"s3_bucket": outputs.bucket, "s3_endpoint": ""}
    if outputs.region:
        wanted["s3_region"] = outputs.region
    jobs = {"mediaconvert_role": outputs.mediaconvert_role, "events_queue": outputs.queue_url}
    wanted |= {name: value for name, value in jobs.items() if value}
    if outputs.cookie_domain:
        wanted |= {"cookie_domain": outputs.cookie_domain, "delivery": "cookies"}
    return wanted


def _line_of_setting(name: str, now: str | None, then: str) -> Line:
    field = ISettings[name]
    titles = {term.value: term.title for term in getattr(field, "vocabulary", None) or ()}
    return Line(label=field.title, now=titles.get(now, now or ""), then=titles.get(then, then))


def _ids(keys: tuple[PublicKeyOutput, ...]) -> Iterator[tuple[Slot, str]]:
    """The slots that hold one of these keys, and the ids that the keys have now."""
    described = {slot: getUtility(IKeyRing).describe(slot) for slot in SLOTS}
    here = {key.fingerprint: slot for slot, key in described.items() if key is not None}
    for key in keys:
        if key.fingerprint in here:
            yield here[key.fingerprint], key.key_id
        elif not key.fingerprint and len(here) == len(keys) == 1:
            # The one key here is that of the stack.
            yield next(iter(here.values())), key.key_id


def _problems(keys: tuple[PublicKeyOutput, ...], ids: dict[Slot, str]) -> Iterator[Message]:
    ring = getUtility(IKeyRing)
    signs = "active" if ring.describe() is not None else "next"
    if ring.describe(signs) is None:
        yield _(
            "stack_no_key_here",
            default="This site has no key to which an id of the stack could belong: give it the key that the stack was made "
            "for, or make a key and the template anew.",
        )
    elif not keys:
        yield _(
            "stack_no_key_id", default="There is no output PublicKeyId among these: copy all rows of the tab “Outputs”."
        )
    elif signs not in ids:
        yield _(
            "stack_other_key",
            default="The distribution of this stack does not trust the key of this site, so that nothing could be watched: "
            "print the template anew, update the stack with it, and paste its outputs then.",
        )


def _notes(described: dict, ids: dict[Slot, str], outside: bool) -> Iterator[Message]:
    for slot, then in ids.items():
        now = described[slot].key_id
        if outside and now != then:
            yield _(
                "stack_id_outside",
                default="The environment gives the key under the id ${now}, and the stack knows it as ${then}: give Zope "
                "that as CFPRIVATE_KEY_PAIR_ID and start it anew, when this is saved.",
                mapping={"now": now, "then": then},
            )
        elif now and now != then:
            yield _(
                "stack_other_id",
                default="The same key was saved under another id, ${now}. To this distribution it is ${then}, and the id "
                "is changed to that.",
                mapping={"now": now, "then": then},
            )
    if "active" not in ids and "next" in ids:
        yield _(
            "stack_activate_next",
            default="The key of the stack is the next one: test it, and activate it under “Rotate the signing key”.",
        )
