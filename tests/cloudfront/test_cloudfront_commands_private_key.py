"""Where the commands find a private key and its passphrase, and that they never show them."""

from collective.cfprivate.cloudfront.commands import files
from collective.cfprivate.cloudfront.commands import private_key
from command_line import COMMAND
from command_line import environment
from command_line import invoke
from command_line import run
from unittest import mock

import json
import os
import pty
import pytest
import select
import subprocess
import time


URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
ID = ["--key-pair-id", "K2JCJMDEHXQW5F"]
SIGN = ["sign", URL, "--expires", "1900000000", *ID]
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def signed(boto):
    """What each way to the key has to print."""
    return boto["cases"][0]["signed_url"] + "\n"


@pytest.fixture
def pem(boto):
    return boto["private_key_pem"]


@pytest.fixture
def plain(tmp_path, pem):
    path = tmp_path / "private.pem"
    path.write_text(pem)
    return path


@pytest.fixture(scope="session")
def encrypted_pem(key):
    return key.private_pem(PASSPHRASE)


@pytest.fixture
def encrypted(tmp_path, encrypted_pem):
    path = tmp_path / "encrypted.pem"
    path.write_text(encrypted_pem)
    return path


@pytest.fixture
def passphrase(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\nanother line\n")
    return path


def lines(pem):
    """The lines of a key that tell something of it."""
    return [line for line in pem.splitlines() if "-----" not in line]


def shows(ended, *secrets):
    """Whether one of `secrets`, or a line of a key among them, is in the output."""
    output = ended.stdout + ended.stderr
    return any(piece in output for secret in secrets for piece in lines(secret))


class TestSources:
    def test_a_file(self, plain, signed):
        assert invoke(*SIGN, "--private-key", plain).stdout == signed

    def test_standard_input(self, pem, signed):
        assert invoke(*SIGN, "--private-key", "-", given=pem).stdout == signed

    def test_the_text_in_the_environment(self, pem, signed):
        assert invoke(*SIGN, CFPRIVATE_PRIVATE_KEY=pem).stdout == signed

    def test_a_file_named_in_the_environment(self, plain, signed):
        assert invoke(*SIGN, CFPRIVATE_PRIVATE_KEY_FILE=str(plain)).stdout == signed

    def test_the_id_in_the_environment(self, plain, signed):
        arguments = ["sign", URL, "--expires", "1900000000", "--private-key", plain]
        assert invoke(*arguments, CFPRIVATE_KEY_PAIR_ID="K2JCJMDEHXQW5F").stdout == signed

    def test_an_option_counts_more_than_the_environment(self, plain, signed):
        ended = invoke(*SIGN, "--private-key", plain, CFPRIVATE_PRIVATE_KEY="rubbish", CFPRIVATE_KEY_PAIR_ID="K0")
        assert ended.stdout == signed

    def test_empty_variables_count_as_none(self, plain, signed):
        ended = invoke(*SIGN, CFPRIVATE_PRIVATE_KEY="", CFPRIVATE_PRIVATE_KEY_FILE=str(plain), CFPRIVATE_PASSPHRASE="")
        assert ended.stdout == signed

    def test_two_in_the_environment_are_refused(self, plain, pem):
        ended = invoke(*SIGN, CFPRIVATE_PRIVATE_KEY=pem, CFPRIVATE_PRIVATE_KEY_FILE=str(plain))
        assert (ended.exit_code, "both" in ended.stderr, shows(ended, pem)) == (2, True, False)

    def test_none_is_refused(self):
        ended = invoke(*SIGN)
        assert (ended.exit_code, "no private key" in ended.stderr, ended.stderr.count("\n")) == (2, True, 1)

    def test_without_an_id_it_is_wrong_use(self, plain):
        ended = invoke("sign", URL, "--private-key", plain)
        assert (ended.exit_code, "--key-pair-id" in ended.stderr) == (2, True)

    @pytest.mark.parametrize("name", ["nowhere.pem", ".", "", "a" * 5000])
    def test_a_file_that_cannot_be_read_is_2(self, name):
        ended = invoke(*SIGN, "--private-key", name)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)

    def test_the_message_says_which_variable_is_wrong(self):
        ended = invoke(*SIGN, CFPRIVATE_PRIVATE_KEY_FILE="nowhere.pem")
        assert (ended.exit_code, "CFPRIVATE_PRIVATE_KEY_FILE" in ended.stderr) == (2, True)

    def test_a_file_without_an_end_is_refused(self):
        ended = invoke(*SIGN, "--private-key", "/dev/zero")
        assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)

    @pytest.mark.parametrize("change", [str.lower, lambda pem: pem[:800], lambda pem: "", lambda pem: pem * 2])
    def test_a_key_that_is_refused_is_1(self, pem, change):
        ended = invoke(*SIGN, "--private-key", "-", given=change(pem))
        assert (ended.exit_code, ended.stdout, shows(ended, pem)) == (1, "", False)


@pytest.mark.parametrize("option", ["--hash", "--lifetime", "--expires", "--starts"])
def test_a_line_of_the_key_as_a_value_is_2_and_not_shown(plain, pem, option):
    line = pem.splitlines()[3]
    ended = invoke("sign", URL, *ID, "--private-key", plain, option, line)
    assert (ended.exit_code, shows(ended, line)) == (2, False)


class TestProcess:
    def test_standard_input(self, pem, signed):
        assert run(*SIGN, "--private-key", "-", given=pem).stdout == signed

    def test_the_environment(self, pem, signed):
        assert run(*SIGN, environ={"CFPRIVATE_PRIVATE_KEY": pem}).stdout == signed

    def test_closed_standard_input_is_one_line_and_2(self):
        command = ["sh", "-c", '"$@" <&-', "sh", *COMMAND, *SIGN, "--private-key", "-"]
        ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
        assert (ended.returncode, ended.stderr.count("\n"), "closed" in ended.stderr) == (2, 1, True)

    def test_a_file_does_not_need_standard_input(self, plain, signed):
        command = ["sh", "-c", '"$@" <&-', "sh", *COMMAND, *SIGN, "--private-key", str(plain)]
        ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
        assert ended.stdout == signed


class TestPassphrase:
    def test_a_file(self, encrypted, passphrase, signed):
        assert invoke(*SIGN, "--private-key", encrypted, "--passphrase-file", passphrase).stdout == signed

    @pytest.mark.parametrize("end", ["", "\n", "\r\n"])
    def test_the_end_of_its_line_is_none_of_it(self, encrypted, passphrase, signed, end):
        passphrase.write_bytes((PASSPHRASE + end).encode())
        assert invoke(*SIGN, "--private-key", encrypted, "--passphrase-file", passphrase).stdout == signed

    def test_the_environment(self, encrypted, signed):
        assert invoke(*SIGN, "--private-key", encrypted, CFPRIVATE_PASSPHRASE=PASSPHRASE).stdout == signed

    def test_a_file_counts_more_than_the_environment(self, encrypted, passphrase, signed):
        options = ["--private-key", encrypted, "--passphrase-file", passphrase]
        assert invoke(*SIGN, *options, CFPRIVATE_PASSPHRASE="wrong").stdout == signed

    def test_bytes_that_are_no_text(self, key, tmp_path, signed):
        secret = b"caf\xe9"
        (tmp_path / "latin.pem").write_text(key.private_pem(secret))
        command = [*COMMAND, *SIGN, "--private-key", str(tmp_path / "latin.pem")]
        environ = environment() | {"CFPRIVATE_PASSPHRASE": os.fsdecode(secret)}
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
        assert ended.stdout == signed

    @pytest.mark.parametrize("text", ["", "\n", "\r\nnot the first line\n"])
    def test_an_empty_line_is_2(self, plain, passphrase, text):
        passphrase.write_text(text)
        ended = invoke(*SIGN, "--private-key", plain, "--passphrase-file", passphrase)
        assert (ended.exit_code, "empty" in ended.stderr) == (2, True)

    def test_too_long_is_2(self, encrypted, passphrase):
        passphrase.write_text("x" * 1024)
        ended = invoke(*SIGN, "--private-key", encrypted, "--passphrase-file", passphrase)
        assert (ended.exit_code, "x" * 9 in ended.stderr) == (2, False)

    def test_no_file_is_2(self, encrypted):
        ended = invoke(*SIGN, "--private-key", encrypted, "--passphrase-file", "nowhere")
        assert (ended.exit_code, "--passphrase-file" in ended.stderr) == (2, True)

    @pytest.mark.parametrize("wrong", [{}, {"CFPRIVATE_PASSPHRASE": "wrong horse"}])
    def test_none_and_a_wrong_one_are_1(self, encrypted, encrypted_pem, wrong):
        ended = invoke(*SIGN, "--private-key", encrypted, **wrong)
        assert (ended.exit_code, shows(ended, encrypted_pem, "wrong horse")) == (1, False)

    def test_one_that_is_not_needed_is_1(self, plain, pem):
        ended = invoke(*SIGN, "--private-key", plain, CFPRIVATE_PASSPHRASE=PASSPHRASE)
        assert (ended.exit_code, shows(ended, pem, PASSPHRASE)) == (1, False)


class Terminal:
    """A process whose standard input, output and errors are a terminal."""

    def __init__(self, *arguments):
        self.ours, theirs = pty.openpty()
        command = [*COMMAND, *map(str, arguments)]
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        self.process = subprocess.Popen(command, env=environment(), start_new_session=True, **streams)
        os.close(theirs)
        self.screen = ""

    def read_until(self, text):
        """Wait for `text`, or the end of the process where it is None."""
        limit = time.monotonic() + 60
        while text is None or text not in self.screen:
            assert time.monotonic() < limit, self.screen
            if select.select([self.ours], [], [], 1)[0] and not self._read():
                return

    def _read(self):
        try:
            data = os.read(self.ours, 4096)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.screen += data.decode()
        return True

    def type(self, text):
        os.write(self.ours, text.encode())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait(60)
        os.close(self.ours)


class TestTerminal:
    def test_a_passphrase_is_asked_for_and_not_shown(self, encrypted, signed):
        with Terminal(*SIGN, "--private-key", encrypted) as terminal:
            terminal.read_until("Passphrase of the private key: ")
            terminal.type(f"{PASSPHRASE}\n")
            terminal.read_until(None)
            code = terminal.process.wait(60)
        assert (code, signed.strip() in terminal.screen, PASSPHRASE in terminal.screen) == (0, True, False)

    def test_a_wrong_one_is_1(self, encrypted):
        with Terminal(*SIGN, "--private-key", encrypted) as terminal:
            terminal.read_until("Passphrase of the private key: ")
            terminal.type("wrong horse\n")
            terminal.read_until(None)
            code = terminal.process.wait(60)
        assert (code, "passphrase is wrong" in terminal.screen, "wrong horse" in terminal.screen) == (1, True, False)

    def test_none_is_asked_for_a_plain_key(self, plain, signed):
        with Terminal(*SIGN, "--private-key", plain) as terminal:
            terminal.read_until(None)
            code = terminal.process.wait(60)
        assert (code, terminal.screen) == (0, signed.replace("\n", "\r\n"))

    def test_leaving_at_the_question_is_one_line(self, encrypted):
        with Terminal(*SIGN, "--private-key", encrypted) as terminal:
            terminal.read_until("Passphrase of the private key: ")
            terminal.type("\x04")
            terminal.read_until(None)
            code = terminal.process.wait(60)
        assert (code, "Aborted!" in terminal.screen, "Traceback" in terminal.screen) == (1, True, False)


class TestInThisProcess:
    """The same without a process, for whoever measures coverage."""

    def test_a_passphrase_is_asked_for(self, encrypted, signed):
        terminal = mock.Mock(isatty=lambda: True)
        with mock.patch.object(private_key, "sys", mock.Mock(stdin=terminal)):
            ended = invoke(*SIGN, "--private-key", encrypted, given=f"{PASSPHRASE}\n")
        assert (ended.stdout, PASSPHRASE in ended.output) == (signed, False)

    def test_closed_standard_input_is_wrong_use(self):
        with mock.patch.object(files, "sys", mock.Mock(stdin=None)):
            ended = invoke(*SIGN, "--private-key", "-")
        assert (ended.exit_code, "closed" in ended.stderr) == (2, True)


class TestNeverAnArgument:
    @pytest.mark.parametrize("command", [["sign", URL], ["cookies", URL], ["verify", URL], ["keygen"]])
    @pytest.mark.parametrize("form", [["--private-key", "{}"], ["--private-key={}"], ["{}"], ["--public-key", "K1={}"]])
    def test_the_text_of_a_key_is_2_and_not_shown(self, pem, command, form):
        ended = invoke(*command, *(word.format(pem) for word in form))
        assert (ended.exit_code, ended.stdout, shows(ended, pem), "PRIVATE" in ended.stderr) == (2, "", False, True)

    def test_nor_where_the_shell_takes_it_apart(self, pem):
        ended = invoke("sign", URL, "--private-key", *pem.split())
        assert (ended.exit_code, shows(ended, pem)) == (2, False)

    def test_nor_as_json(self, pem):
        ended = invoke("sign", URL, "--private-key", pem, "--json")
        assert (json.loads(ended.stdout)["error"], shows(ended, pem)) == ("UsageError", False)

    def test_nor_without_its_first_line(self, pem):
        ended = invoke(*SIGN, "--private-key", "\n".join(lines(pem)))
        assert (ended.exit_code, shows(ended, pem)) == (2, False)

    def test_nor_in_the_variable_for_the_file(self, pem):
        ended = invoke(*SIGN, CFPRIVATE_PRIVATE_KEY_FILE=pem)
        assert (ended.exit_code, shows(ended, pem)) == (2, False)

    def test_nor_as_the_id(self, pem):
        ended = invoke("sign", URL, "--private-key", "-", given=pem, CFPRIVATE_KEY_PAIR_ID=pem)
        assert (ended.exit_code, shows(ended, pem)) == (1, False)

    def test_a_process_does_not_show_it_either(self, pem):
        ended = run("sign", URL, pem)
        assert (ended.returncode, ended.stderr.count("\n"), shows(ended, pem)) == (2, 1, False)
