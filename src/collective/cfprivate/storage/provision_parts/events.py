"""The queues, their policies, and the rule that fills them."""

from .aws import AWS
from .aws import Found
from .aws import missing
from .values import includes
from botocore.exceptions import ClientError

import json


def _written(value: object) -> str:
    """As SQS has the values of attributes: all are text."""
    return value if isinstance(value, str) else json.dumps(value)


def _read(value: str) -> object:
    return json.loads(value) if value.startswith("{") else value


class Queue:
    """A queue with its attributes."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The one of this name."""
        client = aws.client("sqs")
        try:
            url = client.get_queue_url(QueueName=aws.own_name(resource))["QueueUrl"]
        except ClientError as error:
            if missing(error, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"):
                return None
            raise
        held = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        wanted = {name: _read(_written(value)) for name, value in properties.items()}
        same = includes({name: _read(value) for name, value in held.items()}, wanted)
        return Found(attributes={"Ref": url, "Arn": held["QueueArn"]}, as_wanted=same)

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make it."""
        attributes = {name: _written(value) for name, value in properties.items()}
        aws.client("sqs").create_queue(QueueName=aws.own_name(resource), Attributes=attributes)
        return self.find(aws, resource, properties)

    def update(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Set its attributes."""
        found = self.find(aws, resource, properties)
        attributes = {name: _written(value) for name, value in properties.items()}
        aws.client("sqs").set_queue_attributes(QueueUrl=found.attributes["Ref"], Attributes=attributes)
        return found


class QueuePolicy:
    """Who may send to a queue that was made here."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The policy that the queue has."""
        [url] = properties["Queues"]
        answer = aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        held = answer.get("Attributes", {}).get("Policy")
        if not held:
            return None
        return Found(attributes={}, as_wanted=json.loads(held) == properties["PolicyDocument"])

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Set it."""
        [url] = properties["Queues"]
        policy = json.dumps(properties["PolicyDocument"])
        aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return Found(attributes={})

    update = create


class Rule:
    """A rule of EventBridge with its targets."""

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The one of this name."""
        client, name = aws.client("events"), aws.own_name(resource)
        try:
            held = client.describe_rule(Name=name)
        except ClientError as error:
            if missing(error):
                return None
            raise
        same = (
            json.loads(held.get("EventPattern", "{}")) == properties["EventPattern"]
            and held["State"] == properties["State"]
            and includes(client.list_targets_by_rule(Rule=name)["Targets"], properties["Targets"])
        )
        return Found(attributes={"Ref": name, "Arn": held["Arn"]}, as_wanted=same)

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make it, or change it: for EventBridge that is the same."""
        client, name = aws.client("events"), aws.own_name(resource)
        answer = client.put_rule(
            Name=name,
            Description=properties["Description"],
            State=properties["State"],
            EventPattern=json.dumps(properties["EventPattern"]),
        )
        client.put_targets(Rule=name, Targets=properties["Targets"])
        return Found(attributes={"Ref": name, "Arn": answer["RuleArn"]})

    update = create
