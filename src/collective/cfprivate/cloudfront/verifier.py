"""The decision of a CloudFront edge about one request."""

from .errors import EdgeError
from .errors import InvalidURL
from .errors import require
from .host import is_ipv4
from .keys import check_key_id
from .keys import PublicKey
from .policy import Policy
from .request import Request
from .stream import covers_stream
from .stream import stream_name
from .wildcard import covers
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Address
from ipaddress import IPv4Network

import math


class Verifier:
    """Checks requests as the edges of a distribution do that trusts `public_keys`: {key id: SPKI PEM}.

    InvalidKey if an id or a key is one that CloudFront would not take.
    """

    def __init__(self, public_keys: Mapping[str, str | bytes]) -> None:
        self._keys = {check_key_id(key_id): PublicKey.from_pem(pem) for key_id, pem in public_keys.items()}

    def verify(self, url: str, now: float, ip: str | None = None, cookies: Mapping[str, str] | None = None) -> Policy:
        """The policy under which `url` (as on the wire) may be fetched at `now` (epoch seconds) from `ip`.

        `cookies` are those of the request, {name: raw value}; a URL with any of CloudFront's parameters is judged
        without them. EdgeError, and nothing else, for whatever text is refused, with our reason beside CloudFront's
        code. Where the documentation is silent, doubt is a refusal: `now == expires` and `now == starts` are refused;
        a doubled parameter, or one spelled with escapes, is AccessDenied; Policy with Expires is MalformedPolicy, as
        is neither; no Signature is MalformedSignature; a policy in a cookie needs a resource that begins with http://
        or https://; an IPv4 network has no host bits. Parameters of your own may stand anywhere between CloudFront's. A
        policy that we would not sign is accepted in a URL as CloudFront does, and the rules of `Policy` do not hold for
        it then: its resource may be ``*``, also where none is given. An address comes back as it was signed, with /32.
        """
        request = Request.read(url, cookies)
        require(request.resource.startswith(("http://", "https://")), "the URL is neither http nor https")
        return self._verify(request, now, ip, covers)

    def verify_stream(self, url: str, now: float, ip: str | None = None) -> Policy:
        """The policy under which the RTMP stream at `url` may be played: ``rtmp://`` only, never over http.

        Resource and request meet in the name of the stream, ``video/talk.mp4`` in
        ``rtmp://host/cfx/st/&mp4:video/talk.mp4``; a canned policy is rebuilt from that name. EdgeError as `verify`.
        """
        request = Request.read(url)
        try:
            named = replace(request, resource=stream_name(request.resource))
        except InvalidURL:
            raise EdgeError.of("AccessDenied", "the URL is not rtmp://host/cfx/st/name of a stream") from None
        return self._verify(named, now, ip, covers_stream)

    def authenticate(self, request: Request) -> Policy:
        """The policy that a trusted key signed for `request`; EdgeError if none did. Nothing else is looked at."""
        key = self._find_key(request.key_id)
        statement, policy = request.claim()
        signature = request.signature
        signed = key.verifies(signature, statement, request.hash_algorithm)
        require(signed, "the signature does not fit the key, the hash and the policy")
        return policy

    def _verify(self, request: Request, now: float, ip: str | None, covers: Callable[[str, str], bool]) -> Policy:
        policy = self.authenticate(request)
        require(request.canned or covers(policy.resource, request.resource), "the policy is for another resource")
        require(not request.by_cookies or _fits_cookies(policy), "the resource is not one for cookies")
        _check_window(policy, now)
        require(policy.ip is None or _is_within(policy.ip, ip), "the policy is for another address")
        return policy

    def _find_key(self, key_id: str) -> PublicKey:
        if key_id not in self._keys:
            raise EdgeError.of("InvalidKey", "the key pair id is not one of the trusted keys")
        return self._keys[key_id]


def _fits_cookies(policy: Policy) -> bool:
    return policy.resource.startswith(("http://", "https://"))


def _check_window(policy: Policy, now: float) -> None:
    require(type(now) in {int, float} and 0 <= now < math.inf, "now is no time in epoch seconds")
    if now >= policy.expires:
        raise EdgeError.of("AccessDenied", f"it expired at {policy.expires}, and now is {int(now)}")
    if policy.starts is not None and now <= policy.starts:
        raise EdgeError.of("AccessDenied", f"it starts after {policy.starts}, and now is {int(now)}")


def _is_within(network: str, ip: str | None) -> bool:
    return isinstance(ip, str) and "/" not in ip and is_ipv4(ip) and IPv4Address(ip) in IPv4Network(network)
