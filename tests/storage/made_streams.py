"""What stands for MediaConvert, which cannot be had here."""

from collective.cfprivate.exceptions import NoSuchJob
from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.storage.transcoder import Job
from collective.cfprivate.storage.transcoder import JobState
from dataclasses import dataclass
from dataclasses import field


@dataclass
class Maker:
    """Stands for MediaConvert: the same token gives the same job."""

    jobs: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    away: bool = False

    def submit(self, source, *, folder, token, about):
        if self.away:
            raise StorageUnavailable("It does not answer.")
        self.asked.append((source, folder, token, about))
        job = Job(job_id=f"job-{token}", state=JobState.SUBMITTED)
        return self.jobs.setdefault(job.job_id, job)

    def status(self, job_id):
        if job_id not in self.jobs:
            raise NoSuchJob("It is gone.")
        return self.jobs[job_id]

    def cancel(self, job_id):
        self.jobs[job_id] = Job(job_id=job_id, state=JobState.CANCELED)
