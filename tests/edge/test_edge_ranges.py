"""Ranges and conditional requests; what is expected follows from the sections of RFC 9110 that are named."""

from collective.cfprivate.edge.files import send_file
from hypothesis import given
from hypothesis import strategies
from webob import Request

import os
import pytest
import time


MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"  # 1700000000
EARLIER = "Tue, 14 Nov 2023 22:13:19 GMT"
LATER = "Tue, 14 Nov 2023 22:13:21 GMT"
SIZE = 256000
CONDITIONS = ["Range", "If-Range", "If-None-Match", "If-Modified-Since"]
BYTES = strategies.text(strategies.characters(max_codepoint=255), max_size=40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, root):
    """A file of 256000 bytes and an empty one, both of a known date."""
    folder = tmp_path_factory.mktemp("ranges")
    for name, data in (("a.mp4", (root / "videos" / "a.mp4").read_bytes()), ("empty.mp4", b"")):
        (folder / name).write_bytes(data)
        os.utime(folder / name, (1700000000, 1700000000))
    return folder


@pytest.fixture(scope="module")
def client(make_client, folder):
    with make_client(folder) as client:
        yield client


@pytest.fixture(scope="module")
def ask_file(client):
    """Asks for the file, with headers."""
    target = client.sign("a.mp4")
    return lambda method="GET", **headers: client(target, method, **headers)


@pytest.fixture(scope="module")
def ask_empty(client):
    """Asks for the empty file, with headers."""
    target = client.sign("empty.mp4")
    return lambda method="GET", **headers: client(target, method, **headers)


@pytest.fixture(scope="module")
def etag(ask_file):
    return ask_file("HEAD").headers["ETag"]


# one range (section 14.1.2)


@pytest.mark.parametrize(
    ("value", "content_range", "part"),
    [
        ("bytes=0-99", "bytes 0-99/256000", slice(0, 100)),
        ("bytes=0-0", "bytes 0-0/256000", slice(0, 1)),
        ("bytes=1000-", "bytes 1000-255999/256000", slice(1000, None)),
        ("bytes=0-", "bytes 0-255999/256000", slice(None)),
        ("bytes=-10", "bytes 255990-255999/256000", slice(-10, None)),
        ("bytes=-256000", "bytes 0-255999/256000", slice(None)),
        ("bytes=-300000", "bytes 0-255999/256000", slice(None)),
        ("bytes=255999-300000", "bytes 255999-255999/256000", slice(255999, None)),
        ("bytes=255999-999999999999999999", "bytes 255999-255999/256000", slice(255999, None)),
        ("BYTES=0-9", "bytes 0-9/256000", slice(0, 10)),
        ("bytes=007-009", "bytes 7-9/256000", slice(7, 10)),
    ],
)
def test_ranges(ask_file, medium, value, content_range, part):
    answer = ask_file(Range=value)
    assert (answer.status, answer.headers["Content-Range"], answer.body) == (206, content_range, medium[part])


def test_the_length_of_a_range_is_its_own(ask_file):
    assert ask_file(Range="bytes=10-19").headers["Content-Length"] == "10"


@pytest.mark.parametrize("name", ["ETag", "Last-Modified", "Content-Type", "Accept-Ranges"])
def test_a_range_names_its_file_as_the_whole_does(ask_file, name):
    assert ask_file(Range="bytes=0-9").headers[name] == ask_file().headers[name]


@pytest.mark.parametrize("value", ["bytes=256000-", "bytes=256000-256001", "bytes=-0", "bytes=999999999999999999-"])
def test_a_range_behind_the_end(ask_file, value):
    answer = ask_file(Range=value)
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */256000")


@pytest.mark.parametrize(
    "value",
    [
        "rubbish",
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=9-1",
        "bytes=a-b",
        "bytes=0-9x",
        "bytes=0 - 9",
        "bytes=+1-2",
        "bytes=1-2-3",
        "bytes=--1",
        "bytes=0x1-2",
        "bytes=1_0-20",
        "bytes=²-³",
        "bytes 0-9",
        "seconds=1-2",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_a_range_that_is_none_gets_the_whole(ask_file, value, medium):
    answer = ask_file(Range=value)
    assert (answer.status, answer.body) == (200, medium)


def test_each_range_is_checked_anew(client, now):
    assert client(client.sign("a.mp4", expires=now), Range="bytes=0-9").status == 403


# several ranges (section 14.2)


@pytest.mark.parametrize(
    "value",
    [
        "bytes=0-9,20-29",
        "bytes=0-9, 20-29",
        "bytes=20-29,0-9",
        "bytes=0-9,5-14",
        "bytes=0-0,-1",
        "bytes=0-9,",
        "bytes=,0-9",
    ],
)
def test_several_ranges_get_the_whole(ask_file, value, medium):
    answer = ask_file(Range=value)
    assert (answer.status, answer.headers["Content-Range"], answer.body) == (200, None, medium)


def test_two_headers_are_several_ranges(ask_file, medium):
    assert ask_file(Range=["bytes=0-9", "bytes=20-29"]).body == medium


def send(folder, headers):
    return send_file(Request.blank("/", headers=headers).environ, folder / "a.mp4", None)


def test_ten_thousand_overlapping_ranges_cost_nothing(folder):
    headers = {"Range": "bytes=" + ",".join(f"{start}-" for start in range(10000))}
    before = time.process_time()
    answer = send(folder, headers)
    assert (answer.status_code, answer.content_length, time.process_time() - before < 1) == (200, SIZE, True)


# HEAD (section 9.3.2; it has no ranges, section 14.2)


@pytest.mark.parametrize(
    "asked", [{}, {"Range": "bytes=0-9"}, {"Range": "bytes=256000-"}, {"Range": "bytes=0-9,20-29"}]
)
def test_head_has_the_length_of_the_whole_and_no_body(ask_file, asked):
    answer = ask_file("HEAD", **asked)
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "256000", b"")


@pytest.mark.parametrize("name", ["ETag", "Last-Modified", "Content-Type", "Accept-Ranges"])
def test_head_has_the_headers_of_get(ask_file, name):
    assert ask_file("HEAD").headers[name] == ask_file("GET").headers[name]


def test_ranges_are_offered(ask_file):
    assert ask_file("HEAD").headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", [{"If_None_Match": "*"}, {"If_Modified_Since": MODIFIED}])
def test_head_is_conditional(ask_file, asked):
    assert ask_file("HEAD", **asked).status == 304


# If-None-Match (section 13.1.2) and If-Modified-Since (section 13.1.3)


@pytest.mark.parametrize("tags", ["{}", "W/{}", '"a", {}', '"a",{}', '"a" ,\tW/{} , W/"b"', '{}, "a"', "*", " * "])
def test_a_tag_that_the_client_has(ask_file, etag, tags):
    assert ask_file(If_None_Match=tags.format(etag)).status == 304


@pytest.mark.parametrize("tags", ['"a"', 'W/"a"', '"a", "b"', "", '""', "a", "*a", '*, "a"', "w/{}", "x{}", "{}x"])
def test_tags_that_are_others(ask_file, etag, tags):
    assert ask_file(If_None_Match=tags.format(etag)).status == 200


def test_a_tag_without_its_quotes_is_another(ask_file, etag):
    assert ask_file(If_None_Match=etag.strip('"')).status == 200


@pytest.mark.parametrize(("date", "status"), [(EARLIER, 200), (MODIFIED, 304), (LATER, 304)])
def test_the_date_that_the_client_has(ask_file, date, status):
    assert ask_file(If_Modified_Since=date).status == status


@pytest.mark.parametrize("date", ["Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023"])
def test_the_two_old_spellings_of_a_date(ask_file, date):
    assert ask_file(If_Modified_Since=date).status == 304


@pytest.mark.parametrize(
    "date",
    [
        "",
        "GMT",
        "rubbish",
        "Tue, 99 Nov 99999 22:13:20 GMT",
        "Tue, 14 Nov 0 22:13:20 GMT",
        "Tue, 14 Nov 99999999999999999999 22:13:20 GMT",
    ],
)
def test_a_date_that_is_none_does_not_count(ask_file, date):
    assert ask_file(If_Modified_Since=date).status == 200


@pytest.mark.parametrize(("tags", "date", "status"), [('"a"', LATER, 200), ("*", EARLIER, 304)])
def test_tags_win_over_the_date(ask_file, tags, date, status):
    assert ask_file(If_None_Match=tags, If_Modified_Since=date).status == status


def test_a_304_has_the_tag_and_no_body(ask_file, etag):
    answer = ask_file(If_None_Match=etag)
    assert (answer.headers["ETag"], answer.headers["Last-Modified"], answer.body) == (etag, MODIFIED, b"")


@pytest.mark.parametrize("name", ["Content-Type", "Content-Range"])
def test_a_304_says_nothing_about_a_body(ask_file, etag, name):
    assert ask_file(If_None_Match=etag).headers[name] is None


def test_a_304_wins_over_a_range(ask_file):
    assert ask_file(If_None_Match="*", Range="bytes=0-9").status == 304


def test_the_tag_is_strong_and_quoted(etag):
    assert (etag[0], etag[-1], '"' in etag[1:-1]) == ('"', '"', False)


def test_the_tag_changes_with_the_file(tmp_path, make_client):
    with make_client(tmp_path) as client:
        tags = set()
        for data, seconds in ((b"a", 1), (b"ab", 1), (b"ab", 2)):
            (tmp_path / "a.mp4").write_bytes(data)
            os.utime(tmp_path / "a.mp4", (seconds, seconds))
            tags.add(client(client.sign("a.mp4"), "HEAD").headers["ETag"])
    assert len(tags) == 3


# If-Range (section 13.1.5)


def test_a_range_of_the_same_tag(ask_file, etag):
    assert ask_file(Range="bytes=0-9", If_Range=etag).status == 206


def test_a_range_of_the_same_date(ask_file):
    assert ask_file(Range="bytes=0-9", If_Range=MODIFIED).status == 206


@pytest.mark.parametrize("condition", ['"other"', "*", "", "rubbish", "rubbish GMT", "W/{}", '{}, "a"', EARLIER, LATER])
def test_a_range_of_another_version_is_sent_whole(ask_file, etag, condition):
    assert ask_file(Range="bytes=0-9", If_Range=condition.format(etag)).status == 200


def test_another_version_wins_over_a_range_behind_the_end(ask_file):
    assert ask_file(Range="bytes=256000-", If_Range='"other"').status == 200


def test_without_a_range_the_condition_does_not_count(ask_file, medium):
    assert ask_file(If_Range='"other"').body == medium


# an empty file


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_empty_file(ask_empty, method):
    answer = ask_empty(method)
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "0", b"")


@pytest.mark.parametrize("value", ["bytes=0-", "bytes=0-0", "bytes=5-9", "bytes=-0"])
def test_an_empty_file_has_no_range(ask_empty, value):
    answer = ask_empty(Range=value)
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */0")


def test_the_last_bytes_of_an_empty_file_are_all_of_it(ask_empty):
    answer = ask_empty(Range="bytes=-5")
    assert (answer.status, answer.body) == (200, b"")


def test_an_empty_file_has_a_tag_too(ask_empty):
    assert ask_empty(If_None_Match=ask_empty("HEAD").headers["ETag"]).status == 304


# any headers


@given(strategies.dictionaries(strategies.sampled_from(CONDITIONS), BYTES | BYTES.map("bytes={}".format)))
def test_no_header_is_an_error(folder, headers):
    assert send(folder, headers).status_code in {200, 206, 304, 416}


@given(strategies.integers(0, 300000), strategies.integers(0, 300000))
def test_a_range_is_the_slice_of_the_file(folder, medium, first, last):
    answer = send(folder, {"Range": f"bytes={first}-{last}"})
    expected = 200 if last < first else 206 if first < SIZE else 416
    assert answer.status_code == expected
    assert expected != 206 or answer.body == medium[first : last + 1]
