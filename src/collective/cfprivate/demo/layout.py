"""Where the demo keeps its files."""

from dataclasses import dataclass
from pathlib import Path

import json


HOST = "127.0.0.1"
SITE = "Plone"
KEY_ID = "KLOCALEDGEDEMO"


@dataclass(frozen=True)
class Layout:
    """The files below one folder (``var`` in a checkout), and the ports of both servers."""

    var: Path
    plone_port: int
    edge_port: int

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
    def zope_conf(self) -> Path:
        return self.var / "instance" / "zope.conf"

    @property
    def bucket(self) -> Path:
        return self.var / "bucket"

    @property
    def public_key(self) -> Path:
        return self.var / "edge" / f"{KEY_ID}.pem"

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    @property
    def record(self) -> Path:
        """What a second start needs to know of the first: JSON, readable by its owner only."""
        return self.var / "demo.json"

    def read_record(self) -> dict:
        """The record, empty before the first start has ended well."""
        return json.loads(self.record.read_text()) if self.record.exists() else {}

    def items(self) -> list[tuple[str, str]]:
        """Kind and URL of each item that plays."""
        return [(kind, f"{self.site_url}/{path}") for kind, path in self.read_record()["items"]]
