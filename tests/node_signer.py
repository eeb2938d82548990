"""Amazon's signer for JavaScript in a Node.js of its own, which answers line by line."""

from pathlib import Path

import json
import os
import runpy
import shutil
import subprocess


TOP = Path(__file__).resolve().parent.parent
PEERS = TOP / "tests" / "peers"
INSTALLED = PEERS / "node_modules" / ".package-lock.json"


class NodeMissing(Exception):
    """There is no Node.js that is new enough, or no npm beside it."""


class NodeRefusal(Exception):
    """Amazon's signer threw an error; the message is its own."""


class NodeSigner:
    """A running ``peers/sign.mjs``, with what npm has to install for it; NodeMissing where there is no Node.js."""

    def __init__(self):
        path = find_node()
        install(path)
        self.process = subprocess.Popen(
            [shutil.which("node", path=path), "sign.mjs"],
            cwd=PEERS,
            env={**os.environ, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, call, **arguments):
        """The result of one function of ``sign.mjs``; NodeRefusal if it throws."""
        self.process.stdin.write(json.dumps({"call": call, "arguments": arguments}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise NodeRefusal(answer["error"])
        return answer["result"]

    def stop(self):
        """End the process, which ends where its input ends."""
        self.process.communicate()


def find_node():
    """The PATH on which the Node.js is that builds the player; NodeMissing if there is none."""
    path = runpy.run_path(str(TOP / "build_backend" / "cfprivate_player.py"))["search_path"]()
    if path is None:
        raise NodeMissing("There is no Node.js with npm here; on Debian: apt-get install nodejs npm")
    return path


def install(path):
    """Let npm install what the lock file names, unless it has been done since that file changed."""
    locks = [PEERS / "package.json", PEERS / "package-lock.json"]
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= max(lock.stat().st_mtime for lock in locks):
        return
    command = [shutil.which("npm", path=path), "ci", "--loglevel=error", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=PEERS, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL, check=True)
