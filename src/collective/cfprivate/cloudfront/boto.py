"""The call of boto 2 with which sites of 2014 signed, and what it signed byte for byte."""

from .errors import InvalidKey
from .errors import InvalidPolicy
from .errors import KeyChoice
from .keys import SigningKey
from .policy import Policy
from .signer import Signer
from .stream import StreamPolicy
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Protocol

import time


_DAY = 86400


class _Readable(Protocol):
    def read(self) -> str | bytes: ...


def create_signed_url(
    url: str,
    keypair_id: str,
    expire_time: int | None = None,
    valid_after_time: int | None = None,
    ip_address: str | None = None,
    policy_url: str | None = None,
    private_key_file: str | PathLike[str] | _Readable | None = None,
    private_key_string: str | bytes | None = None,
    *,
    clock: Callable[[], float] | None = None,
) -> str:
    r"""The signed URL of boto 2.49.0's `Distribution.create_signed_url`, with its parameters and its choice of policy.

    The policy is canned when there is an `expire_time` (epoch seconds) and nothing else, else custom, also where
    `policy_url` equals `url`. Without `expire_time` the URL lives for 24 hours from `clock` (default: `time.time`).
    0, None and "" count as not given, but for "" as `policy_url` beside another condition, which is refused. A ``?`` in
    a custom resource stays raw, as boto wrote it.

    An ``rtmp://`` URL needs the name of a stream, like ``video/talk.mp4`` or ``video/*``, as `policy_url`: a server of
    2014 compared that, never the URL.

    The key is an unencrypted PEM: a path, an open file or a text. KeyChoice (a ValueError, as in boto) unless exactly
    one of both is given. Where boto was silently wrong this raises InvalidURL, InvalidPolicy or InvalidKey: for text,
    fractions and negative numbers as times; addresses other than IPv4; all that `check_url` refuses in `url`; a file
    that was read before. It also refuses what servers accept and `Policy` does not: ``*`` in a canned URL, a resource
    of everything, and prefixes like ``/ab*``.
    """
    key = SigningKey.from_pem(_pem(private_key_file, private_key_string), keypair_id)
    expires = expire_time or int((clock or time.time)()) + _DAY
    conditions = (expires, valid_after_time or None, ip_address or None)
    if isinstance(url, str) and url.startswith("rtmp:"):
        return Signer(key).sign_stream(url, _BotoStreamPolicy(policy_url, *conditions))
    if expire_time and not valid_after_time and not ip_address and not policy_url:
        return Signer(key).sign_url(url, Policy.for_url(url, expires))
    if policy_url == "":
        raise InvalidPolicy('policy_url is "", and boto signed that as the resource. Leave it out, or give a pattern.')
    return Signer(key).sign_url(url, _BotoPolicy(url if policy_url is None else policy_url, *conditions))


def _in_botos_order(conditions: list[str]) -> list[str]:
    """As Python 2.7 happened to write boto's dictionary: with all three, the address is first."""
    return conditions if len(conditions) < 3 else [conditions[2], *conditions[:2]]


class _BotoPolicy(Policy):
    """A policy that is custom whatever it says, with its resource as boto wrote it."""

    def _conditions(self) -> list[str]:
        return _in_botos_order(super()._conditions())

    @property
    def canned(self) -> bool:
        return False

    def meant_for(self, url: str) -> Policy:
        return self


class _BotoStreamPolicy(StreamPolicy):
    """A policy of streams."""

    def _conditions(self) -> list[str]:
        return _in_botos_order(super()._conditions())


def _pem(file: str | PathLike[str] | _Readable | None, text: str | bytes | None) -> str | bytes:
    if file and text is not None:
        raise KeyChoice("Only specify the private_key_file or the private_key_string not both")
    if not file and not text:
        raise KeyChoice("You must specify one of private_key_file or private_key_string")
    return _read(file) if file else text


def _read(file: str | PathLike[str] | _Readable) -> str | bytes:
    try:
        pem = Path(file).read_bytes() if isinstance(file, str | PathLike) else file.read()
    except (OSError, ValueError, AttributeError) as error:
        pem, reason = None, getattr(error, "strerror", None) or "that is no path and no open file"
    # Without the path, for people also give the text of the key here; and without the error, which may hold it.
    if pem is None:
        raise InvalidKey(f"The file of the private key cannot be read ({reason}). Give the path of a PEM file.")
    if not pem:
        raise InvalidKey("The file of the private key is at its end: it was read before. Open it anew.")
    return pem
