"""Files of Plone become media in the bucket: uploaded, compared, and only then taken from the database."""

from ..exceptions import NoSuchObject
from ..exceptions import OtherBytes
from ..i18n import _
from ..media.behavior import IProtectedMedia
from ..media.catalogued import object_of
from ..media.formats import media_type_of
from .batches import Passed
from .bucket import Bucket
from .checksums import digests_of
from .checksums import is_same
from .file_field import file_field_of
from .file_field import FileField
from .file_name import name_of
from .journal import Journal
from .journal import Uploaded
from .moved import Moved
from .moved import note_move
from .recorded import record_change
from .skipping import left_out
from .skipping import skipped_out
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from plone import api
from zope.annotation.interfaces import IAnnotations


# Where plone.scale keeps the pictures that it made of those of an item.
SCALES = "plone.scale"

# Items that are held in memory at a time.
HELD = 1000


@dataclass(frozen=True, kw_only=True)
class ToMove:
    """An item to work on: ``path`` in the site, ``size`` in bytes, ``key`` of the object, ``roles`` that may view only."""

    uid: str
    path: str
    size: int
    key: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be done, and ``skipped``: pairs of a path and a word of ``skipping.REASONS``."""

    to_do: list[ToMove]
    skipped: list[tuple[str, str]]

    @property
    def size(self) -> int:
        """All bytes to move."""
        return sum(each.size for each in self.to_do)


def plan_offload(brains: Iterable, *, key_for: Callable[[object, str], str]) -> Plan:
    """What would be moved of these items; ``key_for(item, name)`` gives an object key, which is shown only."""
    plan = Plan(to_do=[], skipped=[])
    for brain, item in items_of(brains):
        path = path_in_site(brain.getPath())
        reason = "gone" if item is None else skipped_out(item)
        if reason is None:
            file = file_field_of(item).value
            named = {"key": _shown(key_for(item, name_of(file))), "roles": tuple(left_out(item))}
            plan.to_do.append(ToMove(uid=brain.UID, path=path, size=file.getSize(), **named))
        else:
            plan.skipped.append((path, reason))
    return plan


@dataclass(frozen=True, kw_only=True)
class Offload:
    """Moves one item at a time. What ``journal`` knows to be uploaded is not uploaded again.

    ``key_for(item, name)`` gives a key that nothing has yet; ``progress`` is called with the bytes sent since.
    """

    bucket: Bucket
    journal: Journal
    key_for: Callable[[object, str], str]
    progress: Callable[[int], object]

    def __call__(self, to_move: ToMove) -> ToMove:
        """Move the file; gives the same with the key that it got.

        Raises ``Passed``, ``OtherBytes``, ``POSKeyError`` or a ``StorageError``, and has changed nothing then.
        """
        item = item_of(to_move.uid)
        reason = "gone" if item is None else skipped_out(item)
        if reason is not None:
            raise Passed(reason)
        field = file_field_of(item)
        uploaded = self._found(to_move.uid, field) or self._uploaded(to_move.uid, field)
        _move(field, uploaded)
        return replace(to_move, key=uploaded.object_key, size=uploaded.size)

    def _found(self, uid: str, field: FileField) -> Uploaded | None:
        """What was uploaded before, if it is in the bucket still."""
        uploaded = self.journal.find(self.bucket.name, uid, name_of_blob(field.value))
        try:
            kept = uploaded is not None and self.bucket.head(uploaded.object_key).size == uploaded.size
        except NoSuchObject:
            return None
        if kept:
            self.progress(uploaded.size)
        return uploaded if kept else None

    def _uploaded(self, uid: str, field: FileField) -> Uploaded:
        path, key = _loaded(field.value).committed(), self.key_for(field.item, name_of(field.value))
        digests = digests_of(path)
        self.bucket.put_file(path, key, content_type=media_type_of(key), progress=self.progress)
        if not is_same(self.bucket, key, digests):
            raise OtherBytes(
                _(
                    "storage_other_bytes",
                    default="What arrived in the bucket as ${key} is not the file: its checksum or size differs.",
                    mapping={"key": key},
                )
            )
        blob = {"uid": uid, "blob": name_of_blob(field.value)}
        uploaded = Uploaded(bucket=self.bucket.name, object_key=key, size=digests.size, sha256=digests.sha256, **blob)
        self.journal.add(uploaded)
        return uploaded


def _move(field: FileField, uploaded: Uploaded) -> None:
    file = field.value
    named = {"content_type": file.contentType, "filename": file.filename}
    key, sums = uploaded.object_key, {"size": uploaded.size, "sha256": uploaded.sha256}
    note_move(field.item, Moved(field=field.name, object_key=key, **named, **sums))
    IProtectedMedia(field.item).object_key = key
    # Its name and type stay, so that forms and templates find what they want.
    field.put(**named)
    # Smaller pictures of it were for everybody who may view the item.
    IAnnotations(field.item).pop(SCALES, None)
    record_change(field)


def _shown(key: str) -> str:
    """A key without the part that is drawn when it is used."""
    *folders, _drawn, name = key.split("/")
    return "/".join([*folders, "…", name])


def items_of(brains: Iterable) -> Iterator[tuple]:
    """Each brain with its item, or None where the catalog lists what is gone; few are held in memory."""
    for number, brain in enumerate(brains, 1):
        yield brain, object_of(brain)
        if number % HELD == 0:
            api.portal.get()._p_jar.cacheGC()


def name_of_blob(file) -> str:
    """Names the bytes of a file: another file, and another state of this one, has another name."""
    blob = _loaded(file)
    return f"{blob._p_oid.hex()}-{blob._p_serial.hex()}"


def _loaded(file):
    """The blob of a file; one that was not loaded yet has no serial, and says that it was not committed."""
    file._blob._p_activate()
    return file._blob


def item_of(uid: str):
    """The item with that UID, whoever may see it; None where there is none."""
    brains = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(UID=uid)
    return object_of(brains[0]) if brains else None


def path_in_site(path: str) -> str:
    """The path as people write it, which begins at the site."""
    return path.removeprefix("/".join(api.portal.get().getPhysicalPath()))
