"""The settings of c2.app.streamingaws, and what of them is to be entered here. Needs no Zope."""

from ..cloudfront.distribution import Distribution
from ..cloudfront.errors import InvalidDistribution
from ..cloudfront.errors import InvalidKey
from ..cloudfront.keys import check_key_id
from .export import BadExport
from .export import read_json


PREFIX = "c2.app.streamingaws.controlpanel.interfaces.IStreamingAwsControlPanel."
SECRETS = ("cloudfront_private_key_str", "secret_access_key")


def advice(data: bytes) -> list[str]:
    """What to do with the settings in a file of JSON, as sentences; they repeat a domain and an id, and nothing else.

    The file has the values by their names, or is the answer of ``@registry``; ``BadExport`` where it is neither.
    """
    values = {name.removeprefix(PREFIX): value for name, value in _records(read_json(data, what="file of --settings"))}
    rtmp = [_RTMP] if values.get("cloudfront_rtmp_domain") else []
    secret = [_TO_ERASE] if any(values.get(name) for name in SECRETS) else []
    return [_domain(values.get("cloudfront_web_domain")), _key(values.get("cloudfront_key_id")), *rtmp, *secret]


_RTMP = (
    "cloudfront_rtmp_domain is not needed: Amazon has ended RTMP, and the files of mp4_video are fetched from the "
    "distribution as all others."
)
_TO_ERASE = (
    "The file of --settings holds a private key or a secret of Amazon, which was not read: erase the file at the end."
)


def _records(read: object) -> list[tuple[str, object]]:
    listed = read.get("items", read) if isinstance(read, dict) else read
    if isinstance(listed, dict):
        return list(listed.items())
    if not isinstance(listed, list) or not all(isinstance(record, dict) for record in listed):
        raise BadExport(
            "The file of --settings has no settings: neither values by their names, nor an answer of @registry."
        )
    return [(str(record.get("name")), record.get("value")) for record in listed]


def _domain(value: object) -> str:
    try:
        host = Distribution.parse(value).host
    except InvalidDistribution:
        return "Distribution domain: cloudfront_web_domain is empty or no domain; enter that of your distribution."
    return f"Distribution domain: enter {host}."


def _key(value: object) -> str:
    try:
        key_id = check_key_id(value.strip() if isinstance(value, str) else value)
    except InvalidKey:
        return "Key pair id: cloudfront_key_id is empty or no id; make a new key on the page Rotate the signing key."
    return (
        f"Key pair id: {key_id}. To sign with its private key, import that (cfprivate key import --key-pair-id {key_id}); "
        "better make a new key on the page Rotate the signing key."
    )
