"""The console script: one line or one object for whatever fails, and nothing that is secret."""

from click.testing import CliRunner
from collective.cfprivate import cli
from collective.cfprivate.cloudfront import InvalidURL
from command_line import COMMAND
from command_line import environment
from command_line import invoke
from command_line import run
from functools import partial
from unittest import mock

import click
import json
import os
import pytest
import signal
import subprocess


SECRET = "https://h.example/a?Expires=1&Signature=c2VjcmV0&Key-Pair-Id=K1"


def raising(error):
    def fail():
        raise error

    command = click.Command("fails", callback=fail, params=[click.Option(["--json"], is_flag=True, expose_value=False)])
    point = mock.Mock(load=lambda: command)
    point.name = "fails"
    return mock.patch.object(cli, "entry_points", lambda group, name=None: [point])


def end(error, *arguments):
    """The result of a command that raises `error`."""
    with raising(error):
        return CliRunner().invoke(cli.main, ["fails", *arguments])


ERRORS = [
    (InvalidURL("It is wrong."), "InvalidURL", 1, "It is wrong."),
    (click.ClickException("It is wrong."), "ClickException", 1, "It is wrong."),
    (click.UsageError("It is wrong."), "UsageError", 2, "It is wrong. Try 'cfprivate fails --help'."),
    (click.NoSuchOption("--x"), "UsageError", 2, "No such option '--x'. Try 'cfprivate fails --help'."),
    (OSError("The disk is full."), "OSError", 1, "The disk is full."),
]


@pytest.mark.parametrize(("error", "name", "code", "message"), ERRORS)
class TestErrors:
    def test_for_people(self, error, name, code, message):
        ended = end(error)
        assert (ended.exit_code, ended.stdout, ended.stderr) == (code, "", f"Error: {message}\n")

    def test_as_json(self, error, name, code, message):
        ended = end(error, "--json")
        assert (ended.exit_code, json.loads(ended.stdout), ended.stderr) == (
            code,
            {"error": name, "message": message},
            "",
        )


class TestMessages:
    def test_a_signature_is_taken_out(self):
        ended = end(InvalidURL(f"Found {SECRET} here."))
        assert ended.stderr == "Error: Found https://h.example/a?Expires=1&Signature=...&Key-Pair-Id=K1 here.\n"

    def test_also_as_json(self):
        assert "c2VjcmV0" not in end(InvalidURL(SECRET), "--json").stdout

    def test_also_that_of_a_cookie(self):
        assert "c2VjcmV0" not in end(InvalidURL("CloudFront-Signature=c2VjcmV0")).stderr

    @pytest.mark.parametrize("sign", ["\x1b", "\r", "\n", "\x9b", "\u202e"])
    def test_no_control_character_is_left(self, sign):
        assert end(InvalidURL(f"a{sign}b")).stderr == "Error: a b\n"

    def test_a_letter_of_another_language_is(self):
        assert end(InvalidURL("テレビ…")).stderr == "Error: テレビ…\n"

    @pytest.mark.parametrize("arguments", [[SECRET], ["sign", "a", SECRET], ["edge", SECRET], ["verify", SECRET]])
    def test_what_was_typed_in_the_wrong_place_is_not_shown(self, arguments):
        ended = invoke(*arguments)
        assert (ended.exit_code, "c2VjcmV0" in ended.output) == (2, False)


class TestGroup:
    def test_without_arguments_it_helps(self):
        ended = invoke()
        assert (ended.exit_code, "Usage: cfprivate" in ended.output) == (2, True)

    @pytest.mark.parametrize("name", ["sign", "verify", "cookies", "keygen", "edge"])
    def test_help_lists_the_command(self, name):
        assert f"  {name} " in invoke("--help").stdout

    @pytest.mark.parametrize("name", ["sign", "verify", "cookies", "keygen"])
    def test_each_has_an_example(self, name):
        ended = invoke(name, "--help")
        assert (ended.exit_code, "Example" in ended.stdout, f"    cfprivate {name} " in ended.stdout) == (0, True, True)

    @pytest.mark.parametrize("arguments", [["--unknown"], ["nothing"], ["nothing", "--json"], ["--json"]])
    def test_what_is_not_there_is_2(self, arguments):
        ended = invoke(*arguments)
        assert (ended.exit_code, ended.output.count("\n")) == (2, 1)

    def test_an_unknown_command_as_json(self):
        assert json.loads(invoke("nothing", "--json").stdout)["error"] == "UsageError"

    def test_an_option_of_the_group_as_json(self):
        assert json.loads(invoke("--unknown", "sign", "--json").stdout)["error"] == "UsageError"

    def test_a_key_is_refused_before_anything_is_read(self):
        ended = invoke("nothing", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n")
        assert (ended.exit_code, "c2VjcmV0" in ended.stderr, "standard input" in ended.stderr) == (2, False, True)


class TestProcess:
    KEYGEN = ("keygen", "--algorithm", "ec", "--private-key")

    def test_a_reader_that_left_is_silent(self, tmp_path):
        command = [*COMMAND, *self.KEYGEN, str(tmp_path / "a.pem")]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, env=environment(), text=True, **streams) as process:
            process.stdout.close()
            assert (process.stderr.read(), process.wait(60)) == ("", 1)

    def test_nor_does_an_error_as_json_mind(self):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen([*COMMAND, "nothing", "--json"], env=environment(), text=True, **streams) as process:
            process.stdout.close()
            assert (process.stderr.read(), process.wait(60)) == ("", 1)

    def test_a_full_disk_is_no_traceback(self, tmp_path):
        with open("/dev/full", "w") as full:
            command = [*COMMAND, *self.KEYGEN, str(tmp_path / "a.pem")]
            ended = subprocess.run(
                command, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
            )
        assert (ended.returncode != 0, "No space left" in ended.stderr, "Traceback" in ended.stderr) == (
            True,
            True,
            False,
        )

    def test_a_full_disk_is_no_traceback_with_json_too(self, tmp_path):
        with open("/dev/full", "w") as full:
            command = [*COMMAND, *self.KEYGEN, str(tmp_path / "a.pem"), "--json"]
            ended = subprocess.run(
                command, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
            )
        assert (ended.returncode != 0, "Traceback" in ended.stderr) == (True, False)

    def test_ctrl_c_is_one_line(self, tmp_path):
        os.mkfifo(tmp_path / "public.pem")
        command = [*COMMAND, "verify", "https://h.example/a", "--public-key", f"K1={tmp_path / 'public.pem'}"]
        # A shell that runs the tests in the background has them, and what they start, ignore it.
        heard = {"preexec_fn": partial(signal.signal, signal.SIGINT, signal.SIG_DFL)}
        with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True, **heard) as process:
            # Opens as soon as the command waits for the key.
            with open(tmp_path / "public.pem", "w"):
                process.send_signal(signal.SIGINT)
                errors = process.communicate(timeout=60)[1]
            assert (process.returncode, errors.split()) == (1, ["Aborted!"])

    def test_a_wrong_use(self):
        ended = run("sign")
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
