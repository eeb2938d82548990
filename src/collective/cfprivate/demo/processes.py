"""Child processes that end when their parent is asked to."""

from collections.abc import Callable
from collections.abc import Generator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path

import signal
import subprocess  # ruff: ignore[suspicious-subprocess-import] - it starts this package's own modules, and rclone
import sys
import time


GRACE = 10
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(Exception):
    """TERM, HUP or Ctrl-C was received."""


class ChildFailed(Exception):
    """A child ended by itself; the message tells its name and the end of its log."""


def stop_on_signals() -> None:
    """Turn TERM, HUP and Ctrl-C into ``Stopped``, even where a shell had them ignored."""

    def stop(number, frame):
        ignore_signals()
        raise Stopped

    for each in STOPPING:
        signal.signal(each, stop)


def ignore_signals() -> None:
    """Let the end, once begun, come to its end."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)


@contextmanager
def signals_wait() -> Generator[None, None, None]:
    """Hold signals back, so that none falls where an exception would leave things half done."""
    held = []
    handlers = {each: signal.signal(each, lambda number, frame: held.append(number)) for each in STOPPING}
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
    if held:
        signal.raise_signal(held[0])


class Processes:
    """A context in which children run; leaving it, in whatever way, ends them all."""

    def __init__(self) -> None:
        self._running: list[tuple[str, subprocess.Popen, Path]] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *exc_info) -> None:
        # What was raised at this very moment has ignored the others, and asks for what is done here anyhow.
        with suppress(Stopped):
            ignore_signals()
        for _name, process, _log in self._running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for _name, process, _log in self._running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, *arguments: str, log: Path, environ: dict[str, str]) -> None:
        """Run a Python module with ``arguments``."""
        self.start_program(name, sys.executable, "-m", *arguments, log=log, environ=environ)

    def start_program(self, name: str, *command: str, log: Path, environ: dict[str, str]) -> None:
        """Run any program; a session of its own keeps Ctrl-C for the parent."""
        with signals_wait(), log.open("ab") as output:
            process = subprocess.Popen(  # ruff: ignore[subprocess-without-shell-equals-true]
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environ,
                start_new_session=True,
            )
            self._running.append((name, process, log))

    def run(self, name: str, *arguments: str, log: Path, environ: dict[str, str]) -> None:
        """Run a Python module to its end; raises ``ChildFailed`` unless it ends well."""
        self.start(name, *arguments, log=log, environ=environ)
        process = self._running[-1][1]
        while _poll(process) is None:
            time.sleep(0.2)
        if process.returncode != 0:
            self.check()
        self._running.pop()

    def wait_until(self, condition: Callable[[], bool], *, seconds: float) -> None:
        """Wait for ``condition``; raises ``ChildFailed`` when a child ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise ChildFailed(f"Not ready after {seconds:.0f} seconds: see {self._running[-1][2]}.")
            time.sleep(0.2)

    def check(self) -> None:
        """Raise ``ChildFailed`` if a child has ended."""
        for name, process, log in self._running:
            if _poll(process) is not None:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise ChildFailed(f"{name} ended with exit code {process.returncode}. The end of {log}:\n{tail}")


def _poll(process: subprocess.Popen) -> int | None:
    """The exit code of a process that has ended."""
    # A signal that raises within Popen.poll() can leave its lock taken, and wait() would then wait for ever.
    with signals_wait():
        return process.poll()
