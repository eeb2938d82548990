"""``cfprivate template`` in this process: the site, its keys and the options in what is printed."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.controlpanel import commands
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.storage.commands.template import template
from command_line import invoke
from contextlib import nullcontext
from key_ring import sign_with
from layers import SECRET
from pathlib import Path
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from stacks import CNAME
from types import SimpleNamespace
from zope.component import getUtility

import json
import pytest


# Of every command that opens a site.
SITE = {"zope_conf", "site", "user"}
SITE_URL = ("--site-url", "https://www.example.org")
NAME = ("--cname", CNAME["cname"], "--certificate", CNAME["certificate"])
COOKIES = (*NAME, "--cookies", "--cookie-domain", "example.org")


@pytest.fixture(scope="module")
def keys():
    return {
        slot: SigningKey.generate(key_id=f"K{slot.upper()}", algorithm="EC") for slot in ("previous", "active", "next")
    }


@pytest.fixture
def site(portal, monkeypatch, tmp_path):
    """The site of the tests where the command would open one; ``run(…)`` gives the result."""
    conf = tmp_path / "zope.conf"
    conf.touch()
    setRoles(portal, TEST_USER_ID, ["Manager"])
    world = SimpleNamespace(opened=None)

    def open_site(**where):
        world.opened = where
        return nullcontext(portal)

    monkeypatch.setattr(commands, "open_site", open_site)
    where = ("--zope-conf", conf, "--site", "Plone", "--as", "manager")
    world.run = lambda *options, **environ: invoke("template", *where, *options, **environ)
    world.made = lambda *options: json.loads(world.run(*SITE_URL, *options).stdout)
    return world


@pytest.fixture
def ring(site, keys):
    """The ring with a key that signs."""
    ring = getUtility(IKeyRing)
    sign_with(ring, keys["active"])
    return ring


def record(name, value):
    api.portal.set_registry_record(f"collective.cfprivate.{name}", value)


def config(found, name):
    return next(iter(found["Resources"][name]["Properties"].values()))


def public_keys(found):
    """The PEM of each public key."""
    resources = found["Resources"].values()
    return [
        each["Properties"]["PublicKeyConfig"]["EncodedKey"]
        for each in resources
        if each["Type"] == "AWS::CloudFront::PublicKey"
    ]


# keys


def test_it_opens_the_site_for_who_may_configure(site, ring):
    site.run(*SITE_URL)
    assert (site.opened["site"], site.opened["user"], site.opened["permission"]) == (
        "Plone",
        "manager",
        "collective.cfprivate: Configure",
    )


def test_the_key_that_signs_is_in_it(site, ring, keys):
    assert public_keys(site.made()) == [keys["active"].public_pem]


def test_every_key_of_the_ring_is_in_it(site, keys):
    ring = getUtility(IKeyRing)
    sign_with(ring, keys["previous"])
    sign_with(ring, keys["active"])
    ring.store_next(pem=keys["next"].private_pem())
    assert public_keys(site.made()) == [keys[slot].public_pem for slot in ("active", "next", "previous")]


def test_a_next_key_alone_is_enough(site, keys):
    getUtility(IKeyRing).store_next(pem=keys["next"].private_pem())
    assert public_keys(site.made()) == [keys["next"].public_pem]


def test_no_private_key_is_in_it(site, ring, keys):
    lines = keys["active"].private_pem().splitlines()[1:-1]
    printed = site.run(*SITE_URL).output
    assert ([line[:20] in printed for line in lines], "PRIVATE" in printed, SECRET in printed) == (
        [False] * len(lines),
        False,
        False,
    )


def test_a_key_of_the_environment_is_in_it(site, keys, monkeypatch, tmp_path):
    file = tmp_path / "private.pem"
    file.write_text(keys["next"].private_pem())
    monkeypatch.setenv("CFPRIVATE_PRIVATE_KEY_FILE", str(file))
    monkeypatch.setenv("CFPRIVATE_KEY_PAIR_ID", "KOUTSIDE")
    environ = {"CFPRIVATE_PRIVATE_KEY_FILE": str(file), "CFPRIVATE_KEY_PAIR_ID": "KOUTSIDE"}
    assert public_keys(json.loads(site.run(*SITE_URL, **environ).stdout)) == [keys["next"].public_pem]


def refused(ended):
    """The one line on standard error; nothing was printed."""
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1)
    return ended.exit_code, ended.stderr


def test_without_a_key_it_says_to_make_one(site):
    code, told = refused(site.run(*SITE_URL))
    assert (code, "cfprivate key generate" in told, "Rotate the signing key" in told) == (1, True, True)


def test_a_key_of_the_environment_that_cannot_be_read_tells_why(site):
    environ = {"CFPRIVATE_PRIVATE_KEY_FILE": "/nowhere/private.pem", "CFPRIVATE_KEY_PAIR_ID": "KOUTSIDE"}
    code, told = refused(site.run(*SITE_URL, **environ))
    assert (code, "CFPRIVATE_PRIVATE_KEY_FILE" in told) == (1, True)


def test_a_locked_key_tells_why(site, ring):
    code, told = refused(site.run(*SITE_URL, CFPRIVATE_SECRET="another-secret-that-sealed-no-key"))
    assert (code, "CFPRIVATE_SECRET" in told) == (1, True)


def test_a_key_that_has_to_stay_but_is_not_here_is_told(site, keys):
    ring = getUtility(IKeyRing)
    for slot in ("previous", "active"):
        sign_with(ring, keys[slot])
    ring.erase("previous")
    ended = site.run(*SITE_URL)
    assert ("KPREVIOUS signed what may be valid still" in ended.stderr, len(json.loads(ended.stdout))) == (True, 5)


def test_a_key_that_is_here_needs_no_note(site, keys):
    for slot in ("previous", "active"):
        sign_with(getUtility(IKeyRing), keys[slot])
    assert site.run(*SITE_URL).stderr == ""


# the site


@pytest.mark.parametrize(
    ("uploads", "prefixes", "folders"),
    [
        ("uploads/", (), ["uploads/"]),
        ("uploads", (), ["uploads/"]),
        ("uploads/", ("talks/ crew", "films/"), ["films/", "talks/", "uploads/"]),
        ("uploads/", ("uploads/talks/ crew",), ["uploads/"]),
        ("up/", ("uploads/",), ["up/", "uploads/"]),
        ("uploads/", ("/ Reviewers",), [""]),
        ("", (), [""]),
    ],
)
def test_plone_may_write_where_its_editors_may_attach(site, ring, uploads, prefixes, folders):
    record("upload_prefix", uploads)
    record("key_prefixes", prefixes)
    [statement] = site.made()["Resources"]["ReconcilePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert [each["Fn::Sub"].partition("${Bucket}/")[2] for each in statement["Resource"]] == [f"{f}*" for f in folders]


def ipv6(site):
    return config(site.made(), "Distribution")["IPV6Enabled"]


def test_ipv6_is_on(site, ring):
    assert ipv6(site) is True


def test_ipv6_is_off_where_the_site_binds(site, ring):
    record("bind_ip", True)
    assert ipv6(site) is False


def test_ipv6_is_off_where_a_state_binds(site, ring):
    record("state_rules", {"protected_media_workflow": {"members": {"bind_ip": True}}})
    assert ipv6(site) is False


def test_ipv6_is_on_where_a_state_only_does_not_bind(site, ring):
    record("state_rules", {"protected_media_workflow": {"members": {"bind_ip": False}}})
    assert ipv6(site) is True


# options


def origins(found):
    return config(found, "ResponseHeadersPolicy")["CorsConfig"]["AccessControlAllowOrigins"]["Items"]


@pytest.mark.parametrize(
    ("entered", "origin"),
    [
        ("https://www.example.org", "https://www.example.org"),
        ("https://WWW.example.org/plone/?a=b", "https://www.example.org"),
        ("http://localhost:8080/Plone", "http://localhost:8080"),
    ],
)
def test_the_site_is_known_by_its_origin(site, ring, entered, origin):
    assert origins(json.loads(site.run("--site-url", entered).stdout)) == [origin]


def test_there_may_be_several(site, ring):
    found = site.made("--site-url", "https://edit.example.org", *SITE_URL)
    assert origins(found) == ["https://www.example.org", "https://edit.example.org"]


def test_cookies_want_credentials_and_a_name(site, ring):
    found = site.made(*COOKIES)
    assert (
        config(found, "ResponseHeadersPolicy")["CorsConfig"]["AccessControlAllowCredentials"],
        config(found, "Distribution")["Aliases"],
        found["Outputs"]["CookieDomain"]["Value"],
    ) == (True, ["media.example.org"], "example.org")


def test_the_domain_of_cookies_may_be_that_of_the_control_panel(site, ring):
    record("cookie_domain", "example.org")
    assert site.made(*NAME, "--cookies")["Outputs"]["CookieDomain"]["Value"] == "example.org"


def test_a_name_needs_no_cookies(site, ring):
    found = site.made(*NAME)
    assert ("CookieDomain" in found["Outputs"], config(found, "Distribution")["Aliases"]) == (
        False,
        ["media.example.org"],
    )


def test_an_existing_bucket_is_explained(site, ring):
    ended = site.run(*SITE_URL, "--existing-bucket", "my-bucket")
    note, rule = ended.stderr.splitlines()
    assert ("BucketPolicyStatement" in note, json.loads(rule)["ExposeHeaders"]) == (True, ["ETag"])


@pytest.mark.parametrize(
    ("option", "name"), [("--without-mediaconvert", "MediaConvertRole"), ("--without-logs", "Logs")]
)
def test_what_is_not_wanted_is_left_out(site, ring, option, name):
    assert (name in site.made()["Resources"], name in site.made(option)["Resources"]) == (True, False)


def test_the_options_of_the_template_give_it_again(site, ring):
    first = site.made(*COOKIES, "--existing-bucket", "my-bucket", "--bucket-region", "eu-west-1", "--without-logs")
    again = site.run(*first["Metadata"]["collective.cfprivate"]["Options"])
    assert json.loads(again.stdout) == first


def test_each_option_is_documented():
    table = (Path(__file__).parents[2] / "docs" / "aws.rst").read_text(encoding="utf-8")
    options = {name for option in template.params for name in option.opts if option.name not in SITE}
    assert {name for name in options if f"``{name}" not in table} == set()


WRONG = {
    "no site": ([], "--site-url"),
    "a host for the site": (["--site-url", "www.example.org"], "whole address"),
    "a file for the site": (["--site-url", "file:///etc"], "whole address"),
    "somebody in the address": (["--site-url", "https://me@www.example.org"], "whole address"),
    "a name alone": ([*SITE_URL, "--cname", "media.example.org"], "belong together"),
    "a certificate alone": ([*SITE_URL, *NAME[2:]], "belong together"),
    "cookies without a name": ([*SITE_URL, "--cookies"], "--cname"),
    "a domain without cookies": ([*SITE_URL, "--cookie-domain", "example.org"], "--cookies"),
    "cookies without a domain": ([*SITE_URL, *NAME, "--cookies"], "--cookie-domain"),
    "a public domain": ([*SITE_URL, *NAME, "--cookies", "--cookie-domain", "org"], "anybody can register"),
    "a domain beside the name": ([*SITE_URL, *NAME, "--cookies", "--cookie-domain", "example.com"], "not above"),
    "a site beside the domain": (
        [*SITE_URL, "--site-url", "https://www.example.com", *COOKIES],
        "not above www.example.com",
    ),
    "CloudFront's own name": ([*SITE_URL, "--cname", "d1.cloudfront.net", *NAME[2:]], "name of your own"),
    "an address as a name": ([*SITE_URL, "--cname", "192.0.2.1", *NAME[2:]], "name of your own"),
    "a certificate elsewhere": (
        [*SITE_URL, *NAME[:2], "--certificate", CNAME["certificate"].replace("us-east-1", "eu-central-1")],
        "us-east-1",
    ),
    "no bucket": ([*SITE_URL, "--existing-bucket", "s3://my-bucket"], "name of a bucket"),
    "no region": ([*SITE_URL, "--existing-bucket", "my-bucket", "--bucket-region", "Frankfurt"], "region"),
    "the region of no bucket": ([*SITE_URL, "--bucket-region", "eu-west-1"], "--existing-bucket"),
    "too much": ([*SITE_URL, "plone"], "too many"),
}


@pytest.mark.parametrize(("options", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused(site, ring, options, told):
    code, line = refused(site.run(*options))
    assert (code, told in line) == (2, True)
