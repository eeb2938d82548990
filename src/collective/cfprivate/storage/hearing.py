"""All that is to be heard of the site's jobs, at one time."""

from .. import settings
from ..exceptions import StorageError
from ..media.catalogued import object_of
from .job_events import EventQueue
from .job_events import JobEvent
from .stream_job import ABOUT
from .stream_job import ask as ask_of
from .stream_job import hear
from .stream_job import open_items
from .stream_job import StreamJob
from .stream_job import transcoder_of_site
from .transcoder import JobState
from dataclasses import dataclass
from dataclasses import field
from plone import api

import transaction


# How often the same is tried, where somebody else changes the item at the same time.
ATTEMPTS = 3

# Results with which somebody has to do something.
_FAILED = {JobState.FAILED.value, "lost", "medium-changed"}


@dataclass
class Report:
    """What was heard: of each item its path and job; and how many ``strange`` messages were no events of a job."""

    heard: list[tuple[str, StreamJob]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    strange: int = 0

    @property
    def failed(self) -> bool:
        """Whether somebody has to look at an item."""
        return bool(self.problems) or any(job.result in _FAILED for _path, job in self.heard)

    @property
    def data(self) -> dict[str, object]:
        """The report in builtin types."""
        heard = [
            {"path": path, "state": job.state, "percent": job.percent, "result": job.result, "error": job.error}
            for path, job in self.heard
        ]
        problems = [{"path": path, "message": message} for path, message in self.problems]
        return {"jobs": heard, "problems": problems, "strange": self.strange}

    @property
    def lines(self) -> list[str]:
        """The report for a terminal."""
        heard = [f"{job.result or job.state:14} {path}{_behind(job)}" for path, job in self.heard]
        problems = [f"{'not asked':14} {path}: {message}" for path, message in self.problems]
        strange = (
            [f"{self.strange} messages of the queue were no events of jobs, and stay there."] if self.strange else []
        )
        return [*heard, *problems, *strange] or ["Nothing is new."]


def hear_of_jobs(*, ask: bool) -> Report:
    """Read the queue of events, or ``ask`` for each open job; commits after each item, so that nothing is heard twice.

    Raises ``StorageError`` where the queue cannot be read.
    """
    queue = settings.bucket().events_queue
    report = Report()
    if queue:
        _read(EventQueue(name=queue, region=settings.bucket().s3_region), report)
    if ask or not queue:
        _ask(report)
    return report


def _read(queue: EventQueue, report: Report) -> None:
    for event in queue.events():
        if event is None:
            report.strange += 1
            continue
        _hear(event, report)
        # Only what is in the database is taken out of the queue.
        queue.done(event)


def _hear(event: JobEvent, report: Report) -> None:
    for attempt in transaction.manager.attempts(ATTEMPTS):
        with attempt:
            item = _item_of(event)
            job = None if item is None else hear(item, event.job)
    if job is not None:
        report.heard.append((_path(item), job))


def _ask(report: Report) -> None:
    for item in open_items():
        try:
            for attempt in transaction.manager.attempts(ATTEMPTS):
                with attempt:
                    job = ask_of(item, transcoder_of_site())
        except StorageError as error:
            report.problems.append((_path(item), str(error)))
        else:
            report.heard.append((_path(item), job))


def _item_of(event: JobEvent):
    """The item that an event names; None of one that is gone, or of another site."""
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(UID=event.about.get(ABOUT, ""))
    return object_of(found[0]) if len(found) == 1 else None


def _path(item) -> str:
    return "/".join(item.getPhysicalPath())


def _behind(job: StreamJob) -> str:
    if job.error:
        return f": {job.error}"
    return f" ({job.percent} %)" if job.open and job.percent is not None else ""
