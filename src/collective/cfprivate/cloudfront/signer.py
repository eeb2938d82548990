"""Signed URLs and signed cookies."""

from .cookies import from_query
from .cookies import LONGEST_COOKIE
from .encoding import encode
from .errors import InvalidKey
from .errors import InvalidPolicy
from .errors import InvalidURL
from .hashing import HashAlgorithm
from .keys import SigningKey
from .policy import Policy
from .remembered import remembered
from .stream import stream_name
from .stream import StreamPolicy
from .web_address import check_url
from .web_address import LONGEST
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field


_REMEMBERED = 1024


@dataclass(frozen=True)
class Signer:
    """Signs with one key and one hash; safe to share between threads.

    Signatures are deterministic, so the last 1024 are remembered by statement instead of made again.
    InvalidKey for a `hash_algorithm` other than "SHA1" and "SHA256", and for a key without an id.
    """

    key: SigningKey
    hash_algorithm: HashAlgorithm = "SHA1"
    _signature: Callable[[bytes], str] = field(init=False, repr=False, compare=False)
    _suffix: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sign = self.key.signing(self.hash_algorithm)
        if self.key.key_id is None:
            raise InvalidKey("The key has no id yet. Upload its public half to CloudFront and use key.with_id(id).")
        suffix = "" if self.hash_algorithm == "SHA1" else f"&Hash-Algorithm={self.hash_algorithm}"
        object.__setattr__(self, "_signature", remembered(lambda statement: encode(sign(statement)), most=_REMEMBERED))
        object.__setattr__(self, "_suffix", f"&Key-Pair-Id={self.key.key_id}{suffix}")

    def sign_url(self, url: str, policy: Policy) -> str:
        r"""`url` with CloudFront's parameters behind its own, under a canned policy where that says the same.

        The policy is custom when it has a start, an address or a wildcard, or when its resource is not `url` (as AWS
        CLI v2 chooses); where it is `url`, a ``?`` in it is written ``\?``. The order is boto's: Expires or Policy,
        Signature, Key-Pair-Id, and Hash-Algorithm for SHA-256 (the default is not named). InvalidURL if `url` breaks a
        rule of `check_url`, or if the result is over 8192 bytes, which is the longest URL that CloudFront takes. Whether
        `policy` covers `url` is not looked at: CloudFront will.
        """
        is_its_own = policy.resource == url
        if not is_its_own or "*" in url or "\\" in url or type(policy) is not Policy:
            check_url(url)  # else the policy has checked it as its resource
        if is_its_own and policy.canned:
            return _join(url, self._query(policy, canned=True))
        return _join(url, self._query(policy.meant_for(url), canned=False))

    def sign_stream(self, url: str, policy: StreamPolicy) -> str:
        """The ``rtmp://`` `url` of a stream with CloudFront's parameters, always under a custom policy.

        InvalidURL for a `url` that `stream_name` refuses, and over 8192 bytes; InvalidPolicy for a policy of URLs.
        """
        if not isinstance(policy, StreamPolicy):
            raise InvalidPolicy("The policy is one of URLs, which would open these too. Give a StreamPolicy.")
        stream_name(url)
        return _join(url, self._query(policy, canned=False))

    def sign_cookies(self, policy: Policy) -> dict[str, str]:
        """The cookies, {name: value}, that let a browser fetch what `policy` covers without changed URLs.

        They are ``CloudFront-Expires`` or ``CloudFront-Policy``, ``-Signature``, ``-Key-Pair-Id``, and
        ``-Hash-Algorithm`` for SHA-256; send each as one Set-Cookie with Secure and HttpOnly, for the narrowest Domain
        and Path. InvalidPolicy if the resource does not begin with ``http://`` or ``https://``, which cookies ask for
        (CloudFront Developer Guide, "Set signed cookies using a custom policy"), or if a cookie gets longer than the
        4096 bytes that browsers keep (RFC 6265, section 6.1).
        """
        if not policy.resource.startswith(("http://", "https://")):
            raise InvalidPolicy("The resource of signed cookies begins with http:// or https://. Name one of them.")
        cookies = from_query(self._query(policy, canned=policy.canned))
        if any(len(name) + len(value) + 1 > LONGEST_COOKIE for name, value in cookies.items()):
            raise InvalidPolicy("The policy is too long for a cookie. Sign a shorter resource, like a directory.")
        return cookies

    def directory(self, policy: Policy) -> Callable[..., str]:
        """A function that puts the one signature of a wildcard `policy` behind any URL: for the files of an HLS set.

        It is called with the URL, and with its kind where `rewrite_playlist` calls it. It checks the length only (InvalidURL over 8192 bytes); give it URLs that the policy covers. InvalidPolicy if
        the resource has no ``*``.
        """
        if "*" not in policy.resource:
            raise InvalidPolicy("The policy has no wildcard, so that it covers one URL. End its resource in /*.")
        query = self._query(policy, canned=False)
        return lambda url, kind=None: _join(url, query)

    def _query(self, policy: Policy, *, canned: bool) -> str:
        statement = policy.statement
        grant = f"Expires={policy.expires}" if canned else f"Policy={encode(statement)}"
        return f"{grant}&Signature={self._signature(statement)}{self._suffix}"


def _join(url: str, query: str) -> str:
    signed = f"{url}{'&' if '?' in url else '?'}{query}"
    if len(signed) > LONGEST:
        raise InvalidURL(f"The signed URL has {len(signed)} bytes; CloudFront takes {LONGEST}. Sign a shorter one.")
    return signed
