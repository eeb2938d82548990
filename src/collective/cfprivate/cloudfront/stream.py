"""The signed RTMP streams of 2014: a policy names the stream, not its URL.

CloudFront ended its RTMP distributions on 2020-12-31. What is signed here fits the servers of that time (CloudFront
Developer Guide of 2014, "Creating a signed URL": the base URL of an RTMP distribution is ``videos/mediafile.flv``).
"""

from .errors import InvalidPolicy
from .errors import InvalidURL
from .policy import ends_in_a_prefix
from .policy import Policy
from .wildcard import Pattern

import re


# Players write a mark and the kind of file before the name, as in /cfx/st/&mp4:video/talk.mp4.
_STREAM_URL = re.compile(r"rtmp://[a-z0-9.\-]+(:[0-9]+)?/cfx/st/&?((mp4|mp3|flv|f4v|id3):)?(?P<name>[!-~]+)")
_DOT_SEGMENT = re.compile(r"/(\.|%2[Ee]){1,2}(?![^/])")
_NAME = re.compile(r"(?:[A-Za-z0-9_\-]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9\-._~!$&'()+,;=@/]|%[0-9A-Fa-f]{2})*")
# The first character is fixed, so that no policy of streams is one of URLs: `*` alone opens these too.
_PATTERN = re.compile(r"(?:[A-Za-z0-9_\-]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9\-._~!$&'()+,;=@/*?]|%[0-9A-Fa-f]{2})*")


class StreamPolicy(Policy):
    """A policy whose resource is the name of a stream like ``video/talk.mp4``, or a pattern like ``video/*``.

    It covers no http or https URL, whatever its wildcards.
    """

    def _check_resource(self) -> None:
        if not isinstance(self.resource, str) or not _PATTERN.fullmatch(self.resource):
            raise InvalidPolicy(
                "The resource is not the name of a stream, like video/talk.mp4 or video/*. Give the name behind "
                "/cfx/st/ without mp4: and without the host."
            )
        if ends_in_a_prefix(self.resource):
            raise InvalidPolicy("The name of the stream ends in * without a slash before it. End it in /*.")


def stream_name(url: str) -> str:
    """The name by which a policy knows the stream at ``rtmp://host/cfx/st/…``; InvalidURL for any other `url`.

    For ``rtmp://host/cfx/st/&mp4:video/talk.mp4`` it is ``video/talk.mp4``. A query is none of it, and not allowed.
    """
    match = _STREAM_URL.fullmatch(url) if isinstance(url, str) else None
    if not match or not _NAME.fullmatch(match["name"]) or _DOT_SEGMENT.search(match["name"]):
        raise InvalidURL("The URL is not rtmp://host/cfx/st/name of a stream. Give it without a query, quoted.")
    return match["name"]


def covers_stream(resource: str, name: str) -> bool:
    """Whether the `resource` of a policy covers the stream `name`: ``*`` any text, ``?`` any one character."""
    return Pattern(resource).matches(name)
