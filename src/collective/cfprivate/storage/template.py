"""The CloudFormation template of a site: all that it needs at AWS, in one file of JSON."""

from .template_parts.bucket import bucket_outputs
from .template_parts.bucket import bucket_resources
from .template_parts.bucket import log_resources
from .template_parts.choices import Choices
from .template_parts.delivery import delivery_outputs
from .template_parts.delivery import delivery_resources
from .template_parts.mediaconvert import mediaconvert_outputs
from .template_parts.mediaconvert import mediaconvert_resources
from .template_parts.uploads import upload_outputs
from .template_parts.uploads import upload_resources

import json


def template(choices: Choices) -> dict:
    """The template; the same for the same choices."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Private media for Plone (collective.cfprivate): a bucket, and a distribution that wants signatures",
        "Metadata": {"collective.cfprivate": {"Options": choices.options}},
        "Resources": {
            **bucket_resources(choices),
            **log_resources(choices),
            **delivery_resources(choices),
            **upload_resources(choices),
            **mediaconvert_resources(choices),
        },
        "Outputs": {
            **delivery_outputs(choices),
            **bucket_outputs(choices),
            **upload_outputs(choices),
            **mediaconvert_outputs(choices),
        },
    }


def template_text(choices: Choices) -> str:
    """The same as JSON, which CloudFormation takes as well as YAML."""
    return f"{json.dumps(template(choices), indent=2)}\n"
