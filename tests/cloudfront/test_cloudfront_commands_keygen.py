"""`cfprivate keygen`: keys that others read, in files that nobody else reads and that were not there before."""

from collective.cfprivate.cloudfront.commands import files
from command_line import COMMAND
from command_line import environment
from command_line import invoke
from command_line import run
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from leave_out import leave_out
from unittest import mock

import base64
import json
import os
import pytest
import re
import shutil
import stat
import subprocess


URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
PASSPHRASE = "correct horse battery"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def openssl():
    """Runs OpenSSL, which knows nothing of our code."""
    program = shutil.which("openssl")
    if program is None:
        leave_out("There is no openssl here.")

    def run_openssl(*arguments, **options):
        return subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=60, **options)

    return run_openssl


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


KEYGEN = ["keygen", "--private-key", "private.pem"]
BOTH = [*KEYGEN, "--public-key", "public.pem"]


class TestKeys:
    @pytest.mark.parametrize(
        ("algorithm", "found"),
        [
            ([], b"Private-Key: (2048 bit"),
            (["--algorithm", "rsa"], b"2048 bit"),
            (["--algorithm", "EC"], b"prime256v1"),
        ],
    )
    def test_openssl_reads_them(self, folder, openssl, algorithm, found):
        invoke(*BOTH, *algorithm)
        assert found in openssl("pkey", "-in", "private.pem", "-text", "-noout", check=True).stdout

    @pytest.mark.parametrize("algorithm", ["rsa", "ec"])
    def test_the_halves_fit(self, folder, openssl, algorithm):
        invoke(*BOTH, "--algorithm", algorithm)
        public = openssl("pkey", "-in", "private.pem", "-pubout", check=True).stdout
        assert (folder / "public.pem").read_bytes() == public

    def test_each_is_new(self, folder):
        keys = {invoke("keygen", "--private-key", f"{number}.pem", "--algorithm", "ec").stdout for number in range(3)}
        assert len(keys) == 3

    @pytest.mark.parametrize("algorithm", ["rsa", "ec"])
    @pytest.mark.parametrize("hash_algorithm", ["sha1", "sha256"])
    def test_keygen_sign_verify(self, folder, openssl, algorithm, hash_algorithm):
        run(*BOTH, "--algorithm", algorithm)
        options = ["--key-pair-id", "K1", "--private-key", "private.pem", "--expires", "1900000000"]
        signed = run("sign", URL, "--hash", hash_algorithm, *options).stdout
        verdict = run("verify", "-", "--public-key", "K1=public.pem", "--at", "1899999999", given=signed)
        signature = re.search(r"Signature=([^&]+)", signed)[1].translate(str.maketrans("-_~", "+=/"))
        (folder / "signature").write_bytes(base64.b64decode(signature))
        statement = (
            f'{{"Statement":[{{"Resource":"{URL}","Condition":{{"DateLessThan":{{"AWS:EpochTime":1900000000}}}}}}]}}'
        )
        checking = ["dgst", f"-{hash_algorithm}", "-verify", "public.pem", "-signature", "signature"]
        checked = openssl(*checking, input=statement.encode())
        assert (verdict.stdout.split()[0], checked.stdout) == ("GRANTED", b"Verified OK\n")


class TestOutput:
    def test_the_public_half_alone_is_on_standard_output(self, folder, openssl):
        ended = run(*KEYGEN)
        public = openssl("pkey", "-in", "private.pem", "-pubout", check=True).stdout.decode()
        assert (ended.returncode, ended.stdout) == (0, public)

    def test_with_a_file_for_it_the_rest_is(self, folder):
        ended = run(*BOTH)
        assert ("fingerprint" in ended.stdout, "-----" in ended.stdout, ended.stderr) == (True, False, "")

    @pytest.mark.parametrize(("options", "stream"), [(KEYGEN, "stderr"), (BOTH, "stdout")])
    def test_it_says_what_to_do_next(self, folder, options, stream):
        text = getattr(invoke(*options), stream)
        assert [word in text for word in ("Upload", "key group", "--key-pair-id")] == [True] * 3

    def test_the_fingerprint_is_openssls(self, folder, openssl):
        printed = re.search(r"fingerprint ([0-9A-F:]+)", invoke(*BOTH).stdout)[1]
        der = openssl("pkey", "-pubin", "-in", "public.pem", "-outform", "DER", check=True).stdout
        digest = openssl("dgst", "-sha256", "-c", check=True, input=der).stdout.decode().split()[-1]
        assert printed == digest.upper()

    def test_the_private_half_is_never_printed(self, folder):
        output = invoke(*BOTH).output
        assert not [line for line in (folder / "private.pem").read_text().splitlines()[1:-1] if line in output]

    def test_as_json(self, folder):
        data = json.loads(invoke(*BOTH, "--algorithm", "ec", "--json").stdout)
        assert data.pop("fingerprint").count(":") == 31
        assert data == {
            "algorithm": "EC",
            "encrypted": False,
            "public_key": (folder / "public.pem").read_text(),
        }

    def test_as_json_there_is_one_object_also_without_a_file(self, folder):
        ended = run(*KEYGEN, "--json")
        assert (json.loads(ended.stdout)["algorithm"], ended.stderr) == ("RSA", "")


class TestPassphrase:
    @pytest.mark.parametrize("source", ["file", "environment"])
    def test_openssl_opens_it(self, folder, openssl, source):
        (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
        if source == "file":
            invoke(*BOTH, "--passphrase-file", "passphrase")
        else:
            invoke(*BOTH, CFPRIVATE_PASSPHRASE=PASSPHRASE)
        opened = openssl("pkey", "-in", "private.pem", "-passin", "file:passphrase", "-pubout", check=True).stdout
        assert opened == (folder / "public.pem").read_bytes()

    def test_openssl_does_not_open_it_without(self, folder, openssl):
        invoke(*BOTH, CFPRIVATE_PASSPHRASE=PASSPHRASE)
        assert openssl("pkey", "-in", "private.pem", "-passin", "pass:wrong").returncode != 0

    def test_as_json(self, folder):
        assert json.loads(invoke(*BOTH, "--json", CFPRIVATE_PASSPHRASE=PASSPHRASE).stdout)["encrypted"] is True

    def test_the_longest(self, folder):
        invoke(*BOTH, CFPRIVATE_PASSPHRASE="x" * 1023)
        assert load_pem_private_key((folder / "private.pem").read_bytes(), b"x" * 1023).key_size == 2048

    @pytest.mark.parametrize("text", ["", "\n", "x" * 1024])
    def test_one_that_cannot_be_is_2_and_makes_nothing(self, folder, text):
        (folder / "passphrase").write_text(text)
        ended = invoke(*BOTH, "--passphrase-file", "passphrase")
        assert (ended.exit_code, os.listdir(folder)) == (2, ["passphrase"])

    def test_it_is_not_printed(self, folder):
        assert PASSPHRASE not in invoke(*BOTH, CFPRIVATE_PASSPHRASE=PASSPHRASE).output


class TestFiles:
    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
    def test_the_private_key_is_its_owners(self, folder, umask):
        run(*BOTH, umask=umask)
        assert (mode(folder / "private.pem"), mode(folder / "public.pem")) == (0o600, 0o644 & ~umask)

    @pytest.mark.parametrize("name", ["private.pem", "public.pem"])
    def test_what_exists_is_never_overwritten(self, folder, name):
        (folder / name).write_text("precious")
        ended = invoke(*BOTH)
        assert (ended.exit_code, os.listdir(folder), (folder / name).read_text()) == (1, [name], "precious")

    def test_it_is_one_line(self, folder):
        (folder / "private.pem").write_text("precious")
        ended = run(*BOTH)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)

    def test_or_one_object(self, folder):
        (folder / "private.pem").write_text("precious")
        ended = invoke(*BOTH, "--json")
        assert (ended.exit_code, json.loads(ended.stdout)["error"], ended.stderr) == (1, "FileExists", "")

    @pytest.mark.parametrize("target", ["other.pem", "nowhere.pem"])
    def test_a_symbolic_link_is_not_followed(self, folder, target):
        (folder / "other.pem").write_text("precious")
        (folder / "private.pem").symlink_to(target)
        ended = invoke(*BOTH)
        assert (ended.exit_code, sorted(os.listdir(folder)), (folder / "other.pem").read_text()) == (
            1,
            ["other.pem", "private.pem"],
            "precious",
        )

    def test_one_name_for_both_is_refused_and_leaves_nothing(self, folder):
        ended = invoke(*KEYGEN, "--public-key", "private.pem")
        assert (ended.exit_code, os.listdir(folder)) == (1, [])

    @pytest.mark.parametrize("names", [("nowhere/private.pem", "public.pem"), ("private.pem", "nowhere/public.pem")])
    def test_a_folder_that_is_not_there_is_2_and_leaves_nothing(self, folder, names):
        ended = invoke("keygen", "--private-key", names[0], "--public-key", names[1])
        assert (ended.exit_code, ended.stderr.count("\n"), os.listdir(folder)) == (2, 1, [])

    @pytest.mark.parametrize("wrong", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    @pytest.mark.parametrize("file", [1, 2])
    def test_what_fails_half_way_leaves_nothing(self, folder, wrong, file):
        outcomes = [None, None]
        outcomes[file - 1] = wrong
        with mock.patch.object(files.os, "fsync", side_effect=outcomes):
            ended = invoke(*BOTH)
        assert (ended.exit_code in {1, 2}, os.listdir(folder), "Traceback" in ended.output) == (True, [], False)

    def test_a_full_disk_is_named(self, folder):
        with mock.patch.object(files.os, "fsync", side_effect=OSError(28, "No space left on device")):
            ended = invoke(*BOTH)
        assert (ended.exit_code, "No space left" in ended.stderr) == (2, True)

    @pytest.mark.parametrize("option", ["--private-key", "--public-key"])
    def test_a_dash_is_no_file(self, folder, option):
        ended = invoke(*BOTH, option, "-")
        assert (ended.exit_code, os.listdir(folder)) == (2, [])


class TestWrongUse:
    @pytest.mark.parametrize("wrong", [[], ["--private-key"], ["--private-key", "a.pem", "--algorithm", "dsa"]])
    def test_it_makes_nothing(self, folder, wrong):
        assert (invoke("keygen", *wrong).exit_code, os.listdir(folder)) == (2, [])

    def test_a_passphrase_as_an_argument_is_not_shown(self, folder):
        ended = invoke(*BOTH, PASSPHRASE)
        assert (ended.exit_code, PASSPHRASE in ended.output, os.listdir(folder)) == (2, False, [])

    def test_the_file_for_signing_is_not_taken_from_the_environment(self, folder):
        ended = run("keygen", environ={"CFPRIVATE_PRIVATE_KEY_FILE": "private.pem"})
        assert (ended.returncode, os.listdir(folder)) == (2, [])


def test_a_reader_that_left_is_no_traceback(folder):
    with subprocess.Popen(
        [*COMMAND, *KEYGEN], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait(60)
    assert (code, errors, os.listdir(folder)) == (1, "", ["private.pem"])
