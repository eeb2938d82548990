"""The Cookie header of a request, as far as it concerns CloudFront."""

from collections.abc import Iterator
from collections.abc import Mapping
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront.cookies import NAMES

import re


# Servers join several Cookie headers with a comma, which is in no value that CloudFront takes.
_SEPARATOR = re.compile(r"[;,]")


class Cookies(Mapping[str, str]):
    """CloudFront's cookies in a Cookie header, {name: value}, as they were sent: quotes and escapes are kept.

    Names are told apart by case (RFC 6265, section 5.3). Cookies of other names do not matter, whatever they look like.

    One that was sent twice raises EdgeError AccessDenied when it is read, also when both are equal: a browser does so
    where two Path or Domain scopes match, and a server cannot tell which is meant (RFC 6265, section 4.2.2). Nobody
    reads the cookies of a signed URL, so there it does not matter.
    """

    def __init__(self, header: str) -> None:
        self._values: dict[str, list[str]] = {}
        for pair in _SEPARATOR.split(header):
            name, separator, value = pair.strip(" \t").partition("=")
            if separator and name in NAMES:
                self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        value, *others = self._values[name]
        if others:
            reason = f"the cookie {name} was sent {len(others) + 1} times; set it for one Path and one Domain only"
            raise EdgeError.of("AccessDenied", reason)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
