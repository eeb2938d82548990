"""Where the demo keeps its files."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import json


HOST = "127.0.0.1"
SITE = "Plone"
BUCKET = "media"
REGION = "us-east-1"
KEY_ID = "KLOCALEDGEDEMO"


class Account(NamedTuple):
    """A role in the site, and what its holder may do."""

    role: str
    what: str


ACCOUNTS = {
    "manager": Account("Manager", "may do everything"),
    "editor": Account("Editor", "edits and watches, and gives others the right to watch"),
    "viewer": Account("Member", "may watch what is in the demo folder"),
    "member": Account("Member", "has an account, but may not watch"),
}
# Kind, and path in the site, of each item that plays.
ITEMS = (
    ("mp4", "demo/talk"),
    ("hls", "demo/stream"),
    ("audio", "demo/tone"),
    ("image", "demo/aurora"),
    ("document", "demo/handout"),
)


@dataclass(frozen=True)
class Layout:
    """The files below one folder (``var`` in a checkout), and the ports of the servers.

    ``s3_port`` is None where there is no store to which files can be uploaded.
    """

    var: Path
    plone_port: int
    edge_port: int
    s3_port: int | None = None

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.plone_port}"

    @property
    def site_url(self) -> str:
        return f"{self.origin}/{SITE}"

    @property
    def edge_url(self) -> str:
        return f"http://{HOST}:{self.edge_port}"

    @property
    def s3_url(self) -> str:
        """The store's endpoint; empty where there is none."""
        return f"http://{HOST}:{self.s3_port}" if self.s3_port else ""

    @property
    def zope_conf(self) -> Path:
        return self.var / "instance" / "zope.conf"

    @property
    def bucket(self) -> Path:
        """What the edge delivers, and uploads come to."""
        return self.var / "bucket"

    @property
    def store(self) -> Path:
        """The folder of all buckets: it holds a link to the one, and nothing else of what is in ``var``."""
        return self.var / "s3"

    @property
    def public_key(self) -> Path:
        return self.var / "edge" / f"{KEY_ID}.pem"

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    @property
    def record(self) -> Path:
        """What one start needs to know of the last: JSON, readable by its owner only."""
        return self.var / "demo.json"

    def read_record(self) -> dict:
        """Passwords by login, the store's credentials, the ports once the site is made; empty before the first start."""
        return json.loads(self.record.read_text()) if self.record.exists() else {}

    def write_record(self, record: dict) -> None:
        """Replace the record whole, so that no start finds half of it."""
        draft = self.record.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(record))
        draft.replace(self.record)
