"""Media in the bucket become files of Plone again: fetched, compared, and only then taken from the medium's field."""

from ..exceptions import NoSuchObject
from ..exceptions import OtherBytes
from ..i18n import _
from ..media.behavior import IProtectedMedia
from ..media.medium import Medium
from ..media.medium import medium_of
from .batches import Passed
from .bucket import Bucket
from .bucket import Stored
from .checksums import Digests
from .checksums import digests_of
from .file_field import file_field_of
from .moved import forget_move
from .moved import Moved
from .moved import moved_of
from .offload import item_of
from .offload import items_of
from .offload import path_in_site
from .offload import Plan
from .offload import ToMove
from .recorded import record_change
from .skipping import left_out
from .skipping import skipped_back
from base64 import b64encode
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import os
import shutil


def plan_bring_back(brains: Iterable, *, bucket: Bucket, accept_view: bool) -> Plan:
    """What would be brought back of these items; asks the bucket for sizes, and may raise a ``StorageError``."""
    plan = Plan(to_do=[], skipped=[])
    for brain, item in items_of(brains):
        path = path_in_site(brain.getPath())
        reason = "gone" if item is None else skipped_back(item, accept_view=accept_view)
        size = None if reason else _size(item, bucket)
        if size is None:
            plan.skipped.append((path, reason or "no-object"))
        else:
            key, roles = medium_of(item).object_key, tuple(left_out(item))
            plan.to_do.append(ToMove(uid=brain.UID, path=path, size=size, key=key, roles=roles))
    return plan


@dataclass(frozen=True, kw_only=True)
class BringBack:
    """Brings one item at a time. ``folder`` is for the fetched files, which stay there until ``forget``."""

    bucket: Bucket
    folder: Path
    accept_view: bool
    progress: Callable[[int], object]

    def __call__(self, to_move: ToMove) -> ToMove:
        """Bring the file; raises ``Passed``, ``OtherBytes`` or a ``StorageError``, and has changed nothing then."""
        item = item_of(to_move.uid)
        reason = "gone" if item is None else skipped_back(item, accept_view=self.accept_view)
        if reason is not None:
            raise Passed(reason)
        field, medium, moved = file_field_of(item), medium_of(item), moved_of(item)
        fetched = self._fetched(to_move.uid, medium.object_key, moved)
        with open(fetched, "rb") as data:
            field.put(data, **_named(medium, moved))
        IProtectedMedia(item).object_key = None
        forget_move(item)
        record_change(field)
        return to_move

    def forget(self, done: Iterable[ToMove]) -> None:
        """Remove the fetched files of items that are in the database."""
        for path in (path for each in done for path in self.folder.glob(f"{each.uid}-*")):
            path.unlink()

    def _fetched(self, uid: str, key: str, moved: Moved | None) -> Path:
        """A file that the database may take away; what was fetched for it stays for another attempt."""
        stored = self.bucket.head(key)
        kept = self.folder / f"{uid}-{stored.etag}"
        if not kept.exists():
            arriving = self.folder / f"{uid}-arriving"
            self.bucket.get_file(key, arriving, progress=self.progress)
            _check(digests_of(arriving), stored, moved)
            arriving.rename(kept)
        taken = self.folder / f"{uid}-taken"
        taken.unlink(missing_ok=True)
        _link(kept, taken)
        return taken


def _size(item, bucket: Bucket) -> int | None:
    """The bytes of the item's medium; None where the bucket does not have it."""
    moved = moved_of(item)
    try:
        return bucket.head(medium_of(item).object_key).size if moved is None else moved.size
    except NoSuchObject:
        return None


def _link(path: Path, link: Path) -> None:
    try:
        os.link(path, link)
    except OSError:
        shutil.copyfile(path, link)


def _check(fetched: Digests, stored: Stored, moved: Moved | None) -> None:
    same = fetched.size == stored.size
    if moved is not None:
        same = same and fetched.sha256 == moved.sha256
    elif stored.sha256:
        same = same and b64encode(bytes.fromhex(fetched.sha256)).decode() == stored.sha256
    if not same:
        raise OtherBytes(
            _(
                "storage_other_bytes_back",
                default="What the bucket has as ${key} is not what it should be: its checksum or size differs.",
                mapping={"key": stored.key},
            )
        )


def _named(medium: Medium, moved: Moved | None) -> dict[str, str | None]:
    if moved is not None:
        return {"content_type": moved.content_type, "filename": moved.filename}
    return {"content_type": medium.files[0].media_type, "filename": medium.files[0].filename}
