"""The demo's site on a disk, without a Zope that serves it: what a rotation by script finds."""

from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.demo.layout import Layout
from contextlib import contextmanager
from running_demo import COMMAND
from running_demo import free_port
from types import SimpleNamespace
from ZODB.FileStorage import FileStorage

import json
import os
import pytest
import subprocess
import sys


# Machines are shared: a site is opened in 5 seconds where nothing else runs.
PATIENCE = 300
PASSPHRASE = "correct horse battery staple"
NEW_SECRET = "the-secret-after-the-one-in-the-file"

# Several calls in one process: all but the first find Zope loaded.
SEVERAL = """
from click.testing import CliRunner
from collective.cfprivate import settings
from collective.cfprivate.cli import main
import json, sys
ended = {}
for name, (arguments, given, environ) in json.load(sys.stdin).items():
    settings._at_start.cache_clear()  # else a process has one environment
    result = CliRunner(env=environ).invoke(main, arguments, input=given)
    ended[name] = [result.exit_code, result.stdout, result.stderr]
print(json.dumps(ended))
"""
LOADED = """
from click.testing import CliRunner
from collective.cfprivate.cli import main
import sys
before = set(sys.modules)
assert CliRunner().invoke(main, sys.argv[1:]).exit_code == 0
print(*sorted({name.partition(".")[0].lower() for name in set(sys.modules) - before}))
"""


def environment(**more):
    """The environment without what it says of keys and secrets: the site's secret is in its file."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CFPRIVATE_")} | more


class SiteOnDisk:
    """A site that no process has open; ``said`` is all that its commands printed."""

    def __init__(self, var, first_start):
        self.layout = Layout(var, free_port(), free_port())
        self.where = ["--zope-conf", self.layout.zope_conf, "--site", "Plone", "--as", "manager"]
        self.said = ""
        self._compiled = first_start.compiled
        first_start.make_site(self.layout)

    @property
    def secret(self):
        """The secret that encrypts the keys."""
        return (self.layout.var / "filestorage" / "Data.fs.cfprivate-secret").read_text().strip()

    def run(self, command, *options, given="", **environ):
        """The ended process of ``cfprivate key COMMAND``."""
        ended = self._run([*COMMAND, "key", command, *self.where, *options], given, **environ)
        self.said += ended.stdout + ended.stderr
        return ended

    def run_several(self, calls):
        """What ended in one process, by name; a call is the words behind ``key``, standard input, and variables."""
        process = self._run([sys.executable, "-c", SEVERAL], json.dumps(calls), check=True)
        names = ("returncode", "stdout", "stderr")
        ended = {
            name: SimpleNamespace(**dict(zip(names, told, strict=True)))
            for name, told in json.loads(process.stdout).items()
        }
        self.said += "".join(each.stdout + each.stderr for each in ended.values())
        return ended

    def call(self, command, *options, given="", **environ):
        """One of several calls."""
        return [["key", command, *map(str, [*self.where, *options])], given, environ]

    @contextmanager
    def edge(self, key_id, public_key, *options):
        """The edge at the site's distribution, as a process that trusts one public key in a file."""
        named = ["--root", self.layout.bucket, "--key", f"{key_id}={public_key}", "--port", self.layout.edge_port]
        process = subprocess.Popen(
            [*COMMAND, "edge", *map(str, named), *options],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            # It prints a line as soon as it listens.
            assert process.stdout.readline() == f"EDGE {self.layout.edge_url}\n"
            yield
        finally:
            process.terminate()
            process.communicate(timeout=30)

    def _run(self, command, given="", *, check=False, **environ):
        options = {"capture_output": True, "text": True, "timeout": PATIENCE, "check": check}
        environ = environment(**self._compiled, **environ)
        return subprocess.run([str(word) for word in command], input=given, env=environ, **options)


@pytest.fixture(scope="session")
def site(tmp_path_factory, first_start):
    """The site as it was made: its key KLOCALEDGEDEMO signs."""
    return SiteOnDisk(tmp_path_factory.mktemp("commands") / "var", first_start)


@pytest.fixture(scope="session")
def in_use(site):
    """``status`` while another process has the database open, in words and as JSON."""
    storage = FileStorage(str(site.layout.var / "filestorage" / "Data.fs"))
    try:
        return SimpleNamespace(words=site.run("status"), json=site.run("status", "--json"))
    finally:
        storage.close()


@pytest.fixture(scope="session")
def imported():
    """A key that was made elsewhere."""
    return SigningKey.generate(key_id="K3OTHEROTHEROT", algorithm="EC")


@pytest.fixture(scope="session")
def rotation(site, in_use, tmp_path_factory):
    """What ended before the activation, by its name: two processes, of which the second finds what the first one kept."""
    public = tmp_path_factory.mktemp("public") / "public.pem"
    generated = site.run("generate")
    public.write_text(generated.stdout)
    # Without --cors one line of the test fails.
    with site.edge("K2JCJMDEHXQW5F", public):
        ended = site.run_several({
            "public": site.call("public"),
            "set-id": site.call("set-id", "--key-pair-id", "K2JCJMDEHXQW5F"),
            "test": site.call("test", "--json"),
        })
    return {"generate": generated, **ended}


@pytest.fixture(scope="session")
def afterwards(site, rotation, imported, tmp_path_factory):
    """What ended from the activation on, by its name, in one process that opened the site for each."""
    passphrase = tmp_path_factory.mktemp("passphrase") / "passphrase"
    passphrase.write_text(f"{PASSPHRASE}\n")
    call = site.call
    new = {"CFPRIVATE_SECRET": NEW_SECRET}
    both = {**new, "CFPRIVATE_PREVIOUS_SECRET": site.secret}
    encrypted = ["--private-key", "-", "--passphrase-file", passphrase]
    return site.run_several({
        "activate": call("activate"),
        "status": call("status", "--json"),
        "back": call("back"),
        "erase": call("erase", "--slot", "previous", "--yes"),
        "status at the end": call("status", "--json"),
        "user without the permission": call("generate", "--as", "member"),
        "unknown user": call("generate", "--as", "nobody"),
        "unknown site": call("generate", "--site", "Nowhere"),
        "folder of the site": call("generate", "--site", "Plone/demo"),
        "no zope.conf": call("generate", "--zope-conf", site.layout.var / "missing.conf"),
        "no": call("erase", "--slot", "active", given="n\n"),
        "status after refusals": call("status", "--json"),
        "import": call("import", *encrypted, given=imported.private_pem(PASSPHRASE), **both),
        "next before": call("public", **new),
        "active before": call("public", "--slot", "active", **new),
        "reseal": call("reseal", **both),
        "active after": call("public", "--slot", "active", **new),
    })


@pytest.fixture
def loaded():
    """A function: the names of the packages that a call of ``cfprivate`` loads, in lower case."""

    def names(*arguments):
        command = [sys.executable, "-c", LOADED, *arguments]
        options = {"check": True, "capture_output": True, "text": True, "timeout": PATIENCE}
        return subprocess.run(command, env=environment(), **options).stdout.split()

    return names
