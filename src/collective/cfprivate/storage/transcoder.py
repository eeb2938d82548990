"""What makes streams of uploaded videos: the one interface, whoever does the work behind it."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


# The name of the master playlist in the folder of a job.
MASTER = "index.m3u8"


class JobState(Enum):
    """How far a job is; the values are stable, for what is stored and for REST clients."""

    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def ended(self) -> bool:
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELED}


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as its maker tells it: ``percent`` from 0 to 100 where it is known, ``error`` in the maker's own words."""

    job_id: str
    state: JobState
    percent: int | None = None
    error: str = ""


class Transcoder(Protocol):
    """Every call raises a ``StorageError`` where the maker cannot be asked, or refuses."""

    def submit(self, source: str, *, folder: str, token: str, about: dict[str, str]) -> Job:
        """Begin to make an HLS set of the object ``source`` in ``folder`` (with a slash behind it).

        The same ``token`` never begins a second job. ``about`` comes back with what is told of the job.
        """

    def status(self, job_id: str) -> Job:
        """How far it is; raises ``NoSuchJob``."""

    def cancel(self, job_id: str) -> None:
        """End it before its end; raises ``NoSuchJob``."""
