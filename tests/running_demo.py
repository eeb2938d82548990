"""``cfprivate demo`` as a real process, read as a newcomer's terminal would show it."""

from pathlib import Path

import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import threading


COMMAND = [sys.executable, "-m", "collective.cfprivate"]
START = 300
STOP = 30
# The ports that this process was given. Whoever has one may not listen there yet.
_given = set()


def free_port():
    """A port of 127.0.0.1 that nobody listens at, never the same one twice, and below those that connections are given.

    So it is still free when a server is ended and started again.
    """
    while True:
        port = secrets.choice([number for number in range(10_000, 32_768) if number not in _given])
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port


class RunningDemo:
    """A demo in the folder ``var``; ``start`` returns when it has printed READY, or another word, or has ended."""

    def __init__(self, var):
        self.var = var
        self.plone_port = free_port()
        self.edge_port = free_port()
        self.s3_port = free_port()
        self.environ = {}
        self.process = None
        self.lines = []

    def start(self, until="READY"):
        ports = {"PLONE_PORT": self.plone_port, "EDGE_PORT": self.edge_port, "S3_PORT": self.s3_port}
        environ = os.environ | {name: str(port) for name, port in ports.items()}
        environ.pop("CFPRIVATE_SECRET", None)
        environ.update(self.environ)
        self.process = subprocess.Popen(
            [*COMMAND, "demo", "--var", self.var],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environ,
            start_new_session=True,
        )
        self._printed = queue.Queue()
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()
        self.lines = []
        while not (self.lines and (self.lines[-1] is None or self.lines[-1].startswith(("READY", until)))):
            self.lines.append(self._printed.get(timeout=START))
        return self

    def stop(self, number=signal.SIGTERM):
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=STOP)

    def _read(self, stream):
        for line in stream:
            self._printed.put(line.rstrip("\n"))
        self._printed.put(None)

    def said(self, word):
        """What follows ``word`` in each line that begins with it."""
        return [line.split(" ", 1)[1] for line in self.lines if line and line.startswith(f"{word} ")]

    @property
    def site(self):
        return self.said("READY")[0]

    @property
    def edge(self):
        return self.said("EDGE")[0]

    @property
    def bucket(self):
        return self.var / "bucket"

    @property
    def public_key(self):
        return self.var / "edge" / "KLOCALEDGEDEMO.pem"

    @property
    def talk(self):
        return next(url for kind, url in (each.split() for each in self.said("DEMO")) if kind == "mp4")

    def password(self, login):
        return next(each.split()[1] for each in self.said("ACCOUNT") if each.split()[0] == login)

    def auth(self, login):
        return (login, self.password(login)) if login else None

    def processes(self):
        """The command lines of the processes that serve this demo, and of what they started."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if any(str(self.var) in word for word in words):
                found.append(" ".join(words))
        return found
