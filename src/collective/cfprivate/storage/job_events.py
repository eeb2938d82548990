"""What EventBridge tells of jobs, by way of a queue of SQS.

https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html has the shape of the events.
"""

from .mediaconvert import client_of
from .mediaconvert import job_of_event
from .refusals import told
from .transcoder import Job
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

import json


# SQS gives ten at the most, and by waiting (seconds) asks all of its servers.
BATCH = 10
WAIT = 1

DETAIL_TYPE = "MediaConvert Job State Change"


@dataclass(frozen=True, kw_only=True)
class JobEvent:
    """What was told of a ``job``, and the words that came with its request; ``receipt`` takes it out of the queue."""

    job: Job
    about: dict[str, str]
    receipt: str


@dataclass(frozen=True, kw_only=True)
class EventQueue:
    """The queue at the URL ``name``, which only this site reads."""

    name: str
    region: str
    endpoint: str = ""
    _client: object = field(default=None, repr=False, compare=False)

    def events(self) -> Iterator[JobEvent | None]:
        """All that waits; None for each message that is no such event, and stays for the queue of dead letters."""
        while messages := self._receive():
            for message in messages:
                yield _event(message)

    def done(self, event: JobEvent) -> None:
        """Take an event out of the queue."""
        with told(self):
            self.client.delete_message(QueueUrl=self.name, ReceiptHandle=event.receipt)

    @property
    def client(self):
        """boto3's client, one for all threads; raises ``StorageNotConfigured``."""
        return self._client or client_of("sqs", self.region)

    def _receive(self) -> list[dict]:
        with told(self):
            answer = self.client.receive_message(QueueUrl=self.name, MaxNumberOfMessages=BATCH, WaitTimeSeconds=WAIT)
        return answer.get("Messages", [])


def _event(message: dict) -> JobEvent | None:
    try:
        body = json.loads(message["Body"])
        if body["source"] != "aws.mediaconvert" or body["detail-type"] != DETAIL_TYPE:
            return None
        about = {str(name): str(value) for name, value in (body["detail"].get("userMetadata") or {}).items()}
        return JobEvent(job=job_of_event(body["detail"]), about=about, receipt=message["ReceiptHandle"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
