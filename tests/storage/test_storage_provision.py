"""``cfprivate provision`` on moto, and on a stand-in for what moto lacks of CloudFront."""

from cloudfront_stand_in import StandIn
from collective.cfprivate.storage.provision import carry_out
from collective.cfprivate.storage.provision import plan
from collective.cfprivate.storage.provision_parts.aws import AWS
from collective.cfprivate.storage.provision_parts.values import includes
from collective.cfprivate.storage.provision_parts.values import merged
from collective.cfprivate.storage.provision_parts.values import resolved
from collective.cfprivate.storage.provision_parts.values import Unknown
from collective.cfprivate.storage.stack_outputs import read_outputs
from moto import mock_aws
from stacks import choices
from stacks import COOKIES
from stacks import made
from stacks import stack_keys
from types import SimpleNamespace

import json
import pytest


REGION = "eu-central-1"


@pytest.fixture(scope="module")
def clients():
    """boto3's clients, which take a second to make, and the stand-in behind one of them."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_ACCESS_KEY_ID", "of-moto")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "of-moto")
        aws = AWS("plone-media", REGION)
        for service in ("s3", "iam", "sqs", "events", "sts"):
            aws.client(service)
        made_here = SimpleNamespace(held=aws._clients, cloudfront=StandIn(aws.client("cloudfront")))
    return made_here


@pytest.fixture
def account(clients):
    """An empty account; ``run(…)`` provisions and gives the steps that were done."""
    clients.cloudfront.empty()
    with mock_aws():
        yield Account(clients)


@pytest.fixture(scope="class")
def provisioned(clients):
    """An account in which all was made, for who only looks."""
    clients.cloudfront.empty()
    with mock_aws():
        account = Account(clients)
        account.run(count=3)
        yield account


class Account:
    """``outputs`` are those of the last run."""

    def __init__(self, clients):
        self.aws = AWS("plone-media", REGION, clients.held)
        self.client, self.cloudfront = self.aws.client, clients.cloudfront

    def run(self, **given):
        """The steps that were done."""
        steps = []
        self.outputs = carry_out(choices(**given), self.aws, told=steps.append)
        return {step.resource: step.todo for step in steps}

    def plan(self, **given):
        """The steps that would be done."""
        return {step.resource: step.todo for step in plan(choices(**given), self.aws)}


GIVEN = {
    "plain": {},
    "cookies": {**COOKIES, "count": 3},
    "old bucket": {"bucket": "my-bucket", "region": "eu-west-1"},
    "little": {"logs": False, "mediaconvert": False, "binds_ip": True},
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_a_second_run_changes_nothing(account, given):
    account.run(**given)
    assert (account.run(**given), set(account.plan(**given).values())) == ({}, {"exists"})


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_in_an_empty_account_all_of_the_template_is_made(account, given):
    before = account.plan(**given)
    assert account.run(**given) == before == dict.fromkeys(made(**given)["Resources"], "create")


def test_a_plan_changes_nothing(account):
    account.plan()
    assert (account.cloudfront.calls, account.client("s3").list_buckets()["Buckets"]) == ([], [])


def test_each_comes_after_what_it_needs(account):
    order = list(account.run(count=3))
    key = stack_keys()[0].resource
    wanted = [key, "KeyGroup", "Distribution", "BucketPolicy"], ["Bucket", "Distribution"], ["JobRule", "QueuePolicy"]
    assert [sorted(names, key=order.index) for names in wanted] == list(wanted)


def test_the_outputs_can_be_pasted(account):
    account.run()
    read = read_outputs(json.dumps(account.outputs))
    assert (read.bucket, read.region, read.keys[0].fingerprint) == (
        "plone-media-bucket-123456789012-eu-central-1",
        REGION,
        stack_keys()[0].fingerprint,
    )


def test_the_outputs_are_those_of_the_template(account):
    account.run(**COOKIES)
    assert set(account.outputs) == set(made(**COOKIES)["Outputs"])


def test_nothing_is_left_of_the_functions_of_cloudformation(account):
    account.run()
    told = json.dumps([account.outputs, account.cloudfront.held])
    assert ("${" in told, "(new" in told) == (False, False)


def bucket(account):
    return {"Bucket": account.outputs["Bucket"]}


def public_keys(account):
    return account.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]


class TestAtAWS:
    """What is there in the end."""

    def test_the_bucket_is_closed(self, provisioned):
        answer = provisioned.client("s3").get_public_access_block(**bucket(provisioned))
        assert answer["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }

    def test_no_acl_opens_a_file(self, provisioned):
        answer = provisioned.client("s3").get_bucket_ownership_controls(**bucket(provisioned))
        assert answer["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]

    def test_pages_of_the_site_may_upload(self, provisioned):
        [rule] = provisioned.client("s3").get_bucket_cors(**bucket(provisioned))["CORSRules"]
        assert (rule["AllowedOrigins"], rule["ExposeHeaders"]) == (["https://www.example.org"], ["ETag"])

    def test_unfinished_uploads_end(self, provisioned):
        rules = provisioned.client("s3").get_bucket_lifecycle_configuration(**bucket(provisioned))["Rules"]
        assert {"DaysAfterInitiation": 7} in [rule.get("AbortIncompleteMultipartUpload") for rule in rules]

    def test_only_this_distribution_reads_it(self, provisioned):
        policy = json.loads(provisioned.client("s3").get_bucket_policy(**bucket(provisioned))["Policy"])
        [distribution] = provisioned.cloudfront.held["Distribution"]
        assert [statement["Condition"] for statement in policy["Statement"]] == [
            {"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::123456789012:distribution/{distribution}"}}
        ]

    def test_the_distribution_trusts_the_group_of_the_keys(self, provisioned):
        [[config, _version]] = provisioned.cloudfront.held["Distribution"].values()
        [[group, [keys, _version]]] = provisioned.cloudfront.held["KeyGroup"].items()
        known = {each["Id"]: each["Name"] for each in public_keys(provisioned)}
        assert (config["DefaultCacheBehavior"]["TrustedKeyGroups"], len(known), set(keys["Items"])) == (
            {"Enabled": True, "Quantity": 1, "Items": [group]},
            3,
            set(known),
        )

    def test_the_key_is_that_of_the_site(self, provisioned):
        listed = next(each for each in public_keys(provisioned) if each["Id"] == provisioned.outputs["PublicKeyId"])
        answer = provisioned.client("cloudfront").get_public_key(Id=listed["Id"])
        assert answer["PublicKey"]["PublicKeyConfig"]["EncodedKey"].strip() == stack_keys()[0].public_pem.strip()

    def test_the_queue_takes_messages_of_the_rule_only(self, provisioned):
        answer = provisioned.client("sqs").get_queue_attributes(
            QueueUrl=provisioned.outputs["QueueUrl"], AttributeNames=["Policy"]
        )
        [statement] = json.loads(answer["Attributes"]["Policy"])["Statement"]
        rule = provisioned.client("events").describe_rule(Name="plone-media-JobRule")["Arn"]
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}


# what differs


def test_a_next_key_is_added_to_the_group(account):
    account.run()
    assert account.run(count=2) == {stack_keys()[1].resource: "create", "KeyGroup": "differs"}


def test_a_key_that_went_is_trusted_no_more(account):
    account.run(count=2)
    account.run(count=1)
    [[config, _version]] = account.cloudfront.held["KeyGroup"].values()
    assert config["Items"] == [account.outputs["PublicKeyId"]]


def test_but_it_is_not_deleted(account):
    account.run(count=2)
    account.run(count=1)
    assert len(public_keys(account)) == 2


def test_another_site_changes_cors_at_both_places(account):
    account.run()
    assert account.run(origins=("https://www.example.org", "https://edit.example.org")) == {
        "Bucket": "differs",
        "ResponseHeadersPolicy": "differs",
    }


def test_a_distribution_that_was_opened_is_closed_again(account):
    account.run()
    [[config, _version]] = account.cloudfront.held["Distribution"].values()
    config["DefaultCacheBehavior"]["TrustedKeyGroups"] = {"Enabled": False, "Quantity": 0}
    done = account.run()
    [[config, _version]] = account.cloudfront.held["Distribution"].values()
    assert (done, config["DefaultCacheBehavior"]["TrustedKeyGroups"]["Enabled"]) == ({"Distribution": "differs"}, True)


def test_what_nobody_asked_about_stays(account):
    account.run()
    [[config, _version]] = account.cloudfront.held["Distribution"].values()
    config["PriceClass"], config["DefaultCacheBehavior"]["TrustedKeyGroups"] = (
        "PriceClass_100",
        {"Enabled": False, "Quantity": 0},
    )
    account.run()
    [[config, _version]] = account.cloudfront.held["Distribution"].values()
    assert config["PriceClass"] == "PriceClass_100"


def test_a_bucket_that_was_opened_is_closed_again(account):
    account.run()
    account.client("s3").delete_public_access_block(**bucket(account))
    assert account.run() == {"Bucket": "differs"}


def test_a_policy_gets_a_new_version_however_often_it_changes(account):
    folders = [f"folder-{number}/" for number in range(7)]
    done = [account.run(folders=(folder,), mediaconvert=False).get("UploadPolicy") for folder in folders]
    assert done == ["create", *["differs"] * 6]


def test_a_role_that_others_may_take_is_put_right(account):
    account.run()
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    account.client("iam").update_assume_role_policy(
        RoleName="plone-media-MediaConvertRole",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}),
    )
    assert account.run() == {"MediaConvertRole": "differs"}


def test_a_rule_that_was_switched_off_is_switched_on(account):
    account.run()
    account.client("events").disable_rule(Name="plone-media-JobRule")
    assert account.run() == {"JobRule": "differs"}


def test_a_queue_that_was_changed_is_put_right(account):
    account.run()
    account.client("sqs").set_queue_attributes(
        QueueUrl=account.outputs["QueueUrl"], Attributes={"VisibilityTimeout": "1"}
    )
    # moto forgets the policy when an attribute is set.
    assert account.run()["Queue"] == "differs"


def test_another_name_is_another_set(account):
    account.run()
    other = AWS("plone-test", REGION, account.aws._clients)
    assert {step.todo for step in plan(choices(), other)} == {"create"}


def test_two_sets_are_found_beside_each_other(account):
    # The stand-in gives its lists in pages of one.
    other = AWS("plone-test", REGION, account.aws._clients)
    account.run()
    carry_out(choices(), other, told=str)
    assert {step.todo for aws in (account.aws, other) for step in plan(choices(), aws)} == {"exists"}


def test_somebody_elses_distribution_is_not_taken(account):
    account.run()
    [[config, _version]] = account.cloudfront.held["Distribution"].values()
    config["CallerReference"] = "not of ours"
    assert account.plan()["Distribution"] == "create"


# values


def test_what_is_not_there_yet_equals_nothing():
    assert includes({"a": "(new Bucket)"}, {"a": resolved({"Ref": "Bucket"}, {})}) is False


@pytest.mark.parametrize(
    ("current", "wanted", "so"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        (["GET", "HEAD"], ["HEAD", "GET"], True),
        (["GET"], ["GET", "HEAD"], False),
        ([{"a": 1, "b": 2}], [{"a": 1}], True),
        ([{"a": 1}], [{"a": 2}], False),
        ([{"a": 1}, {"a": 2}], [{"a": 1}], False),
        (["x"], [Unknown("x")], False),
        (None, {"a": 1}, False),
        ("1", 1, False),
    ],
)
def test_all_that_is_wanted_is_there_or_not(current, wanted, so):
    assert includes(current, wanted) is so


def test_what_is_merged_is_as_wanted_and_keeps_the_rest():
    current, wanted = {"a": [{"b": 1, "c": 2}], "d": 3, "e": ["x"]}, {"a": [{"b": 9}], "e": ["x", "y"]}
    assert merged(current, wanted) == {"a": [{"b": 9, "c": 2}], "d": 3, "e": ["x", "y"]}
