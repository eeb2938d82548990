"""Policies and the role."""

from .aws import AWS
from .aws import Found
from .aws import missing
from botocore.exceptions import ClientError

import json


# IAM keeps so many versions of a policy.
MOST_VERSIONS = 5


class ManagedPolicy:
    """A policy that can be attached."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The one of this name in the account."""
        client, arn = aws.client("iam"), self._arn(aws, resource)
        try:
            version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        held = client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        return Found(attributes={"Ref": arn}, as_wanted=held == properties["PolicyDocument"])

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make it."""
        answer = aws.client("iam").create_policy(
            PolicyName=aws.own_name(resource),
            Description=properties["Description"],
            PolicyDocument=json.dumps(properties["PolicyDocument"]),
        )
        return Found(attributes={"Ref": answer["Policy"]["Arn"]})

    def update(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make a new version; the oldest goes where there are too many."""
        client, arn = aws.client("iam"), self._arn(aws, resource)
        versions = client.list_policy_versions(PolicyArn=arn)["Versions"]
        if len(versions) >= MOST_VERSIONS:
            oldest = min(
                (each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"]
            )
            client.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        document = json.dumps(properties["PolicyDocument"])
        client.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
        return Found(attributes={"Ref": arn})

    def _arn(self, aws: AWS, resource: str) -> str:
        partition = aws.pseudo["AWS::Partition"]["Ref"]
        return f"arn:{partition}:iam::{aws.identity['Account']}:policy/{aws.own_name(resource)}"


class Role:
    """A role with policies of its own."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The one of this name."""
        client, name = aws.client("iam"), aws.own_name(resource)
        try:
            held = client.get_role(RoleName=name)["Role"]
            inline = [self._inline(client, name, each["PolicyName"]) for each in properties["Policies"]]
        except ClientError as error:
            if missing(error):
                return None
            raise
        wanted = [each["PolicyDocument"] for each in properties["Policies"]]
        same = held["AssumeRolePolicyDocument"] == properties["AssumeRolePolicyDocument"] and inline == wanted
        return Found(attributes={"Ref": name, "Arn": held["Arn"]}, as_wanted=same)

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make it."""
        aws.client("iam").create_role(
            RoleName=aws.own_name(resource),
            Description=properties["Description"],
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
        )
        return self.update(aws, resource, properties)

    def update(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Set who takes it, and its policies."""
        client, name = aws.client("iam"), aws.own_name(resource)
        trust = json.dumps(properties["AssumeRolePolicyDocument"])
        client.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
        for each in properties["Policies"]:
            document = json.dumps(each["PolicyDocument"])
            client.put_role_policy(RoleName=name, PolicyName=each["PolicyName"], PolicyDocument=document)
        return Found(attributes={"Ref": name, "Arn": client.get_role(RoleName=name)["Role"]["Arn"]})

    def _inline(self, client, name: str, policy: str) -> dict | None:
        try:
            return client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        except ClientError as error:
            if missing(error):
                return None
            raise
