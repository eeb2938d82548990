"""What the edge lets pages of another origin read (Fetch standard, "CORS protocol")."""

from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge

import pytest


ORIGIN = "http://localhost:8080"
FOREIGN = "http://other.example"
CREDENTIALS = "Access-Control-Allow-Credentials"


@pytest.fixture(scope="module")
def ask_across(make_client):
    with make_client(cors=ORIGIN) as client:
        yield client


@pytest.fixture(scope="module")
def ask_with_cookies(make_client):
    with make_client(cors=ORIGIN, credentials=True) as client:
        yield client


@pytest.fixture(scope="module")
def ask_from_anywhere(make_client):
    with make_client(cors="*") as client:
        yield client


# one origin


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("target", ["/videos/a.mp4", "/nothing"])
def test_every_answer_names_the_origin(ask_across, method, target):
    assert ask_across(target, method, Origin=ORIGIN).headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_file_names_the_origin(ask_across):
    answer = ask_across(ask_across.sign("videos/a.mp4"), Origin=ORIGIN)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)


def test_one_origin_is_told_to_caches(ask_across):
    assert ask_across("/videos/a.mp4", Origin=ORIGIN).headers["Vary"] == "Origin"


def test_a_preflight_allows_reading(ask_across):
    answer = ask_across("/videos/a.mp4", "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET")
    assert (answer.status, answer.headers["Access-Control-Allow-Methods"]) == (200, "GET, HEAD")


def test_a_preflight_has_no_body(ask_across):
    answer = ask_across("/videos/a.mp4", "OPTIONS", Origin=ORIGIN)
    assert (answer.body, answer.headers["Content-Length"], answer.headers["Content-Type"]) == (b"", "0", None)


@pytest.mark.parametrize("header", ["Content-Length", "Content-Range", "ETag"])
def test_a_page_may_read_what_a_player_needs(ask_across, header):
    exposed = ask_across(ask_across.sign("videos/a.mp4"), Origin=ORIGIN).headers["Access-Control-Expose-Headers"]
    assert header in exposed.split(", ")


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_another_origin_is_not_named(ask_across, method):
    assert FOREIGN not in str(ask_across("/videos/a.mp4", method, Origin=FOREIGN).headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_without_credentials_there_is_no_word_of_them(ask_across, method):
    assert ask_across("/videos/a.mp4", method, Origin=ORIGIN).headers[CREDENTIALS] is None


# with credentials


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("target", ["/videos/a.mp4", "/nothing"])
def test_every_answer_allows_credentials(ask_with_cookies, method, target):
    headers = ask_with_cookies(target, method, Origin=ORIGIN).headers
    assert (headers["Access-Control-Allow-Origin"], headers[CREDENTIALS]) == (ORIGIN, "true")


@pytest.mark.parametrize(
    ("asked", "status"), [({}, 200), ({"Range": "bytes=0-9"}, 206), ({"Range": "bytes=999999-"}, 416)]
)
def test_a_file_that_cookies_open_allows_credentials(ask_with_cookies, asked, status):
    cookies = "; ".join(ask_with_cookies.sign_cookies("videos/a.mp4"))
    answer = ask_with_cookies("/videos/a.mp4", Origin=ORIGIN, Cookie=cookies, **asked)
    assert (answer.status, answer.headers[CREDENTIALS]) == (status, "true")


@pytest.mark.parametrize("asked", [{"If_None_Match": "*"}, {"If_None_Match": "*", "Range": "bytes=0-9"}])
def test_a_304_allows_credentials(ask_with_cookies, asked):
    answer = ask_with_cookies(ask_with_cookies.sign("videos/a.mp4"), Origin=ORIGIN, **asked)
    assert (answer.status, answer.headers[CREDENTIALS]) == (304, "true")


@pytest.mark.parametrize("name", ["Origin", "Methods", "Headers"])
def test_with_credentials_nothing_is_a_wildcard(ask_with_cookies, name):
    answer = ask_with_cookies("/videos/a.mp4", "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET")
    assert "*" not in answer.headers[f"Access-Control-Allow-{name}"]


@pytest.mark.parametrize("header", ["Range", "If-Range", "If-None-Match", "If-Modified-Since"])
def test_with_credentials_the_headers_of_a_player_are_listed(ask_with_cookies, header):
    allowed = ask_with_cookies("/videos/a.mp4", "OPTIONS", Origin=ORIGIN).headers["Access-Control-Allow-Headers"]
    assert header in allowed.split(", ")


def test_a_preflight_brings_no_cookies_and_needs_none(ask_with_cookies):
    asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "range"}
    assert ask_with_cookies("/videos/a.mp4", "OPTIONS", Origin=ORIGIN, **asked).status == 200


@pytest.mark.parametrize("name", ["Origin", "Access_Control_Request_Method", "Access_Control_Request_Headers"])
def test_a_preflight_repeats_nothing_of_the_request(ask_with_cookies, name):
    assert "echo" not in str(ask_with_cookies("/videos/a.mp4", "OPTIONS", **{name: "http://echo"}).headers)


@pytest.mark.parametrize("origin", [None, "*"])
def test_credentials_are_for_one_origin(root, key, origin):
    with pytest.raises(ValueError, match="Name the one whose pages send cookies"):
        Edge(root, Verifier({key.key_id: key.public_pem}), cors=origin, credentials=True)


# all origins, and none


def test_all_origins_are_named_by_a_wildcard(ask_from_anywhere):
    headers = ask_from_anywhere("/videos/a.mp4", Origin=FOREIGN).headers
    assert (headers["Access-Control-Allow-Origin"], headers["Vary"], headers[CREDENTIALS]) == ("*", None, None)


def test_without_credentials_a_preflight_allows_all_headers(ask_from_anywhere):
    assert ask_from_anywhere("/", "OPTIONS", Origin=FOREIGN).headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize("name", ["Origin", "Credentials", "Methods", "Headers"])
def test_without_cors_nothing_is_allowed(ask, name):
    assert ask("/videos/a.mp4", Origin=ORIGIN).headers[f"Access-Control-Allow-{name}"] is None


def test_without_cors_a_preflight_is_refused(ask):
    assert ask("/videos/a.mp4", "OPTIONS", Origin=ORIGIN).status == 403
