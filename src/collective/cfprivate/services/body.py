"""The body of a request that changes something: JSON, and sent as JSON."""

from plone.restapi.deserializer import json_body
from plone.restapi.exceptions import DeserializationError
from zExceptions import BadRequest


def json_object_of(request) -> dict:
    """The JSON object in the body; {} without a body. Raises ``BadRequest``."""
    # The forms of other sites cannot send this type.
    if request.getHeader("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadRequest("Send the body as application/json.")
    try:
        return json_body(request)
    except DeserializationError as error:
        raise BadRequest(str(error)) from None
    except RecursionError:
        raise BadRequest("The JSON is nested too deeply.") from None
