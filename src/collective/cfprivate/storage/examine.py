"""The current site and its bucket, compared: what the command and the page have in common."""

from .. import settings
from ..exceptions import NotReconciled
from ..i18n import _
from .bucket import Bucket
from .bucket import Stored
from .reconcile import check_likely
from .reconcile import folder_of
from .reconcile import GRACE
from .reconcile import missing_elsewhere
from .reconcile import reconcile
from .reconcile import Reconciled
from .references import other_sites_with_bucket
from .references import References
from .references import references_of_site
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import replace

import transaction


STEP = 1000


def examine(
    bucket: Bucket,
    *,
    now: float,
    prefix: str | None = None,
    grace: int = GRACE,
    progress: Callable[[str, int], object] = lambda what, count: None,
) -> Reconciled:
    """Compare; ``prefix`` is that of uploads if None. ``progress`` is called with ``items`` or ``objects`` and a count.

    Raises a ``StorageError`` where the bucket does not answer to the end, ``NotReconciled`` where there is any doubt.
    """
    check_alone()
    folder = settings.bucket().upload_prefix if prefix is None else prefix
    references = references_of_site(lambda count: progress("items", count))
    listed = _counted(bucket.objects(folder_of(folder)), progress)
    found = reconcile(listed, references, now=now, prefix=folder, grace=grace)
    elsewhere = tuple(missing_elsewhere(bucket, references, prefix=folder))
    found = replace(found, missing=(*found.missing, *elsewhere))
    check_likely(references, len(found.missing))
    return found


def check_alone() -> None:
    """Raise ``NotReconciled`` where another site of this database names the same bucket: only one is read."""
    others = other_sites_with_bucket()
    if others:
        raise NotReconciled(
            _(
                "reconcile_other_sites",
                default="${sites} of this database names the same bucket or distribution. Only this site is read, so that "
                "files of the other would seem to be left over: nothing may be deleted.",
                mapping={"sites": ", ".join(others)},
            )
        )


def references_now() -> References:
    """What the site refers to by now, in a new transaction: somebody may have attached a file since the list was made."""
    transaction.begin()
    check_alone()
    return references_of_site()


def _counted(objects: Iterable[Stored], progress: Callable[[str, int], object]) -> Iterator[Stored]:
    for count, each in enumerate(objects, 1):
        if count % STEP == 0:
            progress("objects", count)
        yield each
