"""Compares what a bucket holds with what a site refers to, and deletes what is certain to be left over."""

from ..exceptions import NoSuchObject
from ..exceptions import NoSuchUpload
from ..exceptions import NotReconciled
from ..i18n import _
from .bucket import Bucket
from .bucket import Stored
from .bucket import Unfinished
from .references import References
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice


DAY = 86400
GRACE = 30

# The site is read anew before so many deletions.
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """``orphans`` may be deleted, ``young`` not yet; ``missing`` are keys with the place that refers to them.

    ``seen`` counts all objects below the prefix, ``referred`` those that the site refers to.
    """

    orphans: tuple[Stored, ...]
    young: tuple[Stored, ...]
    missing: tuple[tuple[str, str], ...]
    seen: int
    referred: int

    @property
    def bytes(self) -> int:
        """The size of all orphans together."""
        return sum(each.size for each in self.orphans)

    @property
    def digest(self) -> str:
        """What tells this list of orphans from all others."""
        lines = (f"{each.key}\0{each.size}\0{each.etag}" for each in self.orphans)
        return sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()


def folder_of(prefix: str) -> str:
    """The prefix with a slash behind it, so that no neighbour is meant; raises ``NotReconciled`` for the whole bucket."""
    if not prefix.strip("/"):
        raise NotReconciled(
            _(
                "reconcile_no_prefix",
                default="A bucket may be shared with others: name a folder of it, as nothing is compared with all of it.",
            )
        )
    return f"{prefix.strip('/')}/"


def reconcile(
    objects: Iterable[Stored], references: References, *, now: float, prefix: str, grace: int = GRACE
) -> Reconciled:
    """What is left over and missing below ``prefix``; ``now`` in epoch seconds, ``grace`` in days."""
    folder = folder_of(prefix)
    orphans, young, seen, unseen = [], [], 0, {key for key in references.keys if key.startswith(folder)}
    for each in objects:
        if not each.key.startswith(folder):
            continue
        seen += 1
        unseen.discard(each.key)
        if each.key not in references:
            (orphans if is_old(each.modified, now=now, grace=grace) else young).append(each)
    missing = tuple((key, references.keys[key]) for key in sorted(unseen))
    referred = seen - len(orphans) - len(young)
    return Reconciled(orphans=tuple(orphans), young=tuple(young), missing=missing, seen=seen, referred=referred)


def is_old(moment: float, *, now: float, grace: int) -> bool:
    """Whether the grace of so many days is over; all of ``moment`` and ``now`` in epoch seconds."""
    return now - moment > grace * DAY


def missing_elsewhere(bucket: Bucket, references: References, *, prefix: str) -> Iterator[tuple[str, str]]:
    """The references to objects outside of ``prefix`` that the bucket does not have: it is asked for each."""
    folder = folder_of(prefix)
    for key, place in sorted(references.keys.items()):
        if not key.startswith(folder):
            try:
                bucket.head(key)
            except NoSuchObject:
                yield key, place


def check_likely(references: References, missing: int) -> None:
    """Raise ``NotReconciled`` where the bucket has nothing of what the site refers to: it is likely to be another."""
    if references.keys and missing >= len(references.keys):
        raise NotReconciled(
            _(
                "reconcile_other_bucket",
                default="The bucket has none of the files that this site refers to, so that it is likely to be another one: "
                "nothing may be deleted. Look at the bucket in the settings, and at the origin path of the distribution.",
            )
        )


def delete_orphans(
    bucket: Bucket, orphans: Iterable[Stored], references_now: Callable[[], References]
) -> Iterator[tuple[Stored, bool]]:
    """Delete one by one; gives each with whether it was deleted.

    ``references_now`` reads the site anew; what is referred to by then, or was changed in the bucket, is kept.
    """
    waiting = iter(orphans)
    while batch := list(islice(waiting, BATCH)):
        references = references_now()
        for each in batch:
            deleted = each.key not in references and _is_as_listed(bucket, each)
            if deleted:
                bucket.delete(each.key)
            yield each, deleted


def left_uploads(bucket: Bucket, *, now: float, prefix: str, grace: int = GRACE) -> list[Unfinished]:
    """The uploads below ``prefix`` that were begun before the grace, and not ended."""
    try:
        found = list(bucket.unfinished(folder_of(prefix)))
    except NoSuchUpload:
        # So answer some stores for a bucket in which none was ever begun.
        return []
    return [each for each in found if is_old(each.begun, now=now, grace=grace)]


def abort_left(bucket: Bucket, uploads: Iterable[Unfinished]) -> Iterator[Unfinished]:
    """End the uploads; gives each that was."""
    for each in uploads:
        try:
            bucket.abort_upload(each.key, each.upload_id)
        except NoSuchUpload:
            continue
        yield each


def _is_as_listed(bucket: Bucket, listed: Stored) -> bool:
    try:
        found = bucket.head(listed.key)
    except NoSuchObject:
        return False
    return (found.size, found.etag) == (listed.size, listed.etag)
