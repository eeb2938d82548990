"""Runs ffmpeg and ffprobe, and says in words what they lack."""

from ..cloudfront.errors import CFPrivateError
from collections.abc import Callable
from pathlib import Path

import re
import shutil
import subprocess  # ruff: ignore[suspicious-subprocess-import]
import tempfile


PROGRAMS = ("ffmpeg", "ffprobe")
INSTALL = (
    "On Debian and Ubuntu: apt-get install ffmpeg; on macOS: brew install ffmpeg; on Windows: winget install ffmpeg."
)

# What is encoded with, and what to do where an ffmpeg was built without it.
ENCODERS = {
    "libx264": "Install one that has x264: on Fedora from RPM Fusion, elsewhere one built with --enable-libx264.",
    "aac": "Install a complete one.",
}

# Lines of ffmpeg's own words that are told of a failure.
LAST_LINES = 4

_QUIET = ("-hide_banner", "-loglevel", "error", "-nostdin", "-y")
_TIME = re.compile(r"out_time_us=(\d+)")


class ProgramMissing(CFPrivateError):
    """ffmpeg or ffprobe is not installed, or was built without an encoder that is needed."""


class MediaFailed(CFPrivateError):
    """ffmpeg or ffprobe could not do its work; the message ends with its own last words."""


def check_programs() -> None:
    """Raise ``ProgramMissing`` unless all is installed that ``prepare`` needs."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise ProgramMissing(f"There is no {' and no '.join(missing)} on the PATH. {INSTALL}")
    offered = set(run("ffmpeg", "-hide_banner", "-loglevel", "error", "-encoders").split())
    for name, advice in ENCODERS.items():
        if name not in offered:
            raise ProgramMissing(f"The ffmpeg of this machine has no encoder {name}. {advice}")


def check_filter(name: str, otherwise: str) -> None:
    """Raise ``ProgramMissing`` unless ffmpeg has a filter; ``otherwise`` is the beginning of a sentence."""
    if name not in run("ffmpeg", "-hide_banner", "-loglevel", "error", "-filters").split():
        raise ProgramMissing(f"{otherwise} install an ffmpeg that has the filter {name}.")


def run(program: str, *arguments: str, cwd: Path | None = None) -> str:
    """What a program prints; raises ``MediaFailed``."""
    result = subprocess.run([_path(program), *arguments], cwd=cwd, capture_output=True, check=False)  # ruff: ignore[subprocess-without-shell-equals-true]
    if result.returncode:
        raise _failed(program, result.returncode, result.stderr)
    return result.stdout.decode(errors="replace")


def ffmpeg(*arguments: str, cwd: Path | None = None, progress: Callable[[float], object] | None = None) -> str:
    """What ffmpeg prints on standard output; raises ``MediaFailed``.

    ``progress`` is called with the seconds of the medium that are done, and then nothing else may be printed.
    """
    if progress is None:
        return run("ffmpeg", *_QUIET, *arguments, cwd=cwd)
    command = [_path("ffmpeg"), *_QUIET, "-nostats", "-progress", "pipe:1", *arguments]
    # Not a pipe: nobody would empty it while the other is read.
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=words, text=True) as process:  # ruff: ignore[subprocess-without-shell-equals-true]
            try:
                for line in process.stdout:
                    _tell(line, progress)
            except BaseException:
                process.kill()
                raise
        words.seek(0)
        if process.returncode:
            raise _failed("ffmpeg", process.returncode, words.read())
    return ""


def _tell(line: str, progress: Callable[[float], object]) -> None:
    # Before the first picture it is N/A.
    match = _TIME.match(line)
    if match:
        progress(int(match[1]) / 1_000_000)


def _path(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(f"There is no {program} on the PATH. {INSTALL}")
    return path


def _failed(program: str, code: int, words: bytes) -> MediaFailed:
    lines = [line.strip() for line in words.decode(errors="replace").splitlines() if line.strip()]
    return MediaFailed(f"{program} failed (exit code {code}): {' | '.join(lines[-LAST_LINES:]) or 'it said nothing.'}")
