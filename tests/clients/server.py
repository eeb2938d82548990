"""A program that serves until it is told to end, with a log of its own."""

import os
import signal
import subprocess
import time


READY = 180
STOP = 20


class ServerFailed(Exception):
    """It ended by itself or was not ready in time; the message has the end of its log."""


def end_of(log):
    """The last lines of a log, under its name."""
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join([f"The end of {log}:", *lines[-30:]])


class Server:
    """A process in a group of its own; ``options`` are those of Popen."""

    def __init__(self, command, log, *, ends_on=signal.SIGTERM, **options):
        self.log = log
        self._ends_on = ends_on
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    def wait_until(self, ready):
        """Ask ``ready()`` until it is true."""
        deadline = time.monotonic() + READY
        while not ready():
            code = self.process.poll()
            if code is not None or time.monotonic() > deadline:
                found = "is not ready" if code is None else f"ended with exit code {code}"
                raise ServerFailed(f"{self.process.args[0]} {found}.\n{end_of(self.log)}")
            time.sleep(0.1)

    def wait(self):
        """Wait for the end of a program that ends by itself and well."""
        if self.process.wait(timeout=READY) != 0:
            raise ServerFailed(f"{self.process.args} ended with {self.process.returncode}.\n{end_of(self.log)}")

    def stop(self):
        """End it, and whatever it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, self._ends_on)
        try:
            self.process.wait(timeout=STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
