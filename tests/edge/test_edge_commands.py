"""The command `cfprivate edge` as a process of its own, and the console script around it."""

from click.testing import CliRunner
from collective.cfprivate import cli
from collective.cfprivate.cloudfront import CFPrivateError
from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from unittest import mock
from urllib.error import HTTPError
from urllib.request import urlopen

import click
import os
import pytest
import signal
import socket
import subprocess
import sys
import time


SCRIPT = "from collective.cfprivate.cli import main; main()"
ENTRY_POINTS = "[collective.cfprivate.commands]\nedge = collective.cfprivate.edge.commands:edge\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The environment of a process that finds the command, also where the package is not installed."""
    folder = tmp_path_factory.mktemp("site")
    if not entry_points(group=cli.GROUP, name="edge"):
        metadata = folder / "collective_cfprivate-0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: collective.cfprivate\nVersion: 0\n")
        (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    source = Path(cli.__file__).parents[2]
    paths = [str(source), str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture(scope="module")
def public(tmp_path_factory, key):
    path = tmp_path_factory.mktemp("public") / "public.pem"
    path.write_text(key.public_pem)
    return path


@pytest.fixture
def options(root, key, public):
    return ["--root", str(root), "--key", f"{key.key_id}={public}", "--port", "0"]


@pytest.fixture
def run(environment):
    """Runs `cfprivate` to its end."""

    def run(*arguments):
        command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def start(environment):
    """A context manager: `cfprivate edge` and the first line that it prints."""

    @contextmanager
    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, "edge", *map(str, arguments)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()
            process.communicate()

    return start


def test_it_says_where_it_listens(start, options):
    with start(*options) as (_, line):
        assert line.rpartition(":")[0] == "EDGE http://127.0.0.1"


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
    "wrong", [["--root", "/nowhere"], ["--port", "65536"], ["--cors", "http://a/b"], ["--cors", "a"]]
)
def test_other_wrong_options_are_2(run, options, wrong):
    assert run("edge", *options, *wrong).returncode == 2


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
