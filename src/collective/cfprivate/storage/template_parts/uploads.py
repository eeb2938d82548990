"""What Plone's credentials may do, and no more."""

from .choices import Choices
from .words import account_arn
from .words import allow
from .words import attribute
from .words import bucket_arn
from .words import document
from .words import folders_arns
from .words import ref


def upload_resources(choices: Choices) -> dict[str, dict]:
    """A policy for uploads, and one more for the reconciliation, which alone deletes."""
    delete = document(allow("DeleteWhatNothingRefersTo", ["s3:DeleteObject"], folders_arns(choices)))
    return {
        "UploadPolicy": _policy("What Plone needs to upload", document(*_upload_statements(choices))),
        "ReconcilePolicy": _policy("What cfprivate reconcile needs, too, to delete", delete),
    }


def _policy(description: str, policy: dict) -> dict:
    properties = {"Description": description, "PolicyDocument": policy}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}


def _upload_statements(choices: Choices) -> list[dict]:
    objects = ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    lists = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
    statements = [
        allow("FilesOfPlone", objects, folders_arns(choices)),
        allow("ListTheBucket", lists, [bucket_arn(choices)]),
    ]
    return statements + (_job_statements() if choices.mediaconvert else [])


def _job_statements() -> list[dict]:
    role = attribute("MediaConvertRole", "Arn")
    templates = [account_arn("mediaconvert", f"{kind}/*") for kind in ("queues", "jobTemplates", "presets")]
    only_mediaconvert = {"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}}
    return [
        allow("SubmitJobs", ["mediaconvert:CreateJob"], templates),
        allow("FollowJobs", ["mediaconvert:GetJob", "mediaconvert:CancelJob"], [account_arn("mediaconvert", "jobs/*")]),
        allow("GiveJobsTheirRole", ["iam:PassRole"], [role], Condition=only_mediaconvert),
        allow("ReadTheQueue", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], [attribute("Queue", "Arn")]),
    ]


def upload_outputs(choices: Choices) -> dict[str, dict]:
    """The policies, to be attached to the user or role that Plone has."""
    described = {
        "UploadPolicy": "Attach it to the user or role of Plone",
        "ReconcilePolicy": "Attach it, too, to whoever runs cfprivate reconcile",
    }
    return {f"{name}Arn": {"Description": text, "Value": ref(name)} for name, text in described.items()}
