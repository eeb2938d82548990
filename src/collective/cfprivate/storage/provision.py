"""All of the template through boto3, without CloudFormation: a plan first, then what it says, and nothing twice.

Nothing is ever deleted.
"""

from .provision_parts.aws import AWS
from .provision_parts.cloudfront import Configured
from .provision_parts.events import Queue
from .provision_parts.events import QueuePolicy
from .provision_parts.events import Rule
from .provision_parts.iam import ManagedPolicy
from .provision_parts.iam import Role
from .provision_parts.s3 import Bucket
from .provision_parts.s3 import BucketPolicy
from .provision_parts.values import named_in
from .provision_parts.values import resolved
from .provision_parts.values import Unknown
from .template import template
from .template_parts.choices import Choices
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass


CLOUDFRONT = (
    "PublicKey",
    "KeyGroup",
    "OriginAccessControl",
    "CachePolicy",
    "ResponseHeadersPolicy",
    "Distribution",
)
KINDS = {
    **{f"AWS::CloudFront::{kind}": Configured(kind) for kind in CLOUDFRONT},
    "AWS::S3::Bucket": Bucket(),
    "AWS::S3::BucketPolicy": BucketPolicy(),
    "AWS::IAM::ManagedPolicy": ManagedPolicy(),
    "AWS::IAM::Role": Role(),
    "AWS::SQS::Queue": Queue(),
    "AWS::SQS::QueuePolicy": QueuePolicy(),
    "AWS::Events::Rule": Rule(),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is to be done about a resource: ``create`` it, or where it ``differs`` change it, or nothing: it ``exists``."""

    resource: str
    kind: str
    todo: str


def plan(choices: Choices, aws: AWS) -> list[Step]:
    """A step for each resource, in their order; changes nothing. Raises what boto3 raises."""
    known, steps = dict(aws.pseudo), []
    for name, resource in _in_order(template(choices)["Resources"]):
        steps.append(_step(name, resource, known, aws))
    return steps


def carry_out(choices: Choices, aws: AWS, *, told: Callable[[Step], object]) -> dict[str, str]:
    """Do what is to be done, ``told`` before each step; the outputs. What was done is kept where a later step fails."""
    whole, known = template(choices), dict(aws.pseudo)
    for name, resource in _in_order(whole["Resources"]):
        step = _step(name, resource, known, aws)
        if step.todo != "exists":
            told(step)
            properties = resolved(resource["Properties"], known)
            act = KINDS[step.kind].create if step.todo == "create" else KINDS[step.kind].update
            known[name] = act(aws, name, properties).attributes
    return {name: resolved(output["Value"], known) for name, output in whole["Outputs"].items()}


def _step(name: str, resource: dict, known: dict, aws: AWS) -> Step:
    """The step for a resource, which is ``known`` then where it is there."""
    kind, properties = resource["Type"], resolved(resource["Properties"], known)
    found = None if _belongs_to_unknown(properties) else KINDS[kind].find(aws, name, properties)
    if found is not None:
        known[name] = found.attributes
    todo = "create" if found is None else "exists" if found.as_wanted else "differs"
    return Step(resource=name, kind=kind, todo=todo)


def _belongs_to_unknown(properties: dict) -> bool:
    """Whether it is a part of something that is not there yet, so that nobody has to be asked."""
    owners = [properties.get("Bucket"), *properties.get("Queues", ())]
    return any(isinstance(owner, Unknown) for owner in owners)


def _in_order(resources: dict[str, dict]) -> Iterator[tuple[str, dict]]:
    """Each resource behind those to which it refers."""
    waiting = dict(resources)
    while waiting:
        for name, resource in list(waiting.items()):
            if not any(other in waiting and other != name for other in named_in(resource["Properties"])):
                yield name, waiting.pop(name)
