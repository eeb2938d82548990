"""The job that makes a stream of an item's uploaded video: begun, told of, ended, and its result attached."""

from .. import settings
from ..exceptions import JobRefused
from ..exceptions import NoSuchJob
from ..exceptions import NoSuchObject
from ..exceptions import StorageNotConfigured
from ..i18n import _
from ..media.behavior import IProtectedMedia
from ..media.catalogued import object_of
from ..media.medium import medium_of
from .mediaconvert import MediaConvert
from .site_bucket import bucket_of_site
from .transcoder import Job
from .transcoder import JobState
from .transcoder import MASTER
from .transcoder import Transcoder
from collections.abc import Callable
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from hashlib import sha256
from plone import api
from plone.uuid.interfaces import IUUID
from zope.annotation.interfaces import IAnnotations
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent


ANNOTATION = "collective.cfprivate.stream_job"

# At the site: which jobs have not ended.
OPEN = "collective.cfprivate.open_jobs"

# What comes back with an event: of which item it is.
ABOUT = "cfprivate-item"

# What is known of a job, beyond what its maker tells.
LOST = "lost"
CHANGED = "medium-changed"
ATTACHED = "attached"


@dataclass(frozen=True, kw_only=True)
class StreamJob:
    """What an item knows of its last job; builtin types in an annotation.

    ``item`` is the UID of the item that it was begun for: a copy knows of it, too, and it is none of its own. ``source``
    is the object key, ``folder`` where the set comes to lie. ``result`` is empty until the job has ended, else
    ``attached``, ``medium-changed``, ``lost`` or the word of its state. Times are epoch seconds.
    """

    job_id: str
    item: str
    source: str
    folder: str
    attempt: int
    begun: int
    state: str
    percent: int | None = None
    error: str = ""
    result: str = ""

    @property
    def master(self) -> str:
        """The object key of the master playlist."""
        return f"{self.folder}{MASTER}"

    @property
    def open(self) -> bool:
        """Whether more is to be heard of it."""
        return not self.result


def transcoder_of_site() -> Transcoder:
    """What the settings name; raises ``StorageNotConfigured``."""
    current, bucket = settings.bucket(), bucket_of_site()
    if not current.mediaconvert_role:
        raise StorageNotConfigured(
            _(
                "storage_no_role",
                default="No role of MediaConvert is set: enter its ARN in the control panel of protected media.",
            )
        )
    return MediaConvert(name=bucket.name, region=bucket.region, role=current.mediaconvert_role)


def job_of_item(item) -> StreamJob | None:
    """The last job of this very item."""
    noted = (IAnnotations(item, None) or {}).get(ANNOTATION)
    job = StreamJob(**noted) if noted else None
    return job if job is not None and job.item == IUUID(item) else None


def refusal_to_begin(item) -> str | None:
    """Why no job can be begun for the item, as a translatable message; None where one can."""
    medium, last = medium_of(item), job_of_item(item)
    if medium is None or medium.kind != "video" or medium.download is None:
        return _("job_no_video", default="There is no video file here of which a stream could be made.")
    if medium.hls is not None:
        return _("job_has_stream", default="This video has a stream already: take that out first to make another.")
    if last is not None and last.open:
        return _("job_is_running", default="A stream is being made already: wait for its end, or cancel it.")
    return None


def begin(item, transcoder: Transcoder, *, now: int) -> StreamJob:
    """Begin a job for the item's video; raises ``JobRefused`` and ``StorageError``.

    A request that Zope repeats after a conflict begins no second one: the token tells item, file and attempt.
    """
    refused = refusal_to_begin(item)
    if refused is not None:
        raise JobRefused(refused)
    last, source, uid = job_of_item(item), medium_of(item).download.object_key, IUUID(item)
    attempt = last.attempt + 1 if last else 1
    token = sha256(f"{uid} {source} {attempt}".encode()).hexdigest()[:32]
    folder = f"{source.rpartition('/')[0]}/stream-{token[:12]}/".lstrip("/")
    job = transcoder.submit(source, folder=folder, token=token, about={ABOUT: uid})
    begun = StreamJob(
        job_id=job.job_id, item=uid, source=source, folder=folder, attempt=attempt, begun=now, state=job.state.value
    )
    return _keep(item, begun)


def ask(item, transcoder: Transcoder) -> StreamJob | None:
    """Ask how far the item's job is, and do what follows from it; None where there is no job."""
    known = job_of_item(item)
    if known is None or not known.open:
        return known
    try:
        return hear(item, transcoder.status(known.job_id))
    except NoSuchJob:
        return _keep(item, replace(known, result=LOST))


def cancel(item, transcoder: Transcoder) -> StreamJob:
    """End the item's job before its end; raises ``JobRefused`` where none runs, and ``StorageError``."""
    known = job_of_item(item)
    if known is None or not known.open:
        raise JobRefused(_("job_none_runs", default="No stream is being made of this video."))
    transcoder.cancel(known.job_id)
    return _keep(item, replace(known, state=JobState.CANCELED.value, result=JobState.CANCELED.value))


def hear(item, told: Job, *, exists: Callable[[str], bool] | None = None) -> StreamJob | None:
    """Do what follows from what was ``told`` of a job; None where it is not the item's open one.

    Of what comes late and what comes twice nothing follows. A set whose playlist is not in the bucket is not attached.
    """
    known = job_of_item(item)
    if known is None or known.job_id != told.job_id or not known.open:
        return None
    heard = replace(known, state=told.state.value, percent=told.percent or known.percent, error=told.error)
    if told.state is JobState.DONE:
        return _keep(item, replace(heard, result=_attach(item, heard, exists or _is_stored)))
    return _keep(item, replace(heard, result=told.state.value if told.state.ended else ""))


def open_items() -> list:
    """The items of the site whose jobs have not ended, whoever may see them."""
    catalog = api.portal.get_tool("portal_catalog")
    brains = catalog.unrestrictedSearchResults(UID=list(_open())) if _open() else ()
    return [item for item in map(object_of, brains) if item is not None]


def _attach(item, job: StreamJob, exists: Callable[[str], bool]) -> str:
    fields, medium = IProtectedMedia(item), medium_of(item)
    if medium is None or medium.hls is not None or job.source not in medium.object_keys:
        return CHANGED
    if not exists(job.master):
        return LOST
    fields.renditions = (fields.object_key, *(fields.renditions or ()))
    fields.object_key = job.master
    notify(ObjectModifiedEvent(item))
    return ATTACHED


def _is_stored(key: str) -> bool:
    try:
        return bucket_of_site().head(key).size > 0
    except NoSuchObject:
        return False


def _keep(item, job: StreamJob) -> StreamJob:
    IAnnotations(item)[ANNOTATION] = asdict(job)
    others = {uid: job_id for uid, job_id in _open().items() if uid != job.item}
    # A new dict each time: the database notices assignment, not a change within a dict.
    IAnnotations(api.portal.get())[OPEN] = {**others, job.item: job.job_id} if job.open else others
    return job


def _open() -> dict[str, str]:
    """The ids of the jobs that have not ended, by the UIDs of their items."""
    return IAnnotations(api.portal.get()).get(OPEN, {})
