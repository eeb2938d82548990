"""One command, from nothing to something to watch, and back to nothing."""

from running_demo import RunningDemo

import pytest
import requests
import shutil
import signal
import socket


pytestmark = pytest.mark.demo


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """A demo that was started, ended by TERM, started again, and ended as Ctrl-C does: what was seen on the way."""
    demo = RunningDemo(tmp_path_factory.mktemp("life") / "var")
    seen = {}
    demo.start()
    seen["first"] = list(demo.lines)
    seen["serving"] = demo.processes()
    seen["first code"] = demo.stop(signal.SIGTERM)
    seen["after term"] = demo.processes()
    demo.start()
    seen["second"] = list(demo.lines)
    seen["seconds"] = demo.seconds
    seen["page"] = requests.get(demo.talk, timeout=60).status_code
    seen["signed"] = requests.get(
        f"{demo.talk}/@@media", auth=demo.auth("viewer"), headers={"Range": "bytes=0-9"}, timeout=60
    ).status_code
    seen["second code"] = demo.stop(signal.SIGINT)
    seen["after interrupt"] = demo.processes()
    return seen


def said(lines, word):
    return [line for line in lines if line.startswith(f"{word} ")]


def test_it_ends_with_ready(life):
    assert life["first"][-1].startswith("READY http://127.0.0.1:")


def test_it_names_the_edge(life):
    assert len(said(life["first"], "EDGE")) == 1


@pytest.mark.parametrize("login", ["manager", "editor", "viewer", "member"])
def test_it_names_each_account_with_password_and_rights(life, login):
    assert [len(line.split(" ", 3)) for line in said(life["first"], "ACCOUNT") if line.split()[1] == login] == [4]


def test_it_names_an_item_that_plays(life):
    assert [line.split()[1] for line in said(life["first"], "DEMO")] == ["mp4"]


def test_zope_and_edge_are_processes_of_their_own(life):
    assert len(life["serving"]) == 3  # the command, Zope and the edge


@pytest.mark.parametrize("code", ["first code", "second code"])
def test_stopping_it_is_no_error(life, code):
    assert life[code] == 0


@pytest.mark.parametrize("moment", ["after term", "after interrupt"])
def test_no_process_is_left_behind(life, moment):
    assert life[moment] == []


def test_a_second_start_reuses_accounts_and_items(life):
    assert [said(life["second"], word) for word in ("ACCOUNT", "DEMO")] == [
        said(life["first"], word) for word in ("ACCOUNT", "DEMO")
    ]


def test_a_second_start_does_not_make_the_site_again(life):
    assert not any(line.startswith("Making") for line in life["second"])


def test_after_a_second_start_the_page_answers(life):
    assert life["page"] == 200


def test_after_a_second_start_the_key_still_opens(life):
    assert life["signed"] == 206


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
    assert "choose two different ports" in demo.lines[0]


class TestInterrupted:
    """The first start ended between its steps; the next one goes on, behind a proxy that reaches nothing."""

    @pytest.fixture(scope="class")
    def resumed(self, life, tmp_path_factory):
        var = tmp_path_factory.mktemp("resumed") / "var"
        shutil.copytree(next(tmp_path_factory.getbasetemp().glob("life*")) / "var", var)
        (var / "demo.json").unlink()
        demo = RunningDemo(var)
        demo.environ = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        yield demo.start()
        demo.stop()

    def test_it_becomes_ready(self, resumed):
        assert resumed.lines[-1].startswith("READY")

    @pytest.mark.parametrize("login", ["manager", "viewer"])
    def test_the_printed_passwords_are_the_right_ones(self, resumed, login):
        answer = requests.get(f"{resumed.talk}/@@media", auth=resumed.auth(login), allow_redirects=False, timeout=60)
        assert answer.status_code == 302

    def test_the_edge_still_trusts_the_key(self, resumed):
        headers = {"Range": "bytes=4-7"}
        answer = requests.get(f"{resumed.talk}/@@media", auth=resumed.auth("viewer"), headers=headers, timeout=60)
        assert answer.content == b"ftyp"


def test_a_changed_edge_port_is_told_to_the_site(life, tmp_path_factory):
    """The demo of ``life`` is down; starting it on other ports must not sign for the old edge."""
    demo = RunningDemo(next(tmp_path_factory.getbasetemp().glob("life*")) / "var").start()
    location = requests.get(
        f"{demo.talk}/@@media", auth=demo.auth("viewer"), allow_redirects=False, timeout=60
    ).headers["Location"]
    demo.stop()
    assert location.startswith(f"{demo.edge}/")
