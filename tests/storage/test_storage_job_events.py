"""From EventBridge through SQS to the site, on moto's server."""

from collective.cfprivate.exceptions import StorageNotConfigured
from collective.cfprivate.storage.job_events import DETAIL_TYPE
from collective.cfprivate.storage.job_events import EventQueue
from collective.cfprivate.storage.mediaconvert import client_of
from collective.cfprivate.storage.transcoder import Job
from collective.cfprivate.storage.transcoder import JobState
from moto.server import ThreadedMotoServer

import json
import pytest


REGION = "eu-central-1"
PATTERN = {"source": ["aws.mediaconvert"], "detail-type": [DETAIL_TYPE]}


@pytest.fixture(scope="module")
def aws():
    """A server that has the services, where boto3 looks for them."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        client_of.cache_clear()
        yield
    client_of.cache_clear()
    server.stop()


@pytest.fixture
def queue(aws):
    """A queue that gets the events of a rule, as the template makes both."""
    sqs, events = client_of("sqs", REGION), client_of("events", REGION)
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="jobs", EventPattern=json.dumps(PATTERN))
    events.put_targets(Rule="jobs", Targets=[{"Id": "queue", "Arn": arn}])
    yield EventQueue(name=url, region=REGION)
    sqs.delete_queue(QueueUrl=url)


def tell(source="aws.mediaconvert", detail_type=DETAIL_TYPE, **detail):
    entry = {"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}
    client_of("events", REGION).put_events(Entries=[entry])


def put(queue, body):
    queue.client.send_message(QueueUrl=queue.name, MessageBody=body)


class TestEvents:
    def test_tell_of_a_job_with_the_words_of_its_request(self, queue):
        tell(status="COMPLETE", jobId="1-abc", userMetadata={"cfprivate-item": "uid"})
        (event,) = queue.events()
        assert (event.job, event.about) == (
            Job(job_id="1-abc", state=JobState.DONE, percent=100),
            {"cfprivate-item": "uid"},
        )

    def test_are_gone_when_done(self, queue):
        tell(status="COMPLETE", jobId="1-abc")
        for event in queue.events():
            queue.done(event)
        attributes = client_of("sqs", REGION).get_queue_attributes(QueueUrl=queue.name, AttributeNames=["All"])
        hidden, waiting = "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessages"
        assert {attributes["Attributes"][hidden], attributes["Attributes"][waiting]} == {"0"}

    def test_of_other_services_never_come(self, queue):
        tell(source="aws.ec2", detail_type="EC2 Instance State-change Notification", state="running")
        assert list(queue.events()) == []

    @pytest.mark.parametrize(
        "body",
        [
            "no json",
            "[]",
            "5",
            "{}",
            json.dumps({"source": "aws.mediaconvert", "detail-type": DETAIL_TYPE, "detail": {"status": "COMPLETE"}}),
            json.dumps({"source": "aws.mediaconvert", "detail-type": DETAIL_TYPE, "detail": []}),
            json.dumps({"source": "other", "detail-type": DETAIL_TYPE, "detail": {"jobId": "1-abc"}}),
            "[" * 100_000,
        ],
    )
    def test_that_are_none_are_told_apart(self, queue, body):
        put(queue, body)
        assert list(queue.events()) == [None]

    def test_beside_strange_messages_are_heard(self, queue):
        put(queue, "no json")
        tell(status="ERROR", jobId="1-abc", errorMessage="Cannot read")
        states = [event.job.state for event in queue.events() if event is not None]
        assert states == [JobState.FAILED]


def test_a_queue_that_is_not_there_is_named(aws):
    with pytest.raises(StorageNotConfigured, match="queue of finished jobs in the settings"):
        list(EventQueue(name="http://127.0.0.1/123456789012/none", region=REGION).events())
