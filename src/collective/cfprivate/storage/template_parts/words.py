"""CloudFormation's functions, and the names that more than one part refers to."""

from .choices import Choices

import re


# What names of buckets and of regions look like.
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")


def named(suffix: str) -> dict:
    """A name within the stack's: CloudFront wants those of an account to be unique."""
    return {"Fn::Sub": f"${{AWS::StackName}}-{suffix}"}


def ref(resource: str) -> dict:
    """The id of a resource."""
    return {"Ref": resource}


def attribute(resource: str, name: str) -> dict:
    """An attribute of a resource."""
    return {"Fn::GetAtt": [resource, name]}


def bucket_name(choices: Choices) -> dict | str:
    """The bucket, made or given."""
    return choices.bucket or ref("Bucket")


def bucket_region(choices: Choices) -> dict | str:
    """Where the bucket is."""
    return choices.region or ref("AWS::Region")


def bucket_arn(choices: Choices) -> dict:
    """The bucket itself, for policies."""
    return {"Fn::Sub": _bucket_arn(choices)}


def objects_arn(choices: Choices, folder: str = "") -> dict:
    """The objects below a folder of the bucket, or all."""
    return {"Fn::Sub": f"{_bucket_arn(choices)}/{_literal(folder)}*"}


def _bucket_arn(choices: Choices) -> str:
    return f"arn:${{AWS::Partition}}:s3:::{choices.bucket or '${Bucket}'}"


def _literal(folder: str) -> str:
    # To IAM * and ? are wildcards, $ begins a variable, and it takes not all of Unicode: ? stands for the one character.
    return re.sub(r"[*?$]|[^ -~]", "?", folder)


def folders_arns(choices: Choices) -> list[dict]:
    """The objects that Plone writes."""
    return [objects_arn(choices, folder) for folder in choices.folders]


def account_arn(service: str, resource: str) -> dict:
    """A resource of this account in the stack's region."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"}


def allow(sid: str, actions: list[str], resources: list[dict], **more: object) -> dict:
    """A statement of a policy."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **more}


def document(*statements: dict) -> dict:
    """A policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}
