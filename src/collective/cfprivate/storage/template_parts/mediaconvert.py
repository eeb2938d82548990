"""Transcoding: the role of MediaConvert's jobs, and the queue that tells what becomes of them."""

from .choices import Choices
from .words import allow
from .words import attribute
from .words import document
from .words import folders_arns
from .words import ref


SERVICE = "mediaconvert.amazonaws.com"
# Seconds: a fortnight, for a Plone that is away; and how long one reader has a message for itself.
RETENTION = 1209600
VISIBILITY = 120
# A message that was read so often without being deleted is put aside.
TRIES = 5


def mediaconvert_resources(choices: Choices) -> dict[str, dict]:
    """The role, the rule and the queues; nothing where no jobs are wanted."""
    if not choices.mediaconvert:
        return {}
    redrive = {"deadLetterTargetArn": attribute("DeadLetters", "Arn"), "maxReceiveCount": TRIES}
    return {
        "MediaConvertRole": {"Type": "AWS::IAM::Role", "Properties": _role(choices)},
        "DeadLetters": _queue(),
        "Queue": _queue(VisibilityTimeout=VISIBILITY, RedrivePolicy=redrive),
        "JobRule": {"Type": "AWS::Events::Rule", "Properties": _rule()},
        "QueuePolicy": _queue_policy("Queue"),
        "DeadLettersPolicy": _queue_policy("DeadLetters"),
    }


def _role(choices: Choices) -> dict:
    # Of this account only: MediaConvert works for others, too.
    ours = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
    trust = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole", "Condition": ours}
    files = allow("FilesOfPlone", ["s3:GetObject", "s3:PutObject"], folders_arns(choices))
    return {
        "Description": "MediaConvert reads uploads and writes renditions",
        "AssumeRolePolicyDocument": document(trust),
        "Policies": [{"PolicyName": "files", "PolicyDocument": document(files)}],
    }


def _queue(**more: object) -> dict:
    properties = {"MessageRetentionPeriod": RETENTION, "SqsManagedSseEnabled": True, **more}
    # What a queue holds can be asked of MediaConvert, too.
    gone = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    return {"Type": "AWS::SQS::Queue", **gone, "Properties": properties}


def _rule() -> dict:
    pattern = {
        "source": ["aws.mediaconvert"],
        "detail-type": ["MediaConvert Job State Change"],
        "detail": {"status": ["STATUS_UPDATE", "COMPLETE", "ERROR", "CANCELED"]},
    }
    target = {
        "Id": "queue",
        "Arn": attribute("Queue", "Arn"),
        "DeadLetterConfig": {"Arn": attribute("DeadLetters", "Arn")},
    }
    return {
        "Description": "Progress and ends of MediaConvert's jobs, for cfprivate jobs",
        "State": "ENABLED",
        "EventPattern": pattern,
        "Targets": [target],
    }


def _queue_policy(queue: str) -> dict:
    statement = {
        "Sid": "AllowTheRule",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": attribute(queue, "Arn"),
        "Condition": {"ArnEquals": {"aws:SourceArn": attribute("JobRule", "Arn")}},
    }
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {"Queues": [ref(queue)], "PolicyDocument": document(statement)},
    }


def mediaconvert_outputs(choices: Choices) -> dict[str, dict]:
    """What jobs and their reader have to know."""
    if not choices.mediaconvert:
        return {}
    return {
        "MediaConvertRole": {"Description": "The role of jobs", "Value": attribute("MediaConvertRole", "Arn")},
        "QueueUrl": {"Description": "The queue that tells what becomes of jobs", "Value": ref("Queue")},
    }
