"""Choices of stacks for tests, and what is in their templates."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.storage.template import template
from collective.cfprivate.storage.template_parts.choices import Choices
from collective.cfprivate.storage.template_parts.choices import StackKey
from functools import lru_cache
from itertools import product


CNAME = {
    "cname": "media.example.org",
    "certificate": "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
}
COOKIES = {**CNAME, "cookie_domain": "example.org"}
NAMES = {"own name": CNAME, "cookies": COOKIES, "no name": {}}
BUCKETS = {
    "new bucket": {},
    "old bucket": {"bucket": "my-bucket"},
    "bucket elsewhere": {"bucket": "my-bucket", "region": "eu-west-1"},
}
JOBS = {"jobs": {}, "no jobs": {"mediaconvert": False}}
LOGS = {"logs": {}, "no logs": {"logs": False}}
# No options: what the site is like, in turn.
SITES = [{"binds_ip": False, "count": 1}, {"binds_ip": True, "count": 2}, {"binds_ip": False, "count": 3}]

OPTIONS = {
    ", ".join(name for name, _given in each): {name: value for _name, given in each for name, value in given.items()}
    for each in product(*(part.items() for part in (NAMES, BUCKETS, JOBS, LOGS)))
}
MATRIX = {name: given | SITES[number % 3] for number, (name, given) in enumerate(OPTIONS.items())}


@lru_cache(maxsize=1)
def stack_keys():
    """A key for each slot."""
    made = [SigningKey.generate(algorithm="EC") for _ in range(3)]
    return tuple(
        StackKey(slot=slot, fingerprint=key.fingerprint, public_pem=key.public_pem)
        for slot, key in zip(("active", "next", "previous"), made, strict=True)
    )


def choices(*, count=1, **given):
    given = {"origins": ("https://www.example.org",), "folders": ("uploads/",), **given}
    return Choices(keys=stack_keys()[:count], **given)


def made(**given):
    return template(choices(**given))


def properties(name, **given):
    return made(**given)["Resources"][name]["Properties"]


def nodes(value):
    """Every object within a JSON value, itself included."""
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)
