"""An answer to HEAD ends with its headers: a proxy would take what follows for the next answer, perhaps to somebody else."""

from base64 import b64encode
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest


ANSWERS = [("@@media", "text/html"), ("@@media", "*/*"), ("@playback", "application/json")]


def after_head(site, path, login, accept):
    """The status of a page that is asked for on the same connection."""
    address = urlsplit(site.url)
    headers = {"Accept": accept}
    if login:
        headers["Authorization"] = f"Basic {b64encode(f'{login}:secret-of-{login}'.encode()).decode()}"
    with closing(HTTPConnection(address.netloc, timeout=60)) as connection:
        connection.request("HEAD", f"{address.path}/talk/{path}", headers=headers)
        connection.getresponse().read()
        connection.request("GET", f"{address.path}/talk", headers={"Accept": "text/html"})
        return connection.getresponse().status


@pytest.mark.parametrize("login", [None, "member", "viewer"])
@pytest.mark.parametrize(("path", "accept"), ANSWERS)
def test_the_next_answer_on_the_connection_is_whole(served, path, accept, login):
    assert after_head(served, path, login, accept) == 200


@pytest.mark.parametrize("login", [None, "member", "viewer"])
@pytest.mark.parametrize(("path", "accept"), ANSWERS[1:])
def test_it_tells_the_length_of_the_answer_to_get(served, path, accept, login):
    lengths = {
        served.get(f"talk/{path}", login, method, headers={"Accept": accept}).headers["Content-Length"]
        for method in ("GET", "HEAD")
    }
    assert len(lengths) == 1
