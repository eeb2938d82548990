"""What a request says of itself, right or wrong."""

from ..errors import EdgeError
from ..errors import InvalidURL
from ..policy import Policy
from ..request import Request
from ..stream import stream_name
from ..verifier import Verifier
from .output import escaped
from .output import moment
from .output import policy_data
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace


@dataclass(frozen=True)
class Claim:
    """The `policy` that a request shows; `verified` if its signature fits one of the keys that were given.

    `key_id` and `hash_algorithm` are as in the request, so they may be any text. Without `verified` anybody may have
    written all of it, and with it the request may still be refused: expired, or for another resource.
    """

    policy: Policy
    key_id: str
    hash_algorithm: str
    canned: bool
    by_cookies: bool
    verified: bool

    @classmethod
    def read(cls, url: str, cookies: Mapping[str, str], verifier: Verifier) -> "Claim | None":
        """The claim of a request for `url` with `cookies`, before this `verifier`; None if it says nothing clear."""
        try:
            request = _read_request(url, cookies)
            policy = request.claim()[1]
        except (EdgeError, InvalidURL):
            return None
        stated = request.parameters
        key_id, hash_algorithm = stated.get("Key-Pair-Id", ""), stated.get("Hash-Algorithm", "SHA1")
        verified = _is_authentic(request, verifier)
        return cls(policy, key_id, hash_algorithm, request.canned, request.by_cookies, verified)

    def rows(self, now: float) -> dict[str, str]:
        """The claim for people, {what: printable ASCII}, with distances from `now` (epoch seconds)."""
        starts = self.policy.starts
        return {
            "resource": escaped(self.policy.resource),
            "until": moment(self.policy.expires, now),
            "from": "any time" if starts is None else moment(starts, now),
            "address": "any" if self.policy.ip is None else escaped(self.policy.ip),
            "key": f"{escaped(self.key_id) or 'none'}, {escaped(self.hash_algorithm)}, {self._kind}",
        }

    @property
    def data(self) -> dict[str, object]:
        """The claim for JSON."""
        key = {"key_pair_id": self.key_id, "hash_algorithm": self.hash_algorithm}
        how = {"canned": self.canned, "by_cookies": self.by_cookies, "verified": self.verified}
        return {**policy_data(self.policy), **key, **how}

    @property
    def _kind(self) -> str:
        return f"{'canned' if self.canned else 'custom'} policy{' in cookies' if self.by_cookies else ''}"


def is_stream(url: str) -> bool:
    """Whether `url` is that of an RTMP stream, which has rules of its own."""
    return url.startswith("rtmp://")


def _read_request(url: str, cookies: Mapping[str, str]) -> Request:
    request = Request.read(url, cookies)
    return replace(request, resource=stream_name(request.resource)) if is_stream(url) else request


def _is_authentic(request: Request, verifier: Verifier) -> bool:
    try:
        return verifier.authenticate(request) is not None
    except EdgeError:
        return False
