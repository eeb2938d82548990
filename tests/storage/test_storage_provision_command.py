"""``cfprivate provision`` in this process: what it shows, asks, prints and refuses."""

from cloudfront_stand_in import StandIn
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.controlpanel import commands
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.storage.provision_parts import aws
from collective.cfprivate.storage.stack_outputs import read_outputs
from command_line import invoke
from contextlib import nullcontext
from key_ring import sign_with
from moto import mock_aws
from pathlib import Path
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from types import SimpleNamespace
from zope.component import getUtility

import json
import pytest
import sys


PLACE = ("--site-url", "https://www.example.org", "--region", "eu-central-1")


@pytest.fixture(scope="module")
def key():
    return SigningKey.generate(key_id="K2JCJMDEHXQW5F", algorithm="EC")


@pytest.fixture(scope="module")
def held():
    """boto3's clients, which take a second to make, and the stand-in behind one of them."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_ACCESS_KEY_ID", "of-moto")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "of-moto")
        made = aws.AWS("plone-media", "eu-central-1")
        for service in ("s3", "iam", "sqs", "events", "sts"):
            made.client(service)
        return SimpleNamespace(clients=made._clients, cloudfront=StandIn(made.client("cloudfront")))


@pytest.fixture
def site(portal, monkeypatch, tmp_path, held, key):
    """The site of the tests, with a key, and an empty account at AWS; ``run(…)`` gives the result."""
    conf = tmp_path / "zope.conf"
    conf.touch()
    setRoles(portal, TEST_USER_ID, ["Manager"])
    sign_with(getUtility(IKeyRing), key)
    held.cloudfront.empty()
    monkeypatch.setattr(commands, "open_site", lambda **where: nullcontext(portal))
    monkeypatch.setattr(aws.AWS, "client", lambda self, service: held.clients[service])
    where = ("--zope-conf", conf, "--site", "Plone", "--as", "manager")

    def run(*options, given=None):
        return invoke("provision", *where, *options, given=given)

    with mock_aws():
        yield SimpleNamespace(run=run, cloudfront=held.cloudfront)


def test_it_shows_each_step_and_asks(site):
    ended = site.run(*PLACE, given="n\n")
    told = ended.stderr
    assert (ended.exit_code, "create   Distribution (AWS::CloudFront::Distribution)" in told, "Do this?" in told) == (
        1,
        True,
        True,
    )


def test_a_no_makes_nothing(site):
    site.run(*PLACE, given="n\n")
    assert site.cloudfront.calls == []


def test_a_yes_makes_it(site):
    ended = site.run(*PLACE, given="y\n")
    assert (ended.exit_code, "create Distribution" in site.cloudfront.calls) == (0, True)


def test_the_outputs_alone_are_on_standard_output(site, key):
    ended = site.run(*PLACE, "--yes")
    assert read_outputs(ended.stdout).keys[0].fingerprint == key.fingerprint


def test_the_second_time_nothing_is_asked_and_nothing_is_done(site):
    first = site.run(*PLACE, "--yes")
    site.cloudfront.calls.clear()
    second = site.run(*PLACE)
    assert (second.exit_code, "Do this?" in second.stderr, site.cloudfront.calls, json.loads(second.stdout)) == (
        0,
        False,
        [],
        json.loads(first.stdout),
    )


def test_what_aws_refuses_is_told_by_its_code_alone(site):
    site.cloudfront.refuses = "CachePolicy"
    ended = site.run(*PLACE, "--yes")
    assert (
        ended.exit_code,
        "AWS refused CreateCachePolicy with AccessDenied" in ended.stderr,
        "secret" in ended.stderr,
    ) == (
        1,
        True,
        False,
    )


def test_what_was_done_before_a_refusal_is_found_afterwards(site):
    site.cloudfront.refuses = "Distribution"
    site.run(*PLACE, "--yes")
    site.cloudfront.refuses = None
    ended = site.run(*PLACE, given="n\n")
    assert [
        f"{todo:8} {name} (" in ended.stderr for todo, name in (("exists", "CachePolicy"), ("create", "Distribution"))
    ] == [
        True,
        True,
    ]


def test_no_private_key_is_told(site, key):
    ended = site.run(*PLACE, "--yes")
    lines = key.private_pem().splitlines()[1:-1]
    assert [line[:20] in ended.output for line in lines] == [False] * len(lines)


def test_without_boto3_it_says_what_to_install(site, monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    ended = site.run(*PLACE)
    assert (ended.exit_code, "collective.cfprivate[s3]" in ended.stderr) == (1, True)


def test_without_a_key_it_says_to_make_one(site):
    getUtility(IKeyRing).erase_all()
    ended = site.run(*PLACE)
    assert (ended.exit_code, "cfprivate key generate" in ended.stderr) == (1, True)


@pytest.mark.parametrize("option", ["--name", "--region"])
def test_its_own_options_are_documented(option):
    assert f"``{option}``" in (Path(__file__).parents[2] / "docs" / "aws.rst").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (PLACE[:2], "--region"),
        ([*PLACE[:3], "Frankfurt"], "Give a region"),
        ([*PLACE, "--name", "Plone Media"], "small letters"),
        ([*PLACE, "--name", "a-name-that-is-too-long-for-it"], "24 at most"),
        ([*PLACE, "--cookies"], "--cname"),
    ],
)
def test_what_cannot_be_is_refused(site, options, told):
    ended = site.run(*options)
    assert (ended.exit_code, told in ended.stderr, site.cloudfront.calls) == (2, True, [])
