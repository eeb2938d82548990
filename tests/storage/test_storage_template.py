"""The template of every choice, as cfn-lint, botocore's models and the documentation of AWS see it."""

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner
from collective.cfprivate.storage.template import template
from collective.cfprivate.storage.template import template_text
from pathlib import Path
from stacks import choices
from stacks import COOKIES
from stacks import made
from stacks import MATRIX
from stacks import nodes
from stacks import properties
from stacks import stack_keys

import dataclasses
import json
import pytest
import re


# Errors, warnings and advice alike.
LINTED = {"regions": ["eu-central-1"], "include_checks": ["I"]}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LONGEST_BODY = 51_200
LONGEST_DESCRIPTION = 1024
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = {
    "MinTTL": 1,
    "DefaultTTL": 86_400,
    "MaxTTL": 31_536_000,
    "gzip": True,
    "brotli": True,
    "headers": "none",
    "cookies": "none",
}
# What CloudFormation calls otherwise than the API.
OTHER_NAMES = {
    "IPV6Enabled": "IsIPV6Enabled",
    "AcmCertificateArn": "ACMCertificateArn",
    "SslSupportMethod": "SSLSupportMethod",
}


BROKEN = {
    "protocol": ('"https-only"', '"ftp-only"'),
    "reference": ('"Ref": "KeyGroup"', '"Ref": "KeyGruop"'),
    "encryption": ('"AES256"', '"ROT13"'),
    "deletion": ('"DeletionPolicy": "Retain"', '"DeletionPolicy": "Forget"'),
    "certificate": ('"sni-only"', '"snow-only"'),
    # Advice alone.
    "queue": ('"Type": "AWS::SQS::Queue",\n      "DeletionPolicy": "Delete",', '"Type": "AWS::SQS::Queue",'),
}


@pytest.fixture(scope="module")
def linted(tmp_path_factory):
    """What cfn-lint says of each template, by its name: in one run, for it reads its rules for seconds."""
    folder, right = tmp_path_factory.mktemp("templates"), template_text(choices(**COOKIES))
    texts = {name: template_text(choices(**given)) for name, given in MATRIX.items()}
    texts |= {name: right.replace(found, broken) for name, (found, broken) in BROKEN.items()}
    files = {str(folder / f"{number}.json"): name for number, name in enumerate(texts)}
    for file, name in files.items():
        Path(file).write_text(texts[name])
    told = {name: [] for name in texts}
    for match in Runner(ConfigMixIn(templates=list(files), **LINTED)).run():
        told[files[match.filename]].append(str(match))
    return told


@pytest.mark.parametrize("name", MATRIX)
def test_cfn_lint_has_nothing_to_say(linted, name):
    assert linted[name] == []


@pytest.mark.parametrize("name", BROKEN)
def test_cfn_lint_would_see_a_mistake(linted, name):
    assert linted[name]


@pytest.mark.parametrize("given", MATRIX.values(), ids=MATRIX)
def test_the_same_choices_give_the_same_text(given):
    assert template_text(choices(**given)) == template_text(choices(**given))


def test_the_text_may_be_given_to_cloudformation_as_it_is():
    biggest = choices(**COOKIES, count=3, origins=tuple(f"https://www{number}.example.org" for number in range(9)))
    assert len(template_text(biggest).encode()) < LONGEST_BODY


def test_the_description_is_short_enough():
    assert len(made()["Description"]) <= LONGEST_DESCRIPTION


def test_the_options_in_the_metadata_are_those_of_the_choices():
    assert made(bucket="my-bucket", logs=False)["Metadata"]["collective.cfprivate"]["Options"] == [
        "--site-url=https://www.example.org",
        "--existing-bucket=my-bucket",
        "--without-logs",
    ]


# who may do what


def statements(found):
    return [node for node in nodes(found) if isinstance(node, dict) and "Effect" in node]


def as_list(value):
    return value if isinstance(value, list) else [value]


def faults(statement):
    """What no statement may have: these are for everybody, for everything, or for all that there will ever be."""
    if statement.get("Principal") == "*" or "*" in (statement.get("Principal") or {}).values():
        yield "everybody"
    if any("*" in action for action in as_list(statement["Action"])):
        yield "every action"
    if any(resource in ("*", {"Fn::Sub": "*"}) for resource in as_list(statement.get("Resource", "none"))):
        yield "every resource"
    if {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
        yield "all but"
    if "Principal" in statement and not statement.get("Condition"):
        yield "whichever of the service's customers"


@pytest.mark.parametrize("given", MATRIX.values(), ids=MATRIX)
def test_no_statement_is_for_everybody_or_everything(given):
    assert [fault for each in statements(made(**given)) for fault in faults(each)] == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"Principal": "*", "Condition": {"x": "y"}}, "everybody"),
        ({"Principal": {"AWS": "*"}, "Condition": {"x": "y"}}, "everybody"),
        ({"Action": ["s3:Get*"]}, "every action"),
        ({"Action": "*"}, "every action"),
        ({"Resource": ["*"]}, "every resource"),
        ({"NotAction": "s3:PutObject"}, "all but"),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, "whichever of the service's customers"),
    ],
)
def test_the_check_of_statements_finds_each_fault(change, fault):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **change}
    assert list(faults(statement)) == [fault]


def allowed(policy, **given):
    """{action: resources} of a managed policy."""
    document = properties(policy, **given)["PolicyDocument"]
    return {action: each["Resource"] for each in document["Statement"] for action in each["Action"]}


IN_FOLDER = [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/uploads/*"}]


@pytest.mark.parametrize(
    "action", ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
)
def test_plone_writes_and_reads_in_its_folder(action):
    assert allowed("UploadPolicy")[action] == IN_FOLDER


@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:ListBucketMultipartUploads"])
def test_plone_lists_its_bucket(action):
    assert allowed("UploadPolicy")[action] == [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}"}]


def test_without_jobs_plone_may_do_nothing_else():
    assert set(allowed("UploadPolicy", mediaconvert=False)) == {
        "s3:PutObject",
        "s3:GetObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
    }


def test_only_the_reconciliation_deletes():
    deletes = [name for name in ("UploadPolicy", "ReconcilePolicy") if "s3:DeleteObject" in allowed(name)]
    assert deletes == ["ReconcilePolicy"]


def test_the_reconciliation_deletes_in_the_folder_only():
    assert allowed("ReconcilePolicy") == {"s3:DeleteObject": IN_FOLDER}


def test_nobody_deletes_for_good():
    assert "DeleteObjectVersion" not in template_text(choices())


def test_each_folder_is_named_in_the_policy():
    resources = allowed("UploadPolicy", bucket="b-1", folders=("films/", "talks/"))["s3:PutObject"]
    assert [each["Fn::Sub"].partition(":::")[2] for each in resources] == ["b-1/films/*", "b-1/talks/*"]


@pytest.mark.parametrize("sign", "*?$é€")
def test_a_folder_with_a_sign_that_iam_understands_opens_no_other(sign):
    [resource] = allowed("UploadPolicy", bucket="b-1", folders=(f"a{sign}b/",))["s3:PutObject"]
    assert resource["Fn::Sub"].partition(":::")[2] == "b-1/a?b/*"


def test_only_mediaconvert_gets_the_role():
    [statement] = [each for each in statements(properties("UploadPolicy")) if each["Action"] == ["iam:PassRole"]]
    assert (statement["Resource"], statement["Condition"]) == (
        [{"Fn::GetAtt": ["MediaConvertRole", "Arn"]}],
        {"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}},
    )


def test_the_role_is_taken_for_this_account_only():
    [statement] = properties("MediaConvertRole")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


# the bucket


def test_all_of_block_public_access_is_on():
    assert properties("Bucket")["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }


def test_the_logs_are_as_closed():
    closed = "PublicAccessBlockConfiguration"
    assert properties("Logs")[closed] == properties("Bucket")[closed]


def test_no_acl_opens_a_file():
    assert properties("Bucket")["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_only_the_distribution_reads_the_bucket():
    [statement] = properties("BucketPolicy")["PolicyDocument"]["Statement"]
    assert statement == {
        "Sid": "AllowTheDistribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/*"},
        "Condition": {
            "StringEquals": {
                "AWS:SourceArn": {
                    "Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
                }
            }
        },
    }


def test_pages_of_the_site_may_upload_and_see_the_etag():
    [rule] = properties("Bucket")["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"], rule["ExposedHeaders"]) == (
        ["https://www.example.org"],
        ["PUT", "GET", "HEAD"],
        ["ETag"],
    )


def test_unfinished_uploads_end():
    rules = properties("Bucket")["LifecycleConfiguration"]["Rules"]
    assert [each["AbortIncompleteMultipartUpload"] for each in rules if "AbortIncompleteMultipartUpload" in each] == [
        {"DaysAfterInitiation": 7}
    ]


@pytest.mark.parametrize("name", ["Bucket", "Logs"])
def test_files_outlive_the_stack(name):
    resource = made()["Resources"][name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", ["Bucket", "BucketPolicy"])
def test_a_bucket_that_exists_is_left_alone(name):
    assert (name in made()["Resources"], name in made(bucket="my-bucket")["Resources"]) == (True, False)


def test_what_its_owner_has_to_add_is_an_output():
    statement = json.loads(made(bucket="my-bucket")["Outputs"]["BucketPolicyStatement"]["Value"]["Fn::Sub"])
    [own] = properties("BucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"], statement["Resource"]) == (
        own["Principal"],
        own["Action"],
        "arn:${AWS::Partition}:s3:::my-bucket/*",
    )


# the distribution


def distribution(**given):
    return properties("Distribution", **given)["DistributionConfig"]


@pytest.mark.parametrize("given", MATRIX.values(), ids=MATRIX)
def test_the_distribution_gives_nothing_without_a_signature(given):
    config = distribution(**given)
    assert (config["DefaultCacheBehavior"]["TrustedKeyGroups"], "CacheBehaviors" in config) == (
        [{"Ref": "KeyGroup"}],
        False,
    )


def test_the_key_group_trusts_each_key_of_the_ring():
    items = properties("KeyGroup", count=3)["KeyGroupConfig"]["Items"]
    resources = made(count=3)["Resources"]
    pems = [resources[item["Ref"]]["Properties"]["PublicKeyConfig"]["EncodedKey"] for item in items]
    assert pems == [key.public_pem for key in stack_keys()]


def test_another_key_is_another_resource():
    # CloudFront changes no public key, so that an update of one would fail.
    keys = [dataclasses.replace(key, slot="active") for key in stack_keys()[:2]]
    one, other = (dataclasses.replace(choices(), keys=(key,)) for key in keys)
    key_names = [
        {name for name in template(each)["Resources"] if name.startswith("PublicKey")} for each in (one, other)
    ]
    assert (len(key_names[0]), key_names[0] & key_names[1]) == (1, set())


def test_http_is_refused():
    assert distribution()["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "https-only"


@pytest.mark.parametrize(("binds", "ipv6"), [(True, False), (False, True)])
def test_ipv6_is_off_where_signatures_are_bound(binds, ipv6):
    assert distribution(binds_ip=binds)["IPV6Enabled"] is ipv6


def test_with_a_certificate_tls_is_recent():
    assert distribution(**COOKIES)["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_without_a_name_of_its_own_it_has_none():
    assert {"Aliases", "ViewerCertificate"} & set(distribution()) == set()


def test_the_logs_hold_no_cookies():
    assert distribution(**COOKIES)["Logging"]["IncludeCookies"] is False


@pytest.mark.parametrize("given", [{"logs": False}, {"logs": False, **COOKIES}])
def test_without_logs_there_is_no_bucket_for_them(given):
    assert ("Logging" in distribution(**given), "Logs" in made(**given)["Resources"]) == (False, False)


def test_the_origin_is_the_bucket_signed_for():
    [origin] = distribution(bucket="my-bucket", region="eu-west-1")["Origins"]
    assert (origin["DomainName"], origin["OriginAccessControlId"], origin["S3OriginConfig"]) == (
        {"Fn::Join": [".", ["my-bucket", "s3", "eu-west-1", {"Ref": "AWS::URLSuffix"}]]},
        {"Ref": "OriginAccessControl"},
        {"OriginAccessIdentity": ""},
    )


def test_the_cache_policy_is_caching_optimized():
    config = properties("CachePolicy")["CachePolicyConfig"]
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    told = {
        **{name: config[name] for name in ("MinTTL", "DefaultTTL", "MaxTTL")},
        "gzip": key["EnableAcceptEncodingGzip"],
        "brotli": key["EnableAcceptEncodingBrotli"],
        "headers": key["HeadersConfig"]["HeaderBehavior"],
        "cookies": key["CookiesConfig"]["CookieBehavior"],
    }
    assert told == CACHING_OPTIMIZED


def test_and_forwards_one_query_string():
    key = properties("CachePolicy")["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["QueryStringsConfig"] == {
        "QueryStringBehavior": "whitelist",
        "QueryStrings": ["response-content-disposition"],
    }


def cors(**given):
    return properties("ResponseHeadersPolicy", **given)["ResponseHeadersPolicyConfig"]["CorsConfig"]


@pytest.mark.parametrize(("given", "credentials"), [(COOKIES, True), ({}, False)])
def test_cors_allows_credentials_where_cookies_are_used(given, credentials):
    assert cors(**given)["AccessControlAllowCredentials"] is credentials


def test_cors_names_origins_and_headers():
    told = cors(origins=("https://a.example.org", "https://b.example.org"), **COOKIES)
    named = [told[f"AccessControl{name}"]["Items"] for name in ("AllowOrigins", "AllowMethods", "AllowHeaders")]
    assert (named[0], "*" in [item for items in named for item in items]) == (
        ["https://a.example.org", "https://b.example.org"],
        False,
    )


# the API, which has other shapes for the same


@pytest.fixture(scope="module")
def cloudfront():
    return ServiceModel(Loader().load_service_model("cloudfront", "service-2"))


def as_api(value, shape):
    """CloudFormation's value in the API's shape; a function of CloudFormation is whatever text it gives."""
    if isinstance(value, dict) and set(value) & {"Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join"}:
        return "text"
    if isinstance(value, list) and shape.type_name == "structure":
        value = {"Items": value}
    if shape.type_name == "list":
        return [as_api(each, shape.member) for each in value]
    if shape.type_name != "structure":
        return value
    named = {OTHER_NAMES.get(name, name): each for name, each in value.items()}
    if "Quantity" in shape.members:
        named["Quantity"] = len(named["Items"])
    if shape.name == "LoggingConfig":
        named["Enabled"] = True
    if shape.name in {"TrustedKeyGroups"}:
        named["Enabled"] = True
    if shape.name == "DefaultCacheBehavior":
        named["AllowedMethods"] = {"Items": named["AllowedMethods"], "CachedMethods": named.pop("CachedMethods")}
    if shape.name == "DistributionConfig":
        named["CallerReference"] = "x"
    return {name: as_api(each, shape.members[name]) for name, each in named.items()}


def report(cloudfront, kind, config):
    shape = cloudfront.shape_for(f"{kind}Config")
    return ParamValidator().validate(as_api(config, shape), shape)


@pytest.mark.parametrize("given", [{}, COOKIES, {"bucket": "my-bucket", "logs": False}], ids=["", "cookies", "bucket"])
@pytest.mark.parametrize(
    "kind", ["Distribution", "CachePolicy", "ResponseHeadersPolicy", "KeyGroup", "OriginAccessControl", "PublicKey"]
)
def test_the_api_takes_the_same(cloudfront, kind, given):
    name = kind if kind != "PublicKey" else stack_keys()[0].resource
    assert report(cloudfront, kind, properties(name, **given)[f"{kind}Config"]).generate_report() == ""


def test_the_api_would_refuse_a_mistake(cloudfront):
    config = {**properties("CachePolicy")["CachePolicyConfig"], "MinTTL": "one second"}
    assert report(cloudfront, "CachePolicy", config).has_errors()


def members_of_enum(cloudfront, name):
    return cloudfront.shape_for(name).enum


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("HttpVersion", distribution()["HttpVersion"]),
        ("ViewerProtocolPolicy", distribution()["DefaultCacheBehavior"]["ViewerProtocolPolicy"]),
        ("MinimumProtocolVersion", distribution(**COOKIES)["ViewerCertificate"]["MinimumProtocolVersion"]),
        ("SSLSupportMethod", distribution(**COOKIES)["ViewerCertificate"]["SslSupportMethod"]),
        ("OriginAccessControlSigningBehaviors", "always"),
        ("CachePolicyQueryStringBehavior", "whitelist"),
    ],
)
def test_the_words_are_those_of_the_api(cloudfront, shape, value):
    # HttpVersion is written small by CloudFormation and by the API today, and was HTTP2 once.
    assert value.lower() in [word.lower() for word in members_of_enum(cloudfront, shape)]


# jobs and their queue


def test_the_rule_is_for_progress_and_ends_of_jobs():
    # https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html
    assert properties("JobRule")["EventPattern"] == {
        "source": ["aws.mediaconvert"],
        "detail-type": ["MediaConvert Job State Change"],
        "detail": {"status": ["STATUS_UPDATE", "COMPLETE", "ERROR", "CANCELED"]},
    }


@pytest.mark.parametrize("queue", ["Queue", "DeadLetters"])
def test_only_the_rule_sends_to_the_queue(queue):
    [statement] = properties(f"{queue}Policy")["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Condition"]) == (
        {"Service": "events.amazonaws.com"},
        {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["JobRule", "Arn"]}}},
    )


def test_what_nobody_can_use_is_put_aside():
    assert properties("Queue")["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}


def test_without_jobs_there_is_nothing_of_them():
    words = re.findall(r"mediaconvert|sqs|events", template_text(choices(mediaconvert=False)).lower())
    # The word of the option that says so.
    assert words == ["mediaconvert"]


# outputs

OUTPUTS = {
    "DistributionDomain",
    "PublicKeyId",
    "PublicKeyFingerprint",
    "KeyGroupId",
    "Bucket",
    "Region",
    "QueueUrl",
    "MediaConvertRole",
    "UploadPolicyArn",
}


def test_the_outputs_are_there():
    assert set(made()["Outputs"]) >= OUTPUTS


def test_the_id_and_the_fingerprint_are_of_the_same_key():
    outputs, keys = made(count=3)["Outputs"], stack_keys()
    told = [
        (outputs[f"{prefix}PublicKeyId"]["Value"]["Ref"], outputs[f"{prefix}PublicKeyFingerprint"]["Value"])
        for prefix in ("", "Second", "Third")
    ]
    assert told == [(key.resource, key.fingerprint) for key in keys]


def test_with_a_name_of_its_own_plone_uses_that():
    outputs = made(**COOKIES)["Outputs"]
    assert (outputs["DistributionDomain"]["Value"], outputs["DistributionTarget"]["Value"]) == (
        "media.example.org",
        {"Fn::GetAtt": ["Distribution", "DomainName"]},
    )


@pytest.mark.parametrize("given", MATRIX.values(), ids=MATRIX)
def test_no_output_is_longer_than_cloudformation_keeps(given):
    assert all(len(json.dumps(each["Value"])) < 1024 for each in made(**given)["Outputs"].values())
