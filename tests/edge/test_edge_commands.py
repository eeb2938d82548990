"""The command `cfprivate edge` as a process of its own, and the console script around it."""

from click.testing import CliRunner
from collective.cfprivate import cli
from collective.cfprivate.cloudfront import CFPrivateError
from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from unittest import mock
from urllib.error import HTTPError
from urllib.request import urlopen

import click
import json
import pytest
import signal
import socket
import time


def test_it_says_where_it_listens(start, options):
    with start(*options) as (_, line):
        assert line.rpartition(":")[0] == "EDGE http://127.0.0.1"


def test_it_says_so_in_json(start, options):
    with start(*options, "--json") as (_, line):
        said = json.loads(line)
    assert (list(said), said["url"].rpartition(":")[0]) == (["url"], "http://127.0.0.1")


def test_the_json_names_the_url_that_answers(start, options):
    with start(*options, "--json") as (_, line), pytest.raises(HTTPError, match="403"):
        urlopen(json.loads(line)["url"], timeout=10)  # ruff: ignore[suspicious-url-open-usage]


def test_it_refuses_a_bare_url(start, options):
    with start(*options) as (_, line), pytest.raises(HTTPError, match="403"):
        urlopen(f"{line.removeprefix('EDGE ')}/videos/a.mp4", timeout=10)  # ruff: ignore[suspicious-url-open-usage]


def test_it_serves_a_signed_url(start, options, key, medium):
    with start(*options) as (_, line):
        url = Distribution(line.removeprefix("EDGE http://")).url("videos/a.mp4")
        signed = Signer(key).sign_url(url, Policy(url, int(time.time()) + 60))
        assert urlopen(signed, timeout=10).read() == medium  # ruff: ignore[suspicious-url-open-usage]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked(start, options, number):
    with start(*options) as (process, _):
        process.send_signal(number)
        assert process.wait(20) == 0


def test_it_leaves_nobody_behind(start, options):
    with start(*options) as (process, line):
        process.terminate()
        process.wait(20)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(line.rpartition(":")[2])), 10)


def test_its_log_has_no_signature(start, options, key):
    with start(*options) as (process, line):
        url = Distribution(line.removeprefix("EDGE http://")).url("videos/a.mp4")
        signed = Signer(key).sign_url(url, Policy(url, int(time.time()) + 60))
        urlopen(signed, timeout=10).close()  # ruff: ignore[suspicious-url-open-usage]
        process.terminate()
        log = process.communicate(timeout=20)[1]
    assert ("GET '/videos/a.mp4' 200" in log, "Signature" in log) == (True, False)


def test_a_port_in_use_is_one_line_and_2(run, options):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("edge", *options, "--port", port)
    assert (ended.returncode, ended.stderr.count("\n"), str(port) in ended.stderr) == (2, 1, True)


@pytest.mark.parametrize("text", ["", "rubbish", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"])
def test_a_bad_key_file_is_one_line_and_2(run, options, tmp_path, text):
    (tmp_path / "bad.pem").write_text(text)
    ended = run("edge", *options, "--key", f"K2={tmp_path / 'bad.pem'}")
    assert (ended.returncode, ended.stderr.count("\n"), ended.stdout) == (2, 1, "")


@pytest.mark.parametrize(("key_id", "name"), [("K2=", "/nowhere.pem"), ("K2", ""), ("K 2=", None), ("=", None)])
def test_a_bad_key_option_is_one_line_and_2(run, options, public, key_id, name):
    ended = run("edge", *options, "--key", key_id + (str(public) if name is None else name))
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--root", "/nowhere"],
        ["--port", "65536"],
        ["--cors", "http://a/b"],
        ["--cors", "a"],
        ["--cors-credentials"],
        ["--cors-credentials", "--cors", "*"],
    ],
)
def test_other_wrong_options_are_2(run, options, wrong):
    assert run("edge", *options, *wrong).returncode == 2


def test_a_key_id_is_given_once(run, options, public):
    ended = run("edge", *options, "--key", f"K2JCJMDEHXQW5F={public}")
    assert (ended.returncode, "same name" in ended.stderr) == (2, True)


def test_a_surplus_argument_is_2_and_not_shown(run, options):
    ended = run("edge", *options, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC")
    assert (ended.returncode, "MIIE" in ended.stderr) == (2, False)


def test_credentials_without_an_origin_say_what_is_wanted(run, options):
    assert "--cors with one origin" in run("edge", *options, "--cors-credentials").stderr


def test_credentials_are_allowed_to_the_origin(start, options):
    with start(*options, "--cors", "http://localhost:8080", "--cors-credentials") as (_, line):
        url = f"{line.removeprefix('EDGE ')}/videos/a.mp4"
        with pytest.raises(HTTPError) as raised:
            urlopen(url, timeout=10)  # ruff: ignore[suspicious-url-open-usage]
    assert raised.value.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("option", ["--root", "--key", "--port"])
def test_what_must_be_given(run, options, option):
    place = options.index(option)
    assert run("edge", *options[:place], *options[place + 2 :]).returncode == 2


def test_help_says_what_it_is_not(run):
    assert "This is not a CDN." in run("edge", "--help").stdout


def test_help_lists_the_commands(run):
    assert "edge" in run("--help").stdout


def test_an_unknown_command_is_2(run):
    assert run("nothing").returncode == 2


# the console script, with commands of our own


@click.command()
def failing():
    raise CFPrivateError("The first line.\nThe second.")


def entry_point(name, load):
    made = mock.Mock(load=mock.Mock(side_effect=load))
    made.name = name
    return made


@pytest.fixture
def commands():
    """Entry points in place of those of the installation, by name."""
    made = {
        "broken": entry_point("broken", ModuleNotFoundError("No module named 'lacking'")),
        "failing": entry_point("failing", lambda: failing),
        "other": entry_point("other", lambda: click.Command("other", callback=lambda: click.echo("done"))),
    }

    def find(group, name=None):
        return [point for point in made.values() if name in {None, point.name}]

    with mock.patch.object(cli, "entry_points", find):
        yield made


def invoke(*arguments):
    return CliRunner().invoke(cli.main, arguments)


def test_only_the_command_that_is_called_is_loaded(commands):
    invoke("other")
    assert [name for name, point in commands.items() if point.load.called] == ["other"]


def test_an_error_of_ours_is_one_line_and_1(commands):
    ended = invoke("failing")
    assert (ended.exit_code, ended.stderr) == (1, "Error: The first line. The second.\n")


def test_help_lists_also_what_cannot_be_loaded(commands):
    assert all(name in invoke("--help").stdout for name in commands)


@pytest.mark.parametrize("arguments", [["broken"], ["broken", "--option", "value"]])
def test_a_command_that_cannot_be_loaded_says_why(commands, arguments):
    ended = invoke(*arguments)
    assert (ended.exit_code, "No module named 'lacking'" in ended.stderr) == (1, True)
