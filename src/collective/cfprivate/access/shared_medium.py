"""The medium that translations share, for as long as nobody gives one of them another (plone.app.multilingual).

The fields are not marked as ``ILanguageIndependentField``: plone.app.multilingual copies those for whoever changes an
item, shows them in the form of a translation, and has a setting that switches to a user who may do everything.
"""

from ..media.behavior import fields_of
from ..media.behavior import IProtectedMedia
from ..media.places import keep_note_of
from ..media.same_work import group_of
from ..media.same_work import translations_of
from .possession import may_share_medium
from uuid import uuid4
from zope.annotation.interfaces import IAnnotations
from zope.event import notify
from zope.lifecycleevent import Attributes
from zope.lifecycleevent import ObjectModifiedEvent
from zope.lifecycleevent.interfaces import IAttributes


# What depends on no language.
SHARED = ("object_key", "renditions", "poster", "duration")

# On an item that shares its medium: a word that all have who share it, and the fields as they were shared the last time.
NOTE = "collective.cfprivate.shared-medium"


def share_change(item, event) -> None:
    """Give the changed medium of ``item`` to its translations."""
    if _changes_medium(event) and _is_news(item):
        for translation in translations_of(item):
            share_medium(item, translation)


def share_medium(source, target) -> None:
    """Make the medium of ``source`` that of its translation ``target``, unless that has another one of its own.

    Nothing happens where the current user may not share it.
    """
    if fields_of(target) is None or not may_share_medium(source, target):
        return
    given, before = _state(source), _state(target)
    if not _follows(source, target, given, before):
        return
    among = (_note(source) or _note(target) or {"among": uuid4().hex})["among"]
    for item in (source, target):
        IAnnotations(item)[NOTE] = {"among": among, "medium": dict(given)}
    if before != given:
        keep_note_of(source, target)
        _change(target, given)


def part(item, event) -> None:
    """Forget what an item shared that is a translation no more: connected again, it keeps what it got in between."""
    IAnnotations(event.old_object).pop(NOTE, None)


def _changes_medium(event) -> bool:
    """Who does not tell what was changed may have changed the medium."""
    names = {
        name.rpartition(".")[2]
        for description in event.descriptions
        if IAttributes.providedBy(description) and description.interface is IProtectedMedia
        for name in description.attributes
    }
    return not event.descriptions or not names.isdisjoint(SHARED)


def _is_news(item) -> bool:
    """Whether the medium is another than the item shared the last time."""
    now, note = _state(item), _note(item)
    return bool(now["object_key"]) if note is None else now != note["medium"]


def _follows(source, target, given: dict, before: dict) -> bool:
    """Whether the target has the medium already, or that which both shared, or never had one."""
    if before == given:
        return True
    theirs, its_own = _note(target), _note(source)
    if theirs is None:
        return not before["object_key"]
    return its_own is not None and theirs["among"] == its_own["among"] and theirs["medium"] == before


def _note(item) -> dict | None:
    """What the item shared the last time, with the translations that it has now."""
    note = IAnnotations(item).get(NOTE)
    return note if note and note["medium"]["group"] == group_of(item) else None


def _state(item) -> dict:
    fields = fields_of(item)
    return {"group": group_of(item), **{name: getattr(fields, name) for name in SHARED}}


def _change(target, given: dict) -> None:
    for name in SHARED:
        setattr(fields_of(target), name, given[name])
    # The group is how plone.app.multilingual marks what it changed itself, and so copies nothing back.
    notify(ObjectModifiedEvent(target, Attributes(IProtectedMedia, *SHARED), given["group"]))
