"""The bucket of the files, and that of the distribution's logs."""

from .choices import Choices
from .words import bucket_name
from .words import bucket_region
from .words import document
from .words import objects_arn

import json


# Days. An upload may be paused over a weekend; what was deleted by mistake can be had back for a month.
UNFINISHED_DAYS = 7
DELETED_DAYS = 30
# Logs hold addresses of viewers, so that they are not kept for longer than somebody looks at them.
LOGS_DAYS = 30

CLOSED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
ENCRYPTED = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
# S3 itself calls otherwise what CloudFormation calls so.
_OTHER_NAMES = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
_EXPIRATION = {"ExpirationInDays": "Days", "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}
# Nobody's films go with a stack that is deleted.
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def bucket_resources(choices: Choices) -> dict[str, dict]:
    """The bucket and its policy; nothing of a bucket that exists, for its policy may hold what is not known here."""
    if choices.bucket:
        return {}
    policy = {"Bucket": bucket_name(choices), "PolicyDocument": document(read_statement(choices))}
    return {
        "Bucket": {"Type": "AWS::S3::Bucket", **KEPT, "Properties": bucket_properties(choices)},
        "BucketPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": policy},
    }


def bucket_properties(choices: Choices) -> dict:
    """A closed bucket, to which the site's pages may upload with a signature."""
    return {
        "PublicAccessBlockConfiguration": CLOSED,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": ENCRYPTED,
        # Keys are never written twice, so that versions cost nothing, and a deletion can be taken back.
        "VersioningConfiguration": {"Status": "Enabled"},
        "CorsConfiguration": {"CorsRules": [cors_rule(choices)]},
        "LifecycleConfiguration": {"Rules": lifecycle_rules()},
    }


def cors_rule(choices: Choices) -> dict:
    """What a browser has to be told before it sends a part, and reads the ETag of it."""
    return {
        "Id": "uploads",
        "AllowedOrigins": list(choices.origins),
        "AllowedMethods": ["PUT", "GET", "HEAD"],
        "AllowedHeaders": ["Content-Type", "Content-MD5", "x-amz-*"],
        "ExposedHeaders": ["ETag"],
        "MaxAge": 3600,
    }


def lifecycle_rules() -> list[dict]:
    """Unfinished uploads end, and what was deleted goes in the end."""
    return [
        {
            "Id": "unfinished-uploads",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS},
        },
        {
            "Id": "deleted-files",
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": DELETED_DAYS},
            "ExpiredObjectDeleteMarker": True,
        },
    ]


def s3_rule(rule: dict) -> dict:
    """A rule of CORS or of the lifecycle by S3's own names, which differ from CloudFormation's."""
    named = {_OTHER_NAMES.get(name, name): value for name, value in rule.items() if name not in _EXPIRATION}
    expiration = {_EXPIRATION[name]: value for name, value in rule.items() if name in _EXPIRATION}
    return named | ({"Expiration": expiration} if expiration else {})


def read_statement(choices: Choices) -> dict:
    """The distribution may read, and nobody else."""
    return {
        "Sid": "AllowTheDistribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": objects_arn(choices),
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution_arn()}},
    }


def distribution_arn() -> dict:
    """The distribution, for policies."""
    return {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"}


def log_resources(choices: Choices) -> dict[str, dict]:
    """The bucket of the access logs, or nothing."""
    if not choices.logs:
        return {}
    properties = {
        "PublicAccessBlockConfiguration": CLOSED,
        # CloudFront gives its logs by ACL, and cannot write into a bucket that has none.
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
        "BucketEncryption": ENCRYPTED,
        "LifecycleConfiguration": {
            "Rules": [{"Id": "old-logs", "Status": "Enabled", "ExpirationInDays": LOGS_DAYS}],
        },
    }
    return {"Logs": {"Type": "AWS::S3::Bucket", **KEPT, "Properties": properties}}


def bucket_outputs(choices: Choices) -> dict[str, dict]:
    """What Plone has to know of it; of a bucket that exists also what its owner has to add to its policy."""
    outputs = {
        "Bucket": {"Description": "The bucket of the files", "Value": bucket_name(choices)},
        "Region": {"Description": "Where the bucket is", "Value": bucket_region(choices)},
    }
    if choices.bucket:
        statement = {
            **read_statement(choices),
            "Resource": objects_arn(choices)["Fn::Sub"],
            "Condition": {"StringEquals": {"AWS:SourceArn": distribution_arn()["Fn::Sub"]}},
        }
        described = "Add this statement to the policy of the bucket"
        outputs["BucketPolicyStatement"] = {"Description": described, "Value": {"Fn::Sub": json.dumps(statement)}}
    return outputs
