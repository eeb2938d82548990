"""The command under load: many clients at once, slow ones, and files that shrink while they are sent."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextlib import contextmanager
from http.client import HTTPConnection
from http.client import IncompleteRead
from threading import Barrier

import os
import pytest
import socket
import time


CLIENTS = 50
SLOW = 50
LARGE = 64 * 1024 * 1024  # more than waitress keeps for a client before it lets a thread wait


@pytest.fixture
def folder(tmp_path):
    """A large file and a small one."""
    (tmp_path / "large.mp4").touch()
    os.truncate(tmp_path / "large.mp4", LARGE)
    (tmp_path / "small.mp4").write_bytes(b"small")
    return tmp_path


@contextmanager
def begun(client, target, **headers):
    """An answer of which only the head was read."""
    with closing(HTTPConnection("127.0.0.1", client.port, timeout=20)) as connection:
        connection.request("GET", target, headers=headers)
        yield connection.getresponse()


def slow_reader(client, target, headers):
    """A socket that has read the first bytes of the answer and reads no more."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.settimeout(20)
    slow.connect(("127.0.0.1", client.port))
    slow.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n{headers}\r\n".encode())
    assert slow.recv(12) in {b"HTTP/1.1 200", b"HTTP/1.1 206"}
    return slow


def test_fifty_clients_at_once(make_command_client, medium):
    barrier = Barrier(CLIENTS, timeout=60)
    with make_command_client() as client:
        cookie = "; ".join(client.sign_cookies("videos/a.mp4"))
        signed = client.sign("videos/a.mp4")
        requests = [
            (signed, {}, 200, medium),
            (signed, {"Range": "bytes=1000-100999"}, 206, medium[1000:101000]),
            (signed, {"Range": "bytes=-77"}, 206, medium[-77:]),
            ("/videos/a.mp4", {"Cookie": cookie}, 200, medium),
            (signed, {"If_None_Match": "*"}, 304, b""),
            ("/videos/a.mp4?Key-Pair-Id=K2JCJMDEHXQW5F", {}, 403, None),
        ]

        def ask_all(number):
            barrier.wait()
            first = number % len(requests)
            for target, headers, status, body in requests[first:] + requests[:first]:
                answer = client(target, **headers)
                if answer.status != status or body not in {None, answer.body}:
                    return f"{status} wanted, {answer.status} of {len(answer.body)} bytes found"
            return "right"

        with ThreadPoolExecutor(CLIENTS) as pool:
            assert list(pool.map(ask_all, range(CLIENTS))) == ["right"] * CLIENTS


@pytest.mark.parametrize("headers", ["", "Range: bytes=0-\r\n", "Range: bytes=1-\r\n"], ids=["whole", "all", "range"])
def test_slow_readers_do_not_keep_others_waiting(make_command_client, folder, headers):
    with make_command_client("--root", folder) as client:
        target = client.sign("large.mp4")
        slow = [slow_reader(client, target, headers) for _ in range(SLOW)]
        try:
            assert client(client.sign("small.mp4")).body == b"small"
        finally:
            for reader in slow:
                reader.close()


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=10-"}], ids=["whole", "range"])
def test_a_file_that_shrinks_while_it_is_sent_ends_the_connection_only(make_command_client, folder, headers):
    with make_command_client("--root", folder) as client:
        with begun(client, client.sign("large.mp4"), **headers) as answer, pytest.raises(IncompleteRead):
            os.truncate(folder / "large.mp4", 1000)
            answer.read()
        assert client(client.sign("large.mp4")).body == bytes(1000)


def test_a_file_that_is_removed_while_it_is_sent_arrives_whole(make_command_client, folder):
    with make_command_client("--root", folder) as client, begun(client, client.sign("large.mp4")) as answer:
        (folder / "large.mp4").unlink()
        assert len(answer.read()) == LARGE


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="shows the open files only on Linux")
def test_a_client_that_goes_away_leaves_no_file_open(make_command_client, folder):
    def is_open(pid):
        names = os.listdir(f"/proc/{pid}/fd")
        return any(os.path.realpath(f"/proc/{pid}/fd/{name}") == str(folder / "large.mp4") for name in names)

    with make_command_client("--root", folder) as client:
        with begun(client, client.sign("large.mp4")):
            assert is_open(client.pid)
        deadline = time.monotonic() + 20
        while is_open(client.pid) and time.monotonic() < deadline:
            client(client.sign("small.mp4"))
        assert not is_open(client.pid)
