"""Signed URLs."""

from .encoding import encode
from .errors import InvalidURL
from .hashing import find_hash
from .hashing import HashAlgorithm
from .keys import SigningKey
from .policy import Policy
from .web_address import check_url
from .web_address import LONGEST
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from functools import partial


_REMEMBERED = 1024


@dataclass(frozen=True)
class Signer:
    """Signs with one key and one hash; safe to share between threads.

    Signatures are deterministic, so the last 1024 are remembered by statement instead of made again.
    InvalidKey for a `hash_algorithm` other than "SHA1" and "SHA256".
    """

    key: SigningKey
    hash_algorithm: HashAlgorithm = "SHA1"
    _signature: Callable[[bytes], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        find_hash(self.hash_algorithm)
        make = partial(_make_signature, self.key, self.hash_algorithm)
        object.__setattr__(self, "_signature", lru_cache(maxsize=_REMEMBERED)(make))

    def sign_url(self, url: str, policy: Policy) -> str:
        """`url` with CloudFront's parameters behind its own, under a canned policy where that says the same.

        The order is boto's: Expires or Policy, Signature, Key-Pair-Id, and Hash-Algorithm for SHA-256 (the default is
        not named). InvalidURL if `url` breaks a rule of `check_url`, or if the result is over 8192 bytes, which is
        the longest URL that CloudFront takes.
        """
        check_url(url)
        separator = "&" if "?" in url else "?"
        signed = f"{url}{separator}{self._parameters(url, policy)}"
        if len(signed) > LONGEST:
            raise InvalidURL(f"The signed URL has {len(signed)} bytes; CloudFront takes {LONGEST}. Sign a shorter one.")
        return signed

    def _parameters(self, url: str, policy: Policy) -> str:
        statement = policy.statement
        canned = policy.canned and policy.resource == url
        grant = f"Expires={policy.expires}" if canned else f"Policy={encode(statement)}"
        suffix = "" if self.hash_algorithm == "SHA1" else f"&Hash-Algorithm={self.hash_algorithm}"
        return f"{grant}&Signature={self._signature(statement)}&Key-Pair-Id={self.key.key_id}{suffix}"


def _make_signature(key: SigningKey, hash_algorithm: HashAlgorithm, statement: bytes) -> str:
    return encode(key.sign(statement, hash_algorithm))
