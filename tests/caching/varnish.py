"""A real Varnish in front of the server of the tests."""

from pathlib import Path
from running_demo import free_port

import shutil
import subprocess
import time


HERE = Path(__file__).parent
# It compiles its VCL with gcc, which takes long on a busy machine.
SECONDS = 120


def program(name):
    """The path of one of Varnish's programs, also where the PATH leaves out those of root; None without Varnish."""
    return shutil.which(name) or shutil.which(name, path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin")


class Varnish:
    """``varnishd`` with default.vcl, and other files of VCL after it, in front of a port of this machine."""

    def __init__(self, folder, *more, backend_port):
        self.port = free_port()
        self.folder = folder
        self.log = folder / "varnish.log"
        self.vcl = folder / "running.vcl"
        text = "\n".join((HERE / name).read_text() for name in ("default.vcl", *more))
        self.vcl.write_text(text.replace('"8080"', f'"{backend_port}"'))

    def __enter__(self):
        # Without its jail it runs as whoever runs the tests, who alone may read the folder.
        options = ["-F", "-j", "none", "-a", f"127.0.0.1:{self.port}", "-f", self.vcl, "-s", "malloc,32m", *self._name]
        with self.log.open("w") as log:
            self.process = subprocess.Popen([program("varnishd"), *options], stdout=log, stderr=log)
        try:
            self._wait_until_it_listens()
        except subprocess.SubprocessError as error:
            self.__exit__()
            raise RuntimeError(f"{error.stderr or error}\n{self.log.read_text()}") from None
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait(timeout=SECONDS)

    def forget(self):
        """Throw away all that is kept."""
        self.say("ban", "req.url", "~", ".")

    def say(self, *command):
        """Have a command of varnishadm carried out; waits until Varnish listens to it."""
        admin = [program("varnishadm"), *self._name, "-t", str(SECONDS), *command]
        subprocess.run(admin, check=True, capture_output=True, timeout=SECONDS)

    def _wait_until_it_listens(self):
        """varnishadm waits for its folder, and then may be too early for what is written there."""
        end = time.monotonic() + SECONDS
        while True:
            try:
                return self.say("ping")
            except subprocess.CalledProcessError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)

    @property
    def _name(self):
        return ["-n", self.folder / "varnish"]
