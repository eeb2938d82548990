"""Buckets and their policies."""

from ..template_parts.bucket import s3_rule
from .aws import AWS
from .aws import Found
from .aws import missing
from .values import includes
from botocore.exceptions import ClientError

import json


def _settings(properties: dict) -> dict[str, dict]:
    """What each ``put_…`` of S3 takes, by the name of the call."""
    encryption = [
        {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        for rule in properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]
    lifecycle = [{"Filter": {"Prefix": ""}, **s3_rule(rule)} for rule in properties["LifecycleConfiguration"]["Rules"]]
    wanted = {
        "public_access_block": {"PublicAccessBlockConfiguration": properties["PublicAccessBlockConfiguration"]},
        "bucket_ownership_controls": {"OwnershipControls": properties["OwnershipControls"]},
        "bucket_encryption": {"ServerSideEncryptionConfiguration": {"Rules": encryption}},
        "bucket_lifecycle_configuration": {"LifecycleConfiguration": {"Rules": lifecycle}},
    }
    if "VersioningConfiguration" in properties:
        wanted["bucket_versioning"] = {"VersioningConfiguration": properties["VersioningConfiguration"]}
    if "CorsConfiguration" in properties:
        rules = [s3_rule(rule) for rule in properties["CorsConfiguration"]["CorsRules"]]
        wanted["bucket_cors"] = {"CORSConfiguration": {"CORSRules": rules}}
    return wanted


class Bucket:
    """A bucket with its settings, each of which is a call of its own."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The bucket of the name that this account has for it."""
        client, name = aws.client("s3"), aws.bucket_name(resource)
        try:
            client.head_bucket(Bucket=name)
        except ClientError as error:
            if missing(error):
                return None
            raise
        as_wanted = all(self._has(client, name, setting, wanted) for setting, wanted in _settings(properties).items())
        return Found(attributes=self._attributes(aws, name), as_wanted=as_wanted)

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make it, closed from the first."""
        place = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}} if aws.region != "us-east-1" else {}
        aws.client("s3").create_bucket(Bucket=aws.bucket_name(resource), **place)
        return self.update(aws, resource, properties)

    def update(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Set what is not as wanted."""
        client, name = aws.client("s3"), aws.bucket_name(resource)
        for setting, wanted in _settings(properties).items():
            if not self._has(client, name, setting, wanted):
                getattr(client, f"put_{setting}")(Bucket=name, **wanted)
        return Found(attributes=self._attributes(aws, name))

    def _has(self, client, name: str, setting: str, wanted: dict) -> bool:
        try:
            answer = getattr(client, f"get_{setting}")(Bucket=name)
        except ClientError as error:
            if missing(error, "ServerSideEncryptionConfigurationNotFoundError", "OwnershipControlsNotFoundError"):
                return False
            raise
        [(member, value)] = wanted.items()
        # Some answers have the value itself in place of the member that holds it.
        return includes(answer.get(member, answer), value)

    def _attributes(self, aws: AWS, name: str) -> dict[str, str]:
        suffix = aws.pseudo["AWS::URLSuffix"]["Ref"]
        return {
            "Ref": name,
            "Arn": f"arn:{aws.pseudo['AWS::Partition']['Ref']}:s3:::{name}",
            "DomainName": f"{name}.s3.{suffix}",
            "RegionalDomainName": f"{name}.s3.{aws.region}.{suffix}",
        }


class BucketPolicy:
    """The policy of a bucket that was made here."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The policy that the bucket has."""
        try:
            held = aws.client("s3").get_bucket_policy(Bucket=properties["Bucket"])["Policy"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        return Found(attributes={}, as_wanted=json.loads(held) == properties["PolicyDocument"])

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Set it."""
        policy = json.dumps(properties["PolicyDocument"])
        aws.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=policy)
        return Found(attributes={})

    update = create
