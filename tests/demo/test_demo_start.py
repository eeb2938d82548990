"""One command, from nothing to something to watch, and back to nothing."""

from running_demo import RunningDemo
from types import SimpleNamespace

import pytest
import requests
import signal
import socket


pytestmark = pytest.mark.demo


@pytest.fixture(scope="module")
def resumed(first_start, tmp_path_factory):
    """A first start that was ended between its steps goes on: at other ports, behind a proxy that reaches nothing.

    What was seen of it, until it was ended as Ctrl-C does.
    """
    demo = first_start.demo(tmp_path_factory.mktemp("resumed") / "var")
    (demo.var / "demo.json").unlink()
    demo.environ |= {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    demo.start()
    seen = SimpleNamespace(lines=demo.lines, edge=demo.edge)
    seen.links = {login: stable_link(demo, login, allow_redirects=False) for login in ("manager", "viewer")}
    seen.content = stable_link(demo, "viewer", headers={"Range": "bytes=4-7"}).content
    seen.code = demo.stop(signal.SIGINT)
    seen.left = demo.processes()
    return seen


def stable_link(demo, login, **options):
    return requests.get(f"{demo.talk}/@@media", auth=demo.auth(login), timeout=60, **options)


def said(lines, word):
    return [line for line in lines if line.startswith(f"{word} ")]


class TestFirstStart:
    """From nothing, ended by TERM."""

    @pytest.fixture
    def seen(self, first_start):
        return first_start.seen

    def test_it_makes_the_site(self, seen):
        assert any(line.startswith("Making") for line in seen.lines)

    def test_it_ends_with_ready(self, seen):
        assert seen.lines[-1].startswith("READY http://127.0.0.1:")

    def test_it_names_the_edge(self, seen):
        assert len(said(seen.lines, "EDGE")) == 1

    @pytest.mark.parametrize("login", ["manager", "editor", "viewer", "member"])
    def test_it_names_each_account_with_password_and_rights(self, seen, login):
        assert [len(line.split(" ", 3)) for line in said(seen.lines, "ACCOUNT") if line.split()[1] == login] == [4]

    def test_it_names_an_item_of_each_kind(self, seen):
        kinds = ["mp4", "hls", "audio", "image", "document"]
        assert [line.split()[1] for line in said(seen.lines, "DEMO")] == kinds

    def test_zope_edge_and_store_are_processes_of_their_own(self, seen):
        assert len(seen.serving) == 4  # the command, Zope, the edge and the store

    def test_stopping_it_is_no_error(self, seen):
        assert seen.code == 0

    def test_no_process_is_left_behind(self, seen):
        assert seen.left == []


class TestSecondStart:
    """The demo of the other tests: all that the first start left, at the same ports."""

    def test_it_reuses_accounts_and_items(self, first_start, demo):
        assert [said(demo.lines, word) for word in ("ACCOUNT", "DEMO")] == [
            said(first_start.seen.lines, word) for word in ("ACCOUNT", "DEMO")
        ]

    def test_it_does_not_make_the_site_again(self, demo):
        assert not any(line.startswith("Making") for line in demo.lines)

    def test_the_page_answers(self, demo):
        assert requests.get(demo.talk, timeout=60).status_code == 200

    def test_the_key_still_opens(self, demo):
        assert stable_link(demo, "viewer", headers={"Range": "bytes=0-9"}).status_code == 206


def test_a_port_in_use_is_named(tmp_path):
    demo = RunningDemo(tmp_path / "var")
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", demo.plone_port))
        occupied.listen()
        demo.start()
    assert f"Port {demo.plone_port} cannot be used" in demo.lines[0]


def test_a_port_in_use_leaves_no_files(tmp_path):
    demo = RunningDemo(tmp_path / "var")
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", demo.edge_port))
        occupied.listen()
        demo.start()
    assert not demo.var.exists()


def test_one_port_for_both_servers_is_refused(tmp_path):
    demo = RunningDemo(tmp_path / "var")
    demo.edge_port = demo.plone_port
    demo.start()
    assert "choose different ports" in demo.lines[0]


class TestInterrupted:
    def test_it_becomes_ready(self, resumed):
        assert resumed.lines[-1].startswith("READY")

    @pytest.mark.parametrize("login", ["manager", "viewer"])
    def test_the_printed_passwords_are_the_right_ones(self, resumed, login):
        assert resumed.links[login].status_code == 302

    def test_the_edge_still_trusts_the_key(self, resumed):
        assert resumed.content == b"ftyp"

    def test_ctrl_c_is_no_error(self, resumed):
        assert resumed.code == 0

    def test_no_process_is_left_behind(self, resumed):
        assert resumed.left == []


class TestOtherPorts:
    """A site that was made for one edge must not sign for it when the demo has another."""

    def test_a_changed_edge_port_has_the_site_made_again(self, first_start, tmp_path):
        demo = first_start.demo(tmp_path / "var")
        demo.start(until="Making")
        demo.stop()
        assert demo.lines[-1].startswith("Making")

    def test_a_site_that_is_made_again_signs_for_the_new_edge(self, resumed):
        assert resumed.links["viewer"].headers["Location"].startswith(f"{resumed.edge}/")
