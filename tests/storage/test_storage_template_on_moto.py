"""What moto's CloudFormation makes of the template: all but CloudFront, which it does not know there."""

from moto import mock_aws
from stacks import made
from types import SimpleNamespace

import boto3
import json
import pytest


REGION = "eu-central-1"
# Its policy names the distribution.
LEFT_OUT = {"BucketPolicy"}


@pytest.fixture(scope="module")
def stack():
    """The stack without CloudFront; ``client`` makes clients, ``outputs`` are its outputs."""
    whole = made(folders=("uploads/",))
    known = {
        name: resource
        for name, resource in whole["Resources"].items()
        if not resource["Type"].startswith("AWS::CloudFront::") and name not in LEFT_OUT
    }
    outputs = {
        name: output
        for name, output in whole["Outputs"].items()
        if name in {"Bucket", "Region", "QueueUrl", "MediaConvertRole", "UploadPolicyArn", "ReconcilePolicyArn"}
    }
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "of-moto")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "of-moto")
        cloudformation = boto3.client("cloudformation", REGION)
        body = json.dumps({**whole, "Resources": known, "Outputs": outputs})
        cloudformation.create_stack(StackName="plone", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
        [described] = cloudformation.describe_stacks(StackName="plone")["Stacks"]
        told = {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}
        yield SimpleNamespace(client=lambda service: boto3.client(service, REGION), outputs=told)


def test_the_bucket_is_encrypted(stack):
    answer = stack.client("s3").get_bucket_encryption(Bucket=stack.outputs["Bucket"])
    [rule] = answer["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_the_region_is_that_of_the_stack(stack):
    assert stack.outputs["Region"] == REGION


@pytest.mark.parametrize("name", ["UploadPolicyArn", "ReconcilePolicyArn"])
def test_a_policy_can_be_attached(stack, name):
    iam = stack.client("iam")
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn=stack.outputs[name])
    [attached] = iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]
    assert attached["PolicyArn"] == stack.outputs[name]


def event(status):
    """As https://docs.aws.amazon.com/mediaconvert/latest/ug/ev_status_canceled.html shows them."""
    detail = {"jobId": f"job-{status}", "status": status, "userMetadata": {}}
    return {"Source": "aws.mediaconvert", "DetailType": "MediaConvert Job State Change", "Detail": json.dumps(detail)}


def arrived(stack):
    """The ids of the jobs that the queue tells of."""
    answer = stack.client("sqs").receive_message(
        QueueUrl=stack.outputs["QueueUrl"], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return {json.loads(each["Body"])["detail"]["jobId"] for each in answer.get("Messages", [])}


def test_the_queue_tells_of_progress_and_ends_and_of_nothing_else(stack):
    entries = [
        event(status) for status in ("PROGRESSING", "COMPLETE", "STATUS_UPDATE", "ERROR", "CANCELED", "NEW_WARNING")
    ]
    other = {**event("COMPLETE"), "DetailType": "Another", "Detail": json.dumps({"jobId": "x", "status": "COMPLETE"})}
    stack.client("events").put_events(Entries=[*entries, other])
    assert arrived(stack) == {"job-STATUS_UPDATE", "job-COMPLETE", "job-ERROR", "job-CANCELED"}


def test_a_message_that_nobody_deletes_ends_beside_the_queue(stack):
    answer = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["QueueUrl"], AttributeNames=["RedrivePolicy"]
    )
    assert json.loads(answer["Attributes"]["RedrivePolicy"])["maxReceiveCount"] == 5
