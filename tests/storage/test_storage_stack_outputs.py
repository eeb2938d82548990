"""Outputs of a stack, in all the ways in which somebody may copy them."""

from collective.cfprivate.storage.stack_outputs import InvalidOutputs
from collective.cfprivate.storage.stack_outputs import PublicKeyOutput
from collective.cfprivate.storage.stack_outputs import read_outputs
from hypothesis import given
from hypothesis import strategies as st

import json
import pytest


PRINT = ":".join(["2F"] * 32)
OTHER_PRINT = ":".join(["09"] * 32)
VALUES = {
    "Bucket": "plone-bucket-1a2b3c",
    "DistributionDomain": "d111111abcdef8.cloudfront.net",
    "DistributionId": "EDFDVBD6EXAMPLE",
    "KeyGroupId": "0f2a0c4e-1111-2222-3333-444455556666",
    "MediaConvertRole": "arn:aws:iam::111122223333:role/plone-MediaConvertRole-ABC",
    "PublicKeyFingerprint": PRINT,
    "PublicKeyId": "K2JCJMDEHXQW5F",
    "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/plone-Queue-ABC",
    "Region": "eu-central-1",
    "UploadPolicyArn": "arn:aws:iam::111122223333:policy/plone-UploadPolicy-ABC",
}
ROWS = [{"OutputKey": name, "OutputValue": value, "Description": f"What {name} is"} for name, value in VALUES.items()]
STACK = {"StackName": "plone", "StackStatus": "CREATE_COMPLETE", "Outputs": ROWS, "Tags": []}


def tabbed(columns, headings=()):
    return "\n".join("\t".join(row) for row in [*([headings] if headings else []), *columns])


def boxed(rows, headings, edge="|"):
    """What ``--output table`` draws."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    lines = [
        edge + "|".join(f"  {cell:{width}}  " for cell, width in zip(row, widths, strict=True)) + edge
        for row in [headings, *rows]
    ]
    rule = "+".join(["", *("-" * (width + 4) for width in widths), ""])
    title = f"|{'DescribeStacks':^{len(rule) - 2}}|"
    return "\n".join(["-" * len(rule), title, rule, lines[0], rule, *lines[1:], rule])


TRIPLES = [(row["Description"], row["OutputKey"], row["OutputValue"]) for row in ROWS]
HEADINGS = ("Description", "OutputKey", "OutputValue")
CONSOLE = [(row["OutputKey"], row["OutputValue"], row["Description"], "-") for row in ROWS]

PASTED = {
    "console": tabbed(CONSOLE, ("Key", "Value", "Description", "Export name")),
    "console without headings": tabbed(CONSOLE),
    "console, each cell on a line": "\n".join("\n".join(row) for row in CONSOLE),
    "console, with Windows' ends of lines": tabbed(CONSOLE).replace("\n", "\r\n"),
    "console, tabs became blanks": tabbed(CONSOLE).replace("\t", "    "),
    "console, from another row first": tabbed(CONSOLE[::-1]),
    "JSON": json.dumps({"Stacks": [STACK]}, indent=4),
    "JSON in one line": json.dumps({"Stacks": [STACK]}),
    "JSON of --query Stacks[0]": json.dumps(STACK),
    "JSON of --query Stacks[0].Outputs": json.dumps(ROWS),
    "JSON of names and values": json.dumps(VALUES),
    "text": tabbed([("OUTPUTS", *row) for row in TRIPLES]),
    "text, whole": f"STACKS\t2026-11-27T10:00:00\tFalse\tplone\tCREATE_COMPLETE\n{tabbed([('OUTPUTS', *r) for r in TRIPLES])}",
    "text of --query": tabbed(TRIPLES),
    "table": boxed(TRIPLES, HEADINGS),
    "table within a table": boxed(TRIPLES, HEADINGS, edge="||"),
    "table that is too wide": "\n".join(
        f"||  {name:12}|  {cell:80}||" for row in TRIPLES for name, cell in zip(HEADINGS, row, strict=True)
    ),
}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
def test_all_that_plone_uses_is_read(text):
    read = read_outputs(text)
    assert [
        read.distribution,
        read.keys,
        read.bucket,
        read.region,
        read.queue_url,
        read.mediaconvert_role,
        read.cookie_domain,
    ] == [
        VALUES["DistributionDomain"],
        (PublicKeyOutput(key_id="K2JCJMDEHXQW5F", fingerprint=PRINT),),
        VALUES["Bucket"],
        "eu-central-1",
        VALUES["QueueUrl"],
        VALUES["MediaConvertRole"],
        "",
    ]


def changed(**values):
    return json.dumps({name: value for name, value in {**VALUES, **values}.items() if value is not None})


def test_keys_come_with_their_own_fingerprints():
    read = read_outputs(changed(SecondPublicKeyId="K3", SecondPublicKeyFingerprint=OTHER_PRINT))
    assert [(key.key_id, key.fingerprint == OTHER_PRINT) for key in read.keys] == [
        ("K2JCJMDEHXQW5F", False),
        ("K3", True),
    ]


def test_a_name_of_ones_own_is_a_distribution():
    read = read_outputs(changed(DistributionDomain="Media.example.org", CookieDomain="example.org"))
    assert (read.distribution, read.cookie_domain) == ("media.example.org", "example.org")


@pytest.mark.parametrize(
    "name", ["Bucket", "Region", "QueueUrl", "MediaConvertRole", "PublicKeyId", "PublicKeyFingerprint"]
)
def test_what_was_not_pasted_is_empty(name):
    assert read_outputs(changed(**{name: None})).distribution == VALUES["DistributionDomain"]


def test_the_same_row_twice_is_no_harm():
    assert read_outputs(f"{PASTED['console']}\n{PASTED['console']}").bucket == VALUES["Bucket"]


# refusals


def refused(text):
    with pytest.raises(InvalidOutputs) as error:
        read_outputs(text)
    return error.value.args[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "hello",
        "Key\tValue\tDescription",
        "[]",
        "{}",
        "null",
        json.dumps({"Stacks": []}),
        "DistributionDomains\tx",
    ],
)
def test_where_there_are_none_the_way_to_them_is_told(text):
    assert refused(text) == "stack_no_outputs"


def test_without_the_distribution_the_rows_are_not_all():
    assert refused(changed(DistributionDomain=None)) == "stack_no_distribution"


@pytest.mark.parametrize("text", ['{"Stacks": [', "[1, 2", "{'Bucket': 'my-bucket'}", "[" * 100_000])
def test_half_of_json_is_told_to_be_that(text):
    assert refused(text) == "stack_broken_json"


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "ROLLBACK_FAILED", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"])
def test_a_stack_that_is_not_ready_is_told_to_be_that(status):
    assert refused(json.dumps({"Stacks": [{**STACK, "StackStatus": status}]})) == "stack_not_ready"


def test_two_stacks_are_too_many():
    other = {**STACK, "Outputs": [{**ROWS[0], "OutputValue": "another-bucket"}]}
    message = refused(json.dumps({"Stacks": [STACK, other]}))
    assert (message, message.mapping) == ("stack_twice", {"name": "Bucket"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DistributionDomain", "https://d111111abcdef8.cloudfront.net/"),
        ("DistributionDomain", ""),
        ("DistributionDomain", "-"),
        ("PublicKeyId", "None of them"),
        ("PublicKeyFingerprint", PRINT[:-1]),
        ("PublicKeyFingerprint", PRINT.lower()),
        ("Bucket", "My_Bucket"),
        ("Bucket", "b"),
        ("Region", "Frankfurt"),
        ("Region", "eu-central-1a"),
        ("CookieDomain", "example"),
        ("QueueUrl", "http://sqs.eu-central-1.amazonaws.com/111122223333/plone"),
        ("MediaConvertRole", "plone-MediaConvertRole"),
    ],
)
def test_a_value_that_cannot_be_is_named(name, value):
    message = refused(changed(**{name: value}))
    assert (message, message.mapping["name"]) == ("stack_wrong_value", name)


def test_a_refusal_does_not_repeat_the_value():
    assert "hunter2" not in str(refused(changed(PublicKeyId="hunter2 hunter2")).mapping)


def test_a_row_without_its_value_is_named():
    # The name of the next row could be an id.
    message = refused("DistributionDomain\ta.example.org\nPublicKeyId\nBucket\tmy-bucket")
    assert (message, message.mapping["name"]) == ("stack_wrong_value", "PublicKeyId")


def test_more_than_a_stack_has_is_not_read():
    assert refused("DistributionDomain\td1.cloudfront.net\n" * 10_000) == "stack_too_long"


@given(
    st.text()
    | st.lists(st.sampled_from(["Bucket", "\t", "\n", "|", "DistributionDomain", "a.example.org"])).map("".join)
)
def test_whatever_is_pasted_is_read_or_refused(text):
    try:
        assert read_outputs(text).distribution
    except InvalidOutputs as error:
        assert str(error)
