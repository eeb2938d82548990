"""What is sent to MediaConvert and read from it, checked against botocore's own model of the service."""

from botocore.stub import Stubber
from collective.cfprivate.exceptions import NoSuchJob
from collective.cfprivate.exceptions import StorageRefused
from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.storage.mediaconvert import client_of
from collective.cfprivate.storage.mediaconvert import job_of_event
from collective.cfprivate.storage.mediaconvert import job_request
from collective.cfprivate.storage.mediaconvert import MediaConvert
from collective.cfprivate.storage.transcoder import Job
from collective.cfprivate.storage.transcoder import JobState

import botocore.session
import pytest


ROLE = "arn:aws:iam::123456789012:role/MediaConvert"
SOURCE = "uploads/abc/talk.mov"
FOLDER = "uploads/abc/stream-1/"
REQUEST = job_request("media", SOURCE, folder=FOLDER, role=ROLE, token="t" * 32, about={"item": "uid"})


def described(**changes):
    """The answer of the service about a job."""
    return {"Job": {"Id": "1-abc", "Role": ROLE, "Settings": {}, **changes}}


@pytest.fixture
def service(monkeypatch):
    """The transcoder, and the stub in front of it that takes only what the service's model knows."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client_of.cache_clear()
    maker = MediaConvert(name="media", region="eu-central-1", role=ROLE)
    with Stubber(maker.client) as stub:
        yield maker, stub
    client_of.cache_clear()


def submit(maker):
    return maker.submit(SOURCE, folder=FOLDER, token="t" * 32, about={"item": "uid"})


def leaves(value, shape, path=""):
    """Every string of a request that its model calls an enumeration: path, value and what the model allows."""
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from leaves(inner, shape.members[name], f"{path}/{name}")
    elif shape.type_name == "list":
        for inner in value:
            yield from leaves(inner, shape.member, path)
    elif shape.type_name == "string" and shape.enum:
        yield path, value, shape.enum


class TestRequest:
    def test_has_only_words_that_the_service_knows(self):
        model = botocore.session.get_session().get_service_model("mediaconvert")
        found = list(leaves(REQUEST, model.operation_model("CreateJob").input_shape))
        assert [path for path, value, known in found if value not in known] == []

    def test_writes_all_into_one_folder(self):
        (group,) = REQUEST["Settings"]["OutputGroups"]
        hls = group["OutputGroupSettings"]["HlsGroupSettings"]
        assert (hls["Destination"], hls["DirectoryStructure"]) == (f"s3://media/{FOLDER}index", "SINGLE_DIRECTORY")

    def test_has_segments_of_whole_groups_of_pictures(self):
        (group,) = REQUEST["Settings"]["OutputGroups"]
        seconds = group["OutputGroupSettings"]["HlsGroupSettings"]["SegmentLength"]
        gop = group["Outputs"][0]["VideoDescription"]["CodecSettings"]["H264Settings"]["GopSize"]
        assert seconds % gop == 0

    def test_is_taken_by_the_service(self, service):
        maker, stub = service
        stub.add_response("create_job", described(Status="SUBMITTED"), REQUEST)
        assert submit(maker) == Job(job_id="1-abc", state=JobState.SUBMITTED)


@pytest.mark.parametrize(
    ("told", "job"),
    [
        ({"Status": "PROGRESSING", "JobPercentComplete": 40}, Job(job_id="1-abc", state=JobState.RUNNING, percent=40)),
        ({"Status": "COMPLETE"}, Job(job_id="1-abc", state=JobState.DONE, percent=100)),
        ({"Status": "CANCELED"}, Job(job_id="1-abc", state=JobState.CANCELED)),
        (
            {"Status": "ERROR", "ErrorCode": 1010, "ErrorMessage": "No video"},
            Job(job_id="1-abc", state=JobState.FAILED, error="No video"),
        ),
    ],
)
def test_a_job_is_told_as_it_is(service, told, job):
    maker, stub = service
    stub.add_response("get_job", described(**told), {"Id": "1-abc"})
    assert maker.status("1-abc") == job


def test_a_job_is_cancelled(service):
    maker, stub = service
    stub.add_response("cancel_job", {}, {"Id": "1-abc"})
    maker.cancel("1-abc")
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        ("NotFoundException", NoSuchJob, "does not know this job"),
        ("ConflictException", StorageRefused, "came to its end meanwhile"),
        ("ForbiddenException", StorageRefused, "iam:PassRole"),
        ("TooManyRequestsException", StorageUnavailable, "again in a minute"),
    ],
)
def test_a_refusal_has_its_own_sentence(service, code, kind, sentence):
    maker, stub = service
    stub.add_client_error("cancel_job", code, "in its words")
    with pytest.raises(kind, match=sentence):
        maker.cancel("1-abc")


# From https://docs.aws.amazon.com/mediaconvert/latest/ug/ev_status_complete.html and …/ev_status_status_update.html
@pytest.mark.parametrize(
    ("detail", "job"),
    [
        ({"status": "COMPLETE", "jobId": "1-abc"}, Job(job_id="1-abc", state=JobState.DONE, percent=100)),
        (
            {"status": "STATUS_UPDATE", "jobId": "1-abc", "jobProgress": {"jobPercentComplete": 7}},
            Job(job_id="1-abc", state=JobState.RUNNING, percent=7),
        ),
        (
            {"status": "ERROR", "jobId": "1-abc", "errorCode": 1404, "errorMessage": "Cannot read"},
            Job(job_id="1-abc", state=JobState.FAILED, error="Cannot read"),
        ),
    ],
)
def test_an_event_tells_the_same(detail, job):
    assert job_of_event(detail) == job
