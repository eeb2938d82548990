"""Every example of docs/command-line.rst, run in one shell from first to last."""

from command_line import environment
from doctest import ELLIPSIS
from doctest import OutputChecker
from pathlib import Path

import pytest
import re
import shlex
import shutil
import subprocess
import sys


PAGE = Path(__file__).parents[2] / "docs" / "command-line.rst"
#: The command and its continuation lines, then what it prints.
EXAMPLE = re.compile(r"^    \$ (.*\n(?:    > .*\n)*)((?:    (?!\$ ).*\n)*)", re.MULTILINE)
EXAMPLES = [
    (command.replace("\n    > ", "\n").strip(), re.sub(r"^    ", "", printed, flags=re.MULTILINE))
    for command, printed in EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
]
MARK = "--- the next example ---"


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What each example printed, errors too."""
    shell = shutil.which("bash") or pytest.skip("There is no bash here.")
    python = f'cfprivate() {{ {shlex.quote(sys.executable)} -m collective.cfprivate "$@"; }}\n'
    script = python + "".join(f"{command}\necho '{MARK}'\n" for command, _ in EXAMPLES)
    folder = tmp_path_factory.mktemp("shell")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    ended = subprocess.run([shell, "-c", script], cwd=folder, env=environment(), text=True, timeout=300, **streams)
    return ended.stdout.split(f"{MARK}\n")


def test_there_are_examples_of_each_command():
    commands = {command.split()[1] for command, _ in EXAMPLES if command.startswith("cfprivate")}
    assert commands == {"cookies", "keygen", "sign", "verify"}


def test_each_block_of_the_page_is_one_of_them():
    lines = re.findall(r"^    \$ ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == len(EXAMPLES)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_it_prints_what_the_page_says(printed, number):
    expected = EXAMPLES[number][1]
    assert OutputChecker().check_output(expected, printed[number], ELLIPSIS), f"{expected}\n{printed[number]}"
