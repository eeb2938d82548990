"""boto 2's call signs as boto 2.49.0 did, and says what boto left unsaid."""

from collective.cfprivate.cloudfront import CFPrivateError
from collective.cfprivate.cloudfront import create_signed_url
from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import InvalidPolicy
from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.cloudfront import KeyChoice
from collective.cfprivate.cloudfront.encoding import decode
from inspect import Parameter
from inspect import signature
from io import BytesIO
from io import StringIO
from pathlib import Path
from unittest import mock

import json
import pytest


VECTORS = json.loads((Path(__file__).parent / "vectors" / "boto2.json").read_text())
CASES = VECTORS["cases"]
PEM, KEY_ID = VECTORS["private_key_pem"], VECTORS["keypair_id"]
# The clock at which boto was frozen for the vectors.
NOW = 1700000000.9

URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
DIRECTORY = "https://d111111abcdef8.cloudfront.net/videos/*"
STREAM = "rtmp://d111111abcdef8.cloudfront.net/cfx/st/&mp4:video/talk.mp4"


def sign(url=URL, expire_time=1900000000, **arguments):
    return create_signed_url(url, KEY_ID, expire_time, private_key_string=PEM, clock=lambda: NOW, **arguments)


def statement(signed):
    """What the custom policy of a signed URL says."""
    return decode(signed.partition("?Policy=")[2].partition("&")[0]).decode()


# what boto did


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_boto_byte_for_byte(case):
    signed = create_signed_url(keypair_id=KEY_ID, private_key_string=PEM, clock=lambda: NOW, **case["arguments"])
    assert signed == case["signed_url"]


def test_has_botos_eight_parameters_in_their_order():
    positional = [
        name
        for name, value in signature(create_signed_url).parameters.items()
        if value.kind is not Parameter.KEYWORD_ONLY
    ]
    assert positional == [
        "url",
        "keypair_id",
        "expire_time",
        "valid_after_time",
        "ip_address",
        "policy_url",
        "private_key_file",
        "private_key_string",
    ]


def test_the_clock_is_that_of_the_machine():
    with mock.patch("time.time", return_value=NOW):
        signed = create_signed_url(URL, KEY_ID, private_key_string=PEM)
    assert signed == next(case["signed_url"] for case in CASES if case["name"] == "custom_no_expire")


def test_with_all_three_conditions_the_address_is_first():
    # Row 6: the order of a dictionary in Python 2.7.
    signed = sign(valid_after_time=1200000000, ip_address="192.0.2.10", policy_url=DIRECTORY)
    expected = (
        '{"Statement":[{"Resource":"%s","Condition":{"IpAddress":{"AWS:SourceIp":"192.0.2.10/32"},'
        '"DateLessThan":{"AWS:EpochTime":1900000000},"DateGreaterThan":{"AWS:EpochTime":1200000000}}}]}'
    )
    assert statement(signed) == expected % DIRECTORY


def test_streams_have_that_order_too():
    signed = sign(STREAM, valid_after_time=1, ip_address="192.0.2.10", policy_url="video/*")
    assert '"Condition":{"IpAddress":' in statement(signed)


@pytest.mark.parametrize("nothing", [None, 0, ""])
def test_no_end_means_one_day(nothing):
    assert '"AWS:EpochTime":1700086400' in statement(sign(expire_time=nothing))


def test_no_end_is_custom_with_a_start_too():
    assert '"AWS:EpochTime":1700086400},"DateGreaterThan"' in statement(sign(expire_time=None, valid_after_time=1))


def test_a_raw_query_mark_stays_raw():
    # Row 9, and botocore #3377: as a wildcard it matches the mark all the same.
    assert f'"Resource":"{URL}?a=1"' in statement(sign(URL + "?a=1", ip_address="192.0.2.10").replace("?a=1&", "?"))


def test_own_parameters_come_first():
    assert sign(URL + "?a=1").startswith(URL + "?a=1&Expires=1900000000&Signature=")


def test_the_key_pair_id_comes_last():
    assert sign(ip_address="192.0.2.10").endswith("&Key-Pair-Id=K2JCJMDEHXQW5F")


def test_its_custom_urls_are_accepted(verifier):
    assert verifier.verify(sign(URL + "?a=1", ip_address="192.0.2.10"), 1700000000, "192.0.2.10")


def test_its_streams_play(verifier):
    assert verifier.verify_stream(sign(STREAM, policy_url="video/*"), 1700000000)


# keys


@pytest.mark.parametrize("form", [str, Path, lambda path: path.open(), lambda path: path.open("rb")])
def test_the_key_from_a_file(tmp_path, form):
    path = tmp_path / "key.pem"
    path.write_text(PEM)
    assert create_signed_url(URL, KEY_ID, 1900000000, private_key_file=form(path)) == sign()


@pytest.mark.parametrize("file", [StringIO(PEM), BytesIO(PEM.encode())], ids=["text", "bytes"])
def test_the_key_from_a_file_object(file):
    assert create_signed_url(URL, KEY_ID, 1900000000, private_key_file=file) == sign()


def test_the_key_as_bytes():
    assert create_signed_url(URL, KEY_ID, 1900000000, private_key_string=PEM.encode()) == sign()


def test_an_empty_path_is_none():
    assert create_signed_url(URL, KEY_ID, 1900000000, private_key_file="", private_key_string=PEM) == sign()


def test_refuses_two_keys():
    with pytest.raises(KeyChoice, match="Only specify the private_key_file or the private_key_string not both"):
        create_signed_url(URL, KEY_ID, private_key_file="key.pem", private_key_string=PEM)


def test_an_empty_text_beside_a_file_is_a_second_key():
    # Row 12: boto took the empty text.
    with pytest.raises(KeyChoice, match="not both"):
        create_signed_url(URL, KEY_ID, private_key_file="key.pem", private_key_string="")


@pytest.mark.parametrize(
    "nothing", [{}, {"private_key_string": ""}, {"private_key_file": ""}, {"private_key_file": None}]
)
def test_refuses_no_key(nothing):
    with pytest.raises(KeyChoice, match="You must specify one of private_key_file or private_key_string"):
        create_signed_url(URL, KEY_ID, **nothing)


@pytest.mark.parametrize("error", [ValueError, CFPrivateError, InvalidKey])
def test_the_choice_of_a_key_is_also_botos_error(error):
    with pytest.raises(error):
        create_signed_url(URL, KEY_ID)


def test_refuses_a_file_that_was_read_before():
    file = StringIO(PEM)
    create_signed_url(URL, KEY_ID, 1900000000, private_key_file=file)
    with pytest.raises(InvalidKey, match="read before"):
        create_signed_url(URL, KEY_ID, 1900000000, private_key_file=file)


@pytest.mark.parametrize("path", ["no/such/file.pem", "/", "a\0b", PEM])
def test_refuses_a_file_that_cannot_be_read(path):
    with pytest.raises(InvalidKey, match="cannot be read"):
        create_signed_url(URL, KEY_ID, private_key_file=path)


class Broken:
    def read(self):
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("file", [5, Broken()])
def test_refuses_what_is_no_open_file(file):
    with pytest.raises(InvalidKey, match="cannot be read"):
        create_signed_url(URL, KEY_ID, private_key_file=file)


def test_refuses_a_file_that_was_closed(tmp_path):
    file = (tmp_path / "key.pem").open("w+")
    file.close()
    with pytest.raises(InvalidKey, match="cannot be read"):
        create_signed_url(URL, KEY_ID, private_key_file=file)


def test_does_not_show_a_key_that_was_given_as_a_path():
    with pytest.raises(InvalidKey) as caught:
        create_signed_url(URL, KEY_ID, private_key_file=PEM)
    assert "MII" not in str(caught.value)


def test_nor_in_what_led_to_the_error():
    with pytest.raises(InvalidKey) as caught:
        create_signed_url(URL, KEY_ID, private_key_file=PEM)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("keypair_id", [None, "", "K 1", "K1&Expires=1"])
def test_refuses_a_key_pair_id_that_is_none(keypair_id):
    with pytest.raises(InvalidKey, match="key id"):
        create_signed_url(URL, keypair_id, private_key_string=PEM)


# where boto was silently wrong


@pytest.mark.parametrize("expires", ["1900000000", 1900000000.75, -1, 1900000000000, True])
@pytest.mark.parametrize("policy_url", [None, DIRECTORY])
def test_refuses_times_that_are_no_whole_seconds(expires, policy_url):
    # Rows 4 and 5.
    with pytest.raises(InvalidPolicy, match="expires"):
        sign(expire_time=expires, policy_url=policy_url)


@pytest.mark.parametrize("starts", ["1200000000", 0.5, -1, 1900000000])
def test_refuses_starts_that_are_none(starts):
    with pytest.raises(InvalidPolicy, match="starts"):
        sign(valid_after_time=starts)


@pytest.mark.parametrize("address", ["2001:db8::1", "2001:db8::/32", "192.0.2", "192.0.2.0/33", "example.org"])
def test_refuses_other_addresses(address):
    # Row 7.
    with pytest.raises(InvalidPolicy, match="ip "):
        sign(ip_address=address)


@pytest.mark.parametrize(
    "url",
    [
        URL + '"',
        URL + "#t=10",
        URL + "?",
        URL + "?Expires=1",
        URL + "?a=1&Key-Pair-Id=K1",
        URL + "/ä",
        URL + "/a b",
        (URL + "/ä").encode(),
        None,
    ],
)
@pytest.mark.parametrize("conditions", [{}, {"ip_address": "192.0.2.10"}])
def test_refuses_urls_that_do_not_arrive(url, conditions):
    # Rows 4, 8 and 10.
    with pytest.raises((InvalidURL, InvalidPolicy)):
        sign(url, **conditions)


@pytest.mark.parametrize("resource", ["*", "http://*", DIRECTORY + "ä", "videos/*"])
def test_refuses_resources_that_are_none(resource):
    with pytest.raises(InvalidPolicy):
        sign(policy_url=resource)


@pytest.mark.parametrize("url", [DIRECTORY, "https://h/a*b.mp4"])
def test_a_star_in_a_canned_url_is_refused(url):
    # The same bytes are a custom policy, in which it is a wildcard.
    with pytest.raises(InvalidPolicy, match="%2A"):
        sign(url)


def test_an_empty_resource_beside_a_condition_is_refused():
    # Row 2: boto signed a policy of the resource "".
    with pytest.raises(InvalidPolicy, match="policy_url"):
        sign(policy_url="", ip_address="192.0.2.10")


@pytest.mark.parametrize("resource", [None, "", "*", STREAM, DIRECTORY, "mp4:video/talk.mp4"])
def test_a_stream_needs_its_name(resource):
    # Row 15: boto signed the URL, which no server compared.
    with pytest.raises(InvalidPolicy, match="name of a stream"):
        sign(STREAM, policy_url=resource)


@pytest.mark.parametrize("url", [URL, "http://h/cfx/st/&mp4:video/talk.mp4"])
def test_no_http_url_gets_a_policy_of_streams(url):
    with pytest.raises(InvalidPolicy):
        sign(url, policy_url="video/*")


@pytest.mark.parametrize("url", ["rtmp://h/talk", "rtmp:talk", "rtmp://h/cfx/st/a?x=1"])
def test_refuses_streams_that_are_none(url):
    with pytest.raises(InvalidURL):
        sign(url, policy_url="video/*")


@pytest.mark.parametrize("condition", [{"valid_after_time": 1800000000}, {"ip_address": "192.0.2.10"}])
def test_a_raw_query_mark_stays_raw_under_any_condition(condition):
    # Row 9: boto escaped nothing in a resource.
    signed = sign(URL + "?a=1", **condition)
    assert f'"Resource":"{URL}?a=1"' in statement(signed.replace("&Policy=", "?Policy="))


@pytest.mark.parametrize("url", [None, b"https://d111111abcdef8.cloudfront.net/a?", 7])
def test_refuses_what_is_no_text_under_a_policy_that_is_good(url):
    with pytest.raises(InvalidURL, match="in place of a URL"):
        sign(url, policy_url=DIRECTORY)


@pytest.mark.parametrize(
    ("name", "reason"), [("absent.pem", "No such file"), ("", "Is a directory"), ("a\0b", "that is no path")]
)
def test_says_why_a_file_cannot_be_read(tmp_path, name, reason):
    with pytest.raises(InvalidKey, match=reason):
        create_signed_url(URL, KEY_ID, 1900000000, private_key_file=f"{tmp_path}/{name}")


@pytest.mark.parametrize("nothing", [0, ""])
def test_falsy_conditions_are_none_beside_others(nothing):
    signed = sign(valid_after_time=nothing, ip_address=nothing or "", policy_url=DIRECTORY)
    assert '"Condition":{"DateLessThan":{"AWS:EpochTime":1900000000}}' in statement(signed)
