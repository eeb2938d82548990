"""No child outlives its parent's stop, whenever that falls."""

from pathlib import Path

import os
import pytest
import signal
import subprocess
import sys


PARENT = """
import os, signal, subprocess, sys
from pathlib import Path
from collective.cfprivate.demo.processes import Processes, Stopped, stop_on_signals

real = subprocess.Popen

def popen(*arguments, **options):
    process = real(*arguments, **options)
    print(process.pid, flush=True)
    if sys.argv[1] == "at once":
        os.kill(os.getpid(), signal.SIGTERM)
    if sys.argv[1] == "while it is looked at":
        process._waitpid_lock = Lock(process._waitpid_lock)
    return process

class Lock:
    # The lock of Popen.poll(): the signal comes when it is taken and nothing yet will give it back.
    def __init__(self, lock):
        self.lock, self.release = lock, lock.release

    def acquire(self, *arguments):
        taken = self.lock.acquire(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)
        return taken

    def __enter__(self):
        self.lock.acquire()

    def __exit__(self, *exc_info):
        self.release()

subprocess.Popen = popen
stop_on_signals()
try:
    with Processes() as processes:
        processes.start("server", "http.server", "0", log=Path(sys.argv[2]), environ=dict(os.environ))
        while True:
            processes.check()
except Stopped:
    print("stopped")
"""


@pytest.mark.parametrize("moment", ["at once", "while it is looked at", "later"])
def test_a_child_is_ended(tmp_path, moment):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, moment, tmp_path / "log"], stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    if moment == "later":
        parent.send_signal(signal.SIGTERM)
    parent.wait(timeout=30)
    assert not alive(child)


def alive(number):
    """Whether a process runs; one that waits to be reaped does not."""
    try:
        os.kill(number, 0)
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
