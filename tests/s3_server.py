"""A real S3 server on this machine: rclone's, which checks signatures and knows uploads in parts."""

from contextlib import contextmanager
from pathlib import Path

import secrets
import shutil
import socket
import subprocess
import sys
import time


BUCKET = "media"
REGION = "eu-central-1"


class S3Server:
    """``folder`` holds a folder for each bucket; credentials are made for it alone."""

    def __init__(self, folder, *, origin="http://localhost:8080", port=None):
        self.folder, self.origin = Path(folder), origin
        self.port = port or _free_port()
        self.access_key, self.secret_key = secrets.token_hex(8), secrets.token_hex(16)
        self.bucket.mkdir(parents=True, exist_ok=True)
        self._process = None

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def bucket(self):
        """The folder that is the bucket."""
        return self.folder / BUCKET

    @property
    def environ(self):
        """What boto3 finds the credentials in."""
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}

    def start(self):
        """Run until ``stop``; it may be started again, at the same port and with the same files."""
        command = [_rclone(), "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--allow-origin", self.origin]
        # Tests write into its folder behind its back.
        command += ["--dir-cache-time", "1ms"]
        command += ["--auth-key", f"{self.access_key},{self.secret_key}", "--config", "", str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_until(self._answers, seconds=30)

    def stop(self):
        """End it, as if the network were cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"The S3 server ended with exit code {self._process.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def running(folder, **options):
    """An ``S3Server`` that is stopped at the end."""
    server = S3Server(folder, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _rclone():
    beside = Path(sys.executable).with_name("rclone")
    return str(beside) if beside.exists() else shutil.which("rclone")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until(condition, *, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"No S3 server after {seconds} seconds.")
        time.sleep(0.05)
