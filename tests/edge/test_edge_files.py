"""Files as S3 serves objects: what names one, what does not, and what vanishes."""

from collective.cfprivate.edge.files import content_type
from collective.cfprivate.edge.files import find_file
from collective.cfprivate.edge.files import send_file
from unittest import mock
from webob import Request

import os
import pytest
import shutil
import socket


NO_OBJECT = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>"


@pytest.fixture
def folder(tmp_path):
    """A root of one file, and a secret of the same name beside it."""
    root = tmp_path / "root"
    for name in ("root/videos", "outside"):
        (tmp_path / name).mkdir(parents=True)
    (root / "videos" / "a.mp4").write_bytes(b"medium")
    (tmp_path / "outside" / "a.mp4").write_bytes(b"secret")
    return root


@pytest.mark.parametrize("name", ["a.mp4", "テレビ 1.mp4", "100%+a&b.mp4", "index.html"])
def test_a_signed_url_gets_the_file(ask, name, medium):
    answer = ask(ask.sign(f"videos/{name}"))
    assert (answer.status, answer.body) == (200, medium)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.mp4", "video/mp4"),
        ("a.MP4", "video/mp4"),
        ("a.m3u8", "application/vnd.apple.mpegurl"),
        ("a.ts", "video/mp2t"),
        ("a.m4s", "video/iso.segment"),
        ("a.vtt", "text/vtt"),
        ("a.mp3", "audio/mpeg"),
        ("a.pdf", "application/pdf"),
        ("a.jpg", "image/jpeg"),
        ("a.unheard-of", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_content_types(name, expected):
    assert content_type(name) == expected


@pytest.mark.parametrize("target", ["/videos/a.mp4", "/videos/a%2Emp4", "/videos/%61.mp%34"])
def test_the_content_type_is_sent_in_whatever_spelling(ask, target):
    assert ask(ask.sign_all(target), "HEAD").headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    ("query", "header"),
    [
        ("attachment", "attachment"),
        ("attachment%3B%20filename%3D%22a%20b.mp4%22", 'attachment; filename="a b.mp4"'),
        ("attachment%3B%20filename%2A%3DUTF-8%27%27%25E3%2583%2586.mp4", "attachment; filename*=UTF-8''%E3%83%86.mp4"),
    ],
)
def test_the_disposition_that_was_signed(ask, query, header):
    answer = ask(ask.sign("videos/a.mp4", query=f"?response-content-disposition={query}"))
    assert (answer.status, answer.headers["Content-Disposition"]) == (200, header)


@pytest.mark.parametrize("query", ["a%0D%0ASet-Cookie:%20a=b", "a%00", "%E3%83%86"])
def test_a_disposition_that_is_no_header(ask, query):
    answer = ask(ask.sign("videos/a.mp4", query=f"?response-content-disposition={query}"))
    assert (answer.status, answer.headers["Set-Cookie"]) == (400, None)


def test_without_one_there_is_no_disposition(ask):
    assert ask(ask.sign("videos/a.mp4"), "HEAD").headers["Content-Disposition"] is None


def test_a_disposition_that_was_added_is_denied(ask):
    answer = ask(ask.sign("videos/a.mp4") + "&response-content-disposition=attachment")
    assert b"<Message>Access denied</Message>" in answer.body


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/nothing.mp4",
        "/videos",
        "/videos/",
        "/videos/a.mp4/",
        "/videos/a.mp4/b",
        "//videos/a.mp4",
        "/videos//a.mp4",
        "/../secret.txt",
        "/videos/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/videos/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/videos/../videos/a.mp4",
        "/way-out.txt",
        "/circle.txt",
        "/a%00.mp4",
        "/%ff.mp4",
        "/" + "a" * 300,
        "/videos/./a.mp4",
        "/videos/%2e/a.mp4",
        "/videos/%2E%2e/%2e%2E/secret.txt",
        "/videos/a.mp4.",
        "/videos/a.mp4%20",
        "/videos/a.mp4;v=1",
        "/videos/a.mp4%00",
        "/videos/a.mp4%00.txt",
        "/videos%5ca.mp4",
        "/%c0%ae%c0%ae/secret.txt",
        "/%c0%ae%c0%ae%c0%afsecret.txt",
        "/..%c0%afsecret.txt",
        "/%e0%80%ae%e0%80%ae/secret.txt",
        "/%uff0e%uff0e/secret.txt",
        "/%ef%bc%8e%ef%bc%8e/secret.txt",
        "///etc/passwd",
        "/%2fetc%2fpasswd",
        "/%2Fetc/passwd",
        "/file:///etc/passwd",
        "/~root/a",
        "/videos/A.MP4",
        "/%ED%A0%80",
    ],
)
def test_what_is_no_object_looks_as_s3_lets_it(ask, target):
    answer = ask(ask.sign_all(target))
    assert (answer.status, NO_OBJECT in answer.body) == (403, True)


def test_s3_speaks_for_itself(ask):
    answer = ask(ask.sign("nothing.mp4"))
    assert (answer.headers["Server"], answer.headers["Content-Type"]) == ("AmazonS3", "application/xml")


# links and other things that are no file


def test_a_link_within_the_root_names_its_file(folder):
    (folder / "link.mp4").symlink_to(folder / "videos" / "a.mp4")
    assert find_file(folder, "/link.mp4") == folder / "videos" / "a.mp4"


def test_a_linked_folder_within_the_root_names_its_files(folder):
    (folder / "linked").symlink_to("videos")
    assert find_file(folder, "/linked/a.mp4") == folder / "videos" / "a.mp4"


@pytest.mark.parametrize("target", [".", "..", "videos", "/", "/dev/null", "/dev/zero", "nowhere"])
def test_a_link_to_no_file_within_the_root(folder, target):
    (folder / "link").symlink_to(target)
    assert find_file(folder, "/link") is None


def test_a_linked_folder_outside_names_nothing(folder):
    (folder / "linked").symlink_to(folder.parent / "outside")
    assert find_file(folder, "/linked/a.mp4") is None


def test_a_folder_whose_name_begins_like_the_root_is_outside(folder):
    shutil.copytree(folder, f"{folder}-2")
    (folder / "linked").symlink_to(f"{folder}-2")
    assert find_file(folder, "/linked/videos/a.mp4") is None


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_fifo_names_no_file_and_nobody_waits_for_its_writer(folder, make_client, method):
    os.mkfifo(folder / "fifo")
    with make_client(folder) as client:
        assert client(client.sign("fifo"), method).status == 403


def test_a_socket_names_no_file(folder, monkeypatch):
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert find_file(folder, "/socket") is None


# files that vanish


def test_a_file_that_is_gone_before_it_is_opened(folder):
    request = Request.blank("/videos/a.mp4")
    assert send_file(request.environ, folder / "videos" / "b.mp4", None) is None


@pytest.mark.parametrize("error", [FileNotFoundError, PermissionError])
def test_a_file_that_cannot_be_opened_any_more(folder, error):
    request = Request.blank("/videos/a.mp4")
    with mock.patch("webob.static.open", side_effect=error, create=True):
        assert send_file(request.environ, folder / "videos" / "a.mp4", None) is None


def test_a_file_that_vanishes_looks_as_if_it_had_never_been(folder, make_client):
    def vanish(root, path):
        found = find_file(root, path)
        found.unlink()
        return found

    with make_client(folder) as client, mock.patch("collective.cfprivate.edge.app.find_file", vanish):
        answer = client(client.sign("videos/a.mp4"))
    assert (answer.status, NO_OBJECT in answer.body) == (403, True)


# the root


def test_a_root_that_vanishes(folder, make_client):
    with make_client(folder) as client:
        shutil.rmtree(folder)
        assert NO_OBJECT in client(client.sign("videos/a.mp4")).body


def test_a_root_that_comes_back(folder, make_client):
    with make_client(folder) as client:
        shutil.move(folder, f"{folder}-moved")
        client(client.sign("videos/a.mp4"))
        shutil.move(f"{folder}-moved", folder)
        assert client(client.sign("videos/a.mp4")).body == b"medium"


def test_a_root_that_is_a_link(folder, make_client):
    (folder.parent / "link").symlink_to(folder)
    with make_client(folder.parent / "link") as client:
        assert client(client.sign("videos/a.mp4")).body == b"medium"
